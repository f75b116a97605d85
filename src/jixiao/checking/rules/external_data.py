"""A filing against external data: the bureau's own figures (财政核对数据) and last year's result."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from jixiao.checking import messages
from jixiao.checking.filing import CheckedFiling
from jixiao.model.external_data import ExternalData
from jixiao.model.fact import Fact, Facts
from jixiao.pack import Pack
from jixiao.pack.declarations.checks import Jump, LastYear, SameTexts
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.pack.declarations.equations import HALF_UNIT
from jixiao.pack.fact_lookup import external_fact, last_year_fact, term_facts
from jixiao.values.number_format import to_six_places
from jixiao.values.text import MASK, to_half_width

NO_BUREAU = "财政核对数据中没有本部门"
NO_LAST_YEAR = "上年结果中没有本部门"
NO_FIGURE_LAST_YEAR = "上年结果中没有该数"
ZERO_LAST_YEAR = "上年数为零，无从比较"
NO_TEXT_LAST_YEAR = "上年结果中没有可比较的文字"

LONGEST_MASKED = 12
"""The most characters that a masked name or telephone number has."""

_NO_WORDS = re.compile(r"[\W_]+")


def codes(pack: Pack, external: ExternalData) -> frozenset[str]:
    """Return the rules that are checked, by the sources that the run has."""
    declared = pack.checks.elsewhere
    checked = {declared.differs} if external.bureau is not None else set()
    if external.previous is not None:
        checked |= {link.code for link in declared.last_year if link.code} | {jump.code for jump in declared.jumps}
        if (texts := pack.checks.same_texts) is not None and texts.last_year_code:
            checked.add(texts.last_year_code)
    return frozenset(checked)


def check(filing: CheckedFiling, external: ExternalData) -> None:
    """Check how the filing's figures agree with the bureau's and with last year's."""
    declared = filing.pack.checks.elsewhere
    if external.bureau is not None:
        filing.not_asked(declared.differs, messages.NOTHING_FILLED if len(external.bureau) else NO_BUREAU)
        for bureau in external.bureau:
            _against_bureau(filing, bureau)
    if external.previous is None:
        return
    no_figure = NO_FIGURE_LAST_YEAR if len(external.previous) else NO_LAST_YEAR
    for link in declared.last_year:
        if link.code:
            filing.not_asked(link.code, no_figure)
            _against_last_year(filing, external, link)
    for jump in declared.jumps:
        filing.not_asked(jump.code, no_figure)
        _jump(filing, external, jump)
    if (texts := filing.pack.checks.same_texts) is not None and texts.last_year_code:
        _last_years_texts(filing, external.previous, texts)
        filing.not_asked(texts.last_year_code, NO_TEXT_LAST_YEAR if len(external.previous) else NO_LAST_YEAR)


def _against_bureau(filing: CheckedFiling, bureau: Fact) -> None:
    """Compare a filled figure with the bureau's; a difference that rounding to two decimals explains is an `info`."""
    code, pack = filing.pack.checks.elsewhere.differs, filing.pack
    fact, concept = filing.amount(bureau.concept), filing.pack.concept(bureau.concept)
    if fact is None or not fact.filled or filing.undecided_if_unreadable(code, fact):
        return
    if (fact.value, fact.text) == (bureau.value, bureau.text) or (concept.numeric and fact.value == bureau.value):
        filing.passed(code)
        return
    unit, where = messages.unit_words(concept.unit), messages.cell_label(pack, fact.concept, fact.institution)
    if fact.value is None or bureau.value is None:
        filing.failed(code, fact, expected=bureau.text or "", actual=fact.text or "", where=where, unit=unit, gap="")
        return
    difference = to_six_places(fact.value - bureau.value)
    rounded = _is_rounding(difference, concept.kind)
    filing.failed(
        code, fact, expected=bureau.value, actual=fact.value, difference=difference, where=where, unit=unit,
        gap=f"，差额 {messages.number_text(pack, concept.id, abs(difference))}{unit}",
        message=messages.BUREAU_ROUNDED if rounded else None, rounded=rounded,
    )  # fmt: skip


def _against_last_year(filing: CheckedFiling, external: ExternalData, link: LastYear) -> None:
    pack = filing.pack
    before, fact = last_year_fact(pack, external, link.concept), filing.amount(link.concept)
    if before is None or before.value is None or fact is None or filing.undecided_if_unreadable(link.code, fact):
        return
    if fact.value is None and not link.blank_is_zero:
        return
    difference = to_six_places((fact.value or Decimal(0)) - before.value)
    if difference == 0:
        filing.passed(link.code)
        return
    filing.failed(
        link.code, fact, expected=before.value, actual=messages.NOT_FILLED if fact.value is None else fact.value,
        difference=difference, where=messages.cell_label(pack, fact.concept, fact.institution),
        was=messages.concept_label(pack, _was(pack, external, link)),
        unit=messages.unit_words(pack.concept(link.concept).unit),
        message=messages.LAST_YEAR_BLANK if fact.value is None else None,
        rounded=_is_rounding(difference, pack.concept(link.concept).kind),
    )  # fmt: skip


def _is_rounding(difference: Decimal, kind: ConceptKind) -> bool:
    return kind is ConceptKind.AMOUNT and abs(difference) <= HALF_UNIT


def _was(pack: Pack, external: ExternalData, link: LastYear) -> str:
    """Return the concept of last year's form that the link leads to."""
    facts = ((concept, external_fact(pack, external.previous, concept)) for concept in link.was)
    return next((concept for concept, fact in facts if fact is not None and fact.value is not None), link.was[0])


def _jump(filing: CheckedFiling, external: ExternalData, jump: Jump) -> None:
    pack = filing.pack
    before, fact = external_fact(pack, external.previous, jump.concept), filing.amount(jump.concept)
    if before is None or before.value is None or fact is None or filing.undecided_if_unreadable(jump.code, fact):
        return
    if fact.value is None:
        return
    change = fact.value - before.value
    if abs(change) < jump.least:
        filing.passed(jump.code)
        return
    if before.value <= 0:
        filing.undecided(jump.code, f"{messages.cell_label(pack, jump.concept)}{ZERO_LAST_YEAR}")
        return
    rate = Fraction(change) / Fraction(before.value)
    if -Fraction(jump.down) <= rate <= Fraction(jump.up):
        filing.passed(jump.code)
        return
    filing.failed(
        jump.code, fact, expected=before.value, actual=fact.value, difference=change,
        where=messages.cell_label(pack, fact.concept, fact.institution), change="增加" if change > 0 else "减少",
        rate=messages.percent(abs(rate)), unit=messages.unit_words(pack.concept(jump.concept).unit),
    )  # fmt: skip


def _last_years_texts(filing: CheckedFiling, previous: Facts, declared: SameTexts) -> None:
    """Report texts that are last year's word for word, blanks and punctuation aside; short ones may well be alike."""
    pack = filing.pack
    for concept_id in declared.last_year:
        written = [fact for fact in term_facts(pack, filing.facts, concept_id) if fact.text]
        now = "".join(fact.text or "" for fact in written)
        then = "".join(fact.text or "" for fact in term_facts(pack, previous, concept_id))
        length = len(_bare(now))
        if not then or length < declared.last_year_least:
            continue
        if not _alike(now, then):
            filing.passed(declared.last_year_code)
            continue
        filing.failed(
            declared.last_year_code, written[0], actual=str(length), expected=messages.quoted(then),
            where=f"“{messages.concept_label(pack, written[0].concept)}”",
        )  # fmt: skip


def _bare(text: str) -> str:
    return _NO_WORDS.sub("", to_half_width(text))


def _alike(now: str, then: str) -> bool:
    """Return whether two texts are alike; a mask in last year's, which the result keeps without names, stands for any name."""
    pieces = [re.escape(_bare(piece)) for piece in then.split(MASK)]
    return re.fullmatch(f".{{1,{LONGEST_MASKED}}}".join(pieces), _bare(now)) is not None
