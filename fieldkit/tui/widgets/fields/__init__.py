"""How the answers of a form are typed and chosen, one widget a question."""
