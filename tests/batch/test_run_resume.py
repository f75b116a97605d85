"""A run takes from earlier ones what nothing that touches it has changed, and nothing else."""

from __future__ import annotations

import os
import pickle
import shutil
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from jixiao.batch import partition
from jixiao.batch import run as batch_run
from jixiao.batch.options import Options
from jixiao.batch.resume import FilingRecord
from jixiao.batch.run import run
from jixiao.model.result import DepartmentSummary
from jixiao.runtime.digest import digest
from jixiao.runtime.records import RecordStore, decode, encode
from tests.support.workbooks import Filed

COUNT = 3


@pytest.fixture(scope="module")
def done(pack, tmp_path_factory) -> Path:
    """A folder with an inbox of three filings and OUT after one run."""
    home = tmp_path_factory.mktemp("done")
    filed = Filed(pack)
    for number in range(1, COUNT + 1):
        filed.cell("cover.budget_code").value = f"10100{number}"
        filed.cell("cover.department").value = f"某区第{number}局"
        filed.save(home / "inbox" / f"{number}.xlsx")
    run(Options(home / "inbox", home / "out", "yunxi_2022"))
    return home


@pytest.fixture
def again(done, tmp_path, monkeypatch):
    """A copy of it, and a run that tells the filings it evaluated."""
    shutil.copytree(done, tmp_path / "home")
    evaluated: list[str] = []
    process = partition.process_partition

    def telling(task):
        evaluated.extend(each.header.file for each in task.assignments)
        return process(task)

    monkeypatch.setattr(partition, "process_partition", telling)

    def rerun(**options) -> list[str]:
        evaluated.clear()
        home = tmp_path / "home"
        run(Options(home / "inbox", home / "out", **{"pack": "yunxi_2022", **options}))
        return evaluated

    rerun.home = tmp_path / "home"
    return rerun


def stamps(out: Path) -> dict[str, tuple[int, int]]:
    """When and as what each file of OUT was written, but for run.json and what guards the run."""
    found = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    return {
        name: (path.stat().st_mtime_ns, path.stat().st_ino)
        for name, path in found.items() if name not in ("run.json", ".jixiao/lock")
    }  # fmt: skip


def contents(out: Path) -> dict[str, bytes]:
    """The bytes of what OUT holds for people, but for run.json."""
    found = {path.relative_to(out).as_posix(): path for path in out.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "run.json" and ".jixiao/" not in name}


def test_with_nothing_changed_only_the_manifest_is_written(again):
    out = again.home / "out"
    before = stamps(out)
    assert again() == []
    assert stamps(out) == before


@pytest.fixture
def files_read(monkeypatch) -> list[str]:
    """The files that runs read from now on."""
    names: list[str] = []
    read = batch_run.read_inbox

    def telling(task, *arguments):
        names.extend(file.name for file in task.files)
        return read(task, *arguments)

    monkeypatch.setattr(batch_run, "read_inbox", telling)
    return names


@pytest.mark.parametrize("options", [{}, {"pack": "auto"}])
def test_with_nothing_changed_no_filing_is_read(again, files_read, monkeypatch, options):
    again(**options)
    files_read.clear()
    before = contents(again.home / "out")
    monkeypatch.setattr("jixiao.batch.inbox.recognition.run_bounded", None)
    assert again(**options) == []
    (again.home / "out" / "区级汇总.xlsx").unlink()
    assert again(**options) == []
    assert files_read == []
    assert contents(again.home / "out") == before


def test_a_file_that_changed_or_came_is_read(again, files_read):
    inbox = again.home / "inbox"
    shutil.copy(inbox / "3.xlsx", inbox / "4.xlsx")
    assert again() == []
    assert len(files_read) == COUNT + 1
    (inbox / "4.xlsx").write_bytes(b"no workbook")
    assert again() == []
    assert len(files_read) == 2 * (COUNT + 1)
    again()
    assert len(files_read) == 2 * (COUNT + 1)


def test_what_might_be_readable_another_time_is_read_again(again):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("jixiao.batch.inbox.read.run_bounded", lambda work, tasks, **more: [MemoryError()] * len(tasks))
        again(contact="绩效股")
        assert list((again.home / "out" / "departments").iterdir()) == []
    assert again(contact="绩效股") == ["1.xlsx", "2.xlsx", "3.xlsx"]


def test_what_is_asked_afresh_is_done_again_to_the_same_bytes(again):
    before = contents(again.home / "out")
    assert again(fresh=True) == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert contents(again.home / "out") == before


@pytest.mark.parametrize(("options", "evaluated"), [({"bureau": "某区财政局"}, 3), ({"contact": "绩效股"}, 3), ({"year": 2022}, 0), ({"jobs": 2}, 0)])
def test_an_option_repeats_the_work_where_the_returns_depend_on_it(again, options, evaluated):
    assert len(again(**options)) == evaluated


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"typed over")])
def test_a_return_that_is_not_as_written_is_written_again(again, damage):
    out = again.home / "out"
    before = contents(out)
    damage(next((out / "departments").glob("101002_*")))
    assert again() == ["2.xlsx"]
    assert contents(out) == before


def test_a_summary_that_is_not_as_written_is_written_again_alone(again):
    out = again.home / "out"
    before = contents(out)
    (out / "区级汇总.xlsx").unlink()
    assert again() == []
    assert contents(out) == before


def test_a_filing_that_left_takes_its_return_along_and_no_file_of_other_people(again):
    out = again.home / "out"
    (out / "departments" / "别人的.xlsx").write_bytes(b"not ours")
    (again.home / "inbox" / "2.xlsx").unlink()
    assert again() == []
    assert sorted(path.name for path in (out / "departments").iterdir()) == [
        "101001_某区第1局.xlsx", "101003_某区第3局.xlsx", "别人的.xlsx",
    ]  # fmt: skip


class Trap:
    """What would run a command if it were read without care."""

    def __reduce__(self):
        return os.mkdir, ("sprung",)


def records(out: Path) -> list[Path]:
    """The records that OUT keeps for the next run: one a filing, and that of the district's files."""
    return sorted((out / ".jixiao" / "results").iterdir())


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 400, pickle.dumps(Trap()), encode("another thing"), encode(["a", "b", "c"])])
@pytest.mark.parametrize("signed", [True, False])
def test_a_damaged_or_foreign_record_is_done_again_and_never_run(again, content, signed, monkeypatch):
    monkeypatch.chdir(again.home)
    out = again.home / "out"
    before = contents(out)
    assert len(records(out)) == COUNT + 1
    for path in records(out):
        checksum = sha256(path.name.encode() + b"\0" + content).digest()
        path.write_bytes(checksum + content if signed else content)
    assert again() == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert contents(out) == before
    assert not (again.home / "sprung").exists()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_record_that_was_cut_short_is_done_again_and_the_others_are_not(again, share):
    out = again.home / "out"
    before = contents(out)
    path = max(records(out), key=lambda path: path.stat().st_size)  # of a filing
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert len(again()) == 1
    assert contents(out) == before
    assert again() == []


def test_a_record_in_the_place_of_another_is_none(again):
    out = again.home / "out"
    before = contents(out)
    filings = sorted(records(out), key=lambda path: path.stat().st_size)[1:]
    taken = [path.read_bytes() for path in filings]
    for path, content in zip(filings, [*taken[1:], taken[0]], strict=True):
        path.write_bytes(content)
    assert again() == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert contents(out) == before


@pytest.mark.parametrize("field", ["summary", "rows"])
def test_a_record_whose_fields_are_of_another_kind_is_done_again(again, field):
    out = again.home / "out"
    before = contents(out)
    store = RecordStore(out / ".jixiao" / "results")
    for path in records(out):
        record = store.get(path.name, FilingRecord)
        if record is not None:
            store.put(path.name, msgspec.structs.replace(record, **{field: encode({"status": 1, "rows": "none"})}))
    assert again() == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert contents(out) == before


def test_the_result_of_another_filing_under_a_key_is_done_again(again):
    out = again.home / "out"
    before = contents(out)
    store = RecordStore(out / ".jixiao" / "results")
    for path in records(out):
        record = store.get(path.name, FilingRecord)
        if record is not None:
            foreign = replace(decode(record.summary, DepartmentSummary), submission_id="0" * 12)
            store.put(path.name, msgspec.structs.replace(record, summary=encode(foreign)))
    assert again() == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert contents(out) == before


def test_records_of_inputs_that_are_gone_are_removed_and_no_file_of_other_people(again):
    out = again.home / "out"
    foreign = out / ".jixiao" / "results" / "别人的.xlsx"
    foreign.write_bytes(b"not ours")
    (out / ".jixiao" / "results" / f"{'a' * 64}.{'b' * 32}.part").write_bytes(b"half written by a run that was killed")
    (again.home / "inbox" / "2.xlsx").unlink()
    assert again() == []
    assert len(records(out)) == COUNT + 1 and foreign.read_bytes() == b"not ours"  # two filings, the district and this file


def test_a_lone_surrogate_keeps_no_record_from_being_written(tmp_path):
    store = RecordStore(tmp_path)
    store.put("a" * 12, ("张三", "\ud800", 1))
    assert store.get("a" * 12, tuple[str, str, int]) == ("张三", "?", 1)


def test_a_digest_tells_apart_what_differs_and_not_the_order_of_a_set():
    assert digest(frozenset("abc")) == digest(frozenset("cba"))
    told = [digest(each) for each in ("1", 1, Decimal(1), Decimal("1.0"), ("1",), None, True, frozenset("1"), ("1", ""), "")]
    assert len(set(told)) == len(told)
