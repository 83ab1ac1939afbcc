"""Whole screens; they ask through the protocols of the ports module."""
