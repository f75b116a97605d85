"""The batch: an inbox of filings in, the folder OUT out."""
