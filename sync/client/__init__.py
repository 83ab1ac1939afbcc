"""Brings a device's frames out and the feed in, over any poor link."""
