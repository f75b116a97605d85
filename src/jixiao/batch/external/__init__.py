"""Workbooks beside the filings: roster, reviews, the bureau's figures, last year's result."""
