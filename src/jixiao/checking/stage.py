"""All checking rules asked of a partition."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.checking.balances import check_balances
from jixiao.checking.cells import check_cells
from jixiao.checking.frames import stack
from jixiao.checking.narrative import check_narrative
from jixiao.checking.owned import owned_codes
from jixiao.checking.plausibility import check_plausibility
from jixiao.checking.scores import check_scores
from jixiao.checking.tally import Tally
from jixiao.checking.targets import check_targets
from jixiao.model.outcome import Checked
from jixiao.model.submission import Submission
from jixiao.pack import Pack


def check_partition(submissions: Sequence[Submission], pack: Pack) -> list[Checked]:
    """One `Checked` for each submission, in their order."""
    if not submissions:
        return []
    tallies = [Tally() for _ in submissions]
    stacked = stack(submissions, pack)
    check_cells(submissions, stacked, pack, tallies)
    check_balances(submissions, stacked, pack, tallies)
    for submission, tally in zip(submissions, tallies, strict=True):
        check_scores(submission, pack, tally)
        check_targets(submission, pack, tally)
        check_narrative(submission, pack, tally)
        check_plausibility(submission, pack, tally)
    codes = owned_codes(pack)
    return [tally.checked(codes) for tally in tallies]
