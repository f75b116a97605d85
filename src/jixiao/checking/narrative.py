"""The narrative's amounts against the tables (五、评价报告综述): precision first, what is not plainly tied is left alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from jixiao.checking import words
from jixiao.checking.clauses import Clause, clauses
from jixiao.checking.narrative_rates import rates_of, unread_inputs
from jixiao.checking.tally import Tally
from jixiao.model.fact import Fact, State
from jixiao.model.numerals import narrow, to_six_places
from jixiao.model.prose import ProseAmount, amounts_in_prose
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.checks import NarrativePhrase
from jixiao.pack.lookup import amount

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
    found: ProseAmount
    clause: str


def check_narrative(submission: Submission, pack: Pack, tally: Tally) -> None:
    """Tell the tally whether the amounts of the narrative are those of the tables."""
    fact = submission.facts.get(pack.names.narrative) if pack.names.narrative else None
    if fact is None or not fact.text:
        for code in (DIFFERS, RATE_DIFFERS):
            tally.undecided(code, f"综述{words.NOT_FILLED}")
        return
    year_text = submission.facts.text(pack.names.year) if pack.names.year else None
    told: set[tuple[str, Decimal]] = set()
    department = submission.facts.text(pack.names.department) or ""
    for tie in ties(fact.text, pack, int(year_text) if year_text and year_text.isdecimal() else None, department):
        subject = tie.entry.indicator or tie.entry.concept
        if (subject, tie.found.value) not in told:
            told.add((subject, tie.found.value))
            (_compare_rate if tie.entry.indicator else _compare)(tie, fact, submission, pack, tally)
    tally.not_asked(DIFFERS, "综述中没有可与表内核对的数额")
    tally.not_asked(RATE_DIFFERS, "综述中没有可与填报数核对的比率")


def ties(text: str, pack: Pack, year: int | None, department: str = "") -> Iterator[Tie]:
    """The amounts of a text of a department that plainly repeat a concept of the form, in their order."""
    own = narrow(department).strip()
    plain, vocabulary = narrow(text), _vocabulary(pack.checks.narrative)
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


@lru_cache(maxsize=8)
def _vocabulary(declared: tuple[NarrativePhrase, ...]) -> _Vocabulary:
    entries = {narrow(phrase): entry for entry in declared for phrase in entry.phrases}
    longest_first = sorted(entries, key=lambda phrase: (-len(phrase), phrase))
    return _Vocabulary(re.compile("|".join(map(re.escape, longest_first)) or r"(?!)"), entries)


def _entry_before(
    found: ProseAmount, clause: Clause, plain: str, earlier: list[ProseAmount], vocabulary: _Vocabulary,
    own: str,
) -> NarrativePhrase | None:
    """The entry whose phrase stands nearest before an amount with nothing between that changes the sense."""
    ends = (each.end for each in reversed(earlier) if clause.holds(each.start, each.end))
    begin = next(ends, clause.start)
    before = clause.masked(plain, begin, found.start)
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
    known = _known(entry.tails)
    while rest:
        taken = next((word for word in known if rest.startswith(word)), None)
        if taken is None:
            return False
        rest = rest[len(taken) :]
    return True


@lru_cache(maxsize=256)
def _known(tails: tuple[str, ...]) -> tuple[str, ...]:
    """The words between phrase and amount that say no more than "is", an entry's own among them, the longest first."""
    return tuple(sorted((*_IS, *map(narrow, tails)), key=len, reverse=True))


def _compare(tie: Tie, narrative: Fact, submission: Submission, pack: Pack, tally: Tally) -> None:
    table = amount(pack, submission.facts, tie.entry.concept)
    if table is None:
        return
    if table.state is State.UNREADABLE:
        tally.undecided(DIFFERS, words.unreadable(pack, [table]))
        return
    wrote = tie.found.value
    if wrote == (table.value or 0):  # as nearly all are
        tally.passed(DIFFERS)
        return
    step = _step(tie.found)
    meant = [table.value or Decimal(0)]
    if tie.entry.also:
        meant.append(sum((_value(concept, submission, pack) for concept in tie.entry.also), Decimal(0)))
    if any(_to(step, number) == wrote for number in meant):
        tally.passed(DIFFERS)
        return
    concept = pack.concept(tie.entry.concept)
    tally.failed(
        pack.rules.finding(
            DIFFERS,
            place=narrative.place,
            concept=tie.entry.concept,
            institution=pack.institution_of(tie.entry.concept),
            expected=words.NOT_FILLED if table.value is None else words.shown(table.value),
            actual=words.shown(wrote),
            difference=to_six_places(wrote - (table.value or Decimal(0))),
            message=words.NOT_IN_TABLE if table.value is None else None,
            quote=words.quoted(tie.clause),
            label=concept.label,
            unit=concept.unit,
            hint=_hint(tie, step, submission, pack),
        )
    )


def _compare_rate(tie: Tie, narrative: Fact, submission: Submission, pack: Pack, tally: Tally) -> None:
    """A rate of the narrative against the filing's figures: any reading of the rule will do."""
    unread = unread_inputs(pack, submission.facts, tie.entry.indicator)
    rates = rates_of(pack, submission.facts, tie.entry.indicator)
    label = pack.rubric.label_of(pack.rubric.indicator(tie.entry.indicator))
    if unread or not rates:
        why = words.unreadable(pack, unread) if unread else f"“{label}”的计算依据{words.NOT_FILLED}"
        tally.undecided(RATE_DIFFERS, why)
        return
    wrote, step = tie.found.value, _step(tie.found)
    shown = [_to(step, Decimal(rate.numerator) / rate.denominator) for rate in rates]
    if wrote in shown:
        tally.passed(RATE_DIFFERS)
        return
    tally.failed(
        pack.rules.finding(
            RATE_DIFFERS,
            place=narrative.place,
            concept=narrative.concept,
            expected=words.shown(shown[0]),
            actual=words.shown(wrote),
            difference=to_six_places(wrote - shown[0]),
            quote=words.quoted(tie.clause),
            label=label,
        )
    )


def _value(concept_id: str, submission: Submission, pack: Pack) -> Decimal:
    fact = amount(pack, submission.facts, concept_id)
    return fact.value if fact is not None and fact.value is not None else Decimal(0)


def _step(found: ProseAmount) -> Decimal:
    """The last place in which the narrative wrote the amount, in the amount's unit: 0.01 for 334.41万."""
    number = _DECIMALS.search(narrow(found.text))
    if number is None:
        return Decimal("0.000001")
    written = Decimal(number[0].replace(",", ""))
    factor = abs(found.value / written) if written else Decimal(1)
    return factor.scaleb(-len(number[1] or ""))


def _to(step: Decimal, number: Decimal) -> Decimal:
    """The number rounded to whole steps."""
    return (number / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _hint(tie: Tie, step: Decimal, submission: Submission, pack: Pack) -> str:
    """Which neighbouring cell of the same table holds the amount, where just one does."""
    concept = pack.concept(tie.entry.concept)
    if not tie.found.value:
        return ""
    neighbours = []
    for other in pack.block_concepts[concept.block]:
        fact = amount(pack, submission.facts, other.id) if other.numeric and other.id != concept.id else None
        if (
            fact is not None
            and fact.value is not None
            and other.unit == concept.unit
            and _to(step, fact.value) == tie.found.value
        ):
            neighbours.append(other.label)
    return f"{words.shown(tie.found.value)} 是相邻的“{neighbours[0]}”。" if len(neighbours) == 1 else ""
