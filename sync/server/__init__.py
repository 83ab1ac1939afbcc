"""Stores and hands out sealed frames it cannot open."""
