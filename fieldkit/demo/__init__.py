"""The whole journey on one machine, with a real server process."""
