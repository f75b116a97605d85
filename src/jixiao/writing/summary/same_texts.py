"""Texts that departments share word for word: seen only where all filings are at hand, told to the bureau alone."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from jixiao.model.result import Result, WrittenText
from jixiao.pack import Pack
from jixiao.writing.canvas import Column, EachRow, Entry, SheetContent, Value
from jixiao.writing.summary.grid import begin, draw_table
from jixiao.writing.summary.names import SAME_TEXTS
from jixiao.writing.summary.view import View

_NO_WORDS = re.compile(r"[\W_]+")
SHOWN = 60
MOST_NAMED = 30


class SameText(NamedTuple):
    """A text that several departments wrote alike: what it answers, how it begins, its length, and who wrote it."""

    label: str
    opening: str
    length: int
    results: tuple[Result, ...]


def find_same_texts(view: View) -> list[SameText]:
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
    found = []
    for concept, texts in writers.items():
        for shared in texts.values():
            if len({_subject(result) for result, _ in shared}) > 1:
                result, text = shared[0]
                opening = view.told(result, text.opening)
                found.append(
                    SameText(view.pack.describe(concept), opening, text.length, tuple(each for each, _ in shared))
                )
    return sorted(found, key=lambda each: -len(each.results))


def written_texts(result: Result, pack: Pack) -> tuple[WrittenText, ...]:
    """The texts of a filing that are long enough to be compared with those of others, in the order of their declaration."""
    declared = pack.checks.same_texts
    if result.texts is not None or declared is None:
        return result.texts or ()
    found = []
    for concept in declared.concepts:
        text = result.facts.text(concept) or ""
        bare = _NO_WORDS.sub("", text)
        if len(bare) >= declared.least:
            mark = blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
            found.append(WrittenText(concept, mark, len(bare), " ".join(text.split())[:SHOWN]))
    return tuple(found)


def same_texts_sheet(view: View) -> SheetContent:
    """The sheet: one row a text that departments share."""
    found = find_same_texts(view)
    columns = (
        Column("序号", 6, "score", "count"),
        Column("栏目", 26),
        Column("部门数", 9, "score", "count"),
        Column("字数", 9, "score", "count"),
        Column("文字开头", 48),
        Column("部门", 60),
    )
    note = "以下文字与其他部门完全相同（不计空格和标点），请核实是否据实填写；只告知财政，不写入部门的退回工作簿。"
    sheet = begin(SAME_TEXTS, f"{view.district.year}年度自评雷同文字", columns, note=note, header=view.header)
    rows = EachRow(found, lambda n, each: _row(n + 1, each))
    draw_table(sheet, 2, columns, rows, freeze_columns=2, none="没有文字雷同")
    return sheet


def _row(n: int, each: SameText) -> list[Value | Entry]:
    names = list(dict.fromkeys(result.department or result.file for result in each.results))
    told = "、".join(names[:MOST_NAMED]) + (f" 等 {len(names)} 个部门" if len(names) > MOST_NAMED else "")
    return [n, each.label, len(names), each.length, f"{each.opening}…", told]


def _subject(result: Result) -> str:
    return result.budget_code or result.department or result.file
