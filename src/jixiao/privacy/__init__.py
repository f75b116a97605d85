"""Personal words: find them, mask them in texts, redact results."""
