"""The evidence notebook: incidents, people and their laptops; nothing of HTTP."""
