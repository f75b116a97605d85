"""External data of a run: reviewers' decisions, the bureau's figures and last year's result, attached to the filings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from jixiao.batch.external.bureau_figures import ReferenceRow, read_reference, reference_of, unmatched
from jixiao.batch.external.last_year import previous_of, read_previous
from jixiao.batch.external.review_workbooks import FilledRow, distinct_names, read_filled, review_files
from jixiao.batch.external.reviews import settle_reviews
from jixiao.batch.filing_task import FilingTask
from jixiao.batch.options import Options
from jixiao.errors import Problems, UsageError
from jixiao.model.external_data import ExternalData, FormerDepartment
from jixiao.model.fact import Facts
from jixiao.model.review import Review
from jixiao.model.submission import RosterEntry
from jixiao.pack import Pack
from jixiao.runtime.digest import file_sha256
from jixiao.values.names import comparable_name


@dataclass(frozen=True)
class AuxiliaryInputs:
    """The workbooks of external data as read before any filing.

    `own` are the review workbooks of OUT with the SHA-256 of each.
    """

    filled: tuple[FilledRow, ...] = ()
    reference: tuple[ReferenceRow, ...] | None = None
    own: Mapping[Path, str] = field(default_factory=dict)

    def check_unchanged(self) -> None:
        """Raise `UsageError` if a review workbook in OUT was changed since it was read: writing it would lose the changes."""
        for path, checksum in self.own.items():
            if file_sha256(path) != checksum:
                raise UsageError(f"“{path.name}”在运行期间被修改，为免丢失填写的内容未予改写，请重新运行。")


def read_auxiliary_inputs(options: Options, pack: Pack, own_reviews: Sequence[Path]) -> AuxiliaryInputs:
    """Read what the options name and what was filled in in OUT; `UsageError` names what cannot be used."""
    own = [path for path in own_reviews if path.is_file()]
    checksums = {path: file_sha256(path) or "" for path in own}
    files = review_files(options.reviews, own)
    shown = distinct_names(path for path, _ in files)
    filled: list[FilledRow] = []
    problems = Problems()
    for path, is_own in files:
        with problems:
            filled += read_filled(path, is_own, shown[path])
    problems.refuse()
    reference = read_reference(options.reference, pack) if options.reference else None
    return AuxiliaryInputs(tuple(filled), reference, checksums)


@dataclass(frozen=True)
class AttachedFilings:
    """The filings that count with what belongs to each, and what belongs to none.

    `kept` are decisions of departments or indicators that this run lacks, `gone` departments of last year's result and
    `unmatched` rows of the bureau's workbook of which no filing counts. `settings` says it all in words for run.json and the
    summary.
    """

    assignments: tuple[FilingTask, ...]
    kept: tuple[Review, ...]
    gone: tuple[FormerDepartment, ...]
    unmatched: tuple[ReferenceRow, ...]
    settings: dict[str, str]


def attach(
    beside: AuxiliaryInputs,
    options: Options,
    assignments: Sequence[FilingTask],
    roster: Sequence[RosterEntry],
    pack: Pack,
    year: int,
    facts_of: Callable[[str], Facts],
) -> AttachedFilings:
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
        given.append(replace(assignment, reviews=mine, elsewhere=ExternalData(bureau, last, standing)))
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
        FormerDepartment(each.budget_code, each.department, each.standing) for each in previous or () if id(each) not in still
    )
    return AttachedFilings(tuple(given), reviews.kept, gone, tuple(rest), told)


def refuse_ambiguous(
    counted: Sequence[FilingTask], where: Mapping[str, str], beside: AuxiliaryInputs, options: Options
) -> None:
    """`UsageError` where departments of several districts go by one name and something beside the filings names them."""
    if not (beside.filled or beside.reference is not None or options.previous):
        return
    named: dict[str, str] = {}
    for each in counted:
        identity, district = each.resolved.identity, where.get(each.header.file, "收件文件夹")
        for own in {identity.budget_code or "", comparable_name(identity.department or "")} - {""}:
            if named.setdefault(own, district) != district:
                one, other = sorted((named[own], district))
                raise UsageError(
                    f"“{one}”和“{other}”都有“{identity.department or identity.budget_code}”，"
                    "无法认定复核表、财政核对数据或上年结果中的是哪一个，请逐个区县运行（收件文件夹选该区县的文件夹，另选输出文件夹）。"
                )
