"""What stops a run before it starts: a wrong folder, roster or setting. One Chinese line for people, exit status 2."""

from __future__ import annotations

from jixiao.model.errors import UsageError

__all__ = ["UsageError"]
