"""The official form as a workbook, blank or filled in, with live checks."""
