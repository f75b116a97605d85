"""Checks, scores and returns departments' annual self-evaluations of overall expenditure (绩效)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.checking.analysis import frames, schemas

__version__ = "0.1.0"
__all__ = ["__version__", "frames", "schemas"]


def __getattr__(name: str) -> object:
    # Loaded when first used: the command line needs neither pandas nor pandera to print its help.
    if name in ("frames", "schemas"):
        from jixiao.checking import analysis

        return getattr(analysis, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
