"""Use cases: the only place where vault, crypto and wire meet."""
