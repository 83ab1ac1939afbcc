"""Parts of screens; they are shown models and never fetch."""
