"""What reading gathers on its way: facts, findings and the cells that were part of the form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jixiao.model.fact import Fact
from jixiao.model.finding import Finding, Severity
from jixiao.model.submission import Institution
from jixiao.pack import Pack
from jixiao.reading.locate.label_index import LabelIndex
from jixiao.reading.locate.sheet_view import Position, SheetView


@dataclass
class ReadContext:
    """Facts and findings in the order of reading, the blocks found, and the institutions by key in their order."""

    pack: Pack
    index: LabelIndex
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    blocks: set[str] = field(default_factory=set)
    institutions: dict[str, Institution] = field(default_factory=dict)

    def report(self, code: str, **details: Any) -> None:
        """Add a finding of a rule of the pack."""
        self.findings.append(self.pack.rules.finding(code, **details))

    def resembles(self, block: str, view: SheetView, spot: Position, expected: str) -> None:
        """Note that a cell was taken for a label that it only nearly is."""
        actual, expected = one_line(str(view.cells[spot])), one_line(expected)
        self.report("LAY-06", place=view.place(spot), block=block, actual=actual, expected=expected)

    def lacking(self, block: str, labels: list[str], missing: str | None) -> None:
        """Note that columns or rows of a block were not found; lighter where the block itself may be missing."""
        if labels:
            severity = Severity.INFO if missing == "info" else None
            text = "”“".join(one_line(label) for label in labels)
            self.report("LAY-02", severity=severity, block=block, label=text)

    def second_copy(self, block: str, chosen: tuple[SheetView, Position], other: tuple[SheetView, Position]) -> None:
        """Note that a block stands twice and which of the two counts."""
        place, expected = other[0].place(other[1]), str(chosen[0].place(chosen[1]))
        self.report("LAY-05", place=place, block=block, expected=expected, actual=str(place))


def one_line(text: str) -> str:
    """A printed text as messages quote it: on one line, without blanks."""
    return "".join(text.split())[:60]
