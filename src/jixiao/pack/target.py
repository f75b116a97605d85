"""Targets that a filing declares: how what was reached of them earns marks."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from jixiao.pack.band import exact
from jixiao.pack.declaration import Declaration

Operator = Literal[">=", "<=", "=", ">", "<"]


class Level(Declaration):
    """A level of completion that a text names by one of `words`, and the share of the points that it allows."""

    label: str
    words: tuple[str, ...]
    lower: Decimal
    lower_closed: bool = True
    upper: Decimal
    upper_closed: bool = False

    def holds(self, share: Fraction) -> bool:
        """Whether a share of the points (1 = all) lies in the level's interval."""
        above = share > exact(self.lower) or (self.lower_closed and share == exact(self.lower))
        return above and (share < exact(self.upper) or (self.upper_closed and share == exact(self.upper)))


class TargetCompletion(Declaration):
    """Full marks where the actual figure meets its target, else the marks times the ratio that was reached.

    `target` and `actual` are concepts with `{n}`. A target without an operator is read as `operator`, or as
    `operators` says for its second-level label. An at-least target met `low_from` times over was set low. Where the
    texts hold no figures, the self score stands within the interval of the level that the actual text names.
    """

    kind: Literal["target"]
    target: str
    actual: str
    operator: Operator = ">="
    operators: dict[str, Operator] = {}
    low_from: Decimal | None = None
    places: int = 2
    levels: tuple[Level, ...] = ()
