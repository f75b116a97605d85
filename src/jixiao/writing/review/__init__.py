"""The review workbook: the scores that a person decides, and the explained findings."""
