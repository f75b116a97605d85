"""What goes in beside the filings, as read before them: reviewers' decisions and the bureau's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao.batch.errors import Problems, UsageError
from jixiao.batch.options import Options
from jixiao.pack import Pack

if TYPE_CHECKING:  # most runs have none of these; what reads them is loaded by those that have
    from jixiao.batch.reference import ReferenceRow
    from jixiao.batch.review_books import FilledRow


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


def read_beside(options: Options, pack: Pack, own_reviews: Sequence[Path]) -> Beside:
    """What the options name, and what was filled in where it lies in OUT; `UsageError` names what cannot be used."""
    own = [path for path in own_reviews if path.is_file()]
    reference = None
    filled: list[FilledRow] = []
    digests = {path: _digest(path) for path in own}
    if own or options.reviews:
        from jixiao.batch.review_books import read_filled, review_files, told_apart

        files = review_files(options.reviews, own)
        shown = told_apart(path for path, _ in files)
        problems = Problems()
        for path, is_own in files:
            with problems:
                filled += read_filled(path, is_own, shown[path])
        problems.refuse()
    if options.reference:
        from jixiao.batch.reference import read_reference

        reference = read_reference(options.reference, pack)
    return Beside(tuple(filled), reference, digests)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
