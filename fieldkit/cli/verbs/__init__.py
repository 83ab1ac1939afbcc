"""The verbs, one short function each; what an action needs is imported when it is called."""
