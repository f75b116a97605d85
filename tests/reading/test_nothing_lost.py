"""Every filled cell of a filing is a fact, a printed label, or carried to 表外内容: nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from jixiao.demo.write import write_demo
from jixiao.model.cell import UncachedFormula
from jixiao.model.place import Place
from jixiao.model.sheet_names import CHECK_COLUMN, CHECK_MARKS
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.reading.formats.grid import Grid
from jixiao.reading.formats.open import UnreadableFile, open_grids
from jixiao.reading.formats.xlsx_details import sheet_comments
from jixiao.reading.generated_sheets import is_generated
from jixiao.reading.locate.label_index import label_index
from jixiao.reading.locate.labels import normalise, squeeze
from jixiao.reading.read import read_file
from jixiao.values.text import is_blank, raw_text
from jixiao.writing.form.template import template_workbook
from tests.support.workbooks import Filed


@pytest.fixture(scope="module")
def printed(pack: Pack) -> frozenset[str]:
    """What the blank form and its declared aliases print, squeezed."""
    drawn = [cell.value for sheet in template_workbook(pack).sheets for cell in sheet.cells if cell.value is not None]
    texts = {squeeze(str(value)) for value in drawn}
    return frozenset(texts | {normalise(str(value)) for value in drawn} | label_index(pack).everything)


def unaccounted(grids: Sequence[Grid], read: Submission, printed: frozenset[str]) -> list[tuple[str, str]]:
    """The filled cells that are neither facts nor printed nor carried, each with its text."""
    facts = {(fact.place, fact.raw) for fact in read.facts if fact.place}
    extras = {(extra.place, extra.text) for extra in read.extras}
    told = [fact.raw or "" for fact in read.facts]
    labels = {normalise(each.label) for each in read.institutions}
    found = []
    for grid in grids:
        if is_generated(grid):
            continue
        checks: set[int] = set()
        for row, values in enumerate(grid.rows):
            for column, value in enumerate(values):
                if value == CHECK_COLUMN:
                    checks.add(column)
                if column in checks and (isinstance(value, UncachedFormula) or str(value).startswith(CHECK_MARKS)):
                    continue  # the form's own live check
                text = raw_text(value)
                if text is None or (isinstance(value, str) and is_blank(value)):
                    continue
                place = Place(grid.name, row, column)
                if (place, text) in facts or (place, text) in extras:
                    continue
                if squeeze(text) in printed or normalise(text) in printed or normalise(text) in labels:
                    continue
                if any(fact_place == place and raw and raw in text for fact_place, raw in facts):  # a year within its title
                    continue
                if any(text.strip() in each for each in told if each):  # a paragraph, a title with its year
                    continue
                found.append((str(place), text))
    return found


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, "yunxi_2022")
    return folder / "inbox"


def test_no_cell_of_the_sample_filings_is_lost(pack, samples, printed):
    seen, lost = 0, {}
    for path in sorted(samples.rglob("*.*")):
        read = read_file(path, pack, file=path.name)
        if not isinstance(read, Submission):
            continue
        try:
            grids = open_grids(path)
        except UnreadableFile:
            continue
        seen += 1
        if left := unaccounted(grids, read, printed):
            lost[path.name] = left
    assert seen > 15
    assert lost == {}


MARK = "表外之物"


def mess(filed: Filed) -> int:
    """Leave something in every odd place of a filing; returns in how many."""
    report, score = filed.book["自评报告"], filed.book["评分表"]
    left = 0

    def put(sheet, cell: str, text: object) -> None:
        nonlocal left
        left += 1
        sheet[cell] = f"{MARK}{left}" if text is None else text

    put(report, "J2", None)  # beside a heading
    put(report, "K12", None)  # an added column of a money table
    put(report, "A150", None)  # far below
    put(score, "I6", None)
    put(score, "B80", None)
    put(score, "C81", 1234.5)
    hidden = filed.book.create_sheet("隐藏的")
    hidden.sheet_state = "hidden"
    put(hidden, "C3", None)
    other = filed.book.create_sheet("问题清单")  # a name that the program uses too
    put(other, "A1", None)
    put(other, "B9", 88)
    third = filed.book.create_sheet("附表")
    third.merge_cells("A1:C2")
    put(third, "A1", None)
    third.column_dimensions["F"].hidden = True
    put(third, "F7", None)
    third.row_dimensions[9].hidden = True
    put(third, "A9", None)
    put(third, "A10", True)
    put(third, "A11", "=1/0")
    return left


def test_what_stands_in_odd_places_is_carried_with_its_place(pack, tmp_path, printed):
    filed = Filed(pack, {"profile.telephone": "0730-5550101"})
    count = mess(filed)
    path = filed.save(tmp_path / "a.xlsx")
    read = read_file(path, pack, file="a.xlsx")
    assert isinstance(read, Submission)
    assert unaccounted(open_grids(path), read, printed) == []
    carried = {str(extra.place): extra.text for extra in read.extras}
    assert len(carried) == count
    assert carried["问题清单!A1"] == f"{MARK}8" and carried["问题清单!B9"] == "88" and carried["隐藏的!C3"] == f"{MARK}7"
    assert [(finding.rule, str(finding.message)[:9]) for finding in read.findings if finding.rule == "LAY-04"] == [
        ("LAY-04", "表样之外填有 14")
    ]


def test_a_second_copy_of_a_block_is_carried_where_it_differs(pack, tmp_path, printed):
    filed = Filed(pack)
    copy = filed.book.copy_worksheet(filed.book["自评报告"])
    copy.title = "旧的一份"
    for row in copy.iter_rows():
        for cell in row:
            if cell.value == "334.41" or cell.value == 334.41:
                cell.value = 777.77
    path = filed.save(tmp_path / "a.xlsx")
    read = read_file(path, pack, file="a.xlsx")
    assert isinstance(read, Submission)
    assert "777.77" in {extra.text for extra in read.extras}
    assert unaccounted(open_grids(path), read, printed) == []


def test_comments_are_carried_and_pictures_are_told(pack, tmp_path):
    from openpyxl.drawing.image import Image
    from PIL import Image as Pixels

    filed = Filed(pack)
    cell = filed.cell("staff.quota")
    cell.comment = Comment("含借调 2 人", "经办")
    filed.cell("staff.actual").comment = Comment("财政局的旧批注", "财政局")
    Pixels.new("RGB", (4, 4)).save(tmp_path / "p.png")
    filed.book["综述"].add_image(Image(str(tmp_path / "p.png")), "C3")
    read = read_file(filed.save(tmp_path / "a.xlsx"), pack, file="a.xlsx")
    assert isinstance(read, Submission)
    place = filed.places["staff.quota", None]
    assert [(extra.place, extra.text) for extra in read.extras] == [(place, "批注：含借调 2 人")]
    assert [finding.message for finding in read.findings if finding.rule == "LAY-09"] == [
        "“综述”中插有图片或嵌入对象 1 个，其中的内容未读取，也不随退回工作簿返回。"
    ]


def test_what_was_carried_once_is_carried_in_every_round(pack, tmp_path):
    from jixiao.batch.options import Options
    from jixiao.batch.run import run

    filed = Filed(pack, {"profile.telephone": "0730-5550101"})
    count = mess(filed)
    inbox = tmp_path / "1"
    filed.save(inbox / "a.xlsx")
    told = []
    for number in (1, 2, 3):
        out = tmp_path / f"out{number}"
        district = run(Options(inbox, out, "yunxi_2022")).district
        returned = out / (district.results[0].output or "")
        rows = list(openpyxl.load_workbook(returned)["表外内容"].iter_rows(min_row=4, values_only=True))
        told.append({row[:3] for row in rows})
        inbox = returned.parent
    assert len(told[0]) == count and told[0] == told[1] == told[2]


def test_where_another_program_keeps_a_comments_box_is_no_text_of_it(tmp_path):
    """LibreOffice writes the anchor of the box into the comment itself."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    comments = (
        f'<comments xmlns="{main}" xmlns:mc="m" xmlns:xdr="x"><authors><author>甲</author></authors><commentList>'
        '<comment ref="B2" authorId="0"><text><r><t>请</t></r><r><t>核对</t></r></text><mc:AlternateContent><mc:Choice>'
        "<commentPr><anchor><xdr:from><xdr:col>7</xdr:col><xdr:row>15</xdr:row></xdr:from></anchor></commentPr>"
        '</mc:Choice></mc:AlternateContent></comment><comment ref="C3" authorId="0"><text><t>更正。（规则 BAL-01）</t></text>'
        "<commentPr><anchor>615</anchor></commentPr></comment></commentList></comments>"
    ).encode()
    relations = b'<Relationships><Relationship Id="r" Type="http://x/comments" Target="../comments1.xml"/></Relationships>'
    parts = {"xl/worksheets/_rels/sheet1.xml.rels": relations, "xl/comments1.xml": comments}
    assert sheet_comments("xl/worksheets/sheet1.xml", parts) == {(1, 1): "请核对"}
