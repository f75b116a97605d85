"""The whole form, moved about in every way that offices move it, reads to the same facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jixiao.pack import Pack, load_pack
from jixiao.pack.declarations.layout import RowSource
from jixiao.reading.formats.grid import Grid
from tests.support import grids
from tests.support.grids import Piece, coded, read, seen

UNITS = ("第一中学", "实验小学北校区")
RECORDS = {"quantitative": ("质量指标", "数量指标", "数量指标", "社会效益", "社会公众或服务对象满意度"), "evaluators": ("", "", "")}


def whole(pack: Pack) -> list[Piece]:
    """Every block of the form with a value of its own in every cell."""
    records = {block.id: RECORDS.get(block.id, ("", "", "")) for block in pack.tables if block.source is RowSource.RECORDS}
    values = grids.distinct_values(pack, UNITS, records)
    for n, kind in enumerate(records.get("quantitative", ()), start=1):
        values[f"targets.quantitative.{n}.kind", None] = kind
    values["narrative", None] = "一、概况\n收入与支出。\n二、管理\n制度健全。"
    return grids.pieces(pack, values, UNITS, records)


def test_the_form_as_printed_reads_every_value_in_its_place(pack):
    values = grids.distinct_values(pack, UNITS, RECORDS)
    submission = read(pack, grids.sheets(pack, whole(pack)))
    for fact in submission.facts:
        want = values.get((fact.concept, fact.institution))
        if isinstance(want, float):
            assert float(fact.value or 0) == want, fact
    expected = {key for key in values if not key[0].startswith("targets.quantitative")}
    assert expected <= {(fact.concept, fact.institution) for fact in submission.facts}
    assert submission.findings == () and submission.extras == ()


def side_by_side(drawn: list[Piece]) -> list[Grid]:
    """Tables of one sheet set beside one another, two and two; the rest stacked."""
    made, placed, row = [], [], 0
    tables = [piece for piece in drawn if piece.head != (0, 0) or piece.block in ("qualitative", "evaluators")]
    for left, right in zip(tables[::2], tables[1::2], strict=False):
        placed += [(row, 0, left), (row, left.width + 1, right)]
        row += max(left.height, right.height) + 1
    made.append(grids.grid("并排", placed))
    paired = {id(piece) for _, _, piece in placed}
    made.append(grids.stacked("其余", [piece for piece in drawn if id(piece) not in paired], gap=1))
    return made


WAYS: dict[str, Callable[[Pack, list[Piece]], list[Grid]]] = {
    "all in one sheet": lambda pack, drawn: [grids.stacked("全部", drawn)],
    "rows above and columns to the left": lambda pack, drawn: [grids.stacked("全部", drawn, top=7, left=3)],
    "without any merge": lambda pack, drawn: [grids.stacked("全部", [grids.without_merges(piece) for piece in drawn])],
    "a sheet for each block": lambda pack, drawn: [grids.stacked(f"表{n}", [piece]) for n, piece in enumerate(drawn)],
    "sheets renamed, hidden and in reverse": lambda pack, drawn: [
        Grid(f"Sheet{n} ", sheet.rows, sheet.merges) for n, sheet in enumerate(reversed(grids.sheets(pack, drawn)))
    ],
    "tables side by side": lambda pack, drawn: side_by_side(drawn),
    "every table broken over two pages": lambda pack, drawn: [grids.stacked("全部", [grids.split(piece, 2) for piece in drawn])],
}


@pytest.mark.parametrize("way", WAYS)
def test_a_form_laid_out_another_way_reads_the_same(pack, way):
    drawn = whole(pack)
    submission = read(pack, WAYS[way](pack, drawn))
    assert seen(submission) == seen(read(pack, grids.sheets(pack, drawn)))
    assert coded(submission) == set() and submission.extras == ()


def filled(sheet: Grid, tables: range = range(10**6)) -> Grid:
    """The sheet with the merges in some rows undone and the value left in every cell."""
    rows = [[*row] for row in sheet.rows]
    width = max(map(len, rows))
    for merge in sheet.merges:
        if merge.row in tables:
            for row in range(merge.row, merge.last_row + 1):
                rows[row] += [None] * (width - len(rows[row]))
                rows[row][merge.column : merge.last_column + 1] = [sheet.at(merge.row, merge.column)] * (
                    merge.last_column - merge.column + 1
                )
    return replace(sheet, rows=rows, merges=tuple(merge for merge in sheet.merges if merge.row not in tables))


@pytest.mark.parametrize("rows", [range(10**6), range(25), range(8, 40)], ids=["all", "the upper ones", "some"])
@pytest.mark.parametrize("form", ["yunxi_2022", "hunan_2020"])
def test_merges_undone_with_the_value_left_in_every_cell_read_the_same(form, rows):
    pack = load_pack(form)
    sheets = grids.sheets(pack, whole(pack))
    submission, alone = read(pack, [filled(sheet, rows) for sheet in sheets]), read(pack, sheets)
    assert seen(submission) == seen(alone)
    assert coded(submission) - coded(alone) <= {("LAY-04", each) for _, each in coded(submission)}


def test_two_equal_entries_beside_one_another_are_two_where_merges_were_undone():
    pack = load_pack("yunxi_2022")
    sheets = grids.sheets(pack, whole(pack))
    facts = {fact.concept: fact for fact in read(pack, sheets).facts}
    places = [facts[f"targets.quantitative.1.{each}"].place for each in ("target", "actual")]
    changed = []
    for sheet in sheets:
        rows = [[*row] for row in sheet.rows]
        for place in places:
            if place.sheet == sheet.name:
                rows[place.row][place.column] = "完成全部年度任务并按时报送材料"
        changed.append(filled(replace(sheet, rows=rows)))
    told = {fact.concept: fact.text for fact in read(pack, changed).facts}
    assert told["targets.quantitative.1.target"] == told["targets.quantitative.1.actual"] == "完成全部年度任务并按时报送材料"


def emptied(sheet: Grid) -> Grid:
    """The sheet of the form as it was handed out: what is printed, without the values of `whole`."""
    rows = [[None if isinstance(value, float) or str(value).startswith("填报内容") else value for value in row] for row in sheet.rows]
    return replace(sheet, name=f"{sheet.name}（空）", rows=rows)


@pytest.mark.parametrize("records", [("", ""), ()], ids=["filled rows", "no rows"])
@pytest.mark.parametrize("form", ["yunxi_2022", "hunan_2020"])
@pytest.mark.parametrize("blank_first", [False, True])
def test_beside_a_blank_or_second_copy_of_the_whole_form_the_filled_one_reads_the_same(form, records, blank_first):
    pack = load_pack(form)
    kinds = {block.id: records for block in pack.tables if block.source is RowSource.RECORDS}
    sheets = grids.sheets(pack, grids.pieces(pack, grids.distinct_values(pack, UNITS, kinds), UNITS, kinds))
    second = [replace(sheet, name=f"{sheet.name} (2)") for sheet in sheets]
    submission = read(pack, [*map(emptied, sheets), *sheets] if blank_first else [*sheets, *second])
    alone = read(pack, sheets)
    assert seen(submission) == seen(alone)
    assert {code for code, _ in coded(submission) - coded(alone)} <= {"LAY-04", "LAY-05"}


def dress(kind: int, text: str, role: str) -> str:
    """A label as typists dress it; notes in brackets and lines of a form's own keep their words."""
    if len(text) < 2:
        return text
    match kind:
        case 1:
            return f"{text[:1]} {text[1:-1]}　{text[-1:]}"
        case 2:
            return f"{text[: len(text) // 2]}\n{text[len(text) // 2 :]}"
        case 3:
            return text.replace("（", "(").replace("）", ")").replace("：", ":")
        case 4:
            return text if text.endswith(("：", "）")) else f"{text}："
        case 5:
            return text if role != "row label" or text[0] in "①②③④⑤123456" else f"{len(text)}、{text}"
        case 6:
            return text.replace("“", "\"").replace("”", "\"").replace("/", "／")
    return text


NAMES = st.text(st.sampled_from("表一二三自评报告Sheet 123（）"), min_size=1, max_size=12).filter(lambda name: name.strip())


@pytest.mark.parametrize("form", ["yunxi_2022", "hunan_2020"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_composition_of_moves_reads_the_same(form, data):
    pack = load_pack(form)
    drawn = whole(pack)
    expected = seen(read(pack, grids.sheets(pack, drawn)))
    kinds = data.draw(st.lists(st.integers(0, 6), min_size=len(drawn), max_size=len(drawn)), label="dress")
    cuts = data.draw(st.lists(st.integers(0, 6), min_size=len(drawn), max_size=len(drawn)), label="page breaks")
    unmerged = data.draw(st.booleans(), label="without merges")
    changed = []
    for piece, kind, cut in zip(drawn, kinds, cuts, strict=True):
        dressed = grids.decorated(piece, lambda text, role, kind=kind: dress(kind, text, role))
        broken = grids.split(dressed, cut, gap=data.draw(st.integers(0, 2))) if cut else dressed
        changed.append(grids.without_merges(broken) if unmerged else broken)
    if data.draw(st.booleans(), label="one sheet"):
        made = [grids.stacked("全部", changed, gap=data.draw(st.integers(0, 3)), top=data.draw(st.integers(0, 5)), left=data.draw(st.integers(0, 4)))]
    else:
        made = data.draw(st.permutations(grids.sheets(pack, changed)), label="sheets")
    made = [grids.with_rows(sheet, data.draw(st.lists(st.integers(1, 60), max_size=5), label="rows")) for sheet in made]
    made = [grids.with_columns(sheet, data.draw(st.lists(st.integers(0, 6), max_size=2), label="columns")) for sheet in made]
    names = data.draw(st.lists(NAMES, min_size=len(made), max_size=len(made), unique_by=str.strip), label="names")
    hidden = data.draw(st.lists(st.booleans(), min_size=len(made), max_size=len(made)), label="hidden sheets")
    rows = data.draw(st.frozensets(st.integers(0, 80), max_size=4), label="hidden rows")
    columns = data.draw(st.frozensets(st.integers(0, 6), max_size=2), label="hidden columns")
    made = [
        replace(sheet, name=name, hidden=away, hidden_rows=rows, hidden_columns=columns)
        for sheet, name, away in zip(made, names, hidden, strict=True)
    ]
    submission = read(pack, made)
    assert seen(submission) == expected
    assert submission.extras == ()
    filled = {fact.place.sheet for fact in submission.facts if fact.place is not None and fact.filled}
    told = any(finding.rule == "LAY-08" for finding in submission.findings)
    assert told or not any(sheet.hidden and sheet.name in filled for sheet in made)
