"""From content to .xlsx files; knows no form."""
