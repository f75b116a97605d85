"""Numbers by name, held in the room that they take as text: thousands of filings have some dozens each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from sys import intern
from typing import NamedTuple


class Figures(NamedTuple):
    """Exact numbers under names that hold no blank, both as texts with blanks between them: a tenth of what objects take."""

    names: str
    numbers: str

    @classmethod
    def of(cls, numbers: Mapping[str, Decimal]) -> Figures:
        """These numbers, as they are written."""
        return cls(" ".join(numbers), " ".join(map(str, numbers.values()))).shared()

    def shared(self) -> Figures:
        """The same with one text of names for all filings that have numbers under the same ones, as most do."""
        return self._replace(names=intern(self.names))

    def by_name(self) -> dict[str, Decimal]:
        """Each number by its name."""
        return dict(zip(self.names.split(), map(Decimal, self.numbers.split()), strict=True))
