"""The official workbook of a filing that came in another layout: filled with what was read, so that a department goes on in it."""

from __future__ import annotations

from jixiao.model.fact import State
from jixiao.model.submission import Submission
from jixiao.pack import Pack
from jixiao.writing.canvas import WorkbookContent
from jixiao.writing.extras_sheet import extras_sheet
from jixiao.writing.returned import finding_marks
from jixiao.writing.template import fill, page_header
from jixiao.writing.whereabouts import Whereabouts


def converted_workbook(submission: Submission, pack: Pack) -> WorkbookContent:
    """The template with the facts of a filing. Cells that could not be read hold what stood there, are marked and say why;
    what has no place on the form stands on a sheet of its own."""
    facts = submission.facts
    unread = {fact.place for fact in facts if fact.state is State.UNREADABLE and fact.place is not None}
    told = tuple(finding for finding in submission.findings if finding.place in unread)
    content = fill(pack, facts, submission.institutions, finding_marks(told, pack, Whereabouts(pack, facts)))
    if submission.extras:
        content.sheets = [*content.sheets, extras_sheet(submission.extras, page_header(pack, facts))]
    return content
