"""Checks, scores and returns departments' annual self-evaluations of overall expenditure (绩效)."""

__version__ = "0.1.0"
