"""`--public` and `--pdf`: what may be published of whom, and a PDF beside each return."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from jixiao.batch import pdfs
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.cli.run import _tell_copies
from jixiao.model.submission import Status, Submission
from jixiao.privacy.find import personal_words_of
from jixiao.privacy.mask import mask
from jixiao.reading.read import read_file
from jixiao.runtime import libreoffice
from jixiao.writing.returned.public_copy import may_be_public
from jixiao.writing.xlsx.theme import MARKS
from tests.support.workbooks import parts

SAMPLES = Path(__file__).parents[2] / "samples"
COPIES = "公开版"
PICKED = ("101001", "103001", "105001")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The sample district with public copies."""
    out = tmp_path_factory.mktemp("copies") / "out"
    return run(Options(inbox=SAMPLES / "inbox", out=out, pack="auto", roster=SAMPLES / "名册.xlsx", public=True))


def test_each_accepted_department_has_a_copy_and_nobody_else(ran):
    accepted = {Status.ACCEPTED, Status.ACCEPTED_WITH_WARNINGS}
    wanted = {f"{Path(each.output).stem}_{COPIES}.xlsx" for each in ran.district.results if each.output and each.status in accepted}
    assert {path.name for path in (ran.out / COPIES).iterdir()} == wanted != set()
    assert ran.public == len(wanted)
    assert {name for name in json.loads((ran.out / "run.json").read_text("utf-8"))["outputs"] if name.startswith(COPIES)} == {
        f"{COPIES}/{name}" for name in wanted
    }


def test_a_copy_names_nobody_and_holds_nothing_of_the_audit(ran, pack):
    for result in ran.district.results:
        copy = ran.out / COPIES / f"{Path(result.output or 'none').stem}_{COPIES}.xlsx"
        if not copy.is_file():
            continue
        book = openpyxl.load_workbook(copy)
        returned = openpyxl.load_workbook(ran.out / str(result.output))
        assert [sheet.title for sheet in book] == [
            sheet.title for sheet in returned if sheet.title not in ("审核结果", "问题清单", "表外内容", "回执")
        ]
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        texts = [str(cell.value) for cell in cells]
        assert not [cell for cell in cells if cell.comment or cell.data_type == "f"]
        assert not [text for text in texts if text.startswith(tuple(MARKS.values()))]
        assert not [cell for cell in cells if any(mark in cell.number_format for mark in MARKS.values())]
        assert all(cell.protection.locked for cell in cells)
        facts = _own_facts(pack, SAMPLES / "inbox" / result.file)
        secrets = personal_words_of(pack, facts, (result.department,))
        assert not [text for text in texts if mask(text, secrets) != text]
        named = {fact.text for fact in facts if fact.text and pack.concept(fact.concept).personal} - {result.department}
        assert named
        assert not named & set(texts)
        # What was filed and how it scored is there.
        assert result.scorecard is not None
        assert float(result.scorecard.total_final) in [cell.value for cell in cells]
        assert f"等次：{result.scorecard.grade}" in texts


def _own_facts(pack, path: Path):
    read = read_file(path, pack, file=path.name)
    assert isinstance(read, Submission)
    return read.facts


def test_a_classified_department_has_no_copy_whatever_its_result(ran, pack, tmp_path):
    """Neither where the roster marks it before its file is read, nor where a result of it exists."""
    accepted = next(each for each in ran.district.results if may_be_public(each))
    assert accepted.roster is not None
    assert not may_be_public(replace(accepted, roster=replace(accepted.roster, classified=True)))
    book = tmp_path / "名册.xlsx"
    sheet = openpyxl.Workbook()
    for row in (["预算编码", "部门名称", "涉密"], ["101001", "清溪区人民政府办公室", "是"], ["103001", "清溪区司法局", ""]):
        sheet.active.append(row)
    sheet.save(book)
    done = run(Options(inbox=_few(tmp_path), out=tmp_path / "out", pack="yunxi_2022", roster=book, public=True, jobs=2))
    written = [path.name for path in (tmp_path / "out").rglob("*.xlsx")]
    assert any("103001" in name and COPIES in name for name in written)
    assert not [name for name in written if "101001" in name or "人民政府办公室" in name]
    assert done.public == 1


def test_without_the_option_the_copies_go(ran, tmp_path):
    out = tmp_path / "out"
    inbox = _few(tmp_path)
    run(Options(inbox=inbox, out=out, pack="yunxi_2022", public=True))
    before = parts(out)
    assert list((out / COPIES).iterdir())
    run(Options(inbox=inbox, out=out, pack="yunxi_2022"))
    assert not list((out / COPIES).glob("*"))
    run(Options(inbox=inbox, out=out, pack="yunxi_2022", public=True))
    after = parts(out)
    assert {name: content for name, content in after.items() if "run.json" not in name and ".jixiao" not in name} == {
        name: content for name, content in before.items() if "run.json" not in name and ".jixiao" not in name
    }


def _few(folder: Path) -> Path:
    inbox = folder / "inbox"
    inbox.mkdir()
    for path in sorted((SAMPLES / "inbox").rglob("*.xlsx")):
        if path.name.startswith(PICKED):
            (inbox / path.name).write_bytes(path.read_bytes())
    return inbox


def test_where_libreoffice_is_missing_the_run_says_so_and_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pdfs, "office_program", lambda: None)
    options = Options(inbox=_few(tmp_path), out=tmp_path / "out", pack="yunxi_2022", public=True, pdf=True)
    _tell_copies(run(options), options)
    told = capsys.readouterr()
    assert "未安装 LibreOffice，3 份退回工作簿没有 PDF" in told.err
    assert "PDF：0 份" in told.out
    assert f"{COPIES}：2 份" in told.out
    assert not list((tmp_path / "out").rglob("*.pdf"))


def test_a_workbook_that_libreoffice_cannot_do_costs_the_others_nothing(tmp_path, monkeypatch):
    """A group that fails is done again one by one; the culprit is named, and told nothing else."""

    def converted(sources, folder, kind, *, seconds):
        if any("发展和改革局" in source.name for source in sources):
            raise libreoffice.OfficeFailed("LibreOffice 超过 75 秒没有完成")
        made = [folder / f"{source.stem}.{kind}" for source in sources]
        for path in made:
            path.write_bytes(b"%PDF-1.7 /CreationDate(D:20260102030405Z)")
        return made

    monkeypatch.setattr(pdfs, "office_program", lambda: Path("soffice"))
    monkeypatch.setattr(pdfs, "converted", converted)
    done = run(Options(inbox=SAMPLES / "inbox", out=tmp_path / "out", pack="yunxi_2022", roster=SAMPLES / "名册.xlsx", pdf=True))
    assert [name for name in done.pdfs.without if "发展和改革局" not in name] == []
    assert done.pdfs.why == "LibreOffice 超过 75 秒没有完成"
    made = {path.stem for path in (tmp_path / "out" / "departments").glob("*.pdf")}
    assert made == {Path(each.output).stem for each in done.district.results if each.output and "发展和改革局" not in each.output}
    one = next((tmp_path / "out" / "departments").glob("*.pdf")).read_bytes()
    assert one == b"%PDF-1.7 /CreationDate(D:" + b"0" * 15 + b")"
    again = run(Options(inbox=SAMPLES / "inbox", out=tmp_path / "out", pack="yunxi_2022", roster=SAMPLES / "名册.xlsx", pdf=True))
    assert again.pdfs.written == done.pdfs.written


@pytest.mark.skipif(libreoffice.office_program() is None, reason="LibreOffice is not installed")
def test_a_pdf_stands_beside_each_return_with_the_same_bytes_each_time(tmp_path):
    inbox = _few(tmp_path)
    first = run(Options(inbox=inbox, out=tmp_path / "one", pack="yunxi_2022", pdf=True, jobs=1))
    run(Options(inbox=inbox, out=tmp_path / "two", pack="yunxi_2022", pdf=True, jobs=1))
    assert len(first.pdfs.written) == 3
    assert not first.pdfs.without
    for name in first.pdfs.written:
        content = (tmp_path / "one" / name).read_bytes()
        assert content.startswith(b"%PDF")
        assert content == (tmp_path / "two" / name).read_bytes()


def test_copies_asked_for_later_are_those_asked_for_at_once(tmp_path):
    inbox = _few(tmp_path)
    for out, asked in ((tmp_path / "later", (False, True)), (tmp_path / "at once", (True,))):
        for public in asked:
            run(Options(inbox=inbox, out=out, pack="yunxi_2022", public=public))
    later, at_once = ({path.name: path.read_bytes() for path in (tmp_path / name / COPIES).iterdir()} for name in ("later", "at once"))
    assert later and later == at_once
