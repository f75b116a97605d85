"""A run takes from earlier ones what nothing that touches it has changed, and nothing else."""

from __future__ import annotations

import os
import pickle
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.batch import partition
from jixiao.batch.digest import digest
from jixiao.batch.kept import Kept
from jixiao.batch.log import Log, Logs
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.batch.store import Store
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
        run(Options(home / "inbox", home / "out", "yunxi_2022", **options))
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


def kept(out: Path) -> list[Path]:
    """The files in which OUT keeps what a run knows for the next."""
    return [path for path in (out / ".jixiao").rglob("*.log") if path.is_file()]


@pytest.mark.parametrize("entry", [b"", b"short", b"x" * 400, pickle.dumps(Trap()), pickle.dumps("another thing")])
@pytest.mark.parametrize("signed", [True, False])
def test_a_damaged_or_foreign_entry_is_done_again_and_never_run(again, entry, signed, monkeypatch):
    monkeypatch.chdir(again.home)
    out = again.home / "out"
    before = contents(out)
    assert len(kept(out)) == 3  # what was read, what came of it, and the district
    for path in kept(out):
        names = list(Logs(path.parent).entries)
        path.write_bytes(entry)
        if signed:
            path.unlink()
            with Log(path.parent) as foreign:
                for name in names:
                    foreign.append(name, entry)
    assert again() == ["1.xlsx", "2.xlsx", "3.xlsx"]
    assert contents(out) == before
    assert not (again.home / "sprung").exists()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_what_a_kill_cut_short_is_done_again_and_what_stands_before_it_is_not(again, share):
    out = again.home / "out"
    before = contents(out)
    log = max(kept(out), key=lambda path: path.stat().st_size)  # of the filings
    whole = log.read_bytes()
    log.write_bytes(whole[: int(len(whole) * share)])
    rest = again()
    assert rest == ["1.xlsx", "2.xlsx", "3.xlsx"][-len(rest) :]
    assert len(rest) == {0.1: 3, 0.5: 2, 0.9: 1}[share]
    assert contents(out) == before
    assert again() == []


def test_a_kept_reading_tells_nothing_without_its_secret(tmp_path):
    store = Store(tmp_path)
    kept = Kept("key", "张三", b"", b"", b"")
    store.put("entry", kept, b"secret")
    assert store.get("entry", b"secret") == kept
    assert (store.get("entry", b"other"), store.get("entry")) == (None, None)
    assert "张三".encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_digest_tells_apart_what_differs_and_not_the_order_of_a_set():
    assert digest(frozenset("abc")) == digest(frozenset("cba"))
    told = [digest(each) for each in ("1", 1, Decimal(1), Decimal("1.0"), ("1",), None, True, frozenset("1"), ("1", ""), "")]
    assert len(set(told)) == len(told)
