"""Whatever a filing holds, the outputs hold it as text: no formula, link or program of its own, no file out of place."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import openpyxl
import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.values.names import comparable_name
from tests.support.workbooks import Filed, parts

MARK = "外来"

TEXTS = {
    "formula": f'=HYPERLINK("http://{MARK}.example","{MARK}")',
    "plus": f"+1+{MARK}",
    "minus": f"-2+{MARK}",
    "at": f"@SUM({MARK})",
    "dde": f"=cmd|'/c calc {MARK}'!A1",
    "dde without a sign": f"DDE(\"cmd\";\"/c {MARK}\";\"1\")",
    "tab before": f"\t=1+{MARK}()",
    "full-width": f"＝１＋{MARK}",
    "link": f"http://{MARK}.example/a?b=1&c=<d>",
    "file link": f"file:///c:/{MARK}.exe",
    "internal link": f"internal:'{MARK}'!A1",
    "external link": f"external:..\\{MARK}.xlsx",
    "mail": f"mailto:{MARK}@example.com",
    "quotes": f'"&HYPERLINK("http://{MARK}")&"{{=1}}',
    "braces": f"{{=SUM({MARK})}}",
    "rich text": f"<r><t>{MARK}</t></r>",
    "markup": f"</t></si><si><f>1+{MARK}</f>&#61;&amp;",
    "escape": f"_x000D_{MARK}_x003D_1",
    "direction": f"{MARK}\u202exslx.\u2066exe\u2069",
    "format words": f"{MARK}{{reason}}{{0}}%s&P&[Path]",
    "long": f"{MARK}" + "长" * 40_000,
    "astral": f"{MARK}" + "𠮷" * 20_000,
}

CELLS = (
    "profile.duties", "profile.annual_tasks", "profile.achievements", "targets.qualitative.expected",
    "targets.quantitative.1.target", "targets.quantitative.2.actual", "score.economic.reason",
    "score.staff_control.reason", "narrative", "staff.quota", "self.grade", "base.check.disclosure.1.evidence",
    "base.check.disclosure.1", "base.satisfaction", "cover.report_date", "cover.agency", "evaluators.1.unit",
)  # fmt: skip
"""Where a text is planted, one filing for each of a few of them, so that every kind of cell sees every text."""

DEPARTMENTS = (
    ("", "../../../逃逸局"), ("", "CON"), ("A1", "ABC局"), ("a1", "abc局"), ("Ａ1", "ＡＢＣ局"), ("", "=cmd|'/c calc'!A1"),
    ("..", "局\u202egnp.xlsx\u200b\n二行. . ."), ("C:\\", "\U00020bb7" * 120), ("", "a#b%20c&d'e[f]g?h*"),
    ("", "_x000D_<r>局</r>"),
)  # fmt: skip
"""Budget codes and names of departments."""


def type_text(cell, text: str) -> None:
    """Set a cell to a text, also one that openpyxl would take for a formula."""
    cell.value = ILLEGAL.sub("", text)
    cell.data_type = "s"


ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def with_results(path: Path) -> None:
    """Give every formula a cached result, as spreadsheet programs do."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for name, content in held.items():
        if name.startswith("xl/worksheets/sheet"):
            held[name] = re.sub(rb"(</f>)<v ?/>|(</f>)<v></v>", rb"</f><v>7</v>", content)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)


@pytest.fixture(scope="module")
def ran(pack, tmp_path_factory):
    """A run over filings that hold every text in every kind of cell, and departments of every odd name."""
    home = tmp_path_factory.mktemp("foreign")
    texts = list(TEXTS.values())
    for number, (code, department) in enumerate(DEPARTMENTS):
        filed = Filed(pack, {"cover.budget_code": code or None})
        type_text(filed.cell("cover.department"), department)
        for position, concept in enumerate(CELLS):
            type_text(filed.cell(concept), texts[(3 * number + position) % len(texts)])
        sheet = filed.cell("income.total", "summary").parent
        row = filed.cell("income.total", "headquarters").row
        type_text(sheet.cell(row + 1, 1), f"2、{texts[number % len(texts)][:60]}")
        sheet.cell(row + 1, 2).value = 0
        for position, text in enumerate(texts):
            type_text(sheet.cell(200 + position, 12), text)
        other = filed.book.create_sheet(f"{MARK}=1+1"[:31])
        other["A1"] = f'=HYPERLINK("http://{MARK}.example","{MARK}")'
        other["A2"] = f"=cmd|'/c {MARK}'!A0"
        other["A3"] = f"=[1]{MARK}!A1"
        other["A4"] = MARK
        other["A4"].hyperlink = f"http://{MARK}.example/"
        other["A5"] = f'=WEBSERVICE("http://{MARK}.example")'
        filed.cell("expenditure.project", "summary").value = f'=IF(1,0,HYPERLINK("http://{MARK}"))'
        filed.cell("score.surplus.self").hyperlink = f"file:///c:/{MARK}.exe"
        with_results(filed.save(home / "inbox" / f"{number:02d}.xlsx"))
    before = {path for path in home.rglob("*") if path.is_file()}
    outcome = run(Options(home / "inbox", home / "out", "yunxi_2022"))
    return home, before, outcome.district


def packages(home: Path) -> dict[str, bytes]:
    return {name: content for name, content in parts(home / "out").items() if ".xlsx!" in name}


def test_every_filing_comes_back(ran):
    home, _, district = ran
    assert {result.status.value for result in district.results} <= {"returned", "accepted_with_warnings"}
    assert all((home / "out" / (result.output or "none")).is_file() for result in district.results)
    assert len({comparable_name(result.output or "") for result in district.results}) == len(DEPARTMENTS)


def test_nothing_is_written_outside_of_out(ran):
    home, before, _ = ran
    after = {path for path in home.rglob("*") if path.is_file()}
    assert all(path.is_relative_to(home / "out") for path in after - before)
    folders = {path.parent.relative_to(home / "out").parts for path in after - before}
    assert {folder for folder in folders if folder[:1] != (".jixiao",)} <= {(), ("data",), ("departments",)}


def test_names_of_files_are_fit_for_every_platform(ran):
    for path in (ran[0] / "out" / "departments").iterdir():
        assert not set(path.name) & set('<>:"/\\|?*\u202e\u200b\n')
        assert len(path.name.encode()) < 220 and path.stem == path.stem.strip(" .") and not path.name.startswith("~$")
        assert not re.match(r"(con|aux|lpt1)(\.|$)", path.stem, re.IGNORECASE)


def test_no_formula_validation_format_or_name_holds_anything_foreign(ran):
    held = re.compile(rb"<(f|formula|formula1|formula2|definedName|x14:formula1|xm:f|c:f)\b[^>]*>([^<]*)<")
    found = [
        (name, formula.decode())
        for name, content in packages(ran[0]).items()
        for _, formula in held.findall(content)
        if re.search(rf"{MARK}|HYPERLINK|WEBSERVICE|cmd|calc|\[\d+\]|http|\|", formula.decode())
    ]
    assert found == []


def test_no_link_leads_anywhere_but_to_the_runs_own_workbooks(ran):
    home = ran[0]
    for name, content in packages(home).items():
        if name.endswith(".rels"):
            for target, mode in re.findall(r'Target="([^"]*)"(?: TargetMode="(\w+)")?', content.decode()):
                assert MARK not in target
                if mode == "External":
                    path = unquote(unescape(target)).replace("\\", "/")
                    assert path.startswith("departments/") and (home / "out" / path).is_file(), (name, target)
        for location in re.findall(rb'<hyperlink[^>]* location="([^"]*)"', content):
            assert MARK.encode() not in location


def test_no_part_can_run_or_load_anything(ran):
    allowed = re.compile(
        r"(\[Content_Types\]|_rels/\.rels|docProps/(app|core|custom)|xl/(workbook|styles|sharedStrings|metadata|theme/theme1"
        r"|worksheets/sheet\d+|comments\d+|drawings/(drawing|vmlDrawing)\d+|charts/chart\d+|_rels/workbook"
        r"|worksheets/_rels/sheet\d+|drawings/_rels/\w+))(\.xml)?(\.rels|\.vml)?"
    )
    assert [name for name in packages(ran[0]) if not allowed.fullmatch(name.rpartition("!")[2])] == []


def test_every_part_is_well_formed(ran):
    for name, content in packages(ran[0]).items():
        if not name.endswith(".vml"):
            ElementTree.fromstring(content)


def test_texts_come_back_as_the_texts_they_were(ran):
    home, _, district = ran
    result = next(each for each in district.results if each.file == "00.xlsx")
    book = openpyxl.load_workbook(home / "out" / (result.output or ""))
    carried = {row[1].value: row[2] for row in book["表外内容"].iter_rows(min_row=4) if row[0].value != f"{MARK}=1+1"}
    cleaned = ("direction", "long", "astral", "rich text", "escape", "tab before")
    plain = {name: text for name, text in TEXTS.items() if name not in cleaned}
    by_text = {cell.value: cell for cell in carried.values()}
    for text in plain.values():
        assert by_text[text].data_type == "s" and by_text[text].hyperlink is None
    assert f"{MARK}xslx.exe" in by_text
    # Characters beyond the basic plane count twice in a cell; openpyxl had not clipped these.
    assert any(str(text).startswith(f"{MARK}𠮷𠮷") and str(text).endswith("（文字过长，后文从略）") for text in by_text)
    assert max(len(str(text).encode("utf-16-le")) // 2 for text in by_text) <= 32_767


def test_formulas_of_a_sheet_outside_the_form_come_back_as_the_values_they_showed(ran):
    home, _, district = ran
    book = openpyxl.load_workbook(home / "out" / (district.results[0].output or ""))
    shown = {row[1].value: row[2].value for row in book["表外内容"].iter_rows(min_row=4) if row[0].value == f"{MARK}=1+1"}
    assert shown == {"A1": "7", "A2": "7", "A3": "7", "A4": MARK, "A5": "7"}
