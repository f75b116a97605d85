"""Word documents of older formats (.doc, .wps, .rtf): turned into .docx by LibreOffice where it is installed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from jixiao.model.office import OfficeFailed, converted, office_program
from jixiao.reading.refusal import unreadable

SECONDS = 20.0
"""How long one document may take: less than a reading process has for a file."""


def as_docx(data: bytes, suffix: str, title: str) -> bytes:
    """The bytes of the .docx that LibreOffice makes of a document. `suffix` is its content's, `title` its format's name.

    Raises `Refusal` where LibreOffice is not there, takes too long or makes nothing of it.
    """
    if office_program() is None:
        raise unreadable(f"是{title}，本机未安装 LibreOffice，不能读取")
    with tempfile.TemporaryDirectory(prefix="jixiao-word-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"document.{suffix}"
        source.write_bytes(data)
        try:
            with _unbounded():
                (made,) = converted([source], Path(folder), "docx", seconds=SECONDS)
        except OfficeFailed as error:
            raise unreadable(f"是{title}，{error}") from error
        if made is None:
            raise unreadable(f"是{title}，LibreOffice 打不开，可能已损坏")
        return made.read_bytes()


@contextmanager
def _unbounded() -> Iterator[None]:
    """Lift the bound on memory of a reading process for what it starts: an office program takes more address space."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
