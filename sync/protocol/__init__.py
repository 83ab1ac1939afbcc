"""The protocol specification in Python. Pure."""
