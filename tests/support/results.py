"""Results as the batch makes them, from filings made of facts: checked, scored, with a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jixiao.checking.check import check
from jixiao.model.finding import Finding, identified
from jixiao.model.result import Result
from jixiao.model.submission import Identity, RosterEntry, Submission, UnplacedCell
from jixiao.pack import Pack
from jixiao.pipeline import status_of
from jixiao.scoring import score
from tests.support.filings import Figures, filing, seed_filing

DEPARTMENT = "某区委某部"
ROSTER = RosterEntry("101001", DEPARTMENT, section="行政股", deadline="2023年4月30日")


def result_of(
    submission: Submission, pack: Pack, *, findings: Sequence[Finding] = (), extras: Sequence[UnplacedCell] = (),
    reviews: dict[str, object] | None = None,
) -> Result:  # fmt: skip
    """The result of a filing; `findings` are those of reading, `reviews` reviewers' scores by indicator."""
    checked = check([submission], pack)[0]
    scored = score(submission, pack, reviews=reviews)  # type: ignore[arg-type]
    told = identified((*findings, *checked.findings, *scored.checked.findings), submission.submission_id)
    return Result(
        submission.submission_id, submission.file, submission.sha256, status_of(told), "",
        Identity(DEPARTMENT, "101001", 2022), told, scored.scorecard, ROSTER, "departments/101001_某区委某部.xlsx",
        outcomes=(*checked.outcomes, *scored.checked.outcomes), facts=submission.facts,
        institutions=submission.institutions, extras=tuple(extras),
    )  # fmt: skip


def result(pack: Pack, figures: Figures, *, units: tuple[str, ...] = ()) -> Result:
    """The result of a filing with these figures."""
    return result_of(filing(pack, figures, units=units), pack)


def seed_result(pack: Pack) -> Result:
    """The seed's filing with what reading says of its fixed assets, and one cell outside the form."""
    submission = seed_filing(pack)
    facts = submission.facts
    cells = [(concept, row) for row in ("summary", "headquarters") for concept in ("fixed_assets.total", "fixed_assets.in_use")]
    notes = []
    for concept, institution in cells:
        fact = facts.get(concept, institution)
        assert fact is not None
        notes.append(
            pack.rules.finding(
                "CEL-02", place=fact.place, concept=concept, institution=institution, actual="35.94万元",
                expected="35.94", where=pack.describe(concept, institution), unit="万元",
            )
        )  # fmt: skip
    outside = facts.rows[0].place
    assert outside is not None
    extra = UnplacedCell(outside._replace(row=outside.row + 2000), "=联系财务室")
    return replace(result_of(submission, pack, findings=notes, extras=[extra]), file="某部.xlsx")
