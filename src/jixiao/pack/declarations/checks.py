"""What the checks beyond balances look at, and where figures from outside a filing count, as a pack declares it."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.external_data import DataSource
from jixiao.pack.declarations import Declaration
from jixiao.pack.declarations.rules import Rule, RuleSetting


class LastYear(Declaration):
    """`concept` of this year repeats a figure of last year: the first filled of `was`.

    `code` is the rule that compares them, "" for none; with `blank_is_zero` a blank is compared as zero.
    """

    concept: str
    was: tuple[str, ...]
    code: str = ""
    blank_is_zero: bool = False


class Jump(Declaration):
    """A change of `concept` from last year's figure that wants an explanation.

    So where it is at least `least` in the concept's unit and more than `up` above or `down` below (1 = 100 %).
    """

    code: str
    concept: str
    up: Decimal
    down: Decimal
    least: Decimal


class ElsewhereDeclaration(Declaration):
    """`order` is that in which sources are asked for an input of a score, the first that has it counting.

    `differs` is the rule of a figure that is not the bureau's. `reference` are concepts that the bureau's blank workbook
    offers besides the inputs of the scores.
    """

    order: tuple[DataSource, ...] = (DataSource.BUREAU, DataSource.FILING, DataSource.PREVIOUS)
    differs: str = "XFM-90"
    reference: tuple[str, ...] = ()
    last_year: tuple[LastYear, ...] = ()
    jumps: tuple[Jump, ...] = ()

    def was(self, concept: str) -> tuple[str, ...]:
        """Return the concepts of last year that a concept of this year repeats; empty for none."""
        return next((each.was for each in self.last_year if each.concept == concept), ())

    @property
    def asked_of_last_year(self) -> tuple[str, ...]:
        """Return every concept of last year's form that is asked for."""
        concepts = [*(each for link in self.last_year for each in link.was), *(jump.concept for jump in self.jumps)]
        return tuple(dict.fromkeys(concepts))


class NarrativePhrase(Declaration):
    """Words that, before an amount in the narrative, say which concept the amount repeats.

    `tails` are words that may stand between phrase and amount beside those that mean no more than "is". `also` names
    concepts whose sum the words may mean as well. With `indicator` in place of `concept` they name a rate of the rubric.
    """

    phrases: tuple[str, ...]
    concept: str = ""
    indicator: str = ""
    tails: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class Comparison(Declaration):
    """The sum of `smaller` may not exceed the sum of `larger`; undecided where either is wholly blank.

    `instead` counts where `larger` is wholly blank.
    """

    code: str
    smaller: tuple[str, ...]
    larger: tuple[str, ...]
    instead: tuple[str, ...] = ()


class OverBudget(Declaration):
    """Parts over their budget while the total is not; concept ids are `<stem>.<column>`."""

    total: str
    parts: tuple[str, ...]
    actual: str
    budget: str


class RateBound(Declaration):
    """An indicator's rate over a bound wants an explanation (unless the reason column holds one)."""

    code: str
    indicator: str
    over: Decimal
    unless_reason: bool = False


class Targets(Declaration):
    """The concepts of the declared targets and the words that say no more than 'done'."""

    block: str
    kind: str
    target: str
    actual: str
    done_words: tuple[str, ...]
    satisfaction_kinds: tuple[str, ...]


class DeductionWords(Declaration):
    """Words by which a remark speaks of a deduction, and those that take the sense away where they stand before or in it.

    The column for reasons also holds other remarks, so a remark beside full marks is no contradiction by itself.
    """

    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class PeerRate(Declaration):
    """A rate by which departments of one kind are compared: the sum of `numerator` over the sum of `denominator`.

    `percent` says that it is read as a percentage; otherwise it carries `unit`.
    """

    label: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    unit: str = ""
    percent: bool = False


class WrongUnit(Declaration):
    """Amounts of like size: one `factor` times the other (within `spread` times) shows a table filled in `unit`.

    `pairs` are concepts of like size; in the `tables` every institution is compared with the summary, by the first column.
    """

    code: str
    unit: str
    factor: Decimal
    spread: Decimal
    pairs: tuple[tuple[str, str], ...]
    tables: tuple[str, ...] = ()


class AllZero(Declaration):
    """Tables none of which holds zeros alone where another of them has amounts."""

    code: str
    tables: tuple[str, ...]


class SameTexts(Declaration):
    """Texts of at least so many characters that no two departments write alike; told in the district summary alone.

    With `last_year_code` the texts of `last_year` (`{n}`: those of all rows together) are compared with the same
    department's of last year, if they have at least `last_year_least` characters; told to the department.
    """

    code: str
    concepts: tuple[str, ...]
    least: int
    last_year_code: str = ""
    last_year: tuple[str, ...] = ()
    last_year_least: int = 0


class Checks(Declaration):
    """The checks file of a pack; `rules` are those that no other form has, `settings` how it departs from rules."""

    narrative: tuple[NarrativePhrase, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    over_budget: tuple[OverBudget, ...] = ()
    rate_bounds: tuple[RateBound, ...] = ()
    not_below_zero: dict[str, str] = {}
    wrong_unit: WrongUnit | None = None
    all_zero: AllZero | None = None
    same_texts: SameTexts | None = None
    targets: Targets | None = None
    deductions: DeductionWords = DeductionWords()
    peer_rates: tuple[PeerRate, ...] = ()
    peer_size: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    settings: tuple[RuleSetting, ...] = ()
    elsewhere: ElsewhereDeclaration = ElsewhereDeclaration()
