"""The narrative's amounts against the tables (五、评价报告综述): precision first, what is not plainly tied is left alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.model.fact import Fact
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.checks import NarrativePhrase
from jixiao.pack.declarations.rubric import Measure, MeasureKind
from jixiao.values.amounts import ProseAmount, amounts_in_prose
from jixiao.values.clauses import Clause, clauses
from jixiao.values.text import to_half_width

DIFFERS, RATE_DIFFERS = "TXT-01", "TXT-02"
PERCENT = "%"

_IS = ("为", "是", "有", "共", "计", "达", "达到", "共计", "合计", "总计", "总额", "总数", "发生额", "累计", "金额", "数", "数额", "决算", "决算数",
       "实际", "实际为", "完成", "完成数", "实现", "了", ":", "“", "”", "\"", "(万元)", "(含税)", "经费", "人民币")  # fmt: skip
"""What may stand between a phrase and its amount and says no more than "is"."""
_SAID = frozenset(_IS)

_OTHER_SENSE = re.compile(
    r"上年(?!结转|结余)|去年|上一年|往年|前年|以前年度|同期|年初预算|预算(?!拨款|财政拨款|收入|支出|内|单位|部门|的?财政)|计划|预计|拟|"
    r"增加|增长|增幅|新增|购置|购入|处置|报废|核销|闲置|盘亏|捐赠|减少|下降|上升|降低|较|相比|[^结年月]比|非$|其他$|非财政|节约|压减|人均|平均|每|历年|占|超出|不足|"
    r"二级机构|二级单位|所属|下属|局机关|机关本级|本级|调整|追加|结余[^,]*中|政府性基金|基金预算|专户|[一二三四1-4]季度|上半年|下半年|\d月"
)
"""Words before a phrase after which its amount is not this year's figure of the whole department."""

_LEAD = re.compile(
    r"(?:^|[,:;、.“\"(\d\s]|年度?|年末|年底|期末|部门|单位|我[局部委办院校镇乡站所区会]|本[局部委办院校镇乡站所区会]|全[局部委办院校镇乡站所区]|整体"
    r"|(?:年度?|部门|单位|[我本全]\w)的|中|里|共|共计|包括|包含|含|用于|实际|完成|实现|发生|是|为|和|及|与|核定|[现拥共]?有)$"
)
"""What may stand right before a phrase: any other word (乡村振兴项目支出, 聘用人员经费) may make it another figure."""

_WHOLE_AND_PART = re.compile(r"[,:]?(?:其中|中|中的|里|里的|包括|包含|含)?[:,]?其?中?[:]?")
_DECIMALS = re.compile(r"\d[\d,]*(?:\.(\d+))?")


class Tie(NamedTuple):
    """An amount of the narrative and the concept that it repeats, with the clause in which it stands."""

    entry: NarrativePhrase
    amount: ProseAmount
    clause: str


def codes(pack: Pack) -> set[str]:
    """Return the codes of the rules about the narrative, if the form has one."""
    rates = any(phrase.indicator for phrase in pack.checks.narrative)
    return {DIFFERS, *([RATE_DIFFERS] if rates else [])} if pack.names.narrative else set()


def check(filing: CheckedFiling) -> None:
    """Check whether the amounts and rates of the narrative are those of the tables."""
    names, facts = filing.pack.names, filing.facts
    narrative = facts.get(names.narrative) if names.narrative else None
    if narrative is None or not narrative.text:
        for code in (DIFFERS, RATE_DIFFERS):
            filing.undecided(code, f"综述{messages.NOT_FILLED}")
        return
    year_text = facts.text(names.year) if names.year else None
    year = int(year_text) if year_text and year_text.isdecimal() else None
    compared: set[tuple[str, Decimal]] = set()
    for tie in ties(narrative.text, filing.pack, year, facts.text(names.department) or ""):
        subject = tie.entry.indicator or tie.entry.concept
        if (subject, tie.amount.value) not in compared:
            compared.add((subject, tie.amount.value))
            (_compare_rate if tie.entry.indicator else _compare)(tie, narrative, filing)
    filing.not_asked(DIFFERS, "综述中没有可与表内核对的数额")
    filing.not_asked(RATE_DIFFERS, "综述中没有可与填报数核对的比率")


def ties(text: str, pack: Pack, year: int | None, department: str = "") -> Iterator[Tie]:
    """The amounts of a text of a department that plainly repeat a concept of the form, in their order."""
    own = to_half_width(department).strip()
    plain, vocabulary = to_half_width(text), _vocabulary(pack)
    amounts = list(amounts_in_prose(text, plain))
    exact = [n for n, each in enumerate(amounts) if each.exact]
    starts = [amounts[n].start for n in exact]
    for clause in clauses(plain, year, starts):
        if clause.of_other_year:
            continue
        for n in exact[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)]:
            each = amounts[n]
            if clause.holds(each.start, each.end):
                entry = _entry_before(each, clause, plain, amounts[:n], vocabulary, own)
                if entry is not None and _unit(entry, pack) == each.unit:
                    yield Tie(entry, each, text[clause.start : clause.end].strip())


def _unit(entry: NarrativePhrase, pack: Pack) -> str:
    return PERCENT if entry.indicator else pack.concept(entry.concept).unit


class _Vocabulary(NamedTuple):
    """A pack's phrases: what finds any of them, the longest first, and the entry of each."""

    pattern: re.Pattern[str]
    entries: dict[str, NarrativePhrase]


@cached_per_pack
def _vocabulary(pack: Pack) -> _Vocabulary:
    entries = {to_half_width(phrase): entry for entry in pack.checks.narrative for phrase in entry.phrases}
    longest_first = sorted(entries, key=lambda phrase: (-len(phrase), phrase))
    return _Vocabulary(re.compile("|".join(map(re.escape, longest_first)) or r"(?!)"), entries)


def _entry_before(
    amount: ProseAmount, clause: Clause, plain: str, earlier: list[ProseAmount], vocabulary: _Vocabulary,
    own: str,
) -> NarrativePhrase | None:
    """The entry whose phrase stands nearest before an amount with nothing between that changes the sense."""
    ends = (each.end for each in reversed(earlier) if clause.holds(each.start, each.end))
    begin = next(ends, clause.start)
    before = clause.masked(plain, begin, amount.start)
    phrases = list(vocabulary.pattern.finditer(before))
    if not phrases:
        return None
    nearest = phrases[-1]
    entry = vocabulary.entries[nearest[0]]
    lead = before[: nearest.start()]
    if not _says_is(before[nearest.end() :], entry) or _OTHER_SENSE.search(lead):
        return None
    if not _LEAD.search(lead) and not (own and lead.endswith(own)):
        return None
    for whole, part in pairwise(phrases):
        if not _WHOLE_AND_PART.fullmatch(before[whole.end() : part.start()]) or whole.end() == part.start():
            return None  # 基本支出和项目支出共计 …: the amount is of both
    return entry


def _says_is(gap: str, entry: NarrativePhrase) -> bool:
    """Whether the words between phrase and amount are made of those that say no more than "is"."""
    rest = "".join(gap.split())
    if not rest or rest in _SAID:  # as nearly always
        return True
    words = sorted((*_IS, *map(to_half_width, entry.tails)), key=len, reverse=True)
    while rest:
        taken = next((word for word in words if rest.startswith(word)), None)
        if taken is None:
            return False
        rest = rest[len(taken) :]
    return True


def _compare(tie: Tie, narrative: Fact, filing: CheckedFiling) -> None:
    table, pack = filing.amount(tie.entry.concept), filing.pack
    if table is None or filing.undecided_if_unreadable(DIFFERS, table):
        return
    wrote, step, value = tie.amount.value, _step(tie.amount), table.value or Decimal(0)
    meant = [value]
    if tie.entry.also:
        amounts = (filing.amount(concept) for concept in tie.entry.also)
        meant.append(sum((fact.value for fact in amounts if fact is not None and fact.value is not None), Decimal(0)))
    if wrote == value or any(_to(step, number) == wrote for number in meant):
        filing.passed(DIFFERS)
        return
    concept = pack.concept(tie.entry.concept)
    subject = narrative._replace(concept=concept.id, institution=pack.institution_of(concept.id))
    filing.failed(
        DIFFERS, subject, expected=messages.NOT_FILLED if table.value is None else table.value, actual=wrote,
        difference=wrote - value, message=messages.NOT_IN_TABLE if table.value is None else None,
        quote=messages.quoted(tie.clause), label=concept.label, unit=concept.unit, hint=_hint(tie, step, filing),
    )  # fmt: skip


def _compare_rate(tie: Tie, narrative: Fact, filing: CheckedFiling) -> None:
    """Compare a rate of the narrative with the filing's figures: any reading of the rule will do."""
    indicator = filing.pack.rubric.indicator(tie.entry.indicator)
    sides = (side for measure in indicator.measures for side in (measure.numerator, measure.denominator) if side)
    inputs = [fact for side in sides if (fact := _first_filled(side, filing)) is not None]
    unread = [fact for fact in inputs if fact.value is None]
    rates = [rate for measure in indicator.measures if (rate := _rate(measure, filing)) is not None]
    label = filing.pack.rubric.label_of(indicator)
    if unread or not rates:
        no_basis = f"“{label}”的计算依据{messages.NOT_FILLED}"
        filing.undecided(RATE_DIFFERS, messages.unreadable(filing.pack, unread) if unread else no_basis)
        return
    wrote, step = tie.amount.value, _step(tie.amount)
    shown = [_to(step, Decimal(rate.numerator) / rate.denominator) for rate in rates]
    if wrote in shown:
        filing.passed(RATE_DIFFERS)
        return
    filing.failed(
        RATE_DIFFERS, narrative, expected=shown[0], actual=wrote, difference=wrote - shown[0],
        quote=messages.quoted(tie.clause), label=label,
    )  # fmt: skip


def _rate(measure: Measure, filing: CheckedFiling) -> Fraction | None:
    """Return a rate under one reading (100 = 100 %); None where an input is blank or the denominator is zero."""
    part = _number(measure.numerator, filing)
    if measure.kind is MeasureKind.PERCENT or part is None:
        return part
    whole = _number(measure.denominator, filing)
    if not whole:
        return None
    match measure.kind:
        case MeasureKind.CHANGE:
            return (part - whole) / whole * 100
        case MeasureKind.SIZE_RATIO:
            return abs(part) / whole * 100
        case MeasureKind.INCREASE_RATIO:
            return max(part, Fraction(0)) / whole * 100
        case _:
            return part / whole * 100


def _number(concept_ids: Sequence[str], filing: CheckedFiling) -> Fraction | None:
    fact = _first_filled(concept_ids, filing)
    return None if fact is None or fact.value is None else Fraction(fact.value)


def _first_filled(concept_ids: Sequence[str], filing: CheckedFiling) -> Fact | None:
    """Return the fact of the first of these concepts that holds something, readable or not."""
    facts = (filing.amount(concept_id) for concept_id in concept_ids)
    return next((fact for fact in facts if fact is not None and fact.filled), None)


def _step(amount: ProseAmount) -> Decimal:
    """The last place in which the narrative wrote the amount, in the amount's unit: 0.01 for 334.41万."""
    number = _DECIMALS.search(to_half_width(amount.text))
    if number is None:
        return Decimal("0.000001")
    written = Decimal(number[0].replace(",", ""))
    factor = abs(amount.value / written) if written else Decimal(1)
    return factor.scaleb(-len(number[1] or ""))


def _to(step: Decimal, number: Decimal) -> Decimal:
    """The number rounded to whole steps."""
    return (number / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _hint(tie: Tie, step: Decimal, filing: CheckedFiling) -> str:
    """Name the neighbouring cell of the same table that holds the amount, where just one does."""
    concept, wrote = filing.pack.concept(tie.entry.concept), tie.amount.value
    if not wrote:
        return ""
    neighbours = []
    for other in filing.pack.block_concepts[concept.block]:
        if other.numeric and other.id != concept.id and other.unit == concept.unit:
            fact = filing.amount(other.id)
            if fact is not None and fact.value is not None and _to(step, fact.value) == wrote:
                neighbours.append(other.label)
    return f"{messages.shown(wrote)} 是相邻的“{neighbours[0]}”。" if len(neighbours) == 1 else ""
