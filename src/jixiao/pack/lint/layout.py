"""The linter of layouts: names that a workbook takes, blocks that fit their sheet, rows that can be told apart."""

from __future__ import annotations

from collections.abc import Mapping

from jixiao.pack.declarations.layout import (
    ColumnRole,
    Field,
    Fields,
    Heading,
    Layout,
    Row,
    RowSource,
    Sheet,
    Table,
    ValuePosition,
)
from jixiao.pack.lint.rubric import Found, repeated

LONGEST_SHEET_NAME = 31
FORBIDDEN_IN_SHEET_NAMES = frozenset("[]:*?/\\'")
"""What no workbook takes in a sheet's name; an apostrophe only at its ends, but no form needs one."""


def lint_layout(layout: Layout, rows: Mapping[str, tuple[Row, ...]]) -> Found:
    """Yield the problems of a layout as (key, problem) in the order of its file; `rows` are resolved rows of tables."""
    for twice in repeated(sheet.id for sheet in layout.sheets):
        yield f"sheets.{twice}.id", "编号重复"
    for twice in repeated(sheet.name for sheet in layout.sheets):
        yield "sheets", f"两张表同名：{twice}"
    for twice in repeated(block.id for sheet in layout.sheets for block in sheet.blocks):
        yield f"sheets.blocks.{twice}.id", "编号重复（各表的版块编号都不能相同）"
    for sheet in layout.sheets:
        yield from _sheet(sheet)
        for block in sheet.blocks:
            key = f"sheets.{sheet.id}.blocks.{block.id}"
            match block:
                case Heading(concept=str(), text=text) if "{}" not in text:
                    yield f"{key}.text", "有 concept 时，文字中应有 {} 表示填写处"
                case Fields():
                    yield from _fits_fields(block, sheet, key)
                case Table():
                    yield from _fits_table(block, sheet, key)
                    yield from _table(block, rows.get(block.id, block.rows), layout, key)


def _sheet(sheet: Sheet) -> Found:
    if not sheet.name or len(sheet.name) > LONGEST_SHEET_NAME:
        yield f"sheets.{sheet.id}.name", f"工作表名应为 1 至 {LONGEST_SHEET_NAME} 个字符"
    if wrong := sorted(FORBIDDEN_IN_SHEET_NAMES & set(sheet.name)):
        yield f"sheets.{sheet.id}.name", f"工作表名不能含 {''.join(wrong)}"


def _fits_fields(block: Fields, sheet: Sheet, key: str) -> Found:
    line = 0
    for field in block.fields:
        line = (line if field.same_row else 0) + _width(field)
        if line > len(sheet.widths):
            yield f"{key}.fields.{field.concept}", f"这一行共占 {line} 列，工作表只有 {len(sheet.widths)} 列（widths）"


def _width(field: Field) -> int:
    return field.value_span + (0 if field.where is ValuePosition.INSIDE else field.label_span)


def _fits_table(table: Table, sheet: Sheet, key: str) -> Found:
    wide = sum(column.span for column in table.columns) + bool(table.side_label)
    if wide > len(sheet.widths):
        yield f"{key}.columns", f"各栏共占 {wide} 列（含左侧栏目名），工作表只有 {len(sheet.widths)} 列（widths）"


def _table(table: Table, rows: tuple[Row, ...], layout: Layout, key: str) -> Found:
    for twice in repeated(column.key for column in table.columns):
        yield f"{key}.columns.{twice}", "栏目编号重复"
    for twice in repeated(row.key for row in (*rows, *table.footer)):
        yield f"{key}.rows.{twice}", "行编号重复"
    if not table.inputs:
        yield f"{key}.columns", "没有填报栏（role = \"input\"）"
    if table.source is RowSource.INSTITUTIONS and layout.institutions is None:
        yield f"{key}.source", "layout.toml 没有 [institutions]"
    wanted = {RowSource.FIXED: ("{row}",), RowSource.RECORDS: ("{n}",)}.get(table.source, ())
    if table.source is RowSource.FIXED and len(rows) <= 1:
        wanted = ()
    patterns = [column.concept or table.concept for column in table.inputs]
    for placeholder in wanted:
        if any(placeholder not in pattern for pattern in patterns):
            yield f"{key}.concept", f"每行一格的表，概念编号中应有 {placeholder}"
    if any("{column}" not in each for each in repeated(patterns)):
        yield f"{key}.concept", "有几个填报栏时，概念编号中应有 {column}"
    if table.source is RowSource.FIXED and len(rows) > 1 and table.label_column is None:
        yield f"{key}.columns", "有几行时，应有一栏写明行的名称（role = \"label\"）"
    levels = sum(column.role is ColumnRole.LEVEL for column in table.columns)
    for row in rows:
        if len(row.levels) > levels:
            yield f"{key}.rows.{row.key}.levels", f"有 {len(row.levels)} 级，表中只有 {levels} 个分级栏（role = \"level\"）"
