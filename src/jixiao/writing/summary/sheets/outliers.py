"""异常值: rates far from those of a department's peers, by median and median absolute deviation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from jixiao.model.result import DepartmentSummary
from jixiao.pack.declarations.checks import PeerRate
from jixiao.values.number_format import plain_text
from jixiao.writing.summary.district_view import DistrictView, rounded
from jixiao.writing.summary.sheet_layout import RETURNED, AnySheet, ListSheet, SummaryColumn, department_columns

NOTHING = Decimal(0)
MOST_BANDS = 3
LEAST_PEERS = 8
"""With fewer peers a median says little of what is usual."""

FAR = Decimal("3.5")
"""The modified z-score from which a value is called an outlier (Iglewicz and Hoaglin 1993)."""

NORMAL = Decimal("0.6745")
"""What makes a median absolute deviation comparable with a standard deviation."""

LEAST_DISTANCE = Decimal("0.1")
"""A value within a tenth of its peers' median is no outlier, however close together the others are."""

LEAST_SPREAD = Decimal("0.02")
"""The least spread that a distance is measured by, as a share of the median."""


@dataclass(frozen=True)
class Outlier:
    """A department's rate and its peers': `low` to `high` is what is usual among them; `score` the modified z-score.

    `alike` says that the peers are those of like size, not all of a kind.
    """

    result: DepartmentSummary
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
        """Return a rate as people read it."""
        return f"{rounded(rate * 100)}%" if self.percent else f"{rounded(rate):,}"

    @property
    def words(self) -> str:
        """The finding in words."""
        kind = self.result.kind
        like = "、".join(each for each in (kind, "规模相近" if self.alike else "") if each)
        peers = f"同类（{like}）" if kind else f"全区{like}"
        side = "高于" if self.rate > self.median else "低于"
        return (
            f"{self.label}为 {self.number(self.rate)}{self.unit}，{peers}另外 {self.peers} 个部门的数多在 "
            f"{self.number(self.low)} 至 {self.number(self.high)}{self.unit} 之间（中位数 {self.number(self.median)}{self.unit}），"
            f"明显{side}同类，请核实数据是否填列有误，或了解原因。"
        )


class _Rate(NamedTuple):
    """A rate that departments are compared by, and what each scored one has, in their order; None where it has none."""

    label: str
    unit: str
    percent: bool
    numbers: Sequence[Decimal | None]


def find_outliers(view: DistrictView) -> list[Outlier]:
    """Return the outliers, the farthest first. Departments are compared within their kind, with at least eight peers.

    Where a kind has enough for that, those of like size are compared: its smaller, middle and larger ones.
    """
    scored = view.district.scored
    kinds: dict[str, list[int]] = {}
    for n, result in enumerate(scored):
        kinds.setdefault(result.kind, []).append(n)
    sizes = [_sum(result.figures.by_name(), view.pack.checks.peer_size) for result in scored]
    outliers: list[Outlier] = []
    for rate in _rates(view):
        # Kinds come in the order of their first department that has the rate.
        groups = [[n for n in group if rate.numbers[n] is not None] for group in kinds.values()]
        for group in sorted(filter(None, groups)):
            if len(group) <= LEAST_PEERS:
                continue
            bands = _bands(group, sizes, [result.submission_id for result in scored])
            for band in bands:
                outliers.extend(_far_from_peers(band, rate, scored, len(bands) > 1))
    return sorted(outliers, key=lambda each: -abs(each.score))


def _bands(group: list[int], sizes: Sequence[Decimal | None], names: Sequence[str]) -> list[list[int]]:
    """Return the departments of a kind by size, in as many equal parts as leave enough peers in each, else in one."""
    count = min(MOST_BANDS, len(group) // (LEAST_PEERS + 1))
    if count < 2 or all(sizes[n] is None for n in group):
        return [group]
    ordered = sorted(group, key=lambda n: (sizes[n] or NOTHING, names[n]))
    edges = [len(ordered) * n // count for n in range(count + 1)]
    return [ordered[first:last] for first, last in pairwise(edges)]


def _far_from_peers(group: list[int], rate: _Rate, scored: Sequence[DepartmentSummary], alike: bool) -> Iterator[Outlier]:
    numbers = [number for n in group if (number := rate.numbers[n]) is not None]
    ordered = sorted(numbers)
    middle = median(ordered)
    spread = median([abs(number - middle) for number in numbers])
    # Where most peers are equal there is no usual spread to measure a distance by.
    if spread == 0:
        return
    # Where peers are nearly equal, a distance is measured by a share of the median: else any would be thousands of spreads.
    spread = max(spread, abs(middle) * LEAST_SPREAD)
    reach, least = FAR * spread / NORMAL, abs(middle) * LEAST_DISTANCE
    # What is usual is the middle half: from the median of the lower half to that of the upper.
    half = len(ordered) // 2
    low, high = median(ordered[:half]), median(ordered[-half:])
    for n, number in zip(group, numbers, strict=True):
        distance = number - middle
        if abs(distance) > reach and abs(distance) > least:
            score = NORMAL * distance / spread
            yield Outlier(
                scored[n], rate.label, rate.unit, rate.percent, number, middle, low, high, score, len(group) - 1, alike
            )


def _rates(view: DistrictView) -> Iterator[_Rate]:
    """Yield the rates of the indicators that measure one, then those that the form declares for this."""
    scored, rates = view.district.scored, view.pack.checks.peer_rates
    measuring = [each for each in view.pack.rubric.indicators if each.measures]
    measures = (each.measures.by_name() for each in scored)
    columns = _columns(len(measuring), ([of.get(each.id) for each in measuring] for of in measures))
    for indicator, numbers in zip(measuring, columns, strict=True):
        yield _Rate(view.indicator_labels[indicator.id], "", True, numbers)
    figures = (each.figures.by_name() for each in scored)
    columns = _columns(len(rates), ([_peer_rate(of, each) for each in rates] for of in figures))
    for rate, numbers in zip(rates, columns, strict=True):
        yield _Rate(rate.label, rate.unit and f" {rate.unit}", rate.percent, numbers)


def _columns(count: int, rows: Iterable[Sequence[Decimal | None]]) -> list[list[Decimal | None]]:
    """Return that many columns of rows that come one by one."""
    columns: list[list[Decimal | None]] = [[] for _ in range(count)]
    for row in rows:
        for column, number in zip(columns, row, strict=True):
            column.append(number)
    return columns


def _peer_rate(figures: Mapping[str, Decimal], rate: PeerRate) -> Decimal | None:
    above, below = (_sum(figures, concepts) for concepts in (rate.numerator, rate.denominator))
    return above / below if above is not None and below else None


def _sum(figures: Mapping[str, Decimal], concepts: tuple[str, ...]) -> Decimal | None:
    numbers = [number for concept in concepts if (number := figures.get(concept)) is not None]
    return sum(numbers, NOTHING) if numbers else None


def outliers_sheet(view: DistrictView, outliers: list[Outlier]) -> AnySheet:
    """Return the sheet: one row an outlier, in words."""
    columns: tuple[SummaryColumn[Outlier], ...] = (
        *department_columns(24, number=6),
        SummaryColumn("label", "比较项目", 22, lambda each: each.label),
        SummaryColumn("rate", "本部门", 13, lambda each: f"{each.number(each.rate)}{each.unit}", align="right"),
        SummaryColumn("median", "同类中位数", 13, lambda each: f"{each.number(each.median)}{each.unit}", align="right"),
        SummaryColumn(
            "usual", "同类常见范围", 22, lambda each: f"{each.number(each.low)} 至 {each.number(each.high)}", align="center"
        ),
        SummaryColumn("side", "方向", 8, lambda each: "偏高" if each.rate > each.median else "偏低", align="center"),
        SummaryColumn("score", "偏离程度", 10, lambda each: rounded(abs(each.score), 1), "score", "0.0"),
        SummaryColumn("words", "说明", 48, lambda each: each.words),
        RETURNED,
    )
    compared = "同类别部门之间" if any(result.kind for result in view.district.scored) else "全部部门之间"
    if view.pack.checks.peer_size:
        compared += "（部门较多的，按规模分组）"
    note = (
        f"在{compared}比较，至少有 {LEAST_PEERS} 个可比部门才作判断；以中位数和绝对中位差衡量，偏离程度超过 {plain_text(FAR)} "
        "的列出。常见范围为居中的一半部门。异常不等于有误，请核实。"
    )
    sheet = ListSheet(view, "异常值", "与同类部门相比明显偏离的数", "数据异常值", columns, note=note)
    sheet.table(outliers, freeze="department", none="没有明显偏离同类的数")
    return sheet
