"""A filing against what is known besides: the bureau's own figures (财政核对数据) and last year's result."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from jixiao.checking import words
from jixiao.checking.tally import Tally
from jixiao.model.elsewhere import Elsewhere
from jixiao.model.fact import Fact, Facts, State
from jixiao.model.finding import Finding, Severity
from jixiao.model.numerals import narrow, to_six_places
from jixiao.model.privacy import MASK
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.checks import Jump, LastYear, SameTexts
from jixiao.pack.concept import Concept, Kind
from jixiao.pack.equations import HALF_UNIT
from jixiao.pack.lookup import amount, last_year, outside, term_facts

NO_BUREAU = "财政核对数据中没有本部门"
NO_LAST_YEAR = "上年结果中没有本部门"
NO_FIGURE_LAST_YEAR = "上年结果中没有该数"
ZERO_LAST_YEAR = "上年数为零，无从比较"
NO_TEXT_LAST_YEAR = "上年结果中没有可比较的文字"

LONGEST_MASKED = 12
"""So many characters a masked name or telephone has at most."""

_NO_WORDS = re.compile(r"[\W_]+")


def elsewhere_codes(pack: Pack, elsewhere: Elsewhere) -> frozenset[str]:
    """The rules that are asked, by which sources the run was given."""
    declared = pack.checks.elsewhere
    codes = {declared.differs} if elsewhere.bureau is not None else set()
    if elsewhere.previous is not None:
        codes |= {each.code for each in declared.last_year if each.code} | {jump.code for jump in declared.jumps}
        if (texts := pack.checks.same_texts) is not None and texts.last_year_code:
            codes.add(texts.last_year_code)
    return frozenset(codes)


def check_elsewhere(submission: Submission, elsewhere: Elsewhere, pack: Pack, tally: Tally) -> None:
    """Tell the tally how the filing's figures agree with the bureau's and with last year's."""
    declared = pack.checks.elsewhere
    if elsewhere.bureau is not None:
        tally.not_asked(declared.differs, words.NOTHING_FILLED if len(elsewhere.bureau) else NO_BUREAU)
        for known in elsewhere.bureau:
            _against_bureau(submission.facts, known, pack, tally)
    if elsewhere.previous is not None:
        for link in declared.last_year:
            if link.code:
                tally.not_asked(link.code, NO_FIGURE_LAST_YEAR if len(elsewhere.previous) else NO_LAST_YEAR)
                _against_last_year(submission.facts, elsewhere, link, pack, tally)
        for jump in declared.jumps:
            tally.not_asked(jump.code, NO_FIGURE_LAST_YEAR if len(elsewhere.previous) else NO_LAST_YEAR)
            _jump(submission.facts, elsewhere, jump, pack, tally)
        if (texts := pack.checks.same_texts) is not None and texts.last_year_code:
            _last_years_texts(submission.facts, elsewhere.previous, texts, pack, tally)
            tally.not_asked(texts.last_year_code, NO_TEXT_LAST_YEAR if len(elsewhere.previous) else NO_LAST_YEAR)


def _against_bureau(facts: Facts, known: Fact, pack: Pack, tally: Tally) -> None:
    """A filled figure that is not the bureau's; one that rounding to two decimals explains is only told."""
    code = pack.checks.elsewhere.differs
    told = amount(pack, facts, known.concept)
    concept = pack.concept(known.concept)
    if told is None or not told.filled:
        return
    if told.state is State.UNREADABLE:
        tally.undecided(code, words.unreadable(pack, [told]))
        return
    if (told.value, told.text) == (known.value, known.text) or (concept.numeric and told.value == known.value):
        tally.passed(code)
        return
    if told.value is None or known.value is None:
        tally.failed(_differs(code, told, concept, pack, expected=known.text or "", actual=told.text or ""))
        return
    difference = to_six_places(told.value - known.value)
    rounded = concept.kind is Kind.AMOUNT and abs(difference) <= HALF_UNIT
    tally.failed(
        _differs(
            code, told, concept, pack, expected=words.shown(known.value), actual=words.shown(told.value),
            difference=difference, rounded=rounded,
        )
    )  # fmt: skip


def _differs(
    code: str, told: Fact, concept: Concept, pack: Pack, *, expected: str, actual: str,
    difference: Decimal | None = None, rounded: bool = False,
) -> Finding:  # fmt: skip
    unit = words.unit_words(concept.unit)
    gap = "" if difference is None else f"，差额 {words.told(pack, concept.id, abs(difference))}{unit}"
    return pack.rules.finding(
        code, place=told.place, concept=told.concept, institution=told.institution, expected=expected, actual=actual,
        difference=difference, where=words.where(pack, told.concept, told.institution), unit=unit, gap=gap,
        severity=Severity.INFO if rounded else None, message=words.BUREAU_ROUNDED if rounded else None,
        remedy=words.ROUNDED_REMEDY if rounded else None,
    )  # fmt: skip


def _against_last_year(facts: Facts, elsewhere: Elsewhere, link: LastYear, pack: Pack, tally: Tally) -> None:
    known, told = last_year(pack, elsewhere, link.concept), amount(pack, facts, link.concept)
    if known is None or known.value is None or told is None:
        return
    if told.state is State.UNREADABLE:
        tally.undecided(link.code, words.unreadable(pack, [told]))
        return
    if told.value is None and not link.blank_is_zero:
        return
    difference = to_six_places((told.value or Decimal(0)) - known.value)
    if difference == 0:
        tally.passed(link.code)
        return
    rounded = pack.concept(link.concept).kind is Kind.AMOUNT and abs(difference) <= HALF_UNIT
    tally.failed(
        pack.rules.finding(
            link.code, place=told.place, concept=told.concept, institution=told.institution,
            expected=words.shown(known.value),
            actual=words.NOT_FILLED if told.value is None else words.shown(told.value), difference=difference,
            where=words.where(pack, told.concept, told.institution), was=words.label(pack, _was(pack, elsewhere, link)),
            unit=words.unit_words(pack.concept(link.concept).unit), severity=Severity.INFO if rounded else None,
            message=words.LAST_YEAR_BLANK if told.value is None else None,
            remedy=words.ROUNDED_REMEDY if rounded else None,
        )
    )  # fmt: skip


def _was(pack: Pack, elsewhere: Elsewhere, link: LastYear) -> str:
    """The concept of last year's form that the link found."""
    found = ((each, outside(pack, elsewhere.previous, each)) for each in link.was)
    return next((each for each, fact in found if fact is not None and fact.value is not None), link.was[0])


def _jump(facts: Facts, elsewhere: Elsewhere, jump: Jump, pack: Pack, tally: Tally) -> None:
    known, told = outside(pack, elsewhere.previous, jump.concept), amount(pack, facts, jump.concept)
    if known is None or known.value is None or told is None:
        return
    if told.state is State.UNREADABLE:
        tally.undecided(jump.code, words.unreadable(pack, [told]))
        return
    if told.value is None:
        return
    change = told.value - known.value
    if abs(change) < jump.least:
        tally.passed(jump.code)
        return
    if known.value <= 0:
        tally.undecided(jump.code, f"{words.where(pack, jump.concept)}{ZERO_LAST_YEAR}")
        return
    rate = Fraction(change) / Fraction(known.value)
    if -Fraction(jump.down) <= rate <= Fraction(jump.up):
        tally.passed(jump.code)
        return
    tally.failed(
        pack.rules.finding(
            jump.code, place=told.place, concept=told.concept, institution=told.institution,
            expected=words.shown(known.value), actual=words.shown(told.value), difference=to_six_places(change),
            where=words.where(pack, told.concept, told.institution), change="增加" if change > 0 else "减少",
            rate=words.percent(abs(rate)), unit=words.unit_words(pack.concept(jump.concept).unit),
        )
    )  # fmt: skip


def _last_years_texts(facts: Facts, previous: Facts, declared: SameTexts, pack: Pack, tally: Tally) -> None:
    """Texts that are last year's word for word, blanks and punctuation aside; short ones may well be alike."""
    for concept_id in declared.last_year:
        written = [fact for fact in term_facts(pack, facts, concept_id) if fact.text]
        now = "".join(fact.text or "" for fact in written)
        then = "".join(fact.text or "" for fact in term_facts(pack, previous, concept_id))
        length = len(_bare(now))
        if not then or length < declared.last_year_least:
            continue
        if not _alike(now, then):
            tally.passed(declared.last_year_code)
            continue
        told = written[0]
        tally.failed(
            pack.rules.finding(
                declared.last_year_code, place=told.place, concept=told.concept, actual=str(length),
                expected=words.quoted(then), where=f"“{words.label(pack, told.concept)}”",
            )
        )  # fmt: skip


def _bare(text: str) -> str:
    return _NO_WORDS.sub("", narrow(text))


def _alike(now: str, then: str) -> bool:
    """Whether two texts are alike; a mask in last year's, which the result keeps without names, stands for any name."""
    pieces = [re.escape(_bare(piece)) for piece in then.split(MASK)]
    return re.fullmatch(f".{{1,{LONGEST_MASKED}}}".join(pieces), _bare(now)) is not None
