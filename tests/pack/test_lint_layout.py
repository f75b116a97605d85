"""What a workbook cannot take, or a reader cannot tell apart, is told before anything is drawn."""

from __future__ import annotations

import pytest

from jixiao.pack.lint.audit import audit
from jixiao.services.pack_files import write_starter

FIRST_ROW = '{ key = "basic", label = "基本支出" }'
COLUMN = '{ key = "spent", header = ["全年执行数"], aliases = ["执行数"], span = 2 }'


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('name = "自评表"', f'name = "{"自" * 32}"', "sheets.form.name", "1 至 31 个字符"),
        ('name = "自评表"', 'name = "自评/表"', "sheets.form.name", "不能含 /"),
        ('id = "year"', 'id = "title"', "sheets.blocks.title.id", "编号重复"),
        ('text = "（{}年度）"', 'text = "（年度）"', "sheets.form.blocks.year.text", "{}"),
        ("value_span = 5", "value_span = 6", "sheets.form.blocks.cover.fields.cover.department", "共占 8 列，工作表只有 7 列"),
        ('role = "label", span = 3', 'role = "label", span = 4', "sheets.form.blocks.budget.columns", "共占 8 列"),
        ('caption = "收支情况（万元）"', 'side_label = "收支"', "sheets.form.blocks.budget.columns", "共占 8 列"),
        (COLUMN, COLUMN.replace("spent", "planned"), "sheets.form.blocks.budget.columns.planned", "栏目编号重复"),
        (FIRST_ROW, FIRST_ROW.replace("basic", "project"), "sheets.form.blocks.budget.rows.project", "行编号重复"),
        ('concept = "budget.{row}.{column}"', 'concept = "budget.total.{column}"', "sheets.form.blocks.budget.concept", "{row}"),
        ('concept = "budget.{row}.{column}"', 'concept = "budget.{row}.planned"', "sheets.form.blocks.budget.concept", "{column}"),
        (FIRST_ROW, FIRST_ROW.replace(" }", ', levels = ["其中"] }'), "sheets.form.blocks.budget.rows.basic.levels", "0 个分级栏"),
        ('concept = "budget.{row}.{column}"', 'concept = "budget.{column}"\nsource = "institutions"', "sheets.form.blocks.budget.source", "[institutions]"),
        ('role = "label", span = 3', 'role = "printed", span = 3', "sheets.form.blocks.budget.columns", 'role = "label"'),
        (FIRST_ROW, FIRST_ROW.replace(" }", ', columns = ["planned", "spent", "paid"] }'), "sheets.form.blocks.budget.rows.basic.columns", "该表没有栏目 paid"),
    ],
)  # fmt: skip
def test_each_fault_of_a_layout_is_told_at_its_key(tmp_path, old, new, key, words):
    folder = write_starter("county_2024", tmp_path / "county_2024")
    layout = folder / "layout.toml"
    text = layout.read_text(encoding="utf-8")
    assert old in text
    layout.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = audit(folder).problems
    assert any(each.file == "layout.toml" and each.key == key and words in each.problem for each in found), found
