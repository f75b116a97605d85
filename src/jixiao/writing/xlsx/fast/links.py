"""Links of a sheet as the file has them: those to other cells stand in the sheet, those to files among its relations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jixiao.writing.xlsx.cell_text import MOST_LINKS, attribute, cell_name, clean_text, link_target
from jixiao.writing.xlsx.content import Cell, Link, Value
from jixiao.writing.xlsx.fast.package import RELATIONS, THEME, Part, UnsupportedContent, packed

_NUMBER = re.compile(r"xl/worksheets/_rels/sheet(\d+)\.xml\.rels")
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ESCAPED = str.maketrans({each: f"%{ord(each):02x}" for each in '"<>[]^`{}'})


class Linked(NamedTuple):
    """A cell that leads somewhere, and what stands in it."""

    row: int
    column: int
    link: Link
    value: Value


def linked(cell: Cell) -> Linked:
    """A cell that leads somewhere; `UnsupportedContent` where it leads to a file and no text says so."""
    assert cell.link is not None
    if cell.link.file and (cell.formula or not cell.value or not isinstance(cell.value, str)):
        raise UnsupportedContent("a link to a file that is no text")
    return Linked(cell.row, cell.column, cell.link, cell.value)


class LinkTexts(NamedTuple):
    """What the part of a sheet says of its links, and the part with their relations; nothing where there are none."""

    element: str
    relations: str


def link_texts(linked: Sequence[Linked]) -> LinkTexts:
    """The links of a sheet, by row and column."""
    told: list[str] = []
    relations: list[str] = []
    for row, column, link, value in sorted(linked[:MOST_LINKS], key=lambda each: each[:2]):
        where, tip = cell_name(row, column), _tip(link.tip)
        if link.file:
            name = f"rId{len(relations) + 1}"
            relations.append(
                f'<Relationship Id="{name}" Type="{_KIND}" Target="{_relation_target(link)}" TargetMode="External"/>'
            )
            told.append(f'<hyperlink ref="{where}" r:id="{name}"{tip}/>')
        else:
            text = clean_text(value) if isinstance(value, str) else ""
            told.append(
                f'<hyperlink ref="{where}" location="{attribute(link_target(link))}"{tip} display="{attribute(text)}"/>'
            )
    return LinkTexts(
        f"<hyperlinks>{''.join(told)}</hyperlinks>" if told else "",
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Relationships xmlns="{_NAMESPACE}">{"".join(relations)}</Relationships>' if relations else "",
    )  # fmt: skip


def _tip(tip: str) -> str:
    clean = clean_text(tip, 255)
    return f' tooltip="{attribute(clean)}"' if clean else ""


def _relation_target(link: Link) -> str:
    """The path of a file as relations have it: where some sign of it is told by its number already, as it is."""
    path = link_target(link).replace("/", "\\")
    return attribute(path if "%" in path else path.translate(_ESCAPED))


class Relations:
    """The relations to files of the sheets of a workbook."""

    def __init__(self) -> None:
        self._parts: dict[int, Part] = {}

    def element(self, number: int, links: Sequence[Linked]) -> str:
        """What the part of the sheet of this number says of its links; what it says by relations is kept."""
        element, relations = link_texts(links)
        if relations:
            name = RELATIONS.format(number)
            self._parts[number] = packed(name, relations)
        return element

    def among(self, parts: Iterable[Part]) -> list[Part]:
        """The parts of the workbook with these at their place; `UnsupportedContent` where a sheet has others already."""
        others = [*parts]
        if not self._parts:
            return others
        own = {part.name for part in self._parts.values()}
        if any(part.name in own for part in others):
            raise UnsupportedContent("a sheet with relations of two kinds")
        at = next(n for n, part in enumerate(others, start=1) if part.name == THEME.encode())
        there = {int(found[1]): part for part in others if (found := _NUMBER.fullmatch(part.name.decode()))}
        every = there | self._parts
        return [*others[:at], *(every[number] for number in sorted(every)), *others[at + len(there) :]]
