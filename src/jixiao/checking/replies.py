"""Findings with the department's replies, and which of them a reply settles (FORM.md section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao.model.finding import EXPLAINED, Finding, Reply, Severity, reply_key
from jixiao.model.sheet_names import REPLIES_WITHOUT_CAUSE
from jixiao.pack import Pack
from jixiao.values.amounts import MONEY_UNIT, amounts_in_prose
from jixiao.values.number_format import to_six_places
from jixiao.values.numbers import parse_number
from jixiao.values.text import is_blank, to_half_width

_BARE = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d.,]|\s*[年月日号%个人名项条元万亿千百])")
_NO_CAUSE = re.compile(r"[\s\d.,;:!?()\[\]、。“”\"'%+-]|万|亿|元|金额|差额|相差|差异|原因|说明")
LEAST_CAUSE = 2
"""So many characters a cause has at least, numbers and words that name none left out."""


def without_those_off(findings: Iterable[Finding], pack: Pack) -> tuple[Finding, ...]:
    """The findings of the rules that the pack asks."""
    return tuple(each for each in findings if each.rule not in pack.rules or not pack.rules[each.rule].off)


def answered(findings: Iterable[Finding], replies: Sequence[Reply], pack: Pack) -> tuple[Finding, ...]:
    """The findings, each with the reply to it, `explained` where the reply says why.

    An explained warning counts no more, nor does an explainable balance whose reply names a cause and an amount equal
    to its difference. An explained error of any other rule still counts. A reply is about figures: once they change,
    nothing is answered.
    """
    if not replies:
        return tuple(findings)
    texts = {reply.about: reply.text for reply in replies}
    return tuple(_answered(each, texts[reply_key(each)], pack) if reply_key(each) in texts else each for each in findings)


def _answered(finding: Finding, text: str, pack: Pack) -> Finding:
    replied = replace(finding, reply=text)
    if not cause(text):
        return replied
    if finding.severity is not Severity.ERROR:
        return replace(replied, state=EXPLAINED, counted=False)
    if finding.rule in pack.rules and pack.rules[finding.rule].explainable:
        names_it = finding.difference is not None and names_amount(text, finding.difference)
        return replace(replied, state=EXPLAINED, counted=False) if names_it else replied
    return replace(replied, state=EXPLAINED)


def cause(text: str) -> str:
    """What a reply says beside numbers and words that name no cause; empty where that is nothing."""
    plain = to_half_width(text)
    for hollow in REPLIES_WITHOUT_CAUSE:
        plain = plain.replace(to_half_width(hollow), "")
    left = _NO_CAUSE.sub("", plain)
    return left if len(left) >= LEAST_CAUSE and not is_blank(left) else ""


def names_amount(text: str, difference: Decimal) -> bool:
    """Whether one amount of a reply, or all of them together, is the difference (万元), whatever its sign."""
    written = [each for each in amounts_in_prose(text) if each.unit == MONEY_UNIT]
    amounts = [abs(each.value) for each in written]
    plain = to_half_width(text)
    for bare in _BARE.finditer(plain):
        if not any(each.start <= bare.start() < each.end for each in written):
            number = parse_number(bare[0], unit=MONEY_UNIT)
            if number.value is not None:
                amounts.append(abs(number.value))
    wanted = abs(to_six_places(difference))
    return wanted in amounts or (len(amounts) > 1 and sum(amounts, Decimal(0)) == wanted)
