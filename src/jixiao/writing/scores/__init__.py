"""The score columns beside the score sheet, with live formulas."""
