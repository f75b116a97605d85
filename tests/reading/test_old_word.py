"""Older Word formats: read through LibreOffice where it is installed, else refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.model.submission import Status
from jixiao.reading.formats import open as open_module
from jixiao.reading.formats.open import UnreadableFile, grids_of
from jixiao.runtime.libreoffice import converted, office_program
from tests.reading.test_word import seed_document
from tests.support.grids import read, seen

needs_office = pytest.mark.skipif(office_program() is None, reason="LibreOffice is not installed")


def saved_as(kind: str, folder: Path) -> bytes:
    document = folder / "filing.docx"
    document.write_bytes(seed_document())
    (made,) = converted([document], folder, kind, seconds=120)
    assert made is not None
    return made.read_bytes()


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["doc", "rtf"])
def test_an_older_document_reads_as_the_new_one_does(pack, tmp_path, kind, monkeypatch):
    monkeypatch.setattr(open_module, "SECONDS", 120.0)
    assert seen(read(pack, grids_of(saved_as(kind, tmp_path)))) == seen(read(pack, grids_of(seed_document())))


@needs_office
@pytest.mark.slow
def test_a_document_that_libreoffice_wrote_reads_as_words_own(pack, tmp_path):
    (tmp_path / "odt").mkdir()
    (tmp_path / "odt" / "filing.odt").write_bytes(saved_as("odt", tmp_path))
    (made,) = converted([tmp_path / "odt" / "filing.odt"], tmp_path / "odt", "docx", seconds=120)
    assert made is not None
    assert seen(read(pack, grids_of(made.read_bytes()))) == seen(read(pack, grids_of(seed_document())))


def test_without_libreoffice_an_older_document_is_refused_with_what_to_do(monkeypatch):
    monkeypatch.setattr(open_module, "office_program", lambda: None)
    with pytest.raises(UnreadableFile) as caught:
        grids_of(b"{\\rtf1 x}")
    assert caught.value.status is Status.UNREADABLE
    assert caught.value.reason == "是 RTF 文档，本机未安装 LibreOffice，不能读取"


def test_a_document_that_libreoffice_cannot_open_is_refused(monkeypatch):
    monkeypatch.setattr(open_module, "office_program", lambda: Path("soffice"))
    monkeypatch.setattr(open_module, "converted", lambda sources, folder, kind, *, seconds: [None])
    with pytest.raises(UnreadableFile, match="LibreOffice 打不开"):
        grids_of(b"{\\rtf1 x}")
