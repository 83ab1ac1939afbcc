"""The encrypted store on a laptop; the only SQL on the client."""
