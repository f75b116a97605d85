"""What stops a command before it starts: a wrong folder, roster, pack or setting."""

from __future__ import annotations


class UsageError(Exception):
    """A command that cannot be done as asked; the text says in Chinese, a line each, what is wrong and what to do."""
