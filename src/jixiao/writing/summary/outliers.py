"""异常值: rates far from those of a department's peers, by median and median absolute deviation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from jixiao.model.result import Result
from jixiao.pack.checks import PeerRate
from jixiao.pack.lookup import amount
from jixiao.pack.resolve import plain
from jixiao.writing.canvas import SheetContent, Value
from jixiao.writing.summary.grid import Column, Entry, begin, draw_table
from jixiao.writing.summary.names import OUTLIERS
from jixiao.writing.summary.view import View, kind_of, median, returned_link, rounded

MOST_BANDS = 3
LEAST_PEERS = 8
"""With fewer peers a median says little of what is usual."""

FAR = Decimal("3.5")
"""The modified z-score from which a value is called an outlier (Iglewicz and Hoaglin 1993)."""

NORMAL = Decimal("0.6745")
"""What makes a median absolute deviation comparable with a standard deviation."""

LEAST_DISTANCE = Decimal("0.1")
"""A value within a tenth of its peers' median is told to nobody, however close together the others stand."""


LEAST_SPREAD = Decimal("0.02")
"""The least spread that a distance is measured by, as a share of the median."""


@dataclass(frozen=True)
class Outlier:
    """A department's rate and its peers': `low` to `high` is what is usual among them; `score` the modified z-score.

    `alike` says that the peers are those of like size, not all of a kind.
    """

    result: Result
    label: str
    unit: str
    percent: bool
    rate: Decimal
    median: Decimal
    low: Decimal
    high: Decimal
    score: Decimal
    peers: int
    alike: bool = False

    def number(self, rate: Decimal) -> str:
        """A rate as people read it."""
        return f"{rounded(rate * 100)}%" if self.percent else f"{rounded(rate):,}"

    @property
    def words(self) -> str:
        """The finding in words."""
        kind = kind_of(self.result)
        like = "、".join(each for each in (kind, "规模相近" if self.alike else "") if each)
        peers = f"同类（{like}）" if kind else f"全区{like}"
        side = "高于" if self.rate > self.median else "低于"
        return (
            f"{self.label}为 {self.number(self.rate)}{self.unit}，{peers}另外 {self.peers} 个部门的数多在 "
            f"{self.number(self.low)} 至 {self.number(self.high)}{self.unit} 之间（中位数 {self.number(self.median)}{self.unit}），"
            f"明显{side}同类，请核实数据是否填列有误，或了解原因。"
        )


def find_outliers(view: View) -> list[Outlier]:
    """The outliers, the farthest first. Departments are compared within their kind, with at least eight peers.

    Where a kind has enough for that, those of like size are compared: its smaller, middle and larger ones.
    """
    found: list[Outlier] = []
    sizes = {result.submission_id: _sum(view, result, view.pack.checks.peer_size) for result in view.district.scored}
    for label, unit, percent, rates in _rates(view):
        kinds: dict[str, list[Result]] = {}
        for result in view.district.scored:
            if result.submission_id in rates:
                kinds.setdefault(kind_of(result), []).append(result)
        for group in kinds.values():
            if len(group) <= LEAST_PEERS:
                continue
            bands = _bands(group, sizes)
            for band in bands:
                found.extend(_far_from_peers(band, rates, label, unit, percent, len(bands) > 1))
    return sorted(found, key=lambda each: -abs(each.score))


def _bands(group: list[Result], sizes: Mapping[str, Decimal | None]) -> list[list[Result]]:
    """The departments of a kind by size, in as many equal parts as leave each of them enough peers; one of them all, else."""
    count = min(MOST_BANDS, len(group) // (LEAST_PEERS + 1))
    if count < 2 or all(sizes[result.submission_id] is None for result in group):
        return [group]
    ordered = sorted(group, key=lambda result: (sizes[result.submission_id] or Decimal(0), result.submission_id))
    edges = [len(ordered) * n // count for n in range(count + 1)]
    return [ordered[first:last] for first, last in pairwise(edges)]


def _far_from_peers(
    group: list[Result], rates: Mapping[str, Decimal], label: str, unit: str, percent: bool, alike: bool
) -> Iterator[Outlier]:
    numbers = [rates[result.submission_id] for result in group]
    middle = median(numbers)
    spread = median([abs(number - middle) for number in numbers])
    # Where most peers are equal there is no usual spread to measure a distance by.
    if spread == 0:
        return
    # Where peers are nearly equal, a distance is measured by a share of the median: else any would be thousands of spreads.
    spread = max(spread, abs(middle) * LEAST_SPREAD)
    reach = FAR * spread / NORMAL
    low, high = _usual(numbers)
    for result, number in zip(group, numbers, strict=True):
        distance = number - middle
        if abs(distance) > reach and abs(distance) > abs(middle) * LEAST_DISTANCE:
            score = NORMAL * distance / spread
            yield Outlier(result, label, unit, percent, number, middle, low, high, score, len(group) - 1, alike)


def _usual(numbers: list[Decimal]) -> tuple[Decimal, Decimal]:
    """The middle half of the numbers: from the median of the lower half to that of the upper."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return median(ordered[:half]), median(ordered[-half:])


def _rates(view: View) -> Iterator[tuple[str, str, bool, dict[str, Decimal]]]:
    """Each rate with its label, unit, whether it is read as a percentage, and its values by submission."""
    measured: dict[str, dict[str, Decimal]] = {each.id: {} for each in view.pack.rubric.indicators if each.measures}
    for result in view.district.scored:
        for score in result.scorecard.scores if result.scorecard else ():
            if score.measure is not None and score.indicator in measured:
                measured[score.indicator].setdefault(result.submission_id, score.measure)
    for indicator, measures in measured.items():
        yield view.indicator_labels[indicator], "", True, measures
    for rate in view.pack.checks.peer_rates:
        yield rate.label, rate.unit and f" {rate.unit}", rate.percent, _peer_rates(view, rate)


def _peer_rates(view: View, rate: PeerRate) -> dict[str, Decimal]:
    found = {}
    for result in view.district.scored:
        above, below = (_sum(view, result, concepts) for concepts in (rate.numerator, rate.denominator))
        if above is not None and below:
            found[result.submission_id] = above / below
    return found


def _sum(view: View, result: Result, concepts: tuple[str, ...]) -> Decimal | None:
    facts = [amount(view.pack, result.facts, concept) for concept in concepts]
    numbers = [fact.value for fact in facts if fact is not None and fact.value is not None]
    return sum(numbers, Decimal(0)) if numbers else None


def outliers_sheet(view: View, outliers: list[Outlier]) -> SheetContent:
    """The sheet: one row an outlier, in words."""
    columns = (
        Column("序号", 6, "score", "count"),
        Column("预算编码", 10, align="center"),
        Column("部门名称", 24),
        Column("类别", 10, align="center"),
        Column("比较项目", 22),
        Column("本部门", 13, align="right"),
        Column("同类中位数", 13, align="right"),
        Column("同类常见范围", 22, align="center"),
        Column("方向", 8, align="center"),
        Column("偏离程度", 10, "score", "0.0"),
        Column("说明", 48),
        Column("审核稿", 8, "link", align="center"),
    )
    compared = "同类别部门之间" if any(kind_of(result) for result in view.district.scored) else "全部部门之间"
    if view.pack.checks.peer_size:
        compared += "（部门较多的，按规模分组）"
    note = (
        f"在{compared}比较，至少有 {LEAST_PEERS} 个可比部门才作判断；以中位数和绝对中位差衡量，偏离程度超过 {plain(FAR)} "
        "的列出。常见范围为居中的一半部门。异常不等于有误，请核实。"
    )
    sheet = begin(OUTLIERS, f"{view.district.year}年度数据异常值", columns, note=note, header=view.header)
    rows = [_row(n, outlier) for n, outlier in enumerate(outliers, start=1)]
    draw_table(sheet, 2, columns, rows, freeze_columns=3, none="没有明显偏离同类的数")
    return sheet


def _row(n: int, outlier: Outlier) -> list[Value | Entry]:
    result = outlier.result
    link = returned_link(result)
    return [
        n,
        result.budget_code,
        result.department,
        kind_of(result),
        outlier.label,
        f"{outlier.number(outlier.rate)}{outlier.unit}",
        f"{outlier.number(outlier.median)}{outlier.unit}",
        f"{outlier.number(outlier.low)} 至 {outlier.number(outlier.high)}",
        "偏高" if outlier.rate > outlier.median else "偏低",
        rounded(abs(outlier.score), 1),
        outlier.words,
        Entry("打开", link=link) if link else Entry("", role="text"),
    ]
