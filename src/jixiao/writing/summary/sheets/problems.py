"""共性问题 and 问题清单: rules by the departments they concern, and every finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.model.finding import Finding, Severity
from jixiao.model.result import Result
from jixiao.model.submission import Status
from jixiao.pack import Pack
from jixiao.pack.rulebook import FAMILY_LABELS
from jixiao.writing.findings import figure, number_of
from jixiao.writing.summary.district_view import DistrictView, rounded, subject_of
from jixiao.writing.summary.sheet_layout import (
    COMMON_PROBLEMS,
    FINDING_LIST,
    RETURNED,
    ListSheet,
    OfDepartment,
    SheetColumn,
    department_columns,
    number_column,
    severity_column,
)
from jixiao.writing.summary.sheets.same_texts import find_same_texts
from jixiao.writing.wording import reply_words
from jixiao.writing.xlsx.content import ListCell, SheetContent, Value

FINDINGS_FILE = "data/findings.parquet"
NOT_COUNTED = frozenset({Status.SUPERSEDED, Status.DUPLICATE, Status.SKIPPED, Status.MISSING})
"""Results without a file of their own: counting the findings of replaced files would count twice."""

EXAMPLES = 3


@dataclass
class Problem:
    """A rule and severity, with the departments it concerns (name by subject) and how many findings there are."""

    rule: str
    severity: Severity
    departments: dict[str, str] = field(default_factory=dict)
    count: int = 0
    advice: str = ""

    def sort_key(self) -> tuple[object, ...]:
        """提示 come last, those of most departments first."""
        return (self.severity is Severity.INFO, -len(self.departments), -self.count, (self.rule, self.severity))


def common_problems_sheet(view: DistrictView) -> SheetContent:
    """The sheet: one row a rule and severity, those of most departments first, 提示 after the rest."""
    note = "按涉及部门数由多到少排列，提示类列在最后；占比以提交了文件且未被替代的部门为基数。"
    counted = [result for result in view.district.results if result.status not in NOT_COUNTED]
    base = len({subject_of(result) for result in counted})
    problems = sorted(_problems(view, counted), key=Problem.sort_key)
    title = f"{view.district.year}年度自评共性问题"
    sheet = ListSheet(view, COMMON_PROBLEMS, title, _problem_columns(view.pack, base), note=note)
    sheet.table(problems, none="没有发现问题")
    if problems:
        sheet.row({"title": "提交了文件且未被替代的部门", "departments": base})
        sheet.condition("departments", "data_bar")
    return sheet.content


def _problems(view: DistrictView, results: list[Result]) -> list[Problem]:
    """The problems of these results, and texts that departments share."""
    problems: dict[tuple[str, Severity], Problem] = {}

    def problem(rule: str, severity: Severity) -> Problem:
        return problems.setdefault((rule, severity), Problem(rule, severity))

    for result in results:
        for finding in result.findings:
            concerned = problem(finding.rule, finding.severity)
            concerned.departments[subject_of(result)] = view.masked(result, result.department or result.file)
            if not concerned.count:
                concerned.advice = view.masked(result, finding.remedy)
            concerned.count += 1
    if view.pack.checks.same_texts is not None:
        rule = view.pack.rules[view.pack.checks.same_texts.code]
        for same in find_same_texts(view):
            named = {subject_of(each): view.masked(each, each.department or each.file) for each in same.results}
            concerned = problem(rule.code, rule.severity)
            concerned.departments.update(named)
            concerned.count += len(named)
    return list(problems.values())


def _problem_columns(pack: Pack, base: int) -> tuple[SheetColumn[Problem], ...]:
    rules = {rule.code: rule for rule in pack.rules}

    def title(problem: Problem) -> str:
        return rules[problem.rule].title if problem.rule in rules else ""

    def remedy(problem: Problem) -> str:
        rule = rules.get(problem.rule)
        # A remedy may name what only the finding knows; then the first finding's stands for all.
        if rule and "{" not in rule.remedy:
            return rule.remedy
        return f"例如：{problem.advice}" if problem.advice else ""

    def share(problem: Problem) -> Decimal:
        return rounded(Decimal(len(problem.departments)) / base if base else Decimal(0), 4)

    def examples(problem: Problem) -> str:
        names = list(problem.departments.values())
        return "、".join(names[:EXAMPLES]) + ("等" if len(names) > EXAMPLES else "")

    return (
        number_column(),
        SheetColumn("rule", "规则", 10, lambda problem: problem.rule, align="center"),
        severity_column(9, lambda problem: problem.severity),
        SheetColumn("family", "所属", 11, lambda problem: FAMILY_LABELS.get(problem.rule.split("-")[0], ""), align="center"),
        SheetColumn("title", "问题", 30, title),
        SheetColumn("departments", "涉及部门数", 11, lambda problem: len(problem.departments), "score", "count"),
        SheetColumn(
            "share", "占比", 9, share, "score", "percent_whole", formula="ROUND({departments:fixed}/{departments:total},4)"
        ),
        SheetColumn("count", "问题条数", 9, lambda problem: problem.count, "score", "count"),
        SheetColumn("remedy", "怎样改", 42, remedy),
        SheetColumn("examples", "涉及部门（举例）", 36, examples),
    )


FoundIn = OfDepartment[Finding]


def finding_list_sheet(view: DistrictView) -> SheetContent:
    """The sheet: every finding by department, the heaviest first; errors before the rest where not all fit."""
    every = [OfDepartment(result, finding) for result in view.district.results for finding in result.findings]
    shown = _heaviest(every, view.most_rows)
    left_out = len(every) - len(shown)
    note = f"共 {len(every)} 条。类别：必改、需说明、提示；位置为报送文件中的表名和单元格。"
    if left_out:
        note += f"本表列出前 {len(shown)} 条（必改优先），其余 {left_out} 条见 {FINDINGS_FILE}。"
    title = f"{view.district.year}年度自评问题清单"
    sheet = ListSheet(view, FINDING_LIST, title, _finding_columns(view), note=note)
    sheet.table(shown, freeze="department", none="没有发现问题")
    if left_out:
        sheet.paragraph(f"另有 {left_out} 条未列出，全部问题见 {FINDINGS_FILE}。")
    return sheet.content


def _heaviest(every: list[FoundIn], most: int) -> list[FoundIn]:
    if len(every) <= most:
        return every
    chosen = sorted(range(len(every)), key=lambda n: (every[n].item.severity.weight, n))[:most]
    return [every[n] for n in sorted(chosen)]


def _finding_columns(view: DistrictView) -> tuple[SheetColumn[FoundIn], ...]:
    def masked(item: FoundIn, text: str | None) -> str:
        return view.masked(item.result, text or "")

    def shown_figure(item: FoundIn, text: str | None) -> Value | ListCell:
        """A figure, numbers as numbers."""
        value = figure(masked(item, text))
        return value if isinstance(value, str) else ListCell(value, role="number", number=number_of(item.item, view.pack))

    def difference(item: FoundIn) -> ListCell:
        return ListCell(item.item.difference, number=number_of(item.item, view.pack))

    def advice(item: FoundIn) -> str:
        return masked(item, "\n".join(part for part in (item.item.suggestion, item.item.remedy) if part))

    return (
        *department_columns(21, number=7, kind=False, otherwise=lambda item: masked(item, item.result.file)),
        severity_column(8, lambda item: item.item.severity),
        SheetColumn("rule", "规则", 9, lambda item: item.item.rule, align="center"),
        SheetColumn("place", "表名及位置", 21, lambda item: masked(item, "\n".join(_where(view.pack, item.item)))),
        SheetColumn("actual", "填报数", 13, lambda item: shown_figure(item, item.item.actual), align="right"),
        SheetColumn("expected", "核对数", 13, lambda item: shown_figure(item, item.item.expected), align="right"),
        SheetColumn("difference", "差额", 13, difference, "number", "amount_exact"),
        SheetColumn("message", "问题描述", 40, lambda item: masked(item, item.item.message), "told"),
        SheetColumn("advice", "修改建议", 32, advice),
        SheetColumn("reply", "部门说明", 18, lambda item: masked(item, item.item.reply)),
        SheetColumn("state", "说明情况", 13, lambda item: reply_words(item.item), align="center"),
        RETURNED,
    )


def _where(pack: Pack, finding: Finding) -> Iterator[str]:
    """The place in the form's words, then the sheet and cell of the file."""
    if finding.concept:
        try:
            yield pack.describe(finding.concept, finding.institution)
        except KeyError:
            yield finding.concept
    if finding.place:
        yield finding.place.told
