"""Whatever OUT's disk or another program does: a clear line, nothing half written, and what was there before still there."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.errors import UsageError
from jixiao.runtime import atomic_files
from tests.support import files, killing


@pytest.fixture(scope="module")
def home(pack, tmp_path_factory) -> Path:
    """An inbox of three filings, what a run over it left, and the inbox with one of them changed and one away."""
    home = tmp_path_factory.mktemp("safe")
    for folder, figure, numbers in (("inbox", 100, (1, 2, 3)), ("later", 200, (1, 2))):
        (home / folder).mkdir()
        for number in numbers:
            cells = {
                "cover.budget_code": f"10100{number}", "cover.department": f"某区第{number}局",
                ("expenditure.basic", "headquarters"): figure if number == 2 else 50,
            }  # fmt: skip
            files.save(files.filed(pack, cells), home / folder / f"{number}.xlsx")
    run(Options(home / "inbox", home / "out", "yunxi_2022"))
    run(Options(home / "later", home / "after", "yunxi_2022"))
    return home


@pytest.fixture
def out(home, tmp_path) -> Path:
    """A copy of what the run left."""
    shutil.copytree(home / "out", tmp_path / "out")
    return tmp_path / "out"


def test_a_second_run_on_one_folder_is_refused_while_the_first_goes_on(home, out):
    before = killing.outputs(out)
    call = killing.call(home / "later", out)
    with FileLock(out / ".jixiao" / "lock"):
        done = subprocess.run(call, capture_output=True, check=False)
        told = done.stderr.decode().strip().splitlines()
        assert (done.returncode, told[-1]) == (2, f"另一次运行正在使用“{out}”，请等它结束后再试。")
        assert killing.outputs(out) == before
    assert subprocess.run(call, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")
def test_the_programs_own_folder_is_for_its_owner_alone(home, out):
    (out / ".jixiao").chmod(0o755)
    modes = set()
    flush = atomic_files._flush

    def look(path):
        modes.update(each.stat().st_mode & 0o777 for each in [out / ".jixiao", *(out / ".jixiao").rglob("*")] if each.is_dir())
        flush(path)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(atomic_files, "_flush", look)
        run(Options(home / "later", out, "yunxi_2022"))
    assert modes == {0o700}
    assert (out / "departments").stat().st_mode & 0o777 != 0o700


@pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")
@pytest.mark.parametrize("folder", [".jixiao", ".jixiao/read", ".jixiao/work", ".jixiao/results"])
@pytest.mark.parametrize("instead", ["link", "file", "foreign"])
def test_what_is_in_the_place_of_a_folder_of_the_program_is_refused_and_stays(home, out, tmp_path, monkeypatch, folder, instead):
    place, other = out / folder, tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    shutil.rmtree(place, ignore_errors=True)
    if instead == "link":
        place.symlink_to(other)
    elif instead == "file":
        place.write_text("mine")
    else:
        place.mkdir()
        monkeypatch.setattr(os, "getuid", lambda: place.stat().st_uid + 1)
    before = killing.outputs(out)
    with pytest.raises(UsageError, match="应是本程序自己的文件夹") as refusal:
        run(Options(home / "later", out, "yunxi_2022"))
    assert "\n" not in str(refusal.value)
    assert killing.outputs(out) == before
    assert [path.name for path in other.iterdir()] == ["mine.txt"] and os.path.lexists(place)


TARGETS = [
    "区级汇总.xlsx", "复核表.xlsx", "data/facts.parquet", "data/findings.parquet", "data/scores.parquet", "data/submissions.parquet",
    "departments/101002_某区第2局.xlsx", "run.json",
]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_a_file_open_in_excel_is_named_and_all_others_are_whole(home, out, monkeypatch, target):
    replace = Path.replace

    def locked(path, wanted):
        if Path(wanted) == out / target:
            raise PermissionError(errno.EACCES, "in use", str(wanted))
        return replace(path, wanted)

    monkeypatch.setattr("jixiao.runtime.atomic_files._PAUSE", 0)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", locked)
        with pytest.raises(UsageError, match=rf"无法写入“.*{Path(target).name}”（可能正在 Excel 中打开"):
            run(Options(home / "later", out, "yunxi_2022"))
    old, new, now = (killing.outputs(each) for each in (home / "out", home / "after", out))
    assert now[target] == old[target]
    assert [name for name, told in now.items() if told not in (old.get(name), new.get(name))] == []
    run(Options(home / "later", out, "yunxi_2022"))
    assert killing.outputs(out) == new


def test_a_return_that_is_to_go_and_is_open_is_named(home, out, monkeypatch):
    unlink = Path.unlink

    def locked(path, missing_ok=False):
        if path.name == "101003_某区第3局.xlsx":
            raise PermissionError(errno.EACCES, "in use", str(path))
        return unlink(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", locked)
        with pytest.raises(UsageError, match=r"无法删除已不再需要的“.*101003_某区第3局\.xlsx”（可能正在 Excel 中打开"):
            run(Options(home / "later", out, "yunxi_2022"))
    run(Options(home / "later", out, "yunxi_2022"))
    assert killing.outputs(out) == killing.outputs(home / "after")


def test_a_folder_that_may_not_be_written_is_told_and_nothing_is_begun(home, tmp_path, monkeypatch):
    mkdir = Path.mkdir

    def refused(path, *arguments, **more):
        if ".jixiao" in path.parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return mkdir(path, *arguments, **more)

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(UsageError, match=r"无法写入输出文件夹“.*”，请检查权限"):
        run(Options(home / "inbox", tmp_path / "out", "yunxi_2022"))


def test_every_file_is_on_the_disk_before_it_has_its_name(home, tmp_path, monkeypatch):
    out = tmp_path / "out"
    flushed, fsync, replace, named = set(), os.fsync, Path.replace, []

    def telling_fsync(number):
        flushed.add(os.fstat(number).st_ino)
        return fsync(number)

    def telling_replace(path, wanted):
        if ".jixiao" not in Path(wanted).parts:
            assert path.stat().st_ino in flushed and ".jixiao" in path.parts and path.suffix == ".part"
            named.append(Path(wanted).relative_to(out).as_posix())
        return replace(path, wanted)

    monkeypatch.setattr(os, "fsync", telling_fsync)
    monkeypatch.setattr(Path, "replace", telling_replace)
    run(Options(home / "inbox", out, "yunxi_2022"))
    # What a worker process writes is written by the same function; here everything is written by this one.
    assert sorted(named) == sorted(killing.outputs(out)) and named[-1] == "run.json"


@pytest.mark.parametrize(
    "names",
    [("ABC局", "abc局"), ("CON", "con"), ("第一局/财务", "第一局\\财务"), ("\u202e某局", "某局"), ("某局. ", "某局"), ("长" * 200 + "甲", "长" * 200 + "乙")],
    ids=["case", "reserved", "separators", "direction", "closing point", "length"],
)
def test_departments_whose_names_make_one_file_name_have_two(pack, tmp_path, names):
    (tmp_path / "inbox").mkdir()
    for number, name in enumerate(names):
        cells = {"cover.budget_code": None, "cover.department": name, "cover.report_date": f"2023年4月{number + 1}日"}
        files.save(files.filed(pack, cells), tmp_path / "inbox" / f"{number}.xlsx")
    district = run(Options(tmp_path / "inbox", tmp_path / "out", "yunxi_2022")).district
    written = [path.name for path in (tmp_path / "out" / "departments").iterdir()]
    scored = [each for each in district.results if each.scored]
    assert len(written) == len(scored) and len({name.casefold() for name in written}) == len(written)
    assert all(len(name) < 120 and not set(name) & set('<>:"/\\|?*\u202e') for name in written)


def test_the_inbox_is_only_read(home, tmp_path):
    inbox = shutil.copytree(home / "inbox", tmp_path / "inbox")
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in inbox.iterdir()}
    run(Options(inbox, tmp_path / "out", "yunxi_2022"))
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in inbox.iterdir()} == before
