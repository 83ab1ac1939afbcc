"""The incidents the demonstration carries."""
