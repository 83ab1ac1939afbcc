"""Tests of sync.server."""
