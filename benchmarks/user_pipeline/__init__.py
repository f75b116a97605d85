"""The pipeline a user would write: `python -m benchmarks.user_pipeline INBOX OUT`.

Pandas reads each workbook over openpyxl, pandera schemas check its tables, plain Python works out its scores, openpyxl
opens it again, colours and comments the cells in question, adds sheets with the findings and the scores, and saves it;
pandas writes a summary. It makes the checks and scores that jixiao makes of one filing of one form in one layout, and is
written plainly, as such programs are. It knows nothing of shifted rows, other spellings or units, finds no likely cause,
and returns no letter, live checks, review workbook or tables for analysts, so a ratio to it flatters it.
"""
