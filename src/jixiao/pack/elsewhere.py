"""Figures that do not come from a filing: in which order sources count, and what this year owes to last year."""

from __future__ import annotations

from decimal import Decimal

from jixiao.model.elsewhere import Origin
from jixiao.pack.declaration import Declaration


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

    order: tuple[Origin, ...] = (Origin.BUREAU, Origin.FILING, Origin.PREVIOUS)
    differs: str = "XFM-90"
    reference: tuple[str, ...] = ()
    last_year: tuple[LastYear, ...] = ()
    jumps: tuple[Jump, ...] = ()

    def was(self, concept: str) -> tuple[str, ...]:
        """The concepts of last year that a concept of this year repeats; empty for none."""
        return next((each.was for each in self.last_year if each.concept == concept), ())

    @property
    def asked_of_last_year(self) -> tuple[str, ...]:
        """Every concept of last year's form that is asked for."""
        asked = [*(each for link in self.last_year for each in link.was), *(jump.concept for jump in self.jumps)]
        return tuple(dict.fromkeys(asked))
