"""What an .xlsx holds beside its cells: comments, which are carried over, and pictures, which can only be counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING

from jixiao.model.place import spot_of
from jixiao.model.words import COMMENT_AUTHOR, COMMENT_END

if TYPE_CHECKING:
    from xml.etree import ElementTree

Cell = tuple[int, int]

_RELATION = re.compile(rb"<(?:\w{1,20}:)?Relationship\s([^>]{0,4000})>")
_TARGET, _TYPE = re.compile(rb"\bTarget=[\"']([^\"']+)"), re.compile(rb"\bType=[\"'][^\"']*/(\w+)[\"']")
_OWN_END = re.compile(rf"{COMMENT_END.format(rule=r'[A-Z]{3}-[0-9]{2,3}')}\Z")
MOST_COMMENTS = 5_000


def is_people_own(text: str, author: str) -> bool:
    """Whether a comment says anything and is not one that an earlier return put there."""
    return bool(text) and author != COMMENT_AUTHOR and not _OWN_END.search(text)


def sheet_comments(part: str, parts: Mapping[str, bytes]) -> dict[Cell, str]:
    """The comments of a sheet by cell, without those that an earlier return put there; none where they are broken."""
    found: dict[Cell, str] = {}
    names = _related(part, parts, b"comments")
    if names:
        from xml.etree import ElementTree
    for name in names:
        try:
            root = ElementTree.fromstring(parts.get(name, b""))
        except ElementTree.ParseError:
            continue
        authors = ["".join(author.itertext()) for author in root.iterfind("{*}authors/{*}author")]
        for comment in root.iterfind("{*}commentList/{*}comment"):
            spot, text = spot_of(comment.get("ref", "")), _text(comment)
            number = comment.get("authorId", "")
            author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
            if spot and is_people_own(text, author) and len(found) < MOST_COMMENTS:
                found[spot] = text
    return found


def _text(comment: ElementTree.Element) -> str:
    """What a comment says; beside it some programs keep where its box stands."""
    runs = (*comment.iterfind("{*}text/{*}t"), *comment.iterfind("{*}text/{*}r/{*}t"))
    return "".join(run.text or "" for run in runs).strip()


def sheet_pictures(part: str, parts: Mapping[str, bytes]) -> int:
    """How many pictures a sheet shows."""
    drawings = _related(part, parts, b"drawing")
    return sum(len(set(_related(name, parts, b"image"))) for name in drawings)


def _related(part: str, parts: Mapping[str, bytes], kind: bytes) -> list[str]:
    """The names of the parts of a kind that a part refers to."""
    relations = parts.get(join(dirname(part), "_rels", f"{basename(part)}.rels"))
    if relations is None or b"/" + kind not in relations:
        return []
    names = []
    for found in _RELATION.findall(relations):
        target, told = _TARGET.search(found), _TYPE.search(found)
        if target and told and told[1] == kind:
            path = target[1].decode("utf-8", "replace").replace("\\", "/")
            names.append((path.lstrip("/") if path.startswith("/") else normpath(join(dirname(part), path))).lower())
    return names
