"""The workbook that a department gets back, and its public copy."""
