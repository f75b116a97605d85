"""Filed workbooks on disk, made by hand on the official template, and what a run left in its folder."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.workbook.workbook import Workbook

from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.writing.form.draw import draw_form
from jixiao.writing.form.template import fill
from jixiao.writing.xlsx.write import write_workbook
from tests.support.filings import filing, seed_figures

Edit = Callable[["Filed"], None]


class Filed:
    """A filled official workbook that is open for edits: cells are found by what they ask for."""

    def __init__(self, pack: Pack, figures: Mapping[str | tuple[str, str], object] | None = None) -> None:
        known = {**seed_figures(), **(figures or {})}
        typed = {key: figure for key, figure in known.items() if isinstance(figure, str) and not _fits(pack, key, figure)}
        given = {key: figure for key, figure in known.items() if figure is not None and key not in typed}
        submission: Submission = filing(pack, given)
        stream = BytesIO()
        write_workbook(fill(pack, submission.facts, submission.institutions), stream)
        self.book: Workbook = openpyxl.load_workbook(stream)
        self.places = draw_form(pack, submission.facts, institutions=submission.institutions).places
        for key, figure in typed.items():
            self.cell(*(key if isinstance(key, tuple) else (key, pack.institution_of(key)))).value = figure

    def cell(self, concept: str, institution: str | None = None) -> Cell:
        """The cell of a concept."""
        place = self.places[concept, institution]
        return self.book[place.sheet].cell(place.row + 1, place.column + 1)

    def save(self, path: Path) -> Path:
        """Write it; its folders are made."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book.save(path)
        return path


def _fits(pack: Pack, key: str | tuple[str, str], figure: str) -> bool:
    numeric = pack.concept(key if isinstance(key, str) else key[0]).numeric
    return not numeric or figure.replace(".", "", 1).removeprefix("-").isdecimal()


def roster(path: Path, departments: Mapping[str, str], **columns: Mapping[str, str]) -> Path:
    """A roster workbook: names by budget code, and further columns (heading by heading) by code."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["预算编码", "部门名称", *columns])
    for code, name in departments.items():
        sheet.append([code, name, *(column.get(code) for column in columns.values())])
    book.save(path)
    return path


def parts(folder: Path) -> dict[str, bytes]:
    """Everything that a folder holds, by path: zip packages by their parts, parquet files as text of their rows."""
    import pyarrow.parquet as pq

    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        found[name] = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found.update({f"{name}!{part}": archive.read(part) for part in archive.namelist()})
        elif path.suffix == ".parquet":
            found[f"{name}!rows"] = repr(pq.read_table(path).to_pylist()).encode()
    return found
