"""The demonstration's data and its proxy."""
