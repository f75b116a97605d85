"""Checking: what a filing says against the form's own rules."""
