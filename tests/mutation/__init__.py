"""Mutants of the code and whether the tests notice them: `python -m tests.mutation --help`."""
