"""Why a file is not read."""

from __future__ import annotations

from jixiao.model.submission import Status

UNREADABLE = "SUB-01"
ENCRYPTED = "SUB-02"


class Refusal(Exception):
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


def unreadable(reason: str) -> Refusal:
    """A refusal of a file that cannot be read."""
    return Refusal(Status.UNREADABLE, UNREADABLE, reason)


def encrypted(reason: str) -> Refusal:
    """A refusal of a file that is locked with a password."""
    return Refusal(Status.UNREADABLE, ENCRYPTED, reason)


def skipped(reason: str) -> Refusal:
    """A refusal of a file that is no filing at all."""
    return Refusal(Status.SKIPPED, UNREADABLE, reason)
