"""The pages of docs/ that describe a pack: `python -m jixiao.pack.docs.pages docs` writes those of the default pack."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from jixiao.pack.docs.terminal import (
    RUBRIC_HEADS,
    RULE_HEADS,
    grade_rows,
    rubric_rows,
    rule_parts,
    rule_rows,
    settings_rows,
)
from jixiao.pack.load import default_pack, load_pack
from jixiao.pack.pack import Pack
from jixiao.values.number_format import plain_text


def rubric_markdown(pack: Pack) -> str:
    """Return the page of the rubric."""
    rubric = pack.rubric
    groups = [
        (
            group.label, f"{plain_text(group.points)}{'（各项共用）' if group.shared else ''}",
            "、".join(rubric.indicator(indicator).label for indicator in group.indicators), group.standard,
        )
        for group in rubric.open_groups
    ]  # fmt: skip
    return _page(
        rubric.title, pack,
        f"依据：{rubric.source}；等次：{rubric.grade_source}。",
        "",
        *_table(RUBRIC_HEADS, rubric_rows(pack)),
        *_section("可调整的指标组", ("组", "分值", "指标", "说明"), groups),
        *_section("设置", ("事项", "采用"), settings_rows(pack)),
        *_section("等次", ("等次", "综合得分"), grade_rows(pack)),
    )  # fmt: skip


def rules_markdown(pack: Pack) -> str:
    """Return the page of the rule book: a table of all rules, then each explained."""
    lines = _table(RULE_HEADS, rule_rows(pack))
    for rule in pack.rules:
        lines += ["", f"## {rule.code} {rule.title}", ""]
        lines += [f"- {name}：{_cell(words)}" for name, words in rule_parts(pack, rule) if name not in ("编号", "规则")]
    return _page("审核规则", pack, *lines)


def _page(title: str, pack: Pack, *lines: str) -> str:
    head = (f"# {title}", "", f"Generated from the pack `{pack.id}` {pack.version}; do not edit.", "")
    return "\n".join((*head, *lines)) + "\n"


def _section(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return ["", f"## {title}", "", *_table(heads, rows)]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return lines + [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def write_pages(pack: Pack, folder: Path) -> None:
    """Write the pages of the rubric and of the rule book to a folder."""
    for name, text in (("rubric.md", rubric_markdown(pack)), ("rules.md", rules_markdown(pack))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_pages(load_pack(default_pack()), Path(sys.argv[1]))
