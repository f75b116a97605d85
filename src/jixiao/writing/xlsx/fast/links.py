"""Links of a sheet as the file has them: those to cells are in the sheet's part, those to files in its relations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jixiao.writing.xlsx.cell_text import MOST_LINKS, attribute, cell_name, clean_text, link_target
from jixiao.writing.xlsx.content import Cell, Link
from jixiao.writing.xlsx.fast.package import RELATIONS, THEME, Part, UnsupportedContent, packed

_FOLDER = RELATIONS.rpartition("/")[0]
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ESCAPED = str.maketrans({each: f"%{ord(each):02x}" for each in '"<>[]^`{}'})


def sheet_links(linked: Sequence[Cell], relations: list[Part], number: int) -> str:
    """Return the element of a sheet's links and add the part of its relations to files, if any; sheets count from 1."""
    links: list[str] = []
    files: list[str] = []
    for cell in sorted(linked[:MOST_LINKS], key=lambda each: (each.row, each.column)):
        link, value = cell.link, cell.value
        assert link is not None
        tip = attribute(clean_text(link.tip, 255))
        start = f'<hyperlink ref="{cell_name(cell.row, cell.column)}"'
        tooltip = f' tooltip="{tip}"' if tip else ""
        if link.file:
            name = f"rId{len(files) + 1}"
            files.append(f'<Relationship Id="{name}" Type="{_KIND}" Target="{_file_target(link)}" TargetMode="External"/>')
            links.append(f'{start} r:id="{name}"{tooltip}/>')
        else:
            text = attribute(clean_text(value)) if isinstance(value, str) else ""
            links.append(f'{start} location="{attribute(link_target(link))}"{tooltip} display="{text}"/>')
    if files:
        relations.append(
            packed(
                RELATIONS.format(number),
                '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                f'<Relationships xmlns="{_NAMESPACE}">{"".join(files)}</Relationships>',
            )
        )
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""


def _file_target(link: Link) -> str:
    """Return the path of a file as relations have it; a path with an escaped character is taken as escaped already."""
    path = link_target(link).replace("/", "\\")
    return attribute(path if "%" in path else path.translate(_ESCAPED))


def with_relations(parts: Iterable[Part], relations: Sequence[Part]) -> list[Part]:
    """Return the parts with these relations of sheets added in the package's order."""
    others = [*parts]
    names = [part.name for part in others]
    if any(part.name in names for part in relations):
        raise UnsupportedContent("a sheet with relations of two kinds")
    at = names.index(THEME) + 1
    present = [part for part in others if part.name.startswith(_FOLDER)]
    ordered = sorted([*present, *relations], key=lambda part: (len(part.name), part.name))
    return [*others[:at], *ordered, *others[at + len(present) :]]
