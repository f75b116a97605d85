"""Files that are no filing: what lies in an inbox by mistake or by malice, as bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal

from jixiao.demo.declaration import OddFile
from jixiao.writing.canvas import SheetContent, Style, WorkbookContent

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_BOMB_LEVELS = 7
"""Each level holds ten of the one below: ten million entities if anybody expands them, 2 KB if nobody does."""

_OWNER_LENGTH, _OWNER_NAME_AT = 165, 55
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def odd_bytes(odd: OddFile, written: Mapping[str, bytes], draw: Callable[[WorkbookContent], bytes]) -> bytes:
    """The bytes of an odd file; `written` holds the filings by file, `draw` turns a workbook into bytes.

    KeyError where it is made of a filing that there is not.
    """
    match odd.kind:
        case "zero_bytes":
            return b""
        case "copy":
            return written[odd.of]
        case "truncated":
            whole = written[odd.of]
            return whole[: len(whole) * 2 // 5]
        case "owner":
            return owner_file(odd.text)
        case "html":
            return html_table(odd)
        case "other_table":
            return draw(other_table(odd))
        case "entity_bomb":
            return entity_bomb(odd.text)


def owner_file(user: str) -> bytes:
    """The file that a spreadsheet program leaves beside an open workbook: the user's name twice, padded."""
    name = user.encode("gbk")[: _OWNER_NAME_AT - 2]
    wide = user.encode("utf-16-le")
    first = bytes([len(name)]) + name.ljust(_OWNER_NAME_AT - 1, b" ")
    second = len(user).to_bytes(2, "little") + wide
    return (first + second).ljust(_OWNER_LENGTH, b" ")[:_OWNER_LENGTH]


def html_table(odd: OddFile) -> bytes:
    """A page of a web system that was saved under the name of a workbook."""
    rows = "".join(f"<tr>{''.join(f'<td>{each}</td>' for each in row)}</tr>\r\n" for row in odd.rows)
    page = f"<html><head><meta charset='utf-8'><title>{odd.text}</title></head><body><table border=1>\r\n{rows}</table></body></html>"
    return page.encode()


def other_table(odd: OddFile) -> WorkbookContent:
    """A workbook that holds some other table: a title and rows as declared."""
    sheet = SheetContent(odd.text or "Sheet1", gridlines=True)
    for n, row in enumerate(odd.rows):
        for column, figure in enumerate(row):
            number = isinstance(figure, Decimal)
            sheet.put(n, column, figure, Style("number" if number else "text", "amount" if number else ""))
            sheet.widths[column] = 16
    return WorkbookContent([sheet])


def entity_bomb(text: str) -> bytes:
    """A workbook whose only text is an entity of entities; harmless to who does not expand them."""
    entities = [f'<!ENTITY e0 "{text}">'] + [
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, _BOMB_LEVELS + 1)
    ]
    bomb = f"<!DOCTYPE sst [{''.join(entities)}]>"
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHEET_TYPE}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>',
        "xl/sharedStrings.xml": f'{_HEAD}{bomb}<sst xmlns="{_MAIN}" count="1" uniqueCount="1"><si><t>&e{_BOMB_LEVELS};</t></si></sst>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name, _LONG_AGO), part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
