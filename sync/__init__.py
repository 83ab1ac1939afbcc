"""How sealed frames travel; knows nothing of incidents."""
