"""The rubric as a workbook: export and import."""
