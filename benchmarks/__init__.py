"""Measurements of the program on made districts."""
