"""Word documents as Word writes them, in raw XML: tables with spanned and continued cells, paragraphs between them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from jixiao.reading.formats.grid import Grid
from jixiao.values.text import raw_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/header1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


_DOCUMENT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/></Relationships>'
)
_HEADER = f'<w:hdr xmlns:w="{W}"><w:p><w:r><w:t>年度收入情况（万元）</w:t></w:r></w:p></w:hdr>'


def document(*blocks: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """The bytes of a .docx with these blocks as its body, a header that is printed on every page, and `more` parts."""
    body = "".join(blocks) + '<w:sectPr><w:headerReference w:type="default" r:id="rId9"/></w:sectPr>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/header1.xml": _HEADER,
        **(more or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run; line feeds are breaks and tabs are tabs, as Word keeps them, and the text is cut where Word's checks cut it."""
    inner = "</w:t><w:br/><w:t xml:space='preserve'>".join(escape(text).split("\n"))
    inner = inner.replace("\t", "</w:t><w:tab/><w:t xml:space='preserve'>")
    return f"<w:r>{properties and f'<w:rPr>{properties}</w:rPr>'}<w:t xml:space='preserve'>{inner}</w:t></w:r>"


def paragraph(text: str = "", raw: str = "") -> str:
    """A paragraph of two runs with a proofing mark between, or of raw content."""
    half = len(text) // 2
    return f'<w:p><w:pPr><w:jc w:val="left"/></w:pPr>{raw or run(text[:half]) + "<w:proofErr w:type=" + chr(34) + "spellStart" + chr(34) + "/>" + run(text[half:])}</w:p>'


def paragraphs(text: str) -> str:
    """A paragraph a line."""
    return "".join(paragraph(line) for line in text.split("\n"))


def table(rows: Sequence[str], widths: Sequence[int], *, head: int = 0) -> str:
    """A table of rows as `row` makes them; the first `head` are repeated on every page."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    marked = [each.replace("<w:trPr>", "<w:trPr><w:tblHeader/>", 1) if n < head else each for n, each in enumerate(rows)]
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(marked)}</w:tbl>'


def row(*cells: str, properties: str = "") -> str:
    """A row of cells as `cell` makes them."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def cell(text: str = "", *, span: int = 1, merge: str = "", raw: str = "") -> str:
    """A cell; `merge` is restart or continue, `raw` what it holds instead of the text's paragraphs."""
    inner = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    if merge:
        inner += '<w:vMerge w:val="restart"/>' if merge == "restart" else "<w:vMerge/>"
    return f"<w:tc><w:tcPr>{inner}</w:tcPr>{raw or paragraphs(text)}</w:tc>"


def table_of(grid: Grid, first: int = 0, last: int | None = None, *, widths: Sequence[int] = (), head: int = 0) -> str:
    """The rows `first` to `last` (not included) of a grid as a table, its merges as Word keeps them."""
    last = len(grid.rows) if last is None else last
    columns = max([len(each) for each in grid.rows] + [merge.last_column + 1 for merge in grid.merges])
    tops = {(merge.row, merge.column): merge for merge in grid.merges}
    covered = {
        (at, column): merge
        for merge in grid.merges
        for at in range(merge.row, merge.last_row + 1)
        for column in range(merge.column, merge.last_column + 1)
    }
    rows = []
    for at in range(first, last):
        cells, column = [], 0
        while column < columns:
            merge = tops.get((at, column)) or covered.get((at, column))
            span = merge.last_column - merge.column + 1 if merge else 1
            down = merge is not None and merge.last_row > merge.row
            begins = merge is None or at == merge.row or at == first
            source = (merge.row if merge and at == first else at, column)
            text = raw_text(grid.at(*source)) or ""
            cells.append(cell(text if begins else "", span=span, merge=("restart" if begins else "continue") if down else ""))
            column += span
        rows.append(row(*cells))
    return table(rows, widths or [1200] * columns, head=head)
