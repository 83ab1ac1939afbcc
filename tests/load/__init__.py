"""A server under load: honest clients beside thousands that stall, floods, neighbours, malformed HTTP."""
