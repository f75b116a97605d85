"""Drawing: the content of a workbook as a file, the same bytes for the same content.

Cells are written here, text by text; all else is the library's, drawn once for workbooks that are alike and kept with gaps
for what fills them. The library alone would write the same bytes, cell by cell: that is the reference, and the way of
whatever is not plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from jixiao.writing.canvas import SheetContent, WorkbookContent
from jixiao.writing.comments import MOST_COMMENTS, comment_parts
from jixiao.writing.draw_texts import header_text, named_ranges, properties
from jixiao.writing.library import drawn_parts
from jixiao.writing.links import Relations
from jixiao.writing.listing_rows import ListingRows
from jixiao.writing.listings import laid_out, listings_of
from jixiao.writing.looks import looks_part
from jixiao.writing.outline import Outline, book_outline, outline_of, sheet_outline, traits
from jixiao.writing.package import BOXES, COMMENTS, SHEET, STYLES, TEXTS, Part, package, packed
from jixiao.writing.rows import Rows, Writer
from jixiao.writing.unusual import Unusual
from jixiao.writing.xml_text import MOST_ROWS, literal


class TooLong(Exception):
    """A sheet, by its name, with more rows than a spreadsheet can have."""


def write_workbook(
    content: WorkbookContent, target: Path | BinaryIO, *, quick: bool = True, portable: bool = False
) -> None:
    """Write the workbook to a path or a binary stream; `OSError` if refused. `TooLong` where a sheet has more rows than can be.

    The parts of the file depend on the content alone, its bytes also on the kind of processor (how parts are compressed),
    unless they are to be `portable`. Without `quick` the library draws every cell by itself: the same bytes, by which the
    quick way is proven.
    """
    pieces = package((_parts if quick else _library_parts)(content, portable))
    with target.open("wb") if isinstance(target, Path) else nullcontext(target) as file:
        file.writelines(pieces)


def _parts(content: WorkbookContent, portable: bool) -> list[Part]:
    try:
        return _quick_parts(content, portable)
    except Unusual:
        return _library_parts(content, portable)


def _library_parts(content: WorkbookContent, portable: bool) -> list[Part]:
    content = replace(content, sheets=[laid_out(sheet) for sheet in _bounded(content.sheets)])
    return [packed(name, text, portable=portable) for name, text in drawn_parts(content).items()]


def _quick_parts(content: WorkbookContent, portable: bool) -> list[Part]:
    if any(sheet.charts or sheet.listings for sheet in content.sheets):
        return _parts_in_turn(content, portable)
    writer, relations, values = Writer(), Relations(portable=portable), _values(content)
    drawn = [writer.rows(sheet) for sheet in _bounded(content.sheets)]
    own = _shared(writer, portable) | _comments(content.sheets, drawn, portable)
    each_sheet = {
        SHEET.format(number): _sheet_values(sheet, rows) | {
            "rows": b"".join(rows.rows), "links": relations.element(number, rows.links),
        }
        for number, (sheet, rows) in enumerate(zip(content.sheets, drawn, strict=True), start=1)
    }  # fmt: skip
    return relations.among(
        own.get(name) or _filled(name, outline, each_sheet.get(name, values), portable)
        for name, outline in _kept_outlines(content, drawn).items()
    )


def _parts_in_turn(content: WorkbookContent, portable: bool) -> list[Part]:
    """The parts of a workbook with charts or listings; nothing of a sheet is held that is compressed."""
    outlines = {name: outline_of(text) for name, text in drawn_parts(content, hollow=True).items()}
    writer, relations, values = Writer(), Relations(portable=portable), _values(content)
    own: dict[str, Part] = {}
    for number, sheet in enumerate(_bounded(content.sheets), start=1):
        name, rows = SHEET.format(number), writer.rows(sheet)
        if rows.comments:
            raise Unusual("comments of a sheet that has no like")
        told: dict[str, bytes | Iterable[bytes]] = {**_sheet_values(sheet, rows), **_rows_and_links(sheet, rows, number, writer, relations)}
        own[name] = packed(name, outlines[name].in_turn(told), portable=portable)
    own |= _shared(writer, portable)
    return relations.among(own.get(name) or _filled(name, each, values, portable) for name, each in outlines.items())


def _rows_and_links(
    sheet: SheetContent, rows: Rows, number: int, writer: Writer, relations: Relations
) -> dict[str, Iterator[bytes]]:
    """The rows of a sheet piece by piece and, known when these are written, its links."""
    listings = [ListingRows(listing, writer) for listing in listings_of(sheet)]

    def pieces() -> Iterator[bytes]:
        # Above each listing stand two pieces or one: the first of all is only what stands around them.
        above = iter(rows.rows)
        yield next(above)
        for listing in listings:
            yield next(above)
            yield from listing
        yield from above

    def links() -> Iterator[bytes]:
        yield relations.element(number, [*rows.links, *chain.from_iterable(listing.links for listing in listings)])

    return {"rows": pieces(), "links": links()}


def _shared(writer: Writer, portable: bool) -> dict[str, Part]:
    """The parts that the sheets share, when all of them are written."""
    if not writer.told:
        raise Unusual("a workbook without a text")
    return {
        STYLES: looks_part(tuple(writer.looks.others)),
        TEXTS: packed(TEXTS, writer.shared_texts(), portable=portable),
    }


def _bounded(sheets: Iterable[SheetContent]) -> Iterator[SheetContent]:
    """The sheets; `TooLong` for one with more rows than there can be: they would be left out without a word."""
    for sheet in sheets:
        last = max((cell.row for cell in sheet.cells), default=0) if len(sheet.cells) > MOST_ROWS else 0
        if max([last, *(listing.last for listing in sheet.listings)]) >= MOST_ROWS:
            raise TooLong(sheet.name)
        yield sheet


def _kept_outlines(content: WorkbookContent, drawn: Sequence[Rows]) -> dict[str, Outline | Part | None]:
    commented = tuple(number for number, rows in enumerate(drawn) if rows.comments)
    outlines = dict(book_outline(tuple(map(traits, content.sheets)), content.active, commented))
    for number, (sheet, rows) in enumerate(zip(content.sheets, drawn, strict=True)):
        outlines[SHEET.format(number + 1)] = sheet_outline(sheet, number, number == content.active, bool(rows.comments))
    return outlines


def _comments(sheets: Sequence[SheetContent], drawn: Sequence[Rows], portable: bool) -> dict[str, Part]:
    made: dict[str, Part] = {}
    commented = [(sheet, rows.comments) for sheet, rows in zip(sheets, drawn, strict=True) if rows.comments]
    for number, (sheet, cells) in enumerate(commented, start=1):
        if len(cells) >= MOST_COMMENTS:
            raise Unusual("more comments than are written here")
        for kind, text in zip((COMMENTS, BOXES), comment_parts(sheet, cells, number), strict=True):
            made[kind.format(number)] = packed(kind.format(number), text, portable=portable)
    return made


def _filled(name: str, outline: Outline | Part | None, values: Mapping[str, bytes], portable: bool) -> Part:
    assert outline is not None, name
    return outline if isinstance(outline, Part) else packed(name, outline.filled(values), portable=portable)


def _values(content: WorkbookContent) -> dict[str, bytes]:
    """What fills the outlines of parts that are no sheets."""
    texts = {name: literal(text) for name, text in properties(content).items()} | named_ranges(content.sheets)
    return {name: text.encode() for name, text in texts.items()}


def _sheet_values(sheet: SheetContent, rows: Rows) -> dict[str, bytes]:
    """What fills the outline of a sheet besides its rows and links."""
    header = literal(header_text(sheet.page.header)).encode()
    return {"dimension": rows.dimension, "merges": rows.merges, "header": header}
