"""Suggestions on the findings of one filing: the cells that its failed balances point to."""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.checking.balances import Answer
from jixiao.checking.localise import suggested
from jixiao.checking.score_sheet import score_rows
from jixiao.checking.scores import STATED, SUM
from jixiao.checking.system import Cells, Instance, balance_instance, score_instances
from jixiao.checking.tally import Tally
from jixiao.model.finding import Finding
from jixiao.model.submission import Submission
from jixiao.pack import Pack


def suggest(submission: Submission, answers: Sequence[Answer], pack: Pack, tally: Tally) -> None:
    """Tell the findings of the tally which cell explains them; nothing where all balances hold."""
    scores = {finding.rule: finding for finding in tally.findings if finding.rule in (SUM, STATED)}
    if not scores and all(answer.finding is None for answer in answers):
        return
    cells = Cells(submission.facts, pack)
    found: list[tuple[Instance, Finding | None]] = []
    for answer in answers:
        instance = balance_instance(answer.residual, cells, explained=answer.explained)
        if instance is not None:
            found.append((instance, answer.finding))
    rows = score_rows(submission.facts, pack)
    for instance in score_instances(rows, submission.facts, pack, (SUM, STATED), frozenset(scores)):
        found.append((instance, scores.get(instance.code)))
    for before, after in suggested(found, cells):
        tally.replaced(before, after)
