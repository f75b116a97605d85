"""Texts that departments share word for word: seen only where all filings are at hand, told to the bureau alone."""

from __future__ import annotations

from typing import NamedTuple

from jixiao.model.result import Result, WrittenText
from jixiao.writing.summary.department_summary import written_texts
from jixiao.writing.summary.district_view import DistrictView, subject_of
from jixiao.writing.summary.sheet_layout import SAME_TEXTS, ListSheet, SheetColumn, number_column
from jixiao.writing.xlsx.content import SheetContent

MOST_NAMED = 30


class SameText(NamedTuple):
    """A text that several departments wrote alike: what it answers, how it begins, its length, and who wrote it."""

    label: str
    opening: str
    length: int
    results: tuple[Result, ...]

    @property
    def departments(self) -> list[str]:
        """The names of those who wrote it."""
        return list(dict.fromkeys(result.department or result.file for result in self.results))


def find_same_texts(view: DistrictView) -> list[SameText]:
    """The texts that two or more departments share, the most shared first, then in the order of the form.

    Blanks and punctuation are left out of the comparison.
    """
    declared = view.pack.checks.same_texts
    if declared is None:
        return []
    writers: dict[str, dict[str, list[tuple[Result, WrittenText]]]] = {concept: {} for concept in declared.concepts}
    for result in view.district.scored:
        for text in written_texts(result, view.pack):
            writers[text.concept].setdefault(text.mark, []).append((result, text))
    texts_of_many: list[SameText] = []
    for concept, texts in writers.items():
        for shared in texts.values():
            if len({subject_of(result) for result, _ in shared}) > 1:
                result, text = shared[0]
                opening = view.masked(result, text.opening)
                texts_of_many.append(
                    SameText(view.pack.describe(concept), opening, text.length, tuple(each for each, _ in shared))
                )
    return sorted(texts_of_many, key=lambda each: -len(each.results))


def same_texts_sheet(view: DistrictView) -> SheetContent:
    """The sheet: one row a text that departments share."""
    columns: tuple[SheetColumn[SameText], ...] = (
        number_column(),
        SheetColumn("label", "栏目", 26, lambda text: text.label),
        SheetColumn("departments", "部门数", 9, lambda text: len(text.departments), "score", "count"),
        SheetColumn("length", "字数", 9, lambda text: text.length, "score", "count"),
        SheetColumn("opening", "文字开头", 48, lambda text: f"{text.opening}…"),
        SheetColumn("names", "部门", 60, _names),
    )
    note = "以下文字与其他部门完全相同（不计空格和标点），请核实是否据实填写；只告知财政，不写入部门的退回工作簿。"
    sheet = ListSheet(view, SAME_TEXTS, f"{view.district.year}年度自评雷同文字", columns, note=note)
    sheet.table(find_same_texts(view), freeze="label", none="没有文字雷同")
    return sheet.content


def _names(text: SameText) -> str:
    names = text.departments
    more = f" 等 {len(names)} 个部门" if len(names) > MOST_NAMED else ""
    return "、".join(names[:MOST_NAMED]) + more
