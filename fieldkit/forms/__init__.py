"""Form definitions, their expressions and the filling of one. Pure."""
