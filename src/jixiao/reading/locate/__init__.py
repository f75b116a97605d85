"""Where the blocks of a form are on a sheet: labels, headings, regions, recognition of the form."""
