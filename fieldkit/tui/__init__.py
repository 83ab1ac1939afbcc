"""The terminal screens; the only code that imports textual."""
