"""What the bureau's own workbook (财政核对数据) may hold: its concepts and the headings that name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jixiao.pack.cache import cached_per_pack
from jixiao.pack.declarations.concept import Concept, ConceptKind, ConceptScope
from jixiao.pack.docs.method_text import AMONG
from jixiao.pack.pack import Pack
from jixiao.values.names import comparable_name
from jixiao.values.units import unit_factor

_KINDS = frozenset({ConceptKind.AMOUNT, ConceptKind.COUNT, ConceptKind.PERCENT, ConceptKind.CHOICE})
_UNIT = re.compile(r"^(.*)[（(]([^（）()]+)[）)]$")


def knowable(pack: Pack) -> Iterator[Concept]:
    """Yield the concepts of which a bureau may have figures, in form order: no scores, texts or personal cells."""
    for concept in pack.concepts.values():
        single = concept.scope is not ConceptScope.RECORD and not concept.personal
        if single and concept.kind in _KINDS and concept.id != pack.names.grade:
            yield concept


def offered(pack: Pack) -> tuple[Concept, ...]:
    """Return the concepts that the blank workbook has columns for: the inputs of scores, and those that the pack adds."""
    wanted = {each for indicator in pack.rubric.indicators for each in indicator.inputs}
    wanted |= set(pack.checks.elsewhere.reference)
    return tuple(concept for concept in knowable(pack) if concept.id in wanted)


def heading(pack: Pack, concept: Concept) -> str:
    """Return what stands over a concept's column: its label, with its block where several have it, and its unit."""
    label = concept.label.removeprefix(AMONG)
    if len(_names(pack)[comparable_name(label)]) > 1:
        label = f"{pack.block_name(concept.block)}·{label}"
    return f"{label}（{concept.unit}）" if concept.unit else label


def named(pack: Pack, text: str) -> tuple[tuple[Concept, ...], str]:
    """Return the concepts that a heading may mean, and the unit that it names ("" for the concept's own)."""
    names = _names(pack)
    concepts = names.get(comparable_name(text), ())
    match = _UNIT.match(text.strip())
    if concepts or match is None:
        return concepts, ""
    stem, unit = match.groups()
    fitting = (each for each in names.get(comparable_name(stem), ()) if unit_factor(unit, each.unit) is not None)
    return tuple(fitting), unit


@cached_per_pack
def _names(pack: Pack) -> Mapping[str, tuple[Concept, ...]]:
    """Return the concepts by everything that a heading may call them."""
    concepts: dict[str, dict[str, Concept]] = {}
    for concept in knowable(pack):
        block, label = pack.block_name(concept.block), concept.label.removeprefix(AMONG)
        for name in (concept.id, concept.label, label, f"{block}·{label}", f"{block}·汇总·{label}"):
            concepts.setdefault(comparable_name(name), {})[concept.id] = concept
    return {name: tuple(each.values()) for name, each in concepts.items()}
