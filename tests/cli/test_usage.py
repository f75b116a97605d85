"""Calling the program wrongly ends in one Chinese line and exit status 2, never in a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

from jixiao.pack.load import PACKS_FOLDER


def jixiao(*arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jixiao", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=home, check=False)


def inbox(folder: Path) -> Path:
    made = folder / "inbox"
    made.mkdir()
    (made / "a.xlsx").write_bytes(b"")
    return made


def roster(folder: Path, heads: list[str]) -> Path:
    path = folder / "roster.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, heads)
    return path


def own_output(folder: Path, sheets: dict[str, list[str]]) -> Path:
    """A workbook with the sheets and headings by which one that a run wrote is known."""
    path = folder / "own.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, heads in sheets.items():
            book.add_worksheet(name).write_row(0, 0, heads)
    return path


def with_roster(home: Path, path: Path) -> list[object]:
    return ["run", inbox(home), "-o", home / "out", "--roster", path]


def wrong_pack(folder: Path) -> Path:
    shutil.copytree(PACKS_FOLDER / "yunxi_2022", folder / "packs" / "wrong")
    rubric = folder / "packs" / "wrong" / "rubric.toml"
    rubric.write_text(rubric.read_text("utf-8").replace("full_marks = 5", "full_marks = 6", 1), "utf-8")
    return folder / "packs" / "wrong"


CASES = {
    "no command": (lambda home: ["nonsense"], "没有这个命令"),
    "no argument": (lambda home: ["run"], "缺少参数"),
    "an option that does not exist": (lambda home: ["run", "--nonsense"], "没有选项"),
    "no such inbox": (lambda home: ["run", home / "none", "-o", home / "out"], "找不到文件夹"),
    "an empty inbox": (lambda home: [(home / "e").mkdir(), "run", home / "e", "-o", home / "out"][1:], "没有可处理的文件"),
    "OUT inside the inbox": (lambda home: ["run", inbox(home), "-o", home / "inbox" / "out"], "不能在收件文件夹之内"),
    "OUT is a file": (lambda home: ["run", inbox(home), "-o", home / "inbox" / "a.xlsx"], "收件文件夹之内"),
    "a missing roster": (lambda home: ["run", inbox(home), "-o", home / "out", "--roster", home / "r.xlsx"], "找不到名册"),
    "a roster without its columns": (
        lambda home: ["run", inbox(home), "-o", home / "out", "--roster", roster(home, ["编号", "名称"])],
        "找不到“预算编码”“部门名称”",
    ),
    "a roster without departments": (
        lambda home: ["run", inbox(home), "-o", home / "out", "--roster", roster(home, ["预算编码", "部门名称"])],
        "没有部门",
    ),
    "the summary as roster": (
        lambda home: with_roster(home, own_output(home, {"总览": [], "得分排名": ["预算编码", "部门名称"], "运行信息": []})),
        "是本程序写出的区级汇总，不是名册",
    ),
    "the review workbook as roster": (
        lambda home: with_roster(home, own_output(home, {"复核表": ["预算编码", "部门名称", "复核得分", "识别码"]})),
        "是本程序写出的复核表，不是名册",
    ),
    "a return as roster": (
        lambda home: with_roster(home, own_output(home, {"问题清单": ["预算编码", "部门名称", "识别码"]})),
        "是本程序写出的退回工作簿，不是名册",
    ),
    "a file as inbox": (lambda home: ["run", inbox(home) / "a.xlsx", "-o", home / "out"], "不是文件夹"),
    "a pack that does not exist": (lambda home: ["run", inbox(home), "-o", home / "out", "--pack", "nowhere"], "没有这个表样包"),
    "a pack with an error": (lambda home: ["rubric", "show", "--pack", wrong_pack(home)], "rubric.toml"),
    "a rule that does not exist": (lambda home: ["rules", "XXX-99"], "没有规则"),
    "a file to check that does not exist": (lambda home: ["check", home / "none.xlsx"], "找不到文件"),
    "a filing to convert that does not exist": (lambda home: ["convert", home / "none.docx", "-o", home / "t.xlsx"], "找不到文件"),
    "converted to another kind": (lambda home: ["convert", inbox(home) / "a.xlsx", "-o", home / "t.docx"], "不是 .xlsx"),
    "converted without a target": (lambda home: ["convert", inbox(home) / "a.xlsx"], "缺少"),
    "a filing to convert that cannot be read": (lambda home: ["convert", inbox(home) / "a.xlsx", "-o", home / "t.xlsx"], "未转换：文件无法读取"),
    "a template of another kind": (lambda home: ["template", "-o", home / "t.docx"], "不是 .xlsx"),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_a_wrong_call_is_told_in_one_line(tmp_path, case):
    arguments, told = CASES[case]
    done = jixiao(*arguments(tmp_path), home=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert re.search(r"[\u4e00-\u9fff]", done.stderr)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions bind neither root nor Windows")
def test_an_inbox_without_permission_is_told(tmp_path):
    closed = inbox(tmp_path)
    closed.chmod(0)
    try:
        done = jixiao("run", closed, "-o", tmp_path / "out", home=tmp_path)
    finally:
        closed.chmod(0o700)
    assert done.returncode == 2
    assert "权限" in done.stderr


def test_help_is_chinese_and_asks_for_no_heavy_library(tmp_path):
    code = "import sys; sys.argv=['jixiao','--help']\ntry:\n import jixiao.cli as c; c.main()\nexcept SystemExit: pass\n"
    code += "print(sorted({'pandas','pandera','openpyxl','xlsxwriter','pyarrow','rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert "用法" in done.stdout
    assert done.stdout.strip().endswith("[]")


def test_a_run_in_which_nothing_changed_says_so(tmp_path):
    inbox = tmp_path / "收件"
    inbox.mkdir()
    shutil.copy(PACKS_FOLDER.parents[2] / "samples" / "inbox" / "104001_清溪区审计局.xlsx", inbox)
    call = [sys.executable, "-m", "jixiao", "run", str(inbox), "-o", str(tmp_path / "结果"), "--jobs", "1"]
    first, second = (subprocess.run(call, capture_output=True, text=True, timeout=120, check=True).stdout for _ in range(2))
    assert "读取" in first and "没有变动" not in first
    assert "各项输入与上次相比没有变动，沿用上次结果" in second and "每秒" not in second
