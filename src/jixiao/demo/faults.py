"""Slips of people who fill in forms, made on figures that were right."""

from __future__ import annotations

from decimal import Decimal

from jixiao.demo.declaration import Fault
from jixiao.demo.figures import Figures, key_of
from jixiao.pack import Pack


def with_fault(pack: Pack, figures: Figures, fault: Fault) -> Figures:
    """The figures with one slip; ValueError where the cell does not hold what the slip needs."""
    key = key_of(pack, fault.concept, fault.institution)
    found = dict(figures)
    figure = found.get(key)
    match fault.kind:
        case "blank":
            found.pop(key, None)
            return found
        case "write":
            found[key] = fault.text
            return found
        case "replace":
            if not isinstance(figure, str) or fault.old not in figure:
                raise ValueError(f"{fault.concept}: nothing to replace: {fault.old}")
            found[key] = figure.replace(fault.old, fault.text)
            return found
    if not isinstance(figure, Decimal):
        raise ValueError(f"{fault.concept}@{fault.institution}: no number for {fault.kind}")
    match fault.kind:
        case "add":
            found[key] = figure + fault.amount
        case "times":
            found[key] = figure * fault.amount
        case "negate":
            found[key] = -figure
        case "swap":
            found[key] = swapped(figure, fault.at)
    return found


def swapped(number: Decimal, at: int) -> Decimal:
    """A number with its digits `at` and `at` + 1 (the first is 1) exchanged; ValueError where they are the same."""
    characters = list(format(number, "f"))
    places = [place for place, character in enumerate(characters) if character.isdigit()]
    if at >= len(places) or characters[places[at - 1]] == characters[places[at]]:
        raise ValueError(f"{number}: no two digits to exchange at {at}")
    first, second = places[at - 1], places[at]
    characters[first], characters[second] = characters[second], characters[first]
    return Decimal("".join(characters))
