"""A run over every odd and hostile workbook there is, among honest ones."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
MIB_AT_MOST = 1024
SECONDS_AT_MOST = 120

REASONS = {
    "skipped": ["系统或编辑器的临时文件，未读取"],
    "unreadable": [
        "文件无法读取：不是电子表格，疑为 CSV 文本文件", "文件无法读取：不是电子表格，疑为纯文本文件", "文件无法读取：空文件（0 字节）",
        "文件无法读取：文件内部结构已损坏，可能未下载或未复制完整", "文件无法读取：文件结构已损坏，可能未下载或未复制完整",
        "文件无法读取：文件中含有正常表格没有的实体定义（DTD），出于安全不予读取", "文件设有打开密码，无法读取",
    ],
    "wrong_form": [
        "未找到规定表样的内容：工作簿是空的", "未找到规定表样的内容：没有年度收入情况、年度支出和结余情况、三公经费、固定资产、评分表",
    ],
}  # fmt: skip


def run(inbox: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jixiao", "run", str(inbox), "-o", str(out), "--roster", str(SAMPLES / "名册.xlsx"), "--jobs", "2"]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300)


def rows(out: Path, table: str) -> list[dict[str, object]]:
    return parquet.read_table(out / "data" / f"{table}.parquet").to_pylist()


@pytest.mark.slow
def test_hostile_files_cost_themselves_a_line_and_nobody_else_anything(hostile, tmp_path):
    alone, among = tmp_path / "单独", tmp_path / "混同"
    shutil.copytree(SAMPLES / "inbox", alone)
    shutil.copytree(SAMPLES / "inbox", among)
    shutil.copytree(hostile, among / "hostile")
    assert run(alone, tmp_path / "out1").returncode == 0
    started = time.monotonic()
    done = run(among, tmp_path / "out2")
    assert (done.returncode, time.monotonic() - started < SECONDS_AT_MOST) == (0, True), done.stderr
    assert "Traceback" not in done.stderr and "panicked" not in done.stderr

    submissions = rows(tmp_path / "out2", "submissions")
    told = {str(row["file"]): row for row in submissions if row["file"]}
    files = {path.relative_to(among).as_posix() for path in among.rglob("*") if path.is_file()}
    assert told.keys() == files
    odd = [row for file, row in told.items() if file.startswith("hostile/")]
    assert Counter(row["status"] for row in odd) == {"wrong_form": 113, "unreadable": 24, "skipped": 1}
    for row in odd:
        assert row["reason"] in REASONS[str(row["status"])], row

    manifest = json.loads((tmp_path / "out2" / "run.json").read_text(encoding="utf-8"))
    assert 0 < manifest["run"]["peak_memory_mib"] < MIB_AT_MOST
    for table in ("submissions", "facts", "findings", "scores"):
        before = list(rows(tmp_path / "out1", table))
        ids = {row["submission_id"] for row in before}
        assert [row for row in rows(tmp_path / "out2", table) if row["submission_id"] in ids] == before
    for path in (tmp_path / "out1" / "departments").iterdir():
        assert path.read_bytes() == (tmp_path / "out2" / "departments" / path.name).read_bytes()


KILLER = "oleloop.xls"


@pytest.mark.parametrize(
    ("dies", "reason"),
    [
        ("os.abort()", "读取该文件时读取程序异常终止，已停止处理这一份，其余文件不受影响"),
        ("time.sleep(600)", "读取该文件时超过 2 秒没有读完，已停止处理这一份，其余文件不受影响"),
        ("bytearray(1 << 30)", "读取该文件时占用内存过多，已停止处理这一份，其余文件不受影响"),
    ],
)
def test_a_file_that_kills_stalls_or_swells_its_reader_is_told_and_the_others_are_read(tmp_path, dies, reason):
    """The reader itself is made to break down over one file, in a process of its own, as no library's bug is for ever."""
    inbox = tmp_path / "收件"
    inbox.mkdir()
    for path in sorted(SAMPLES.joinpath("inbox").glob("10[1-4]*.xlsx")):
        shutil.copy(path, inbox)
    (inbox / "坏.xlsx").write_bytes(b"PK bad")
    program = f"""
import os, sys, time
from pathlib import Path
import jixiao.reading.read as read
real = read.read_file
def broken(path, *args, **more):
    if path.name == "坏.xlsx":
        {dies}
    return real(path, *args, **more)
read.read_file = broken
from jixiao.batch.options import Options
from jixiao.batch.run import run
outcome = run(Options(Path(sys.argv[1]), Path(sys.argv[2]), "yunxi_2022", seconds=2, memory_mib=400))
for result in outcome.district.results:
    print(result.file, result.status.value, result.reason, sep="|")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(inbox), str(tmp_path / "out")], capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    lines = dict(line.split("|", 1) for line in done.stdout.splitlines())
    assert lines.pop("坏.xlsx", done.stderr) == f"unreadable|{reason}"
    assert len(lines) == 4 and not any(re.match("unreadable|wrong_form", line) for line in lines.values())
