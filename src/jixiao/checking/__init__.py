"""Checking: what a filing says against the form's own rules, for a whole partition of filings at once."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.model.elsewhere import Elsewhere
from jixiao.model.outcome import Checked
from jixiao.model.submission import Submission
from jixiao.pack import Pack

__all__ = ["check"]


def check(submissions: Sequence[Submission], pack: Pack, elsewhere: Sequence[Elsewhere] = ()) -> list[Checked]:
    """The findings and the outcome of every checking rule for each submission, in their order; facts are never changed.

    `elsewhere` is what is known of each besides its filing, in the same order.
    """
    # pandas and pandera are loaded here, so that what merely imports this package starts without them.
    from jixiao.checking.stage import check_partition

    return check_partition(submissions, pack, elsewhere)
