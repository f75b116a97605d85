"""Rules of the rule book as declared, and how a pack departs from them."""

from __future__ import annotations

from typing import Literal

from jixiao.model.finding import Severity
from jixiao.pack.declarations import Declaration

Use = Literal["on", "trial", "off"]
"""Whether a rule is asked; one on trial (试行) is told and never counted."""


class RuleSetting(Declaration):
    """How a pack departs from a rule: whether it is asked, or with which severity; and why, which it must say."""

    code: str
    use: Use = "on"
    severity: Severity | None = None
    reason: str


class Rule(Declaration):
    """One rule: `message` and `remedy` are format strings over the fields that the finding names.

    `explainable` balances are settled by a reply with a cause and an amount. `use`, `reason` and `usual` (the severity
    that the pack replaced) are a `RuleSetting`'s.
    """

    code: str
    title: str
    severity: Severity
    basis: str
    needs: tuple[str, ...] = ()
    message: str
    remedy: str
    example_pass: str = ""
    example_fail: str = ""
    explainable: bool = False
    use: Use = "on"
    reason: str = ""
    usual: Severity | None = None

    @property
    def off(self) -> bool:
        """Return whether the pack does not ask it."""
        return self.use == "off"

    @property
    def counted(self) -> bool:
        """Return whether what it finds counts."""
        return self.use == "on"

    def weighed(self, wanted: Severity | None) -> Severity:
        """Return the severity of a finding for which a check asks one: never above what the pack set, 提示 on trial."""
        if self.use == "trial":
            return Severity.INFO
        if wanted is None:
            return self.severity
        return wanted if self.usual is None else max(wanted, self.severity, key=lambda each: each.weight)

    def as_set(self, setting: RuleSetting) -> Rule:
        """Return the rule as a pack sets it."""
        changed = setting.severity is not None and setting.severity is not self.severity
        return self.model_copy(
            update={
                "use": setting.use,
                "reason": setting.reason,
                "severity": setting.severity or self.severity,
                "usual": self.severity if changed else None,
            }
        )

    @property
    def family(self) -> str:
        """Return the letters of its code."""
        return self.code.split("-")[0]
