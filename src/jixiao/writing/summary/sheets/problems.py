"""共性问题 and 问题清单: rules by the departments they concern, and every finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from jixiao.model.finding import Finding, Severity
from jixiao.model.result import DepartmentSummary
from jixiao.model.submission import Status
from jixiao.pack import Pack
from jixiao.pack.rulebook import FAMILY_LABELS
from jixiao.writing.findings import figure, number_of
from jixiao.writing.summary.district_view import DistrictView, rounded, subject_of
from jixiao.writing.summary.sheet_layout import (
    RETURNED,
    AnySheet,
    ListSheet,
    OfDepartment,
    SummaryColumn,
    department_columns,
    number_column,
    severity_column,
)
from jixiao.writing.summary.sheets.same_texts import find_same_texts
from jixiao.writing.wording import reply_words
from jixiao.writing.xlsx.content import ListCell, Value

FINDINGS_FILE = "data/findings.parquet"
NOT_COUNTED = frozenset({Status.SUPERSEDED, Status.DUPLICATE, Status.SKIPPED, Status.MISSING})
"""Results without a file of their own: counting the findings of replaced files would count twice."""

EXAMPLES = 3


@dataclass
class _CommonProblem:
    """A rule and severity, with the departments it concerns (name by subject) and how many findings there are."""

    rule: str
    severity: Severity
    departments: dict[str, str] = field(default_factory=dict)
    count: int = 0
    advice: str = ""

    def sort_key(self) -> tuple[object, ...]:
        """提示 come last, those of most departments first."""
        return (self.severity is Severity.INFO, -len(self.departments), -self.count, (self.rule, self.severity))


def common_problems_sheet(view: DistrictView) -> AnySheet:
    """Return the sheet: one row a rule and severity, those of most departments first, 提示 after the rest."""
    note = "按涉及部门数由多到少排列，提示类列在最后；占比以提交了文件且未被替代的部门为基数。"
    counted = [result for result in view.district.results if result.status not in NOT_COUNTED]
    base = len({subject_of(result) for result in counted})
    problems = sorted(_problems(view, counted), key=_CommonProblem.sort_key)
    sheet = ListSheet(view, "共性问题", "各类问题涉及的部门数，由多到少", "自评共性问题", _problem_columns(view.pack, base), note=note)
    sheet.table(problems, none="没有发现问题")
    if problems:
        sheet.row({"title": "提交了文件且未被替代的部门", "departments": base})
        sheet.condition("departments", "data_bar")
    return sheet


def _problems(view: DistrictView, results: list[DepartmentSummary]) -> list[_CommonProblem]:
    """Return the problems of these results, and texts that departments share."""
    problems: dict[tuple[str, Severity], _CommonProblem] = {}

    def problem(rule: str, severity: Severity) -> _CommonProblem:
        return problems.setdefault((rule, severity), _CommonProblem(rule, severity))

    for result in results:
        for finding in result.findings:
            concerned = problem(finding.rule, finding.severity)
            concerned.departments[subject_of(result)] = result.department or result.file
            if not concerned.count:
                concerned.advice = finding.remedy
            concerned.count += 1
    if view.pack.checks.same_texts is not None:
        rule = view.pack.rules[view.pack.checks.same_texts.code]
        for same in find_same_texts(view):
            named = {subject_of(each): each.department or each.file for each in same.results}
            concerned = problem(rule.code, rule.severity)
            concerned.departments.update(named)
            concerned.count += len(named)
    return list(problems.values())


def _problem_columns(pack: Pack, base: int) -> tuple[SummaryColumn[_CommonProblem], ...]:
    rules = {rule.code: rule for rule in pack.rules}

    def title(problem: _CommonProblem) -> str:
        return rules[problem.rule].title if problem.rule in rules else ""

    def remedy(problem: _CommonProblem) -> str:
        rule = rules.get(problem.rule)
        # A remedy may name what only the finding knows; then the first finding's stands for all.
        if rule and "{" not in rule.remedy:
            return rule.remedy
        return f"例如：{problem.advice}" if problem.advice else ""

    def share(problem: _CommonProblem) -> Decimal:
        return rounded(Decimal(len(problem.departments)) / base if base else Decimal(0), 4)

    def examples(problem: _CommonProblem) -> str:
        names = list(problem.departments.values())
        return "、".join(names[:EXAMPLES]) + ("等" if len(names) > EXAMPLES else "")

    return (
        number_column(),
        SummaryColumn("rule", "规则", 10, lambda problem: problem.rule, align="center"),
        severity_column(9, lambda problem: problem.severity),
        SummaryColumn("family", "所属", 11, lambda problem: FAMILY_LABELS.get(problem.rule.split("-")[0], ""), align="center"),
        SummaryColumn("title", "问题", 30, title),
        SummaryColumn("departments", "涉及部门数", 11, lambda problem: len(problem.departments), "score", "count"),
        SummaryColumn(
            "share", "占比", 9, share, "score", "percent_whole", formula="ROUND({departments:fixed}/{departments:total},4)"
        ),
        SummaryColumn("count", "问题条数", 9, lambda problem: problem.count, "score", "count"),
        SummaryColumn("remedy", "怎样改", 42, remedy),
        SummaryColumn("examples", "涉及部门（举例）", 36, examples),
    )


_Item = OfDepartment[Finding]


def finding_list_sheet(view: DistrictView) -> AnySheet:
    """Return the sheet: every finding by department, the heaviest first; errors before the rest where not all fit."""
    every = [OfDepartment(result, finding) for result in view.district.results for finding in result.findings]
    shown = _heaviest(every, view.most_rows)
    left_out = len(every) - len(shown)
    note = f"共 {len(every)} 条。类别：必改、需说明、提示；位置为报送文件中的表名和单元格。"
    if left_out:
        note += f"本表列出前 {len(shown)} 条（必改优先），其余 {left_out} 条见 {FINDINGS_FILE}。"
    sheet = ListSheet(view, "问题清单", "全部问题，可按部门、类别、规则筛选", "自评问题清单", _finding_columns(view.pack), note=note)
    sheet.table(shown, freeze="department", none="没有发现问题")
    if left_out:
        sheet.paragraph(f"另有 {left_out} 条未列出，全部问题见 {FINDINGS_FILE}。")
    return sheet


def _heaviest(every: list[_Item], most: int) -> list[_Item]:
    chosen = sorted(range(len(every)), key=lambda n: (every[n].item.severity.weight, n))[:most]
    return [every[n] for n in sorted(chosen)]


def _finding_columns(pack: Pack) -> tuple[SummaryColumn[_Item], ...]:
    def number(finding: Finding, text: str | None) -> Value | ListCell:
        """Return the cell of a figure, numbers as numbers."""
        value = figure(text or "")
        return value if isinstance(value, str) else ListCell(value, role="number", number=number_of(finding, pack))

    def difference(item: _Item) -> ListCell:
        return ListCell(item.item.difference, number=number_of(item.item, pack))

    def advice(item: _Item) -> str:
        return "\n".join(part for part in (item.item.suggestion, item.item.remedy) if part)

    return (
        *department_columns(21, number=7, kind=False, otherwise=lambda item: item.result.file),
        severity_column(8, lambda item: item.item.severity),
        SummaryColumn("rule", "规则", 9, lambda item: item.item.rule, align="center"),
        SummaryColumn("place", "表名及位置", 21, lambda item: "\n".join(_where(pack, item.item))),
        SummaryColumn("actual", "填报数", 13, lambda item: number(item.item, item.item.actual), align="right"),
        SummaryColumn("expected", "核对数", 13, lambda item: number(item.item, item.item.expected), align="right"),
        SummaryColumn("difference", "差额", 13, difference, "number", "amount_exact"),
        SummaryColumn("message", "问题描述", 40, lambda item: item.item.message, "told"),
        SummaryColumn("advice", "修改建议", 32, advice),
        SummaryColumn("reply", "部门说明", 18, lambda item: item.item.reply),
        SummaryColumn("state", "说明情况", 13, lambda item: reply_words(item.item), align="center"),
        RETURNED,
    )


def _where(pack: Pack, finding: Finding) -> Iterator[str]:
    """Yield the place in the form's words, then the sheet and cell of the file."""
    if finding.concept:
        try:
            yield pack.describe(finding.concept, finding.institution)
        except KeyError:
            yield finding.concept
    if finding.place:
        yield finding.place.told
