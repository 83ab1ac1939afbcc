"""Where a server keeps what it holds: the port in `base`, and its two implementations."""
