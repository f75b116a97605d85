"""Prose with its placeholders filled in: `{income.total}` is a figure of the filing, `{#aims}` another text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from jixiao.demo.figures import Figures, key_of
from jixiao.model.cell import plain_decimal
from jixiao.pack import Pack
from jixiao.pack.concept import Kind

_PLACEHOLDER = re.compile(r"\{(#?)([A-Za-z_][\w.]*)(?:@([^}]+))?\}")
_DEEPEST = 4


def filled_in(text: str, figures: Figures, snippets: Mapping[str, str], pack: Pack) -> str:
    """The text with figures (amounts with two decimals, at the summary unless `@` names an institution) and snippets.

    KeyError for a snippet or concept that there is not; a blank figure is 0.
    """

    def put(match: re.Match[str]) -> str:
        if match[1]:
            return snippets[match[2]]
        concept = pack.concept(match[2])
        figure = figures.get(key_of(pack, match[2], match[3]))
        if isinstance(figure, str):
            return figure
        number = figure or Decimal(0)
        return f"{number:.2f}" if concept.kind is Kind.AMOUNT else plain_decimal(number)

    for _ in range(_DEEPEST):
        replaced = _PLACEHOLDER.sub(put, text)
        if replaced == text:
            break
        text = replaced
    return text
