"""Plain mode: the same work as in the screens, line by line (docs/reporter-guide.md, "Plain mode")."""
