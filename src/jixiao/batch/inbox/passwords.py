"""Passwords of workbooks that were sent locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from jixiao.errors import UsageError
from jixiao.values.names import comparable_name

MOST_TRIED = 20
"""Passwords tried on one file: each try costs a tenth of a second and more, by design of the encryption."""

_SEPARATORS = ("=", "＝")
_COMMENT = "#"
_ANY = "*"
_ENCODINGS = ("utf-8-sig", "gb18030")
_SHORTEST_NAME = 2


@dataclass(frozen=True)
class Passwords:
    """Passwords by the comparable name of a file or department, and those to try on any file."""

    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    general: tuple[str, ...] = ()

    def of(self, file: str) -> tuple[str, ...]:
        """Return the passwords to try on a file by its name relative to the inbox: its own, its department's, then the others."""
        path = PurePosixPath(file)
        names = {comparable_name(each) for each in (file, path.name, path.stem)}
        stem = comparable_name(path.stem)
        own = [password for name, passwords in self.named.items() if name in names for password in passwords]
        contained = [password for name, passwords in self.named.items() if name in stem for password in passwords]
        return tuple(dict.fromkeys([*own, *contained, *self.general]))[:MOST_TRIED]


NONE = Passwords()


def read_passwords(path: Path | None) -> Passwords:
    """Return the passwords of a text file: `name = password` or a password alone a line; `UsageError` where it cannot be read.

    The name is a file's or a department's; `*` stands for any file. Lines that begin with # are comments.
    """
    if path is None:
        return NONE
    named: dict[str, tuple[str, ...]] = {}
    general: list[str] = []
    for line in _text(path).splitlines():
        shown = line.strip()
        if not shown or shown.startswith(_COMMENT):
            continue
        at = min((place for mark in _SEPARATORS if (place := shown.find(mark)) >= 0), default=-1)
        name, password = shown[: max(at, 0)].strip(), shown[at + 1 :].strip()
        key = comparable_name(name)
        if not password:
            continue
        if at < 0 or name == _ANY or len(key) < _SHORTEST_NAME:
            general.append(password if name == _ANY or at < 0 else shown)
        else:
            named[key] = (*named.get(key, ()), password)
    return Passwords(named, tuple(general))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"打不开密码文件“{path}”，请检查路径。") from error
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"密码文件“{path}”不是文本文件，请另存为 UTF-8 文本后再试。")
