"""Goldens: what a sheet says, as readable text, compared with a file kept in the project."""

from __future__ import annotations

import os
from decimal import Decimal
from difflib import unified_diff
from pathlib import Path

from jixiao.values.number_format import plain_text
from jixiao.writing.xlsx.content import SheetContent, Value

UPDATE = "JIXIAO_UPDATE_GOLDENS"


def sheet_text(sheet: SheetContent) -> str:
    """A sheet as text: a line a row, filled cells with ｜ between; line feeds as ⏎, links as → and their target."""
    rows: dict[int, list[str]] = {}
    for cell in sorted(sheet.cells, key=lambda cell: (cell.row, cell.column)):
        text = _text(cell.value)
        if cell.link is not None:
            text += f" → {cell.link.sheet or cell.link.file}"
        if text:
            rows.setdefault(cell.row, []).append(text)
    return "\n".join(" ｜ ".join(row) for row in rows.values()) + "\n"


def _text(value: Value) -> str:
    if value is None:
        return ""
    return (plain_text(value) if isinstance(value, Decimal) else str(value)).replace("\n", "⏎")


def assert_golden(text: str, path: Path) -> None:
    """Fail with a readable difference unless the file holds this text; write it where the environment asks for that."""
    if os.environ.get(UPDATE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.is_file() else ""
    difference = "\n".join(unified_diff(kept.splitlines(), text.splitlines(), "kept", "made", lineterm="", n=1))
    assert text == kept, f"{path.name} ({UPDATE}=1 accepts what was made):\n{difference}"
