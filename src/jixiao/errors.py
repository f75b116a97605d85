"""What stops a command before it starts: a wrong folder, roster, pack or setting."""

from __future__ import annotations

from types import TracebackType


class UsageError(Exception):
    """A command that cannot be done as asked; the text says in Chinese, a line each, what is wrong and what to do."""


__all__ = ["Problems", "UsageError"]

MOST_LINES = 20


class Several(UsageError):
    """Some refusals at once; the text has a line for each of the first `MOST_LINES`."""

    def __init__(self, lines: list[str]) -> None:
        more = len(lines) - MOST_LINES
        super().__init__("\n".join(lines[:MOST_LINES] + ([f"……另有 {more} 处。"] if more > 0 else [])))
        self.lines = lines


class Problems:
    """Refusals met one after another, told together: who fills in a workbook mends all of it in one go.

    `with problems:` keeps the `UsageError` of a part; `refuse` raises one for all of them, if there is any.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        if not isinstance(error, UsageError):
            return False
        self._lines += error.lines if isinstance(error, Several) else [str(error)]
        return True

    def add(self, line: str) -> None:
        """Keep a problem that nothing raised."""
        self._lines.append(line)

    def refuse(self) -> None:
        """Raise `UsageError` with what was kept, if there is any."""
        if self._lines:
            raise Several(self._lines)
