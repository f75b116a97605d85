"""Which personal words concern a result: its department's own, and those of others where its file is named after them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from jixiao.batch.identity import Header, Resolved
from jixiao.model.names import comparable
from jixiao.model.privacy import ALONE
from jixiao.model.roster import RosterEntry
from jixiao.model.submission import Identity

Words = frozenset[str]

_BREAK = re.compile(r"[^\w]+|[\d_]+")
_DIGITS = re.compile(r"\d[\d\s\-—‐–()]*\d")
_UNMISTAKABLE = 3
"""So many characters of a name hardly occur within another word."""

_WITHIN_NAMES = re.compile(r"[\s·•]")


@dataclass(frozen=True)
class PersonalWords:
    """The personal words of a batch by department (`subject`), and what departments are called, which is public."""

    by_department: Mapping[str, Words]
    departments: str

    def of(self, identity: Identity, submission_id: str, file: str) -> Words:
        """The words to mask in a result; everybody's where nobody can be told whose it is.

        A name of another department's people is masked in a result whose file's name has it, a telephone too; a name of
        two characters only where it stands by itself, and nothing that a department is called.
        """
        if not identity.department and not identity.budget_code and submission_id not in self.by_department:
            return frozenset().union(*self.by_department.values())
        own = self.by_department.get(subject(identity, submission_id), frozenset())
        return own | frozenset(self._of_others(file, own))

    def _of_others(self, file: str, own: Words) -> Iterator[str]:
        for word in _told(file):
            if word in own or ALONE + word in own or word not in self._everybody:
                continue
            if word.isdigit():
                yield word
            elif comparable(word) not in self.departments:
                yield ALONE + word if len(word) < _UNMISTAKABLE else word

    @cached_property
    def _everybody(self) -> Words:
        return frozenset(word.removeprefix(ALONE) for words in self.by_department.values() for word in words)


def personal_words(filings: Iterable[tuple[Header, Resolved]], roster: Iterable[RosterEntry]) -> PersonalWords:
    """The personal words of all filings: a name in one of a department's may stand in another's file name."""
    found: dict[str, Words] = {}
    called = {comparable(entry.department) for entry in roster}
    for header, who in filings:
        # What the bureau itself calls a department is public.
        public = comparable(who.entry.department) if who.entry else ""
        words = frozenset(word for word in header.personal if comparable(word.removeprefix(ALONE)) not in public)
        key = subject(who.identity, header.submission_id)
        found[key] = found.get(key, frozenset()) | words
        called.add(comparable(who.identity.department or ""))
    return PersonalWords(found, "\n".join(sorted(called)))


def subject(identity: Identity, submission_id: str) -> str:
    """What tells departments apart: the budget code, else the name, else the filing itself."""
    return identity.budget_code or identity.department or submission_id


def _told(file: str) -> set[str]:
    """What may be a name or a telephone in a file's name and folders."""
    plain = unicodedata.normalize("NFKC", file)
    pieces = [piece for piece in _BREAK.split(plain) if piece]
    found = {piece for piece in pieces if len(piece) > 1}
    found.update(one + other for one, other in pairwise(pieces) if len(one) == len(other) == 1)
    for piece in (*pieces, *_BREAK.split(_WITHIN_NAMES.sub("", plain))):
        for length in (_UNMISTAKABLE, _UNMISTAKABLE + 1):
            found.update(piece[start : start + length] for start in range(len(piece) - length + 1))
    for run in _DIGITS.findall(plain):
        digits = re.sub(r"\D", "", run)
        found.update(digits[start:] for start in range(min(5, len(digits))))  # less a prefix of country or area
    return found
