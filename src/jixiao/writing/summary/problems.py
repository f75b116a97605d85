"""共性问题 and 问题清单: rules by the departments they concern, and every finding."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from jixiao.model.finding import Finding, Severity
from jixiao.model.result import Result
from jixiao.model.submission import Status
from jixiao.pack import Pack
from jixiao.pack.rulebook import FAMILY_LABELS
from jixiao.writing.canvas import Column, Condition, EachRow, Entry, SheetContent, Value
from jixiao.writing.finding_figures import figure, number_of
from jixiao.writing.summary.grid import ROLE_OF_SEVERITY, Body, begin, draw_row, draw_table, paragraph, reference
from jixiao.writing.summary.names import COMMON_PROBLEMS, FINDING_LIST
from jixiao.writing.summary.same_texts import find_same_texts
from jixiao.writing.summary.view import View, opening, rounded
from jixiao.writing.wording import SEVERITY_WORDS, reply_words

FINDINGS_FILE = "data/findings.parquet"
NOT_TOLD = frozenset({Status.SUPERSEDED, Status.DUPLICATE, Status.SKIPPED})
"""Files whose department is told by another file: counting their findings would count twice."""

EXAMPLES = 3
DEPARTMENTS = 5
FIRST_PROBLEM = 3


class FindingList(NamedTuple):
    """The sheet, its rows, and how many findings did not fit."""

    sheet: SheetContent
    body: Body
    left_out: int


def common_problems_sheet(view: View) -> SheetContent:
    """The sheet: one row a rule and severity, those of most departments first, 提示 after the rest."""
    columns = (
        Column("序号", 6, "score", "count"),
        Column("规则", 10, align="center"),
        Column("类别", 9, "score"),
        Column("所属", 11, align="center"),
        Column("问题", 30),
        Column("涉及部门数", 11, "score", "count"),
        Column("占比", 9, "score", "percent_whole"),
        Column("问题条数", 9, "score", "count"),
        Column("怎样改", 42),
        Column("涉及部门（举例）", 36),
    )
    note = "按涉及部门数由多到少排列，提示类列在最后；占比以提交了文件且未被替代的部门为基数。"
    sheet = begin(COMMON_PROBLEMS, f"{view.district.year}年度自评共性问题", columns, note=note, header=view.header)
    told = [result for result in view.district.results if result.status not in NOT_TOLD | {Status.MISSING}]
    base = len({_subject(result) for result in told})
    concerned: dict[tuple[str, Severity], dict[str, str]] = {}
    counts: dict[tuple[str, Severity], int] = {}
    advice: dict[tuple[str, Severity], str] = {}
    for result in told:
        for finding in result.findings:
            key = (finding.rule, finding.severity)
            concerned.setdefault(key, {})[_subject(result)] = view.told(result, result.department or result.file)
            counts[key] = counts.get(key, 0) + 1
            if key not in advice:
                advice[key] = view.told(result, finding.remedy)
    if view.pack.checks.same_texts is not None:
        rule = view.pack.rules[view.pack.checks.same_texts.code]
        for same in find_same_texts(view):
            named = {_subject(each): view.told(each, each.department or each.file) for each in same.results}
            concerned.setdefault((rule.code, rule.severity), {}).update(named)
            counts[rule.code, rule.severity] = counts.get((rule.code, rule.severity), 0) + len(named)
    order = sorted(counts, key=lambda key: (key[1] is Severity.INFO, -len(concerned[key]), -counts[key], key))
    rows = [
        _problem(view.pack, n, key, list(concerned[key].values()), base, counts[key], advice.get(key, ""), len(order))
        for n, key in enumerate(order, start=1)
    ]
    body = draw_table(sheet, 2, columns, rows, none="没有发现问题")
    if rows:
        below: list[Value | Entry] = [""] * len(columns)
        below[DEPARTMENTS - 1], below[DEPARTMENTS] = "提交了文件且未被替代的部门", base
        draw_row(sheet, body.end, columns, below, role="total")
        sheet.conditions.append(Condition(body.first, DEPARTMENTS, body.last, DEPARTMENTS, "data_bar"))
    return sheet


def _problem(
    pack: Pack, n: int, key: tuple[str, Severity], departments: list[str], base: int, count: int, advice: str, problems: int
) -> list[Value | Entry]:
    """The cells of the n-th problem of so many; its share cites the departments' number below the table."""

    def cell(line: int) -> str:
        return reference("", FIRST_PROBLEM + line - 1, DEPARTMENTS)

    code, severity = key
    rule = next((each for each in pack.rules if each.code == code), None)
    named = "、".join(departments[:EXAMPLES]) + ("等" if len(departments) > EXAMPLES else "")
    # A remedy may name what only the finding knows; then the first finding's stands for all.
    remedy = rule.remedy if rule and "{" not in rule.remedy else f"例如：{advice}" if advice else ""
    return [
        n,
        code,
        Entry(SEVERITY_WORDS[severity], role=ROLE_OF_SEVERITY[severity]),
        FAMILY_LABELS.get(code.split("-")[0], ""),
        rule.title if rule else "",
        len(departments),
        Entry(rounded(_share(len(departments), base), 4), f"ROUND({cell(n)}/{cell(problems + 1)},4)"),
        count,
        remedy,
        named,
    ]


def finding_list_sheet(view: View) -> FindingList:
    """The sheet: every finding by department, the heaviest first; errors before the rest where not all fit."""
    columns = (
        Column("序号", 7, "score", "count"),
        Column("预算编码", 10, align="center"),
        Column("部门名称", 21),
        Column("类别", 8, "score"),
        Column("规则", 9, align="center"),
        Column("表名及位置", 21),
        Column("填报数", 13, align="right"),
        Column("核对数", 13, align="right"),
        Column("差额", 13, "number", "amount_exact"),
        Column("问题描述", 40, "told"),
        Column("修改建议", 32),
        Column("部门说明", 18),
        Column("说明情况", 13, align="center"),
        Column("审核稿", 8, "link", align="center"),
    )
    every = [(result, finding) for result in view.district.results for finding in result.findings]
    shown = _heaviest(every, view.most_rows)
    left_out = len(every) - len(shown)
    note = f"共 {len(every)} 条。类别：必改、需说明、提示；位置为报送文件中的表名和单元格。"
    if left_out:
        note += f"本表列出前 {len(shown)} 条（必改优先），其余 {left_out} 条见 {FINDINGS_FILE}。"
    sheet = begin(FINDING_LIST, f"{view.district.year}年度自评问题清单", columns, note=note, header=view.header)
    rows = EachRow(shown, lambda n, each: _finding(view, n + 1, *each))
    body = draw_table(sheet, 2, columns, rows, freeze_columns=3, none="没有发现问题")
    if left_out:
        paragraph(sheet, body.end, f"另有 {left_out} 条未列出，全部问题见 {FINDINGS_FILE}。", columns)
    return FindingList(sheet, body, left_out)


def _heaviest(every: list[tuple[Result, Finding]], most: int) -> list[tuple[Result, Finding]]:
    if len(every) <= most:
        return every
    chosen = sorted(range(len(every)), key=lambda n: (every[n][1].severity.weight, n))[:most]
    return [every[n] for n in sorted(chosen)]


def _finding(view: View, n: int, result: Result, finding: Finding) -> list[Value | Entry]:
    def told(text: str | None) -> str:
        return view.told(result, text or "")

    return [
        n,
        result.budget_code,
        result.department or told(result.file),
        Entry(SEVERITY_WORDS[finding.severity], role=ROLE_OF_SEVERITY[finding.severity]),
        finding.rule,
        told("\n".join(_where(view.pack, finding))),
        *_figures(view, result, finding),
        told(finding.message),
        told("\n".join(part for part in (finding.suggestion, finding.remedy) if part)),
        told(finding.reply),
        reply_words(finding),
        opening(result),
    ]


def _figures(view: View, result: Result, finding: Finding) -> list[Value | Entry]:
    """What was filled in, what was expected and the difference, numbers as numbers."""
    number = number_of(finding, view.pack)
    shown = [figure(view.told(result, each or "")) for each in (finding.actual, finding.expected)]
    return [
        *(each if isinstance(each, str) else Entry(each, role="number", number=number) for each in shown),
        Entry(finding.difference, number=number),
    ]


def _where(pack: Pack, finding: Finding) -> Iterator[str]:
    """The place in the form's words, then the sheet and cell of the file."""
    if finding.concept:
        try:
            yield pack.describe(finding.concept, finding.institution)
        except KeyError:
            yield finding.concept
    if finding.place:
        yield finding.place.told


def _subject(result: Result) -> str:
    return result.budget_code or result.department or result.file


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)
