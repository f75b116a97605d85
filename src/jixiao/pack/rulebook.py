"""The rule book: every rule declared once, and the one place where findings are made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from jixiao.model.finding import Finding, Severity
from jixiao.model.place import Place
from jixiao.pack.declarations.rules import Rule, RuleSetting
from jixiao.values.number_format import to_six_places, with_cents

FAMILY_LABELS: Mapping[str, str] = MappingProxyType({
    "SUB": "报送", "LAY": "表样", "CEL": "单元格", "REQ": "必填", "BAL": "表内勾稽", "AGG": "汇总勾稽", "XFM": "表间勾稽",
    "SCR": "评分", "TGT": "绩效目标", "TXT": "综述文字", "PLA": "合理性", "YOY": "与上年比较", "RUB": "评分标准表",
})


TRIAL_MARK = "【试行】"


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Rulebook:
    """All rules by code, in order; makes findings.

    `amounts` are the concepts whose numbers messages tell with two decimals, as people write amounts of money.
    """

    def __init__(
        self, rules: Iterable[Rule], settings: Iterable[RuleSetting] = (), amounts: Iterable[str] = ()
    ) -> None:
        self._amounts = frozenset(amounts)
        self._rules: dict[str, Rule] = {}
        for rule in rules:
            if rule.code in self._rules:
                raise ValueError(f"规则编号重复：{rule.code}")
            self._rules[rule.code] = rule
        for setting in settings:
            if setting.code in self._rules:
                self._rules[setting.code] = self._rules[setting.code].as_set(setting)

        self.codes: tuple[str, ...] = tuple(self._rules)

    def __getitem__(self, code: str) -> Rule:
        return self._rules[code]

    def __contains__(self, code: object) -> bool:
        return code in self._rules

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def finding(
        self,
        code: str,
        *,
        place: Place | None = None,
        concept: str | None = None,
        institution: str | None = None,
        expected: str | None = None,
        actual: str | None = None,
        difference: Decimal | None = None,
        severity: Severity | None = None,
        message: str | None = None,
        remedy: str | None = None,
        suggested_place: Place | None = None,
        suggested_value: Decimal | None = None,
        suggestion: str = "",
        **words: object,
    ) -> Finding:
        """Return a finding of a rule; `words` fill the message and remedy, beside `expected`, `actual`, `difference`.

        People read the difference without its sign: they are told which of the two is larger by the numbers.
        """
        rule = self._rules[code]
        gap = None if difference is None else format(to_six_places(abs(difference)), "f")
        figures = {"expected": expected, "actual": actual, "difference": gap}
        if concept in self._amounts:
            figures = {name: figure and _with_cents(figure) for name, figure in figures.items()}
        words = {**figures, **words}
        text = nested_quotes((message or rule.message).format(**words))
        return Finding(
            rule=code,
            severity=rule.weighed(severity),
            message=f"{TRIAL_MARK}{text}" if rule.use == "trial" else text,
            remedy=nested_quotes((remedy or rule.remedy).format(**words)),
            place=place,
            concept=concept,
            institution=institution,
            expected=expected,
            actual=actual,
            difference=difference,
            suggested_place=suggested_place,
            suggested_value=suggested_value,
            suggestion=suggestion,
            counted=rule.counted,
        )


def _with_cents(figure: str) -> str:
    return with_cents(Decimal(figure)) if _NUMBER.fullmatch(figure) else figure


def quoted(label: str) -> str:
    """Return a label in quotation marks, its own turned into single ones."""
    return nested_quotes(f"“{label}”")


def nested_quotes(text: str) -> str:
    """Return the text with quotation marks within quotation marks as single ones: “‘三公经费’变动率”; unpaired ones are left."""
    if "““" not in text and "””" not in text:
        return text
    depth, turned = 0, []
    for char in text:
        if char == "“":
            depth += 1
            turned.append("‘" if depth > 1 else char)
        elif char == "”":
            turned.append("’" if depth > 1 else char)
            depth -= 1
        else:
            turned.append(char)
    return "".join(turned) if depth == 0 else text
