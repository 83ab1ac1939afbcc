"""The tables of scripts, by what is attacked."""
