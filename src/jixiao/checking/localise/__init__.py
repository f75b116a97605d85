"""Localisation: which single cell is wrong if balances fail."""
