"""A run survives what lies in an inbox, what happens to its disk, and an interrupt; it leaves whole files only."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from multiprocessing import get_all_start_methods
from pathlib import Path

import pytest

from jixiao.batch.inbox.files import inbox_files
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.errors import UsageError
from jixiao.runtime import atomic_files as batch_files
from jixiao.runtime.engine import LocalEngine
from jixiao.runtime.subprocess_task import TaskLost
from jixiao.runtime.worker_pool import _console_ignored, worker_pool
from tests.support.killing import hears_interrupts
from tests.support.workbooks import Filed, parts, roster

POSIX = pytest.mark.skipif(os.name != "posix", reason="links, pipes and signals are made as on POSIX")


@pytest.fixture(scope="module")
def filings(pack, tmp_path_factory) -> Path:
    """Eight small filings of eight departments."""
    folder = tmp_path_factory.mktemp("filings")
    filed = Filed(pack)
    for number in range(1, 9):
        filed.cell("cover.budget_code").value = f"10100{number}"
        filed.cell("cover.department").value = f"某区第{number}局"
        filed.save(folder / f"{number}.xlsx")
    return folder


@pytest.fixture
def inbox(filings, tmp_path) -> Path:
    """Two of them in a folder whose name has blanks and Chinese characters."""
    folder = tmp_path / "收 件 箱"
    folder.mkdir()
    for number in (1, 2):
        shutil.copy(filings / f"{number}.xlsx", folder)
    return folder


def statuses(outcome) -> dict[str, tuple[str, str]]:
    return {result.file: (result.status.value, result.reason) for result in outcome.district.results}


@POSIX
def test_whatever_lies_in_an_inbox_has_a_row(inbox, tmp_path):
    outside = tmp_path / "outside.xlsx"
    shutil.copy(inbox / "1.xlsx", outside)
    (inbox / "外链.xlsx").symlink_to(outside)
    (inbox / "断链.xlsx").symlink_to(inbox / "没有.xlsx")
    (inbox / "自链.xlsx").symlink_to(inbox / "自链.xlsx")
    (inbox / "文件夹链").symlink_to(inbox, target_is_directory=True)
    (inbox / "上级").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(inbox / "管道.xlsx")
    (inbox / "是文件夹.xlsx").mkdir()
    (inbox / "第一次 报送").mkdir()
    shutil.copy(inbox / "2.xlsx", inbox / "第一次 报送" / "又 一份.xlsx")
    Path(os.fsdecode(os.fsencode(inbox) + b"/\xff\xfe.xlsx")).write_bytes(b"")
    found = statuses(run(Options(inbox, tmp_path / "结 果", "yunxi_2022", seconds=10)))
    odd = found.pop("\\udcff\\udcfe.xlsx")
    assert odd == ("unreadable", "文件无法读取：空文件（0 字节）")
    assert found == {
        "1.xlsx": ("returned", found["1.xlsx"][1]),
        "2.xlsx": ("returned", found["2.xlsx"][1]),
        "第一次 报送/又 一份.xlsx": ("duplicate", "与 2.xlsx 内容完全相同，以该文件为准"),
        "外链.xlsx": ("skipped", "指向文件夹之外的链接，未读取"),
        "断链.xlsx": ("unreadable", "文件无法读取：文件打不开（文件已不在原处）"),
        "自链.xlsx": ("skipped", "链接指向自身，未读取"),
        "文件夹链": ("skipped", "文件夹链接，未读取"),
        "上级": ("skipped", "指向文件夹之外的链接，未读取"),
        "管道.xlsx": ("skipped", "不是普通文件（管道或设备），未读取"),
    }


def test_a_subfolder_that_may_not_be_listed_is_told_and_stops_nothing(inbox, monkeypatch):
    (inbox / "锁住").mkdir()
    listing = Path.iterdir

    def refused(path):
        if path.name == "锁住":
            raise PermissionError(errno.EACCES, "refused", str(path))
        return listing(path)

    monkeypatch.setattr(Path, "iterdir", refused)
    assert {file.name: file.skipped for file in inbox_files(inbox)} == {
        "1.xlsx": "", "2.xlsx": "", "锁住": "没有读取这个子文件夹的权限，未读取",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "denied"), "文件无法读取：文件打不开（没有读取权限，或正被其他程序占用）"),
        (FileNotFoundError(errno.ENOENT, "gone"), "文件无法读取：文件打不开（文件已不在原处）"),
        (OSError(errno.EIO, "broken"), "文件无法读取：文件打不开（存储设备出错）"),
    ],
)
def test_a_file_that_cannot_be_opened_or_vanishes_is_unreadable(pack, inbox, monkeypatch, error, told):
    from jixiao.batch.inbox.excluded import unreadable_result
    from jixiao.reading.read import read_file

    def refused(path):
        raise error

    monkeypatch.setattr(Path, "read_bytes", refused)
    result = unreadable_result(read_file(inbox / "1.xlsx", pack, file="1.xlsx"), ())
    assert (result.status.value, result.reason) == ("unreadable", told)


def whole(out: Path) -> bool:
    """Whether everything in OUT is whole, and nothing temporary is left."""
    workbooks = list(out.rglob("*.xlsx"))
    passing = [out / ".jixiao" / name for name in ("read", "work")]
    leftovers = [path for path in out.rglob("*") if path.suffix == ".part" or any(path.is_relative_to(each) for each in passing)]
    return all(zipfile.is_zipfile(path) and zipfile.ZipFile(path).testzip() is None for path in workbooks) and not leftovers


def shown(out: Path) -> dict[str, bytes]:
    """What OUT holds for people, without what the tool keeps for itself."""
    return {name: content for name, content in parts(out).items() if not name.startswith(".jixiao/")}


@pytest.mark.parametrize("nth", [1, 2, 3, 5, 9])
def test_a_full_disk_is_told_in_one_line_and_leaves_whole_files(inbox, tmp_path, monkeypatch, nth):
    out = tmp_path / "out"
    written = []

    def flush(path):
        written.append(path)
        if len(written) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(batch_files, "_flush", flush)
    with pytest.raises(UsageError, match=r"磁盘空间不足.*重新运行"):
        run(Options(inbox, out, "yunxi_2022"))
    assert whole(out) and not (out / "run.json").exists()


def test_a_disk_that_is_full_from_the_start_is_told(inbox, tmp_path, monkeypatch):
    monkeypatch.setattr("jixiao.batch.inbox.read.RecordStore.put", _full)
    with pytest.raises(UsageError, match="磁盘空间不足"):
        run(Options(inbox, tmp_path / "out", "yunxi_2022"))
    assert whole(tmp_path / "out")


def test_a_disk_that_has_no_room_for_what_is_kept_is_told(inbox, tmp_path, monkeypatch):
    monkeypatch.setattr("jixiao.batch.partition.Records.put_result", _full)
    with pytest.raises(UsageError, match="磁盘空间不足"):
        run(Options(inbox, tmp_path / "out", "yunxi_2022"))
    assert whole(tmp_path / "out") and not (tmp_path / "out" / "run.json").exists()


def _full(*arguments, **more):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_locked_target_is_named_and_keeps_what_it_held(inbox, tmp_path, monkeypatch):
    out = tmp_path / "out"
    run(Options(inbox, out, "yunxi_2022"))
    before = shown(out)
    replace = Path.replace

    def locked(path, target):
        if Path(target).name == "101002_某区第2局.xlsx":
            raise PermissionError(errno.EACCES, "in use", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(UsageError, match=r"101002_某区第2局\.xlsx”（可能正在 Excel 中打开"):
        run(Options(inbox, out, "yunxi_2022", fresh=True))
    assert shown(out) == before and whole(out)


def test_a_mistake_of_the_readers_costs_one_file(inbox, tmp_path, monkeypatch):
    import jixiao.reading.read as reading

    read = reading.read_grids

    def mistaken(grids, pack, *, file, **more):
        if file == "1.xlsx":
            raise ValueError("secret")
        return read(grids, pack, file=file, **more)

    monkeypatch.setattr(reading, "read_grids", mistaken)
    monkeypatch.setenv("JIXIAO_START_METHOD", "fork")
    found = statuses(run(Options(inbox, tmp_path / "out", "yunxi_2022")))
    assert found["1.xlsx"] == ("unreadable", "读取该文件时程序出错（ValueError），已停止处理这一份，其余文件不受影响")
    assert found["2.xlsx"][0] == "returned"


def test_a_classified_department_is_not_reminded(inbox, tmp_path):
    shutil.copy(inbox / "1.xlsx", inbox / "某区第3局.xlsx")
    names = {f"10100{n}": f"某区第{n}局" for n in range(1, 6)}
    book = roster(tmp_path / "名册.xlsx", names, 涉密={"101003": "是", "101004": "是"}, 报送截止={"101005": "2023年4月30日"})
    outcome = run(Options(inbox, tmp_path / "out", "yunxi_2022", roster=book))
    found = {result.budget_code: (result.status.value, result.reason) for result in outcome.district.results}
    assert found["101003"] == ("skipped", "名册标明涉密，按规定未读取，请线下处理")
    assert found["101004"] == ("missing", "名册标明涉密，请线下报送")
    assert found["101005"] == ("missing", "未报送（截止 2023年4月30日）")


def command(*arguments: object, **variables: str) -> tuple[list[str], dict[str, str]]:
    known = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "LC_", "LANG"))}
    return [sys.executable, "-m", "jixiao", *map(str, arguments)], {**known, **variables}


def in_order(work, tasks):
    engine = LocalEngine(2)
    with engine.at_work():
        return list(engine.each_in_order(work, tasks))


@pytest.mark.parametrize("method", [each for each in ("spawn", "fork") if each in get_all_start_methods()])
def test_work_is_shared_out_and_comes_back_in_order(monkeypatch, method):
    monkeypatch.setenv("JIXIAO_START_METHOD", method)
    assert in_order(abs, [-3, 2, -1]) == [3, 2, 1]


def own_process(_):
    return os.getpid()


@POSIX
def test_work_that_loses_its_process_twice_is_told(monkeypatch):
    monkeypatch.setenv("JIXIAO_START_METHOD", "fork")
    with pytest.raises(UsageError, match=r"内存不足.*--jobs 1"):
        in_order(os._exit, [1, 1])


@POSIX
@pytest.mark.parametrize("pause", [0.0, 0.005, 0.3])
def test_a_pool_whose_idle_worker_is_killed_is_replaced_and_the_work_is_done(monkeypatch, pause):
    monkeypatch.setenv("JIXIAO_START_METHOD", "fork")
    with worker_pool(2) as pool:
        for _ in range(5):
            os.kill(pool.submit(own_process, None).result(), signal.SIGKILL)
            time.sleep(pause)
            pending = [pool.submit(abs, number) for number in (-3, 2, -1)]
            told = []
            for each in pending:
                try:
                    told.append(each.result())
                except TaskLost:
                    told.append(None)  # the worker died at this task: bounded work is done again by itself
            assert told.count(None) <= 1 and set(told) <= {3, 2, 1, None}


@pytest.mark.slow
def test_workers_may_be_spawned_and_everything_comes_out_the_same(inbox, tmp_path):
    told = {}
    for method, jobs in (("spawn", 2), ("fork", 1)):
        call, env = command("run", inbox, "-o", tmp_path / method, "--jobs", jobs, JIXIAO_START_METHOD=method)
        done = subprocess.run(call, capture_output=True, env=env, check=False)
        assert (done.returncode, done.stderr.decode().count("Traceback")) == (0, 0)
        told[method] = {name: content for name, content in shown(tmp_path / method).items() if name != "run.json"}
    assert told["spawn"].keys() == told["fork"].keys()
    assert [name for name in told["spawn"] if told["spawn"][name] != told["fork"][name]] == []


def test_a_start_method_the_platform_has_not_is_told(inbox, tmp_path, monkeypatch):
    monkeypatch.setenv("JIXIAO_START_METHOD", "teleport")
    with pytest.raises(UsageError, match=r"JIXIAO_START_METHOD.*teleport"):
        run(Options(inbox, tmp_path / "out", "yunxi_2022"))


@POSIX
@pytest.mark.parametrize("stage", ["读取", "审核"])
def test_an_interrupt_ends_with_its_status_and_leaves_whole_files(filings, tmp_path, stage):
    out = tmp_path / "out"
    call, env = command("run", filings, "-o", out, "--jobs", "2")
    process = subprocess.Popen(
        call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, start_new_session=True, preexec_fn=hears_interrupts
    )
    waited = time.monotonic() + 20
    sign = out / ".jixiao" / "read" if stage == "读取" else out / ".jixiao" / "work"
    while not sign.exists() and time.monotonic() < waited:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert told.decode().splitlines()[-1] == "已中断。"
    assert "Traceback" not in told.decode() and "Exception" not in told.decode()
    assert whole(out) and not (out / "run.json").exists()
    with pytest.raises(ProcessLookupError):
        for _ in range(50):
            os.killpg(process.pid, 0)  # nobody of the group is left
            time.sleep(0.1)


def test_on_windows_workers_start_deaf_to_the_console(monkeypatch):
    told = []

    class Kernel:
        def __init__(self, name):
            told.append(name)

        def SetConsoleCtrlHandler(self, handler, ignore):
            told.append((handler, ignore))

    monkeypatch.setattr("ctypes.WinDLL", Kernel, raising=False)
    with _console_ignored():
        told.append("started")
    assert told == ["kernel32", (None, True), "started", (None, False)]


@pytest.mark.parametrize("language", ["C", "zh_CN.GB18030"])
def test_the_language_of_the_system_changes_nothing(inbox, tmp_path, language):
    call, env = command("check", inbox / "1.xlsx", "--fail-on", "never", LC_ALL=language)
    done = subprocess.run(call, capture_output=True, env=env, check=False)
    assert done.returncode == 0 and "某区第1局" in done.stdout.decode("utf-8")


def test_the_program_is_called_by_one_name(tmp_path):
    script = Path(sys.executable).with_name("jixiao")
    if not script.exists():
        pytest.skip("the console script is not installed")
    call, env = command("run", "--help")
    told = [subprocess.run(each, capture_output=True, env=env, check=True).stdout for each in (call, [script, "run", "--help"])]
    assert told[0] == told[1] and "用法：jixiao run" in told[0].decode()
