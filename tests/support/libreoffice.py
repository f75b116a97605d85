"""An independent spreadsheet engine: LibreOffice, headless, made to recalculate every formula on loading."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from jixiao.model.place import column_letters
from jixiao.writing.xlsx.content import Value, WorkbookContent
from jixiao.writing.xlsx.write import write_workbook

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

NINE_PLACES = Decimal("0.000000001")

_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(workbooks: Sequence[Path], folder: Path, kind: str) -> list[Path]:
    """The workbooks converted to `kind` (xlsx, recalculated; or pdf) in a folder, in their order."""
    assert SOFFICE is not None
    profile = folder / "profile"
    if not profile.is_dir():
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    command = [
        SOFFICE, "--headless", f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to", kind, "--outdir", str(folder), *map(str, workbooks),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [folder / f"{workbook.stem}.{kind}" for workbook in workbooks]


class Recalculated(NamedTuple):
    """What another engine made of some workbooks: the cells that differ by workbook, and how many formulas it computed."""

    wrong: dict[str, list[tuple[str, str, Value, object]]]
    formulas: int


def recalculated(contents: Mapping[str, WorkbookContent], folder: Path) -> Recalculated:
    """The workbooks written to a folder, recalculated, and compared cell by cell with what was written beside the formulas."""
    written = [folder / f"{name}.xlsx" for name in contents]
    for content, path in zip(contents.values(), written, strict=True):
        write_workbook(content, path)
    again = folder / "again"
    again.mkdir()
    wrong = {}
    for (name, content), path in zip(contents.items(), convert(written, again, "xlsx"), strict=True):
        found = differences(content, path)
        if found:
            wrong[name] = found
    return Recalculated(wrong, sum(len(formula_values(content)) for content in contents.values()))


def formula_values(content: WorkbookContent) -> dict[tuple[str, str], Value]:
    """The value written beside every formula of a workbook, by sheet and address."""
    return {
        (sheet.name, f"{column_letters(cell.column)}{cell.row + 1}"): cell.value
        for sheet in content.sheets
        for cell in sheet.cells
        if cell.formula
    }


def differences(content: WorkbookContent, recalculated: Path) -> list[tuple[str, str, Value, object]]:
    """The formula cells whose recalculated value is not the written one: sheet, address, written, recalculated.

    Numbers are equal to nine decimals; a blank text is none.
    """
    again = CalamineWorkbook.from_path(recalculated)
    found: list[tuple[str, str, Value, object]] = []
    for sheet in content.sheets:
        live = [cell for cell in sheet.cells if cell.formula]
        rows = again.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False) if live else []
        for cell in live:
            row = rows[cell.row] if cell.row < len(rows) else []
            after = row[cell.column] if cell.column < len(row) else ""
            if not _equal(cell.value, after):
                found.append((sheet.name, f"{column_letters(cell.column)}{cell.row + 1}", cell.value, after))
    return found


def _shown(number: Decimal) -> Decimal:
    """A number to as many places as no cell prints: what binary arithmetic leaves beyond them is not seen."""
    return number.quantize(NINE_PLACES, ROUND_HALF_UP) + 0


def _equal(before: Value, after: object) -> bool:
    if isinstance(before, Decimal | int):
        return isinstance(after, int | float) and _shown(Decimal(before)) == _shown(Decimal(repr(after)))
    return (before or "") == after
