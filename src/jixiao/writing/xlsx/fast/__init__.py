"""The quick writer: ordinary sheets as XML, in one pass."""
