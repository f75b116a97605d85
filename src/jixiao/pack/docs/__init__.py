"""A pack described in text."""
