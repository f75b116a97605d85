"""What is kept of a filing's reading: its header, which only who has the filing itself can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple

from jixiao.batch.identity import Header
from jixiao.batch.inbox import InboxFile
from jixiao.batch.passwords import Passwords
from jixiao.batch.store import Store

MOST_BYTES = 64 * 1024 * 1024
"""Files larger than this are read anew each time: a filing is a thousandth of it."""


class Known(NamedTuple):
    """A file of which something may be kept: the sha256 of its bytes, its submission's id, and the secret it gives.

    A header holds personal words, and what lies in OUT may be passed on: the secret comes from the file's bytes and
    stands nowhere, so that the kept header tells nothing to who has not the file.
    """

    sha256: str
    submission_id: str
    secret: bytes


def known_files(files: Sequence[InboxFile], passwords: Passwords) -> dict[str, Known]:
    """The files by name of which readings may be kept; what passwords are tried on is read each time."""
    found = {}
    for file in files:
        try:
            if passwords.of(file.name) or file.path.stat().st_size > MOST_BYTES:
                continue
            content = file.path.read_bytes()
        except OSError:
            continue
        told = sha256(content).hexdigest()
        submission_id = sha256(f"{file.name}\0{told}".encode()).hexdigest()[:12]
        found[file.name] = Known(told, submission_id, sha256(b"reading\0" + content).digest())
    return found


def read_before(known: dict[str, Known], store: Store) -> dict[str, Header]:
    """The headers, by file name, of the files that an earlier run read as they are now."""
    found = {}
    for name, each in known.items():
        header = store.get(each.submission_id, each.secret)
        if isinstance(header, Header) and (header.file, header.sha256) == (name, each.sha256):
            found[name] = header
    return found


def keep_readings(headers: Iterable[Header], known: dict[str, Known], store: Store) -> None:
    """Keep the headers of files that are still what they were when the run began."""
    for header in headers:
        each = known.get(header.file)
        if each is not None and each.sha256 == header.sha256:
            with suppress(OSError):  # without it the next run reads this filing again, no more
                store.put(each.submission_id, header, each.secret)
