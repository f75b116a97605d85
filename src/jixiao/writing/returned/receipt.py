"""The sheet 回执: which file was read, by which rules, and what was and was not checked."""

from __future__ import annotations

import jixiao
from jixiao.model.external_data import DataSource
from jixiao.model.result import Result
from jixiao.model.rule_outcome import OutcomeCounts, undecided_reasons
from jixiao.model.sheet_names import RECEIPT_SHEET
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.docs.method_text import short_label
from jixiao.pack.docs.terminal import setting_words
from jixiao.writing.wording import STATUS_WORDS, counts_words
from jixiao.writing.xlsx.content import Page, SheetContent, Style
from jixiao.writing.xlsx.text_size import height

WIDTHS = (14.0, 48.0, 32.0)


def receipt_sheet(result: Result, counts: OutcomeCounts, pack: Pack, header: str) -> SheetContent:
    """Return the receipt of a result with these counts of outcomes; without a time, so that equal files give equal receipts."""
    sheet = SheetContent(RECEIPT_SHEET, widths=dict(enumerate(WIDTHS)), page=Page(header=header), protected=True)
    lines = [
        ("部门名称", result.identity.department or "未填列"),
        ("预算编码", result.identity.budget_code or "未填列"),
        ("年度", f"{result.identity.year} 年度" if result.identity.year else "未填列"),
        ("报送文件", result.file),
        ("文件指纹", f"SHA-256 {result.sha256}"),
        ("表样", f"{pack.title}（{pack.id}，{pack.version} 版）"),
        ("表样指纹", f"SHA-256 {pack.sha256}"),
        ("审核程序", f"jixiao {jixiao.__version__}"),
        ("审核结果", f"{STATUS_WORDS[result.status]}：{counts_words(result.findings)}"),
        ("审核规则", f"共运行 {counts.run} 条：通过 {counts.passed} 条，未通过 {counts.failed} 条，无法判断 {counts.undecided} 条"),
        *_external_data(result, pack), *_settings(pack),
    ]  # fmt: skip
    sheet.put_title(RECEIPT_SHEET, 2)
    for row, (label, text) in enumerate(lines, start=1):
        sheet.put(row, 0, label, Style("label"))
        sheet.put(row, 1, text, Style("text"), last_column=2)
        sheet.heights[row] = max(20.0, height(text, WIDTHS[1] + WIDTHS[2]))
    at = len(lines) + 2
    undecided = undecided_reasons(result.outcomes)
    sheet.put(at, 0, "无法判断的规则及原因" if undecided else "全部规则均已判断。", Style("section"), last_column=2)
    sheet.heights[at] = 24.0
    if undecided:
        sheet.put_row(at + 1, ("规则", "名称", "无法判断的原因"), Style("head"))
    for row, (code, reason) in enumerate(undecided, start=at + 2):
        title = pack.rules[code].title if code in pack.rules else ""
        for column, (text, role) in enumerate(((code, "score"), (title, "text"), (reason, "text"))):
            sheet.put(row, column, text, Style(role))
        sheet.heights[row] = max(18.0, height(title, WIDTHS[1]), height(reason, WIDTHS[2]))
    return sheet


@cached_per_pack
def _settings(pack: Pack) -> tuple[tuple[str, str], ...]:
    """Return the rules whose settings the pack changes."""
    return tuple((f"规则 {rule.code}", f"{rule.title}：{words}") for rule in pack.rules if (words := setting_words(rule)))


def _external_data(result: Result, pack: Pack) -> list[tuple[str, str]]:
    """Return what scores used that the filing does not hold, by its origin; empty where the run had no such source."""
    used: dict[DataSource, dict[str, None]] = {origin: {} for origin in DataSource}
    for score in result.scorecard.scores if result.scorecard else ():
        for each in score.inputs:
            used[each.origin][short_label(pack, each.concept)] = None
    lines = []
    for label, facts, origin in (
        ("财政核对数据", result.external.bureau, DataSource.BUREAU), ("上年结果", result.external.previous, DataSource.PREVIOUS),
    ):  # fmt: skip
        if facts is not None:
            cited = list(used[origin])
            words = f"测算采用 {len(cited)} 项：{'、'.join(cited)}" if cited else "测算未采用"
            lines.append((label, f"本部门有 {len(facts)} 项，{words}" if len(facts) else "没有本部门的数据"))
    return lines
