"""Scripts that make shells complete the command line, written from its catalogue."""
