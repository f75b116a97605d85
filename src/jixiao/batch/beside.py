"""What goes in beside the filings: reviewers' decisions, the bureau's figures, last year's result; given to whom it belongs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from jixiao.batch.assignment import Assignment
from jixiao.batch.errors import Problems, UsageError
from jixiao.batch.options import Options
from jixiao.batch.previous import previous_of, read_previous
from jixiao.batch.reference import ReferenceRow, read_reference, reference_of, unmatched
from jixiao.batch.review_books import FilledRow, read_filled, review_files, told_apart
from jixiao.batch.reviews import settle_reviews
from jixiao.model.elsewhere import Elsewhere, Gone
from jixiao.model.fact import Facts
from jixiao.model.review import Review
from jixiao.model.roster import RosterEntry
from jixiao.pack import Pack


@dataclass(frozen=True)
class Beside:
    """The workbooks beside the filings as read, before anybody knows whose filings came.

    `own` are the review workbooks of OUT with their digests.
    """

    filled: tuple[FilledRow, ...] = ()
    reference: tuple[ReferenceRow, ...] | None = None
    own: Mapping[Path, str] = field(default_factory=dict)

    def check_unchanged(self) -> None:
        """`UsageError` where a review workbook in OUT was changed since it was read: writing it would lose what is new."""
        for path, digest in self.own.items():
            if not path.is_file() or _digest(path) != digest:
                raise UsageError(f"“{path.name}”在运行期间被修改，为免丢失填写的内容未予改写，请重新运行。")


@dataclass(frozen=True)
class Given:
    """The filings that count with what belongs to each, and what belongs to none.

    `kept` are decisions of departments or indicators that this run lacks, `gone` departments of last year's result of which
    no filing counts, `unmatched` rows of the bureau's workbook of
    departments of which no filing counts; `told` says it all in words that stand in run.json and the summary.
    """

    assignments: tuple[Assignment, ...]
    kept: tuple[Review, ...]
    gone: tuple[Gone, ...]
    unmatched: tuple[ReferenceRow, ...]
    told: dict[str, str]


def read_beside(options: Options, pack: Pack, own_reviews: Sequence[Path]) -> Beside:
    """What the options name, and what was filled in where it lies in OUT; `UsageError` names what cannot be used."""
    files = review_files(options.reviews, own_reviews)
    digests = {path: _digest(path) for path, own in files if own}
    shown = told_apart(path for path, _ in files)
    filled: list[FilledRow] = []
    problems = Problems()
    for path, own in files:
        with problems:
            filled += read_filled(path, own, shown[path])
    problems.refuse()
    reference = read_reference(options.reference, pack) if options.reference else None
    return Beside(tuple(filled), reference, digests)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def give(
    beside: Beside,
    options: Options,
    assignments: Sequence[Assignment],
    roster: Sequence[RosterEntry],
    pack: Pack,
    year: int,
    facts_of: Callable[[str], Facts],
) -> Given:
    """Each filing with its decisions and figures; `UsageError` where a decision belongs nowhere or the year is wrong."""
    previous = read_previous(options.previous, pack, year) if options.previous else None
    reviews = settle_reviews(beside.filled, assignments, roster, pack, year, facts_of)
    given, matched = [], []
    still: set[int] = set()
    for assignment in assignments:
        identity = assignment.resolved.identity
        bureau = None
        if beside.reference is not None:
            row = reference_of(beside.reference, identity)
            matched += [row] if row else []
            bureau = row.facts if row else Facts(())
        last, standing = None, None
        # A filing of another year is not compared with the year before this batch's.
        if previous is not None and identity.year == year:
            found = previous_of(previous, identity)
            still.add(id(found))
            last, standing = (found.facts, found.standing) if found else (Facts(()), None)
        mine = reviews.by_submission.get(assignment.header.submission_id, ())
        given.append(replace(assignment, reviews=mine, elsewhere=Elsewhere(bureau, last, standing)))
    told: dict[str, str] = {}
    decided = sum(review.decides for each in given for review in each.reviews)
    if decided or reviews.kept:
        kept = f"，另有 {len(reviews.kept)} 项暂无对应报送" if reviews.kept else ""
        told["复核记录"] = f"{decided} 项{kept}"
    if beside.reference is not None:
        # The blank workbook names every department; those of which nothing is filled in tell nothing.
        known = [row for row in beside.reference if len(row.facts)]
        told["财政核对数据"] = f"{len(known)} 个部门，{sum(len(row.facts) > 0 for row in matched)} 个有计分的报送"
    if previous is not None:
        count = sum(bool(each.elsewhere.previous) for each in given)
        told["上年结果"] = f"{year - 1} 年度，{count} 个部门有上年数据"
    rest = unmatched(beside.reference or (), matched)
    gone = tuple(
        Gone(each.budget_code, each.department, each.standing) for each in previous or () if id(each) not in still
    )
    return Given(tuple(given), reviews.kept, gone, tuple(rest), told)
