"""Check filings against every rule of their form: the one entry point of checking."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.checking.filing import Filing
from jixiao.checking.localise.suggest import suggest
from jixiao.checking.rules import comparisons, narrative, score_sheet, targets
from jixiao.checking.rules.balances import check_balances
from jixiao.checking.rules.cells import cell_codes, check_cells
from jixiao.checking.rules.comparisons import check_comparisons
from jixiao.checking.rules.external_data import check_external_data, external_codes
from jixiao.checking.rules.narrative import check_narrative
from jixiao.checking.rules.proportions import check_proportions
from jixiao.checking.rules.rates import check_rates
from jixiao.checking.rules.score_sheet import check_declared_points, check_score_sheet
from jixiao.checking.rules.targets import check_targets
from jixiao.checking.schemas import NEGATIVE, NOT_A_CHOICE, NOT_WHOLE, REQUIRED
from jixiao.model.external_data import NO_EXTERNAL_DATA, ExternalData
from jixiao.model.rule_outcome import StageResult
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.pack.cache import cached_per_pack


def check(submissions: Sequence[Submission], pack: Pack, external: Sequence[ExternalData] = ()) -> list[StageResult]:
    """Return the findings and the outcome of every rule for each submission, in their order; facts are never changed.

    `external` holds what is known of each besides its filing, in the same order: its rules are asked only where a
    source is there. The filings are validated together, so that pandera is called once a table for all of them.
    """
    if not submissions:
        return []
    filings = [Filing(submission, pack) for submission in submissions]
    sources = external or [NO_EXTERNAL_DATA] * len(filings)
    check_cells(filings, pack)
    answers = check_balances(filings, pack)
    for filing, source, answer in zip(filings, sources, answers, strict=True):
        check_external_data(filing, source)
        check_rates(filing)
        check_score_sheet(filing)
        check_declared_points(filing)
        suggest(filing, answer)
        check_targets(filing)
        check_narrative(filing)
        check_comparisons(filing)
        check_proportions(filing)
    return [
        filing.result(checked_codes(pack, external_codes(pack, source)))
        for filing, source in zip(filings, sources, strict=True)
    ]


def checked_codes(pack: Pack, more: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the codes of the rules that checking asks, and of `more`, in the rule book's order."""
    codes = _codes(pack) | more
    return tuple(code for code in pack.rules.codes if code in codes)


@cached_per_pack
def _codes(pack: Pack) -> frozenset[str]:
    checks, equations = pack.checks, pack.equations_declared
    codes = {NEGATIVE, NOT_WHOLE, NOT_A_CHOICE, *REQUIRED.values(), *score_sheet.CODES, *targets.CODES}
    codes |= cell_codes(pack) | {equation.code for equation in pack.equations}
    codes |= {comparison.code for comparison in checks.comparisons} | {rate.code for rate in equations.rates}
    if pack.names.narrative:
        codes |= {narrative.DIFFERS} | {narrative.RATE_DIFFERS for phrase in checks.narrative if phrase.indicator}
    if pack.rubric.declared is not None:
        codes.add(score_sheet.POINTS)
    codes |= {declared.code for declared in (checks.wrong_unit, checks.all_zero) if declared is not None}
    if checks.over_budget:
        codes.add(comparisons.OVER_BUDGET)
    if equations.aggregation is not None:
        codes |= {equations.aggregation.only_summary_code, equations.aggregation.only_headquarters_code}
    return frozenset(codes)
