"""The tables of moves of a hostile reporter, by what is abused."""
