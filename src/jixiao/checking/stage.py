"""All checking rules asked of a partition."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.checking.balances import check_balances
from jixiao.checking.cells import check_cells
from jixiao.checking.declared import check_declared
from jixiao.checking.elsewhere import check_elsewhere, elsewhere_codes
from jixiao.checking.frames import stack
from jixiao.checking.narrative import check_narrative
from jixiao.checking.owned import owned_codes
from jixiao.checking.plausibility import check_plausibility
from jixiao.checking.proportions import check_proportions
from jixiao.checking.rates import check_rates
from jixiao.checking.scores import check_scores
from jixiao.checking.suggestions import suggest
from jixiao.checking.tally import Tally
from jixiao.checking.targets import check_targets
from jixiao.model.elsewhere import NOTHING_ELSEWHERE, Elsewhere
from jixiao.model.outcome import Checked
from jixiao.model.submission import Submission
from jixiao.pack import Pack


def check_partition(
    submissions: Sequence[Submission], pack: Pack, elsewhere: Sequence[Elsewhere] = ()
) -> list[Checked]:
    """One `Checked` for each submission, in their order; rules on what is known elsewhere only where a source is given."""
    if not submissions:
        return []
    tallies = [Tally() for _ in submissions]
    stacked = stack(submissions, pack)
    check_cells(submissions, stacked, pack, tallies)
    answers = check_balances(submissions, stacked, pack, tallies)
    known = elsewhere or [NOTHING_ELSEWHERE] * len(submissions)
    for n, (submission, each, tally) in enumerate(zip(submissions, known, tallies, strict=True)):
        check_elsewhere(submission, each, pack, tally)
        check_rates(submission, pack, tally)
        check_scores(submission, pack, tally)
        check_declared(submission, pack, tally)
        suggest(submission, answers.get(n, []), pack, tally)
        check_targets(submission, pack, tally)
        check_narrative(submission, pack, tally)
        check_plausibility(submission, pack, tally)
        check_proportions(submission, pack, tally)
    return [tally.checked(owned_codes(pack, elsewhere_codes(pack, each))) for tally, each in zip(tallies, known, strict=True)]
