"""Which words of a filing are personal, as its form declares it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from jixiao.model.fact import Facts
from jixiao.model.submission import FilingHeader, Identity, ResolvedIdentity, RosterEntry
from jixiao.pack.cache import cached_per_pack
from jixiao.pack.fact_lookup import row_facts
from jixiao.pack.pack import Pack
from jixiao.privacy.mask import ALONE, ordinary_apart, personal_words
from jixiao.values.names import comparable_name


def personal_words_of(pack: Pack, facts: Facts, public: Iterable[str] = ()) -> frozenset[str]:
    """The contact's and evaluators' names and telephones in a filing, as `masked` wants them.

    A word that stands in a `public` text (the department's own name) is none; one that the form itself prints is
    masked only where it stands by itself.
    """
    names, telephones = (
        [text for fact in row_facts(facts, patterns) for text in {fact.text, fact.raw} if text]
        for patterns in (pack.names.contact_names, pack.names.telephones)
    )
    words = personal_words(names, telephones, public)
    return ordinary_apart(words, printed_text(pack), _printed_characters(pack))


@cached_per_pack
def personal_concepts(pack: Pack) -> _PersonalConcepts:
    """Return whether each concept is personal, those of records by their pattern."""
    return _PersonalConcepts(pack)


class _PersonalConcepts(dict[str | None, bool]):
    """Whether a concept is personal; what the form does not declare may hold anything, a name too."""

    def __init__(self, pack: Pack) -> None:
        super().__init__({None: False} | {concept.id: concept.personal for concept in pack.concepts.values()})
        self._pack = pack

    def __missing__(self, concept: str) -> bool:
        # Not remembered: rows are numbered as a filing likes.
        try:
            return self._pack.concept(concept).personal
        except KeyError:
            return True


@cached_per_pack
def printed_text(pack: Pack) -> str:
    """Everything that a form and its rules print, as one text: its words are ordinary words, whoever bears them."""
    declared = (pack.layout.model_dump(), pack.rubric.model_dump(), [rule.model_dump() for rule in pack.rules])
    return "\n".join(dict.fromkeys(_texts(declared)))


@cached_per_pack
def _printed_characters(pack: Pack) -> frozenset[str]:
    return frozenset(printed_text(pack))


def _texts(declared: object) -> Iterator[str]:
    if isinstance(declared, str):
        yield declared
    elif isinstance(declared, dict):
        for each in declared.values():
            yield from _texts(each)
    elif isinstance(declared, list | tuple):
        for each in declared:
            yield from _texts(each)


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
            elif comparable_name(word) not in self.departments:
                yield ALONE + word if len(word) < _UNMISTAKABLE else word

    @cached_property
    def _everybody(self) -> Words:
        return frozenset(word.removeprefix(ALONE) for words in self.by_department.values() for word in words)


def batch_personal_words(filings: Iterable[tuple[FilingHeader, ResolvedIdentity]], roster: Iterable[RosterEntry]) -> PersonalWords:
    """The personal words of all filings: a name in one of a department's may stand in another's file name."""
    by_department: dict[str, Words] = {}
    called = {comparable_name(entry.department) for entry in roster}
    for header, who in filings:
        # What the bureau itself calls a department is public.
        public = comparable_name(who.entry.department) if who.entry else ""
        words = frozenset(word for word in header.personal if comparable_name(word.removeprefix(ALONE)) not in public)
        key = subject(who.identity, header.submission_id)
        by_department[key] = by_department.get(key, frozenset()) | words
        called.add(comparable_name(who.identity.department or ""))
    return PersonalWords(by_department, "\n".join(sorted(called)))


def subject(identity: Identity, submission_id: str) -> str:
    """What tells departments apart: the budget code, else the name, else the filing itself."""
    return identity.budget_code or identity.department or submission_id


def _told(file: str) -> set[str]:
    """What may be a name or a telephone in a file's name and folders."""
    plain = unicodedata.normalize("NFKC", file)
    pieces = [piece for piece in _BREAK.split(plain) if piece]
    candidates = {piece for piece in pieces if len(piece) > 1}
    candidates.update(one + other for one, other in pairwise(pieces) if len(one) == len(other) == 1)
    for piece in (*pieces, *_BREAK.split(_WITHIN_NAMES.sub("", plain))):
        for length in (_UNMISTAKABLE, _UNMISTAKABLE + 1):
            candidates.update(piece[start : start + length] for start in range(len(piece) - length + 1))
    for run in _DIGITS.findall(plain):
        digits = re.sub(r"\D", "", run)
        candidates.update(digits[start:] for start in range(min(5, len(digits))))  # less a prefix of country or area
    return candidates
