"""The official template: the form with open input cells that say what they accept, blank or filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from jixiao.model.fact import Facts
from jixiao.model.place import Place
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.pack.concept import Concept, Kind
from jixiao.pack.layout import Fields
from jixiao.pack.resolve import plain
from jixiao.writing.canvas import Validation, WorkbookContent
from jixiao.writing.form import DrawnForm, Mark, draw_form
from jixiao.writing.form_rows import Key

LARGEST_AMOUNT = Decimal(10) ** 9
COMPANY = "财政局"


def template_workbook(pack: Pack) -> WorkbookContent:
    """The blank official workbook of a pack."""
    drawn = draw_form(pack, header=f"{pack.year}年度  {pack.title}")
    return _workbook(pack, drawn)


def fill(
    pack: Pack, facts: Facts, institutions: Sequence[Institution] = (), marks: Mapping[Key, Mark] = MappingProxyType({})
) -> WorkbookContent:
    """The official workbook filled with the facts of one filing; `marks` shows what is wrong at the cells of facts."""
    header = page_header(pack, facts)
    return _workbook(pack, draw_form(pack, facts, institutions=institutions, marks=marks, header=header))


def page_header(pack: Pack, facts: Facts) -> str:
    """The head line of printed pages: year and department as filed."""
    year = (pack.names.year and facts.text(pack.names.year)) or str(pack.year)
    department = facts.text(pack.names.department) or ""
    return f"{year}年度  {department}".strip()


def add_validations(pack: Pack, drawn: DrawnForm) -> None:
    """Add to every open cell of a drawn form what it accepts and the prompt that says so."""
    notes = {
        field.concept: field.note for _, block in pack.blocks if isinstance(block, Fields) for field in block.fields
    }
    by_sheet: dict[str, list[tuple[Place, Validation]]] = {}
    for place, concept in drawn.open_cells.items():
        made = _validation(pack, concept, notes.get(concept.id, ""), place, drawn.spans[place])
        if made is not None:
            by_sheet.setdefault(place.sheet, []).append((place, made))
    for sheet in drawn.sheets:
        sheet.validations.extend(_joined([made for _, made in by_sheet.get(sheet.name, [])]))


def _workbook(pack: Pack, drawn: DrawnForm) -> WorkbookContent:
    add_validations(pack, drawn)
    return WorkbookContent(drawn.sheets, title=pack.title, subject=f"{pack.id} {pack.version}", company=COMPANY)


def _validation(pack: Pack, concept: Concept, note: str, place: Place, last_row: int) -> Validation | None:
    """What one cell accepts. Amounts only warn: a real figure is never kept out by a rule that does not know it."""
    where = (place.row, place.column, last_row, place.column)
    unit = concept.unit or "万元"
    match concept.kind:
        case Kind.AMOUNT:
            least = Decimal(0) if concept.nonnegative else -LARGEST_AMOUNT
            bound = "不小于 0 的" if concept.nonnegative else ""
            return Validation(
                *where, "decimal", least, LARGEST_AMOUNT, strict=False,
                prompt=f"单位：{unit}，只填数字，不带单位。",
                refusal=f"此处应填{bound}数字（{unit}），不带单位和文字。确认无误的可继续。",
            )  # fmt: skip
        case Kind.COUNT:
            return Validation(
                *where,
                "whole",
                0,
                10**6,
                prompt=f"填整数（{concept.unit}）。",
                refusal=f"此处应填不小于 0 的整数（{concept.unit}）。",
            )
        case Kind.PERCENT:
            return Validation(
                *where, "decimal", 0, 100, strict=False, prompt="填 0 至 100 的百分数，例如 96.5 表示 96.5%。",
                refusal="此处应填 0 至 100 的百分数，例如 96.5 表示 96.5%。确认无误的可继续。",
            )  # fmt: skip
        case Kind.MARKS:
            return _marks(pack, concept, where)
        case Kind.CHOICE:
            told = "、".join(concept.choices)
            return Validation(
                *where, "list", choices=concept.choices, prompt=f"请选择：{told}。", refusal=f"请从 {told} 中选择。"
            )
        case _:
            return Validation(*where, "any", prompt=note) if note else None


def _marks(pack: Pack, concept: Concept, where: tuple[int, int, int, int]) -> Validation:
    totals = (pack.names.total_stated, pack.names.total_sheet)
    most = concept.maximum if concept.maximum is not None else pack.rubric.total
    told = f"0 至 {plain(most)} 分"
    # Where departments may set points of their own, the printed full marks are no bound.
    adaptable = concept.maximum is None and concept.id not in totals
    group = any(
        concept.id == pack.score_concept(each, "self") for one in pack.rubric.open_groups for each in one.indicators
    )
    return Validation(
        *where, "decimal", 0, most, strict=not (adaptable or group), prompt=f"填 {told}。",
        refusal=f"得分应在 {told} 之间。" + ("" if not (adaptable or group) else "本部门调整了分值的可继续。"),
    )  # fmt: skip


def _joined(made: Sequence[Validation]) -> list[Validation]:
    """The validations with those of cells one under another joined into one range."""
    last_of: dict[Validation, Validation] = {}
    joined: list[Validation] = []
    for each in sorted(made, key=lambda one: (one.column, one.row)):
        kind = replace(each, row=0, last_row=0)
        before = last_of.get(kind)
        if before is not None and before.last_row + 1 == each.row:
            joined.remove(before)
            each = replace(before, last_row=each.last_row)
        last_of[kind] = each
        joined.append(each)
    return joined
