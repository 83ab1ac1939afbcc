"""Whole organisations in one process under a lossy network, from one integer: same seed, same history."""
