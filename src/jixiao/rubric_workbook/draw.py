"""The rubric as a workbook for people who write no configuration files."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jixiao.pack import Pack
from jixiao.rubric_workbook.columns import (
    CONCEPTS_HELP,
    CONCEPTS_SHEET,
    GENERAL,
    GENERAL_ROWS,
    HEAD_ROW,
    INDICATOR,
    KEPT_METHOD,
    LIST_MARK,
    METHODS,
    NO,
    PACK_HEAD,
    SHEETS,
    YES,
    ZERO_MARK,
    Holds,
    RubricColumn,
    RubricSheet,
    concept_names,
    concept_words,
    rubric_rows_of,
)
from jixiao.writing.xlsx.content import Page, SheetContent, Style, Validation, Value, WorkbookContent
from jixiao.writing.xlsx.text_size import HIGHEST_ROW, height

LABEL_HEAD = "指标名称（不读入）"
SPARE_ROWS = 20
"""Rows below the last that accept entries too."""

Names = Mapping[str, str]


def rubric_workbook(pack: Pack) -> WorkbookContent:
    """Return the content of the workbook: a sheet for each part of the rubric, and one that names the form's cells."""
    names = concept_names(pack)
    rows = rubric_rows_of(pack.rubric)
    sheets = [_general(rows["general"][0], pack)]
    labels = {each.id: pack.rubric.label_of(each) for each in pack.rubric.indicators}
    sheets += [_sheet(each, rows[each.id], names, labels) for each in SHEETS]
    sheets.append(_concepts(pack, names))
    return WorkbookContent(sheets, title=pack.rubric.title, subject=f"{pack.id} {pack.version}")


def _begin(name: str, title: str, note: str, columns: list[tuple[str, float]]) -> SheetContent:
    sheet = SheetContent(name, widths={n: width for n, (_, width) in enumerate(columns)})
    last = len(columns) - 1
    sheet.put(0, 0, title, Style("title", align="left"), last_column=last)
    sheet.put(1, 0, note, Style("note"), last_column=last)
    for n, (head, _) in enumerate(columns):
        sheet.put(HEAD_ROW, n, head, Style("head"))
    sheet.heights.update({0: 30.0, 1: max(18.0, height(note, sum(width for _, width in columns), 9)), HEAD_ROW: 32.0})
    sheet.freeze = (HEAD_ROW + 1, 1)
    sheet.page = Page(landscape=True, repeat_rows=(HEAD_ROW, HEAD_ROW))
    return sheet


def _general(row: Mapping[str, Any], pack: Pack) -> SheetContent:
    sheet = _begin(GENERAL.name, "评分标准", GENERAL.help, [(each.head, each.width) for each in GENERAL.columns])
    for n, column in enumerate(GENERAL_ROWS, start=HEAD_ROW + 1):
        sheet.put(n, 0, column.head, Style("label"))
        _put(sheet, n, 1, column, row[column.key], {}, 60.0)
        _accept(sheet, column, n, n, 1)
    last = HEAD_ROW + 1 + len(GENERAL_ROWS)
    sheet.put(last, 0, PACK_HEAD, Style("label"))
    sheet.put(last, 1, pack.id, Style("printed"))
    return sheet


def _sheet(declared: RubricSheet, rows: list[dict[str, Any]], names: Names, labels: Names) -> SheetContent:
    helps = [f"{each.head}：{each.help}。" for each in declared.columns if each.help]
    columns = [(each.head, each.width) for each in declared.columns]
    labelled = INDICATOR in declared.columns
    if labelled:
        # Ids say little to people: the name stands beside, and is not read back.
        columns.append((LABEL_HEAD, 26))
    sheet = _begin(declared.name, declared.name, declared.help + "".join(helps), columns)
    for n, row in enumerate(rows, start=HEAD_ROW + 1):
        for position, column in enumerate(declared.columns):
            _put(sheet, n, position, column, row.get(column.key), names, column.width)
        if labelled:
            sheet.put(n, len(columns) - 1, labels[row[INDICATOR.key]], Style("printed"))
    last = HEAD_ROW + len(rows) + SPARE_ROWS
    for position, column in enumerate(declared.columns):
        _accept(sheet, column, HEAD_ROW + 1, last, position)
        for n in range(HEAD_ROW + 1 + len(rows), last + 1):
            sheet.put(n, position, None, _style(column))
    return sheet


def _put(
    sheet: SheetContent, row: int, column: int, declared: RubricColumn, held: Any, names: Names, width: float
) -> None:
    shown = cell_value(declared, held, names)
    sheet.put(row, column, shown, _style(declared))
    if isinstance(shown, str):
        needed = min(HIGHEST_ROW, height(shown, width))
        sheet.heights[row] = max(sheet.heights.get(row, 18.0), needed)


def cell_value(column: RubricColumn, held: Any, names: Names) -> Value:
    """Return what a cell of a column shows for a value of the rubric; None for a blank."""
    if held is None or (held == "" and column.holds is not Holds.CHOICE):
        return None
    match column.holds:
        case Holds.NUMBER | Holds.RATE:
            return Decimal(held)
        case Holds.YES:
            return YES if held else NO
        case Holds.CHOICE:
            other = f"{KEPT_METHOD}（{held}）" if column.words is METHODS else str(held)
            return column.words.get(str(held), other)
        case Holds.IDS:
            return LIST_MARK.join(held) or None
        case Holds.CONCEPTS:
            listed = (held,) if isinstance(held, str) else held
            return "\n".join(concept_words(names, each) for each in listed) or None
        case Holds.CONCEPT_OR_NUMBER:
            return held if isinstance(held, Decimal) else concept_words(names, held)
        case Holds.ZERO_IF:
            return "\n".join(f"{concept_words(names, each)}{ZERO_MARK}{code}" for each, code in held.items()) or None
        case _:
            return str(held)


def _style(column: RubricColumn) -> Style:
    match column.holds:
        case Holds.RATE:
            return Style("score", "percent")
        case Holds.NUMBER:
            return Style("score", "marks")
        case Holds.YES | Holds.CHOICE:
            return Style("score")
        case _:
            return Style("input")


def _accept(sheet: SheetContent, column: RubricColumn, first: int, last: int, position: int) -> None:
    where = (first, position, last, position)
    choices = (YES, NO) if column.holds is Holds.YES else tuple(column.words.values())
    if choices:
        offered = "、".join(choices)
        sheet.validations.append(
            Validation(*where, "list", choices=choices, prompt=f"请选择：{offered}", refusal=f"请从 {offered} 中选择。", strict=False)
        )
    elif column.holds is Holds.RATE:
        sheet.validations.append(Validation(*where, "decimal", refusal="请填百分数，例如 90%。", prompt="百分数，例如 90%", strict=False))


def _concepts(pack: Pack, names: Names) -> SheetContent:
    sheet = _begin(CONCEPTS_SHEET, CONCEPTS_SHEET, CONCEPTS_HELP, [("名称", 56), ("编号", 40), ("单位", 10)])
    for n, concept_id in enumerate(names, start=HEAD_ROW + 1):
        concept = pack.concepts[concept_id]
        unit = concept.unit or "/".join(concept.choices)
        for column, text in enumerate((concept_words(names, concept_id), concept_id, unit)):
            sheet.put(n, column, text, Style("printed"))
    return sheet
