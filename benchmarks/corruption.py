"""How well localisation names the wrong cell: one corruption of each kind at random cells of clean synthetic filings.

`python -m benchmarks.corruption [CASES] [SEED]` prints the table by kind. A case counts as named where every suggestion
of the filing that is given points to the corrupted cell, as valued where it also gives the value that stood there.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jixiao.checking.check import check
from jixiao.demo.generate import district
from jixiao.model.fact import SUMMARY, Fact, Facts, FactState
from jixiao.model.finding import Finding
from jixiao.model.place import Place
from jixiao.model.submission import Submission
from jixiao.pack import Pack, load_pack
from jixiao.pack.resolve import SCOPE_AGGREGATE, SCOPE_INSTITUTION

Key = tuple[str, str | None]
PARTITION = 40
TRIES = 50


def placed(submission: Submission, pack: Pack) -> Submission:
    """The filing with places as on its form: a row an institution, elsewhere the stem of a concept, a column its leaf."""
    order = {concept: n for n, concept in enumerate(pack.concepts)}
    rows = {institution.key: n for n, institution in enumerate(submission.institutions)}
    stems: dict[tuple[str, str], int] = {}
    leaves: dict[tuple[str, str], int] = {}
    facts = []
    for n, fact in enumerate(submission.facts):
        block = pack.concept(fact.concept).block
        sheet = pack.sheet_of(block).name
        if fact.institution in rows:
            place = Place(sheet, rows[fact.institution], order.get(fact.concept, n))
        else:
            stem, _, leaf = fact.concept.rpartition(".")
            row = stems.setdefault((block, stem), len(rows) + 1 + len(stems))
            place = Place(sheet, row, leaves.setdefault((block, leaf), sum(each == block for each, _ in leaves)))
        facts.append(fact._replace(place=place))
    return replace(submission, facts=Facts.of(facts))


def equation_count(key: Key, pack: Pack, facts: Facts) -> int:
    """In how many balances a cell stands that this filing is asked, those of the score sheet among them."""
    concept, institution = key
    count = 0
    for equation in pack.equations:
        terms = {term.concept for term in (equation.total, *equation.parts)}
        if concept not in terms:
            continue
        if equation.scope in (SCOPE_AGGREGATE, SCOPE_INSTITUTION):
            count += 1
        elif institution in (SUMMARY, None):
            others = [facts.value(each, pack.institution_of(each)) for each in terms]
            count += not equation.both_filled or None not in others
    total, stated = pack.names.total_sheet, pack.names.total_stated
    if concept == total:
        return count + 2
    scores = {pack.score_concept(each.id, "self") for each in pack.rubric.indicators}
    return count + (concept in scores or concept == stated)


def _digits(value: Decimal) -> list[str]:
    return list(format(value, "f"))


def _mistyped(value: Decimal, dice: random.Random) -> Decimal:
    characters = _digits(value)
    at = dice.choice([n for n, char in enumerate(characters) if char.isdigit()])
    characters[at] = dice.choice([digit for digit in "0123456789" if digit != characters[at]])
    return Decimal("".join(characters))


def _swapped(value: Decimal, dice: random.Random) -> Decimal:
    characters = _digits(value)
    at = [n for n, char in enumerate(characters) if char.isdigit()]
    pairs = [pair for pair in itertools.pairwise(at) if characters[pair[0]] != characters[pair[1]]]
    if not pairs:
        return value
    left, right = dice.choice(pairs)
    characters[left], characters[right] = characters[right], characters[left]
    return Decimal("".join(characters))


def _dropped(value: Decimal, dice: random.Random) -> Decimal:
    characters = _digits(value)
    at = [n for n, char in enumerate(characters) if char.isdigit()]
    if len(at) < 2:
        return value
    del characters[dice.choice(at)]
    return Decimal("".join(characters))


def _doubled(value: Decimal, dice: random.Random) -> Decimal:
    characters = _digits(value)
    at = dice.choice([n for n, char in enumerate(characters) if char.isdigit()])
    return Decimal("".join([*characters[:at], characters[at], *characters[at:]]))


KINDS: dict[str, Callable[[Decimal, random.Random], Decimal | None]] = {
    "digit mistyped": _mistyped,
    "digits swapped": _swapped,
    "digit dropped": _dropped,
    "digit doubled": _doubled,
    "decimal point moved": lambda value, dice: value * Decimal(dice.choice(("10", "100", "0.1", "0.01"))),
    "元 for 万元": lambda value, dice: value * 10_000,
    "sign": lambda value, dice: -value,
    "left blank": lambda value, dice: None,
    "arbitrary": lambda value, dice: (value * Decimal(dice.randint(20, 180)) / 100).quantize(Decimal("0.01")),
}
"""What is done to one cell."""

NEIGHBOUR, SHIFT = "copy of a neighbour", "row shifted by a column"


@dataclass(frozen=True)
class Case:
    """A filing with one corruption: its kind, the cells changed with what stood there, and the fewest balances of one."""

    kind: str
    submission: Submission
    cells: dict[Key, Decimal | None]
    equations: int


def cases(pack: Pack, count: int, seed: int, kinds: Sequence[str] = (*KINDS, NEIGHBOUR, SHIFT)) -> Iterator[Case]:
    """`count` cases of each kind."""
    dice = random.Random(f"corruption/{seed}")
    clean = [placed(each.submission(pack), pack) for each in district(pack, max(20, count), seed, faulty=0)]
    for kind in kinds:
        made = 0
        for _ in range(TRIES * count):  # not every form has cells for every kind
            if made == count:
                break
            submission = dice.choice(clean)
            changed = _corrupted(kind, submission, pack, dice)
            if not changed:
                continue
            made += 1
            before = {key: submission.facts.value(*key) for key in changed}
            facts = Facts.of(
                _with(fact, changed[fact.concept, fact.institution])
                if (fact.concept, fact.institution) in changed
                else fact
                for fact in submission.facts
            )
            least = min(equation_count(key, pack, facts) for key in changed)
            yield Case(kind, replace(submission, facts=facts), before, least)


def _with(fact: Fact, value: Decimal | None) -> Fact:
    state = FactState.BLANK if value is None else FactState.OK
    return fact._replace(state=state, value=value, raw=None if value is None else str(value))


def _corrupted(kind: str, submission: Submission, pack: Pack, dice: random.Random) -> dict[Key, Decimal | None]:
    """What the corrupted cells hold; empty where the chosen cell cannot be corrupted so."""
    facts = submission.facts
    cells = [fact for fact in facts if fact.value and equation_count((fact.concept, fact.institution), pack, facts)]
    fact = dice.choice(cells)
    key, value = (fact.concept, fact.institution), fact.value
    assert value is not None
    if kind in KINDS:
        now = KINDS[kind](value, dice)
        return {key: now} if now != value else {}
    row = [
        each for each in facts
        if each.institution == fact.institution and pack.concept(each.concept).block == pack.concept(fact.concept).block
        and pack.concept(each.concept).numeric
    ]  # fmt: skip
    at = row.index(fact)
    if kind == NEIGHBOUR:
        beside = [each.value for each in row[max(0, at - 1) : at + 2] if each is not fact and each.value]
        now = dice.choice(beside) if beside else value
        return {key: now} if now != value else {}
    return _shifted(row, at) if fact.institution is not None else {}


def _shifted(row: Sequence[Fact], at: int) -> dict[Key, Decimal | None]:
    """A run of the row from one cell on, written one column too far; what stood behind it is written over."""
    run = row[at : at + 4]
    if len(run) < 3 or sum(1 for each in run[:-1] if each.value) < 2:
        return {}
    now = [None, *(each.value for each in run[:-1])]
    changed = {(each.concept, each.institution): value for each, value in zip(run, now, strict=True)}
    return {(each.concept, each.institution): changed[each.concept, each.institution] for each in run
            if (each.value or Decimal(0)) != (changed[each.concept, each.institution] or Decimal(0))}  # fmt: skip


@dataclass
class Count:
    """How the cases of one kind came out."""

    cases: int = 0
    broken: int = 0
    named: int = 0
    valued: int = 0
    wrong: int = 0


def judged(case: Case, findings: Sequence[Finding]) -> tuple[bool, bool, bool, bool]:
    """Whether an equation broke, the right cells were named, with the right values, and whether a wrong cell was."""
    broken = [each for each in findings if each.rule.startswith(("BAL", "AGG", "XFM", "SCR-01", "SCR-02")) and each.severity != "info"]
    places = {}
    for key in case.cells:
        fact = case.submission.facts.get(*key)
        assert fact is not None
        places[fact.place] = case.cells[key]
    told = {(each.suggested_place, each.suggested_value) for each in findings if each.suggestion}
    named = bool(told) and all(place in places for place, _ in told)
    valued = named and all((places[place] or Decimal(0)) == value for place, value in told)
    return bool(broken), named, valued, bool(told) and not named


def study(pack: Pack, count: int, seed: int, least: int = 2) -> dict[str, Count]:
    """The counts by kind, of the cases in which the corrupted cell stands in at least so many balances."""
    counts: dict[str, Count] = defaultdict(Count)
    made = [case for case in cases(pack, count, seed) if case.equations >= least]
    for start in range(0, len(made), PARTITION):
        part = made[start : start + PARTITION]
        for case, checked in zip(part, check([each.submission for each in part], pack), strict=True):
            broken, named, valued, wrong = judged(case, checked.findings)
            count_of = counts[case.kind]
            count_of.cases += 1
            count_of.broken += broken
            count_of.named += named
            count_of.valued += valued
            count_of.wrong += wrong
    return dict(counts)


def total(counts: dict[str, Count]) -> Count:
    """All kinds together."""
    whole = Count()
    for each in counts.values():
        for name in vars(whole):
            setattr(whole, name, getattr(whole, name) + getattr(each, name))
    return whole


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    count = int(arguments[0]) if arguments else 100
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    pack = load_pack(arguments[2] if len(arguments) > 2 else "yunxi_2022")
    for least in (2, 1):
        counts = study(pack, count, seed, least)
        print(f"corrupted cell in {least} or more balances")
        print(f"{'kind':26}{'cases':>7}{'broken':>8}{'cell':>8}{'value':>8}{'wrong':>7}")
        for kind, each in [*counts.items(), ("all", total(counts))]:
            print(f"{kind:26}{each.cases:7}{each.broken:8}{each.named / each.cases:8.1%}{each.valued / each.cases:8.1%}{each.wrong:7}")


if __name__ == "__main__":
    main(sys.argv[1:])
