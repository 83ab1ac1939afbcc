"""Records in, bytes out. Pure."""
