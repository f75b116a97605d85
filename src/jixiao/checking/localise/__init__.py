"""Localisation: which cell is wrong where balances fail."""
