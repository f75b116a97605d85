"""Units as people write them, and the factors between them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

MONEY: Mapping[str, Decimal] = MappingProxyType({
    "元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10_000), "万": Decimal(10_000),
    "百万元": Decimal(1_000_000), "千万元": Decimal(10_000_000), "亿元": Decimal(100_000_000), "亿": Decimal(100_000_000),
})  # fmt: skip
"""How many 元 each is."""

_SAME: tuple[frozenset[str], ...] = (
    frozenset({"人", "名", "位"}),
    frozenset({"个", "项"}),
    frozenset({"起", "件", "例", "次", "项"}),
    frozenset({"%"}),
    frozenset({"分"}),
    frozenset({"㎡", "m²", "m2", "平方米", "平米"}),
)
"""Units that mean the same where the first of them is asked for."""

_SCALES: Mapping[str, Decimal] = MappingProxyType({"万": Decimal(10_000), "亿": Decimal(100_000_000)})
"""What stands before a unit and multiplies it: 万人 are ten thousand 人."""


def unit_factor(written: str, wanted: str) -> Decimal | None:
    """Return the factor from the unit `written` to the unit `wanted`; None where they are incompatible."""
    packed = "".join(written.split()).strip("()").removesuffix("整").rstrip("。.;,")
    if not packed:
        return None
    if wanted in MONEY:
        return MONEY[packed] / MONEY[wanted] if packed in MONEY else None
    if packed == wanted:
        return Decimal(1)
    return Decimal(1) if any(wanted in same and packed in same for same in _SAME) else None


def scaled_factor(written: str, wanted: str) -> Decimal | None:
    """Return the factor as `unit_factor` does, also for units of any kind that 万 or 亿 may multiply: what 万人 are in 人."""
    factor = unit_factor(written, wanted)
    if factor is not None:
        return factor
    (one, scale), (other, wanted_scale) = _scaled(written), _scaled(wanted)
    alike = unit_factor(one, other)
    return None if alike is None else alike * scale / wanted_scale


def _scaled(unit: str) -> tuple[str, Decimal]:
    """Return a unit without what multiplies it, and by how much it does."""
    scale = _SCALES.get(unit[:1]) if len(unit) > 1 and unit not in MONEY else None
    return (unit, Decimal(1)) if scale is None else (unit[1:], scale)
