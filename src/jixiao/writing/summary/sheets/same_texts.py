"""雷同文字: texts that departments share word for word, which only the bureau is shown."""

from __future__ import annotations

from typing import NamedTuple

from jixiao.model.result import DepartmentSummary, WrittenText
from jixiao.writing.summary.district_view import DistrictView, subject_of
from jixiao.writing.summary.sheet_layout import AnySheet, ListSheet, SummaryColumn, number_column

MOST_NAMED = 30


class SameText(NamedTuple):
    """A text that several departments wrote alike: what it answers, how it begins, its length, and who wrote it."""

    label: str
    opening: str
    length: int
    results: tuple[DepartmentSummary, ...]

    @property
    def departments(self) -> list[str]:
        """The names of those who wrote it."""
        return list(dict.fromkeys(result.department or result.file for result in self.results))


def find_same_texts(view: DistrictView) -> list[SameText]:
    """Return the texts that two or more departments share, the most shared first, then in the order of the form.

    Blanks and punctuation are left out of the comparison.
    """
    declared = view.pack.checks.same_texts
    if declared is None:
        return []
    writers: dict[str, dict[str, list[tuple[DepartmentSummary, WrittenText]]]] = {each: {} for each in declared.concepts}
    for result in view.district.scored:
        for text in result.texts:
            writers[text.concept].setdefault(text.mark, []).append((result, text))
    same = [
        SameText(view.pack.describe(concept), shared[0][1].opening, shared[0][1].length, tuple(each for each, _ in shared))
        for concept, texts in writers.items()
        for shared in texts.values()
        if len({subject_of(result) for result, _ in shared}) > 1
    ]
    return sorted(same, key=lambda each: -len(each.results))


def same_texts_sheet(view: DistrictView) -> AnySheet:
    """Return the sheet: one row a text that departments share."""
    columns: tuple[SummaryColumn[SameText], ...] = (
        number_column(),
        SummaryColumn("label", "栏目", 26, lambda text: text.label),
        SummaryColumn("departments", "部门数", 9, lambda text: len(text.departments), "score", "count"),
        SummaryColumn("length", "字数", 9, lambda text: text.length, "score", "count"),
        SummaryColumn("opening", "文字开头", 48, lambda text: f"{text.opening}…"),
        SummaryColumn("names", "部门", 60, _names),
    )
    note = "以下文字与其他部门完全相同（不计空格和标点），请核实是否据实填写；只告知财政，不写入部门的退回工作簿。"
    sheet = ListSheet(view, "雷同文字", "多个部门一字不差的文字", "自评雷同文字", columns, note=note)
    sheet.table(find_same_texts(view), freeze="label", none="没有文字雷同")
    return sheet


def _names(text: SameText) -> str:
    names = text.departments
    more = f" 等 {len(names)} 个部门" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + more
