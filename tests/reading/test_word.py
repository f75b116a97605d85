"""Word documents as a second source of grids: the same facts and findings, however the document is laid out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao.model.submission import Status, Submission, UnreadableFiling
from jixiao.pack import Pack, load_pack
from jixiao.reading.formats.grid import Grid
from jixiao.reading.formats.open import UnreadableFile, grids_of
from jixiao.reading.read import read_file
from tests.reading.test_read_moved import whole
from tests.reading.test_read_seed import REPORT, expected
from tests.support import grids, word
from tests.support.grids import Piece, coded, drawn, figures, read, seen

PACKS = ("yunxi_2022", "hunan_2020")


def seed_document(*, cut: str = "") -> bytes:
    """The seed's pages: one table to the evaluators' opinions, the narrative as paragraphs, the score sheet over a page break.

    With `cut` the first table is split in two before the row that begins so, without its head.
    """
    grid = drawn(REPORT)
    starts = [str(row[0] or "") for row in grid.rows]
    prose = next(n for n, text in enumerate(starts) if text.startswith("五、"))
    first, second = (n for n, text in enumerate(starts) if text == "一级指标")
    at = next((n for n, text in enumerate(starts) if cut and text.startswith(cut)), 0)
    blocks = [word.table_of(grid, 0, at), word.paragraph(), word.table_of(grid, at, prose)] if at else [word.table_of(grid, 0, prose)]
    blocks += [word.paragraph(text) for text in starts[prose:first]]
    return word.document(*blocks, word.table_of(grid, first, second - 1, head=1), word.paragraph(), word.table_of(grid, second, head=1))


def test_the_seeds_pages_as_word_keeps_them_read_to_its_figures(pack):
    submission = read(pack, grids_of(seed_document()))
    found = figures(submission)
    assert {key: found.get(key) for key in expected()} == expected()
    assert seen(submission) == seen(read(pack, [drawn(REPORT)]))
    assert {(finding.rule, finding.place and (finding.place.sheet, finding.place.cell)) for finding in submission.findings} == {
        ("CEL-02", ("表1", "B31")), ("CEL-02", ("表1", "C31")), ("CEL-02", ("表1", "B32")), ("CEL-02", ("表1", "C32")),
        ("LAY-01", None),
    }  # fmt: skip
    assert submission.extras == ()


def test_a_place_is_told_by_row_and_column(pack):
    submission = read(pack, grids_of(seed_document()))
    assert ("CEL-02", "表1 第31行第2列") in coded(submission)
    narrative = next(fact for fact in submission.facts if fact.concept == "narrative")
    assert narrative.place is not None
    assert (str(narrative.place), narrative.place.sheet, narrative.place.cell) == ("正文 第2段", "正文", "A2")


@pytest.mark.parametrize("cut", ["1、局机关", "2、二级机构1", "绩效自评综合得分", "四、评价人员"])
def test_a_table_split_in_two_without_its_head_goes_on(pack, cut):
    assert seen(read(pack, grids_of(seed_document(cut=cut)))) == seen(read(pack, grids_of(seed_document())))


def as_paragraphs(piece: Piece) -> str:
    """A piece of single lines as Word has it: titles and narrative are paragraphs there, the unit behind a tab."""
    rows: dict[int, list[str]] = {}
    for (row, _), value in sorted(piece.cells.items()):
        rows.setdefault(row, []).append(str(value))
    return "".join(word.paragraph("\t".join(row)) for row in rows.values())


def block(piece: Piece, *, lines: bool, caption: bool) -> str:
    """A piece as blocks of a document, with `lines` single lines as paragraphs, with `caption` the caption of a table too."""
    grid = grids.stacked("t", [piece])
    if lines and all(column == 0 or row == 0 for row, column in piece.cells) and not piece.head[1] and piece.height <= len(piece.merges):
        return as_paragraphs(piece)
    if caption and piece.head[0]:
        above = Piece(piece.block, piece.sheet, {spot: value for spot, value in piece.cells.items() if spot[0] < piece.head[0]})
        return as_paragraphs(above) + word.table_of(grid, piece.head[0]) + word.paragraph()
    return word.table_of(grid) + word.paragraph()


@pytest.mark.parametrize("name", PACKS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_form_laid_out_in_any_way_in_word_reads_the_same(name, data):
    pack = load_pack(name)
    pieces = whole(pack)
    base = read(pack, grids.sheets(pack, pieces))
    laid = []
    for piece in pieces:
        if piece.head[1] and data.draw(st.booleans()):
            piece = grids.split(piece, data.draw(st.integers(1, 6)), gap=0)
        if data.draw(st.booleans()):
            laid.append(word.table_of(grids.stacked("t", [piece])) + data.draw(st.sampled_from(["", word.paragraph()])))
        else:
            laid.append(block(piece, lines=True, caption=True))
    found = read(pack, grids_of(word.document(*laid)))
    assert seen(found) == seen(base)
    assert found.extras == base.extras == ()
    assert sorted(finding.rule for finding in found.findings) == sorted(finding.rule for finding in base.findings)


def cell_of(content: str) -> object:
    """What is read of a cell with this content."""
    grid = grids_of(word.document(word.table([word.row(word.cell(raw=content), word.cell("乙"))], [900, 900])))[0]
    return grid.at(0, 0)


CONTENTS = [
    ("deleted text", '<w:p><w:del w:id="1"><w:r><w:delText>9</w:delText></w:r></w:del><w:ins w:id="2">' + word.run("12.5") + "</w:ins></w:p>", 12.5),
    ("moved away", '<w:p><w:moveFrom w:id="1">' + word.run("旧") + '</w:moveFrom><w:moveTo w:id="2">' + word.run("新") + "</w:moveTo></w:p>", "新"),
    ("joined paragraphs", "<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>" + word.run("甲") + "</w:p><w:p>" + word.run("乙") + "</w:p>", "甲乙"),
    ("breaks and tabs", "<w:p><w:r><w:t>公共财</w:t><w:br/><w:t>政</w:t><w:tab/><w:t>拨款</w:t></w:r></w:p>", "公共财\n政 拨款"),
    ("content control", "<w:sdt><w:sdtPr/><w:sdtContent>" + word.paragraph("甲") + "</w:sdtContent></w:sdt>", "甲"),
    ("prompt left in place", "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + word.run("单击此处") + "</w:sdtContent></w:sdt></w:p>", None),
    ("ticked control", "<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='1'/></w14:checkbox></w:sdtPr><w:sdtContent>" + word.run("☒") + "</w:sdtContent></w:sdt>" + word.run("是") + "</w:p>", "☑是"),
    ("ticked form field", "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>" + word.run("是") + "</w:p>", "☑是"),
    ("result of a field", "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>=SUM(ABOVE)</w:instrText><w:t>错</w:t></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>" + word.run("8") + "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>", 8),
    ("simple field", "<w:p><w:fldSimple w:instr='DATE'>" + word.run("2023年4月") + "</w:fldSimple></w:p>", "2023年4月"),
    ("symbols", "<w:p><w:r><w:sym w:font='Wingdings 2' w:char='F052'/><w:t>是</w:t><w:sym w:font='Wingdings' w:char='F0A8'/><w:t>否</w:t></w:r></w:p>", "☑是□否"),
    ("symbols typed in their font", "<w:p>" + word.run("\uf0fe", '<w:rFonts w:ascii="Wingdings"/>') + word.run("是") + "</w:p>", "☑是"),
    ("text box", "<w:p><mc:AlternateContent><mc:Choice Requires='wps'><w:r><w:drawing><wps:txbx><w:txbxContent>" + word.paragraph("甲") + "</w:txbxContent></wps:txbx></w:drawing></w:r></mc:Choice><mc:Fallback><w:r><w:pict><v:textbox><w:txbxContent>" + word.paragraph("甲") + "</w:txbxContent></v:textbox></w:pict></w:r></mc:Fallback></mc:AlternateContent></w:p>", "\n甲".strip()),
    ("hidden text", "<w:p>" + word.run("秘", "<w:vanish/>") + word.run("甲") + "</w:p>", "甲"),
    ("separated thousands", word.paragraph("2,261.82"), 2261.82),
    ("full-width digits stay as written", word.paragraph("２，２６１"), "２，２６１"),
    ("a code with leading zeros stays text", word.paragraph("007"), "007"),
    ("two paragraphs", word.paragraphs("任务1\n任务2"), "任务1\n任务2"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "value"), [each[1:] for each in CONTENTS], ids=[each[0] for each in CONTENTS])
def test_a_cell_is_read_as_it_is_shown(content, value):
    assert cell_of(content) == value


def test_hidden_text_is_told_and_not_read(pack):
    """What a field needs for itself is no text of anybody's."""
    field = "<w:r><w:rPr><w:vanish/></w:rPr><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:instrText>XE</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    tables = [word.table_of(grids.stacked("t", [piece])) for piece in whole(pack) if piece.head[1]]
    hidden = "<w:p>" + word.run("旧数 1824.65", "<w:vanish/>") + word.run(" ", "<w:vanish/>") + field + "</w:p>"
    read_again = read(pack, grids_of(word.document(*tables, hidden, hidden)))
    (told,) = [finding for finding in read_again.findings if finding.rule == "LAY-10"]
    assert told.severity == "info" and "隐藏文字 2 处" in told.message
    assert not [extra for extra in read_again.extras if "旧数" in extra.text]
    without = read(pack, grids_of(word.document(*tables)))
    assert not [finding for finding in without.findings if finding.rule == "LAY-10"]


def test_a_frame_and_nested_tables_are_tables_of_their_own():
    inner = word.table([word.row(word.cell("甲"), word.cell("乙"))], [500, 500])
    framed = word.table([word.row(word.cell(raw=word.paragraph("标题") + inner + word.paragraph()))], [2000])
    grid = grids_of(word.document(framed))[0]
    assert [list(row) for row in grid.rows] == [["标题"], ["甲", "乙"]]
    assert (str(grid.place(0, 0)), str(grid.place(1, 1))) == ("表1 第1行第1列", "表2 第1行第2列")
    beside = word.table([word.row(word.cell("左"), word.cell(raw=word.paragraph("右") + inner + word.paragraph())), word.row(word.cell("1"), word.cell("2"))], [900, 900])
    grid = grids_of(word.document(beside))[0]
    assert [list(row) for row in grid.rows] == [["左", "右"], [1, 2], ["甲", "乙"]]


def test_borders_drawn_a_little_apart_are_one():
    first = word.table([word.row(word.cell("名称"), word.cell("合计", span=2)), word.row(word.cell("局", span=2), word.cell("7"))], [1000, 60, 940])
    grid = grids_of(word.document(first))[0]
    assert [list(row) for row in grid.rows] == [["名称", "合计"], ["局", 7]]
    assert grid.merges == ()


def test_several_head_lines_in_one_paragraph_are_beside_one_another():
    grid = grids_of(word.document(word.paragraph("填报单位：某局\t\t单位：万元"), word.paragraph("报告日期：      2023年4月")))[0]
    assert [list(row) for row in grid.rows] == [["填报单位：某局", "单位：万元"], ["报告日期：      2023年4月"]]


def test_a_cover_of_paragraphs_is_read(pack):
    cover = (
        "部门整体支出绩效自评报告", "（2022年度）", "部门（单位）名称：  某区某局 （盖章）", "预算编码： 101001      评价方式：部门绩效自评",
        "评价机构\t某某会计师事务所", "报告日期：\t\t2023年4月",
    )  # fmt: skip
    tables = [word.table_of(grids.stacked("t", [piece])) for piece in whole(pack) if piece.head[1]]
    submission = read(pack, grids_of(word.document(*map(word.paragraph, cover), *tables)))
    assert figures(submission, block="cover.") == {
        "cover.year": "2022", "cover.department": "某区某局", "cover.budget_code": "101001", "cover.method": "部门绩效自评",
        "cover.agency": "某某会计师事务所", "cover.report_date": "2023年4月",
    }  # fmt: skip
    assert submission.extras == ()


def test_the_unit_of_a_head_line_counts_for_the_table_below_it(pack):
    pieces = whole(pack)
    blocks = [word.paragraph("填报单位：某局\t\t单位：元") * (piece.block == "income") + word.table_of(grids.stacked("t", [piece])) for piece in pieces]
    found = figures(read(pack, grids_of(word.document(*blocks))), block="income.")
    base = figures(read(pack, grids_of(word.document(*(word.table_of(grids.stacked("t", [piece])) for piece in pieces)))), block="income.")
    assert {key: Decimal(str(value)) / 10_000 for key, value in base.items()} == {key: Decimal(str(value)) for key, value in found.items()}


def test_deleted_rows_are_not_read_and_pictures_and_objects_are_counted():
    rows = [word.row(word.cell("甲")), word.row(word.cell("乙"), properties='<w:del w:id="3"/>')]
    picture = word.paragraph(raw="<w:r><w:drawing><a:blip r:embed='rId5'/></w:drawing></w:r><w:r><w:object><o:OLEObject/></w:object></w:r>")
    grid = grids_of(word.document(word.table(rows, [900]), picture))[0]
    assert [list(row) for row in grid.rows] == [["甲"]]
    assert grid.pictures == 2


def test_comments_are_peoples_own():
    comments = f'<w:comments xmlns:w="{word.W}"><w:comment w:id="4"><w:p><w:r><w:t>请核</w:t></w:r></w:p></w:comment></w:comments>'
    commented = word.cell(raw="<w:p>" + word.run("甲") + '<w:r><w:commentReference w:id="4"/></w:r></w:p>')
    grid = grids_of(word.document(word.table([word.row(commented)], [900]), more={"word/comments.xml": comments}))[0]
    assert grid.comments == {(0, 0): "请核"}


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document xmlns:w="x"><w:body>&b;</w:body></w:document>'
HOSTILE = [
    ("entities", {"word/document.xml": ENTITIES}, "实体定义"),
    ("entities in UTF-16", {"word/document.xml": ENTITIES.replace("<?xml version=\"1.0\"?>", "").encode("utf-16")}, "实体定义"),
    ("entities in another part", {"word/styles.xml": ENTITIES}, "实体定义"),
    ("inflates a thousandfold", {"word/document.xml": "<w:document>" + " " * 30_000_000}, "压缩炸弹"),
    ("broken", {"word/document.xml": "<w:document><w:body>"}, "内部结构已损坏"),
    ("no body", {"word/document.xml": f'<w:document xmlns:w="{word.W}"/>'}, "内部结构已损坏"),
    ("nested without end", {"word/document.xml": "<a>" * 5000 + "</a>" * 5000}, "过于复杂"),
    ("columns without end", {"word/document.xml": f'<w:document xmlns:w="{word.W}"><w:body>' + word.table([word.row(word.cell("甲", span=999_999))], [9]) + "</w:body></w:document>"}, "列数超出"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "reason"), [each[1:] for each in HOSTILE], ids=[each[0] for each in HOSTILE])
def test_a_hostile_document_is_refused_in_the_words_of_workbooks(parts, reason):
    with pytest.raises(UnreadableFile) as caught:
        grids_of(word.document(more=parts) if "word/styles.xml" in parts else _replaced(parts))
    assert caught.value.status is Status.UNREADABLE
    assert reason in caught.value.reason


def _replaced(parts: dict[str, str | bytes]) -> bytes:
    import io
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {"[Content_Types].xml": "<Types/>", **parts}.items():
            archive.writestr(name, part)
    return made.getvalue()


def test_macros_are_never_looked_at():
    grid = grids_of(word.document(word.paragraph("甲"), more={"word/vbaProject.bin": b"\0" * 64}))[0]
    assert [list(row) for row in grid.rows] == [["甲"]]


def test_a_document_that_is_no_form_says_why(pack: Pack, tmp_path):
    (tmp_path / "通知.docx").write_bytes(word.document(word.paragraph("关于召开会议的通知")))
    found = read_file(tmp_path / "通知.docx", pack, file="通知.docx")
    assert isinstance(found, UnreadableFiling)
    assert (found.status, [finding.rule for finding in found.findings]) == (Status.WRONG_FORM, ["SUB-03"])


def test_the_content_tells_and_not_the_name(pack: Pack, tmp_path):
    (tmp_path / "自评.xlsx").write_bytes(seed_document())
    assert isinstance(read_file(tmp_path / "自评.xlsx", pack, file="自评.xlsx"), Submission)


def test_every_row_of_a_document_has_its_place():
    grid: Grid = grids_of(seed_document())[0]
    assert len(grid.origins) == len(grid.rows)
    assert {origin.sheet for origin in grid.origins} == {"表1", "正文", "表2", "表3"}
