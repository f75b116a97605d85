"""The official template: the form with open input cells that say what they accept, blank or filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from jixiao.model.fact import Facts
from jixiao.model.place import Place
from jixiao.model.submission import Institution, RosterEntry
from jixiao.pack import Pack
from jixiao.pack.bureau_figures import heading, offered
from jixiao.pack.declarations.concept import Concept, ConceptKind
from jixiao.pack.declarations.layout import Fields
from jixiao.values.number_format import plain_text
from jixiao.writing.form.draw import DrawnForm, Mark, draw_form
from jixiao.writing.form.rows import CellKey
from jixiao.writing.xlsx.content import Page, SheetContent, Style, Validation, WorkbookContent
from jixiao.writing.xlsx.text_size import height

LARGEST_AMOUNT = Decimal(10) ** 9
COMPANY = "财政局"


def template_workbook(pack: Pack) -> WorkbookContent:
    """Return the blank official workbook of a pack."""
    drawn = draw_form(pack, header=f"{pack.year}年度  {pack.title}")
    return _workbook(pack, drawn)


def fill(
    pack: Pack, facts: Facts, institutions: Sequence[Institution] = (), marks: Mapping[CellKey, Mark] = MappingProxyType({})
) -> WorkbookContent:
    """Return the official workbook filled with the facts of one filing; `marks` shows what is wrong at the cells of facts."""
    header = page_header(pack, facts)
    return _workbook(pack, draw_form(pack, facts, institutions=institutions, marks=marks, header=header))


def page_header(pack: Pack, facts: Facts) -> str:
    """Return the head line of printed pages: year and department as filed."""
    year = (pack.names.year and facts.text(pack.names.year)) or str(pack.year)
    department = facts.text(pack.names.department) or ""
    return f"{year}年度  {department}".strip()


def add_validations(pack: Pack, drawn: DrawnForm) -> None:
    """Add to every open cell of a drawn form what it accepts and the prompt that says so."""
    notes = {
        field.concept: field.note for _, block in pack.blocks if isinstance(block, Fields) for field in block.fields
    }
    by_sheet: dict[str, list[Validation]] = {}
    for place, concept in drawn.open_cells.items():
        validation = _validation(pack, concept, notes.get(concept.id, ""), place, drawn.spans[place])
        if validation is not None:
            by_sheet.setdefault(place.sheet, []).append(validation)
    for sheet in drawn.sheets:
        sheet.validations.extend(_joined(by_sheet.get(sheet.name, [])))


def _workbook(pack: Pack, drawn: DrawnForm) -> WorkbookContent:
    add_validations(pack, drawn)
    return WorkbookContent(drawn.sheets, title=pack.title, subject=f"{pack.id} {pack.version}", company=COMPANY)


def _validation(pack: Pack, concept: Concept, note: str, place: Place, last_row: int) -> Validation | None:
    """Return what one cell accepts. Amounts only warn: no rule may refuse a real figure."""
    where = (place.row, place.column, last_row, place.column)
    unit = concept.unit or "万元"
    match concept.kind:
        case ConceptKind.AMOUNT:
            least = Decimal(0) if concept.nonnegative else -LARGEST_AMOUNT
            bound = "不小于 0 的" if concept.nonnegative else ""
            return Validation(
                *where, "decimal", least, LARGEST_AMOUNT, strict=False,
                prompt=f"单位：{unit}，只填数字，不带单位。",
                refusal=f"此处应填{bound}数字（{unit}），不带单位和文字。确认无误的可继续。",
            )  # fmt: skip
        case ConceptKind.COUNT:
            return Validation(
                *where, "whole", 0, 10**6, prompt=f"填整数（{concept.unit}）。",
                refusal=f"此处应填不小于 0 的整数（{concept.unit}）。",
            )  # fmt: skip
        case ConceptKind.PERCENT:
            return Validation(
                *where, "decimal", 0, 100, strict=False, prompt="填 0 至 100 的百分数，例如 96.5 表示 96.5%。",
                refusal="此处应填 0 至 100 的百分数，例如 96.5 表示 96.5%。确认无误的可继续。",
            )  # fmt: skip
        case ConceptKind.MARKS:
            return _marks(pack, concept, where)
        case ConceptKind.CHOICE:
            words = "、".join(concept.choices)
            return Validation(*where, "list", choices=concept.choices, prompt=f"请选择：{words}。", refusal=f"请从 {words} 中选择。")
        case _:
            return Validation(*where, "any", prompt=note) if note else None


def _marks(pack: Pack, concept: Concept, where: tuple[int, int, int, int]) -> Validation:
    totals = (pack.names.total_stated, pack.names.total_sheet)
    most = concept.maximum if concept.maximum is not None else pack.rubric.total
    bounds = f"0 至 {plain_text(most)} 分"
    open_rows = (pack.score_concept(each, "self") for group in pack.rubric.open_groups for each in group.indicators)
    # Where departments may set points of their own, the printed full marks are no bound.
    adaptable = (concept.maximum is None and concept.id not in totals) or concept.id in open_rows
    return Validation(
        *where, "decimal", 0, most, strict=not adaptable, prompt=f"填 {bounds}。",
        refusal=f"得分应在 {bounds} 之间。" + ("" if not adaptable else "本部门调整了分值的可继续。"),
    )  # fmt: skip


def _joined(validations: Sequence[Validation]) -> list[Validation]:
    """Return the validations with those of cells one under another joined into one range."""
    last_of: dict[Validation, Validation] = {}
    joined: list[Validation] = []
    for each in sorted(validations, key=lambda one: (one.column, one.row)):
        kind = replace(each, row=0, last_row=0)
        before = last_of.get(kind)
        if before is not None and before.last_row + 1 == each.row:
            joined.remove(before)
            each = replace(before, last_row=each.last_row)
        last_of[kind] = each
        joined.append(each)
    return joined


SHEET = "财政核对数据"
HEAD_ROW = 2
FIRST = 2
"""The column of the first figure, after budget code and department."""

WIDTHS = (12.0, 30.0)
FIGURE_WIDTH = 14.0
BLANK_ROWS = 30
NOTE = (
    "一个部门一行，只填财政部门自己掌握的数（决算、批复、采购、公务卡、公开检查、检查发现的问题等），不掌握的留空；"
    "有数的，系统得分以此为准。栏目可以删减，表头文字请勿改动。"
)
NUMBERS = {ConceptKind.AMOUNT: "amount", ConceptKind.COUNT: "count"}


def reference_workbook(pack: Pack, roster: Sequence[RosterEntry] = ()) -> WorkbookContent:
    """Return the blank workbook for the bureau's figures, with the departments of a roster if there is one."""
    concepts = offered(pack)
    last = FIRST + len(concepts) - 1
    rows = max(len(roster), BLANK_ROWS)
    sheet = SheetContent(
        SHEET,
        widths=dict(enumerate((*WIDTHS, *(FIGURE_WIDTH for _ in concepts)))),
        page=Page(landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW)),
        freeze=(HEAD_ROW + 1, FIRST),
    )
    sheet.put_title(f"{pack.year} 年度{pack.title}财政核对数据", last, NOTE)
    heads = ["预算编码", "部门名称", *(heading(pack, concept) for concept in concepts)]
    sheet.put_row(HEAD_ROW, heads, Style("head"), max(height(text, FIGURE_WIDTH) for text in heads) + 4)
    for row in range(HEAD_ROW + 1, HEAD_ROW + 1 + rows):
        entry = roster[row - HEAD_ROW - 1] if row - HEAD_ROW <= len(roster) else None
        owner = (entry.budget_code, entry.department) if entry else (None, None)
        sheet.put_row(row, owner, Style("input", "text", locked=False))
        for column, concept in enumerate(concepts, start=FIRST):
            number = NUMBERS.get(concept.kind, "")
            sheet.put(row, column, None, Style("number" if concept.numeric else "input", number, locked=False))
    for column, concept in enumerate(concepts, start=FIRST):
        sheet.validations.append(_validation_reference(concept, HEAD_ROW + 1, HEAD_ROW + rows, column))
    return WorkbookContent([sheet], title=f"{pack.title}财政核对数据", subject=f"{pack.id} {pack.version}")


def _validation_reference(concept: Concept, first: int, last: int, column: int) -> Validation:
    """Return what a column accepts; numbers are only prompted for, as no rule may refuse a real figure."""
    if concept.choices:
        words = "、".join(concept.choices)
        return Validation(first, column, last, column, "list", choices=concept.choices, refusal=f"请填{words}。")
    unit = f"单位：{concept.unit}；" if concept.unit else ""
    return Validation(first, column, last, column, "any", prompt=f"{unit}不掌握的留空")
