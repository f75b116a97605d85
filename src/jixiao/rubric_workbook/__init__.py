"""rubric_workbook."""
