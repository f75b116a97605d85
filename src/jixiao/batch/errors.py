"""What stops a run before it starts: a wrong folder, roster or setting. One Chinese line for people, exit status 2."""

from __future__ import annotations


class UsageError(Exception):
    """A run that cannot be done as asked; the text says what is wrong and what to do."""
