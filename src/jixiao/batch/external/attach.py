"""External data of a run: reviewers' decisions, the bureau's figures and last year's result, attached to the filings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from jixiao.batch.external.bureau_figures import ReferenceRow, read_reference, reference_of, unmatched
from jixiao.batch.external.last_year import PreviousDepartment, previous_of, read_previous
from jixiao.batch.external.review_workbooks import FilledRow, distinct_names, read_filled, review_files
from jixiao.batch.external.reviews import settle_reviews
from jixiao.batch.filing_task import FilingTask
from jixiao.batch.options import Options
from jixiao.errors import Problems, UsageError
from jixiao.model.external_data import NO_EXTERNAL_DATA, FormerDepartment
from jixiao.model.fact import Facts
from jixiao.model.review import Review
from jixiao.model.submission import RosterEntry
from jixiao.pack import Pack
from jixiao.runtime.digest import file_sha256
from jixiao.values.names import comparable_name


@dataclass(frozen=True)
class AuxiliaryInputs:
    """The workbooks of external data as read before any filing; `own` are OUT's review workbooks with their SHA-256."""

    filled: tuple[FilledRow, ...] = ()
    reference: tuple[ReferenceRow, ...] | None = None
    own: Mapping[Path, str] = field(default_factory=dict)

    def check_unchanged(self) -> None:
        """Raise `UsageError` if a review workbook in OUT was changed since it was read: to write it would lose the changes."""
        for path, checksum in self.own.items():
            if file_sha256(path) != checksum:
                raise UsageError(f"“{path.name}”在运行期间被修改，为免丢失填写的内容未予改写，请重新运行。")


def read_auxiliary_inputs(options: Options, pack: Pack, own_reviews: Sequence[Path]) -> AuxiliaryInputs:
    """Read what the options name and OUT's own review workbooks; `UsageError` names what cannot be used."""
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
class Leftovers:
    """External data that no filing of this run answers to; `settings` says in words for run.json what was used.

    `kept_reviews` are decisions of departments or indicators that this run lacks, `gone` departments of last year's
    result and `unmatched` rows of the bureau's workbook of which no filing counts.
    """

    kept_reviews: tuple[Review, ...]
    gone: tuple[FormerDepartment, ...]
    unmatched: tuple[ReferenceRow, ...]
    settings: dict[str, str]


def attach(
    auxiliary: AuxiliaryInputs,
    options: Options,
    tasks: Sequence[FilingTask],
    roster: Sequence[RosterEntry],
    pack: Pack,
    year: int,
    facts_of: Callable[[str], Facts],
) -> tuple[list[FilingTask], Leftovers]:
    """Return each filing with its decisions and figures; `UsageError` if a decision is of none or the year is wrong."""
    previous = read_previous(options.previous, pack, year) if options.previous else None
    reference = auxiliary.reference
    reviews = settle_reviews(auxiliary.filled, tasks, roster, pack, year, facts_of)
    attached: list[FilingTask] = []
    rows: list[ReferenceRow] = []
    departments: list[PreviousDepartment] = []
    for task in tasks:
        identity = task.resolved.identity
        external = NO_EXTERNAL_DATA
        if reference is not None:
            row = reference_of(reference, identity)
            rows += [row] if row else []
            external = replace(external, bureau=row.facts if row else Facts(()))
        # A filing of another year is not compared with the year before this batch's.
        if previous is not None and identity.year == year:
            former = previous_of(previous, identity)
            departments += [former] if former else []
            external = replace(
                external, previous=former.facts if former else Facts(()), standing=former.standing if former else None
            )
        decisions = reviews.by_submission.get(task.header.submission_id, ())
        attached.append(replace(task, reviews=decisions, external=external))
    settings: dict[str, str] = {}
    decided = sum(review.decides for task in attached for review in task.reviews)
    if decided or reviews.orphaned:
        orphaned = f"，另有 {len(reviews.orphaned)} 项暂无对应报送" if reviews.orphaned else ""
        settings["复核记录"] = f"{decided} 项{orphaned}"
    if reference is not None:
        # The blank workbook names every department; those without a figure do not count.
        filled, used = (sum(len(row.facts) > 0 for row in some) for some in (reference, rows))
        settings["财政核对数据"] = f"{filled} 个部门，{used} 个有计分的报送"
    if previous is not None:
        count = sum(bool(task.external.previous) for task in attached)
        settings["上年结果"] = f"{year - 1} 年度，{count} 个部门有上年数据"
    compared = set(map(id, departments))
    gone = tuple(
        FormerDepartment(each.budget_code, each.department, each.standing)
        for each in previous or ()
        if id(each) not in compared
    )
    return attached, Leftovers(reviews.orphaned, gone, tuple(unmatched(reference or (), rows)), settings)


def refuse_ambiguous(
    tasks: Sequence[FilingTask], where: Mapping[str, str], auxiliary: AuxiliaryInputs, options: Options
) -> None:
    """Raise `UsageError` if departments of several districts have one name and external data would go by it."""
    if not (auxiliary.filled or auxiliary.reference is not None or options.previous):
        return
    districts: dict[str, str] = {}
    for task in tasks:
        identity, district = task.resolved.identity, where.get(task.header.file, "收件文件夹")
        for name in {identity.budget_code or "", comparable_name(identity.department or "")} - {""}:
            if districts.setdefault(name, district) != district:
                one, other = sorted((districts[name], district))
                raise UsageError(
                    f"“{one}”和“{other}”都有“{identity.department or identity.budget_code}”，"
                    "无法认定复核表、财政核对数据或上年结果中的是哪一个，请逐个区县运行（收件文件夹选该区县的文件夹，另选输出文件夹）。"
                )
