"""The rules of checking: one file for each family."""
