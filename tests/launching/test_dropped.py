"""A dropped folder is run with what lies in it or beside it, and its results lie beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from jixiao.demo.write import write_demo
from jixiao.pack.load import default_pack
from jixiao.runtime.atomic_files import extended
from jixiao.services.drop_target import dropped

LAUNCHERS = Path(__file__).resolve().parents[2] / "launchers"


def test_results_lie_beside_the_folder_and_its_own_files_go_before_those_beside(tmp_path):
    inbox = tmp_path / "2022 收件"
    inbox.mkdir()
    for path in (inbox / "名册.xlsx", tmp_path / "名册.xlsx", tmp_path / "财政核对数据.xlsx", inbox / "上年结果"):
        path.touch()
    plan = dropped(inbox)
    assert plan.out == tmp_path / "2022 收件_结果"
    assert plan.companions == {"roster": inbox / "名册.xlsx", "reference": tmp_path / "财政核对数据.xlsx"}
    (tmp_path / "上年结果").mkdir()
    assert dropped(inbox).companions["previous"] == tmp_path / "上年结果"


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        (r"C:\收件\2022", r"\\?\C:\收件\2022"),
        (r"\\server\share\收件", r"\\?\UNC\server\share\收件"),
        (r"\\?\C:\收件", r"\\?\C:\收件"),
    ],
)
def test_a_long_windows_path_is_spelled_out_whole_once(path, whole):
    assert extended(PureWindowsPath(path)) == PureWindowsPath(whole)


@pytest.mark.skipif(sys.platform == "win32", reason="the launcher of Linux")
def test_the_launcher_runs_a_folder_whatever_it_is_called(tmp_path):
    write_demo(tmp_path / "甲 (1) & 乙", default_pack())
    program = tmp_path / "bin" / "jixiao"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jixiao "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
    environment.pop("DISPLAY", None)
    inbox = tmp_path / "甲 (1) & 乙" / "inbox"
    done = subprocess.run(["sh", LAUNCHERS / "绩效审核.sh", inbox], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "名册.xlsx" in done.stderr
    assert (inbox.parent / "inbox_结果" / "区级汇总.xlsx").is_file()


@pytest.mark.parametrize("script", sorted(LAUNCHERS.glob("*.bat")), ids=lambda path: path.name)
def test_a_script_of_windows_has_its_line_ends_and_says_its_encoding_before_any_chinese(script):
    content = script.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.index(b"chcp 65001") < next(at for at, byte in enumerate(content) if byte > 127)
    labels = {line[1:] for line in content.decode().splitlines() if line.startswith(":")}
    asked = {line.split("goto ")[1].split()[0] for line in content.decode().splitlines() if "goto " in line}
    assert asked == labels


@pytest.mark.skipif(sys.platform == "win32", reason="scripts of Linux")
@pytest.mark.parametrize("script", sorted(LAUNCHERS.glob("*.sh")), ids=lambda path: path.name)
def test_a_script_of_linux_is_one_and_may_be_run(script):
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0
    assert os.access(script, os.X_OK)
