"""How large a file may be before it is refused unread."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao.model.submission import Status

UNREADABLE = "SUB-01"
ENCRYPTED = "SUB-02"


class UnreadableFile(Exception):
    """A file that gives no grids: its status, the code of the rule and, in Chinese, what it seems to be and why.

    `reason` is a clause without a full stop, fit for the rule's message.
    """

    def __init__(self, status: Status, code: str, reason: str) -> None:
        super().__init__(status, code, reason)
        self.status = status
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class ReaderFailed(Exception):
    """A library could not read a workbook, or broke down over it: another may."""


def unreadable(reason: str) -> UnreadableFile:
    """A refusal of a file that cannot be read."""
    return UnreadableFile(Status.UNREADABLE, UNREADABLE, reason)


def encrypted(reason: str) -> UnreadableFile:
    """A refusal of a file that is locked with a password."""
    return UnreadableFile(Status.UNREADABLE, ENCRYPTED, reason)


def skipped(reason: str) -> UnreadableFile:
    """A refusal of a file that is no filing at all."""
    return UnreadableFile(Status.SKIPPED, UNREADABLE, reason)


MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file, far above any filing (20 KiB, 20 parts, 5 sheets, 250 rows) and far below what hurts.

    `file_bytes` of the file; `parts` of its package; `unpacked_bytes` of all parts together and `part_bytes` of one;
    `ratio` of unpacked to packed bytes of a part larger than `ratio_from_bytes`; `sheets`; `rows` and `columns` of the
    filled area of a sheet, `cells` of all filled areas together (rows times columns: what a reader allocates);
    `merges` of a sheet; `depth` of nested elements (.ods, .docx); `document_bytes` and `elements` of a Word document; `spins` of a password's key derivation.
    """

    file_bytes: int = 50 * MIB
    parts: int = 2_000
    unpacked_bytes: int = 300 * MIB
    part_bytes: int = 120 * MIB
    ratio: int = 400
    ratio_from_bytes: int = 4 * MIB
    sheets: int = 256
    rows: int = 1_048_576
    columns: int = 16_384
    cells: int = 3_000_000
    merges: int = 50_000
    depth: int = 256
    document_bytes: int = 32 * MIB
    elements: int = 1_000_000
    spins: int = 1_000_000


LIMITS = Limits()
