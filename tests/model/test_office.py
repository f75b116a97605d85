"""LibreOffice is found, bounded and left without a trace; without it the reason is said."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from jixiao.runtime import libreoffice


def stand_in(folder: Path, body: str) -> None:
    """A program of LibreOffice's name in a folder that is the whole PATH."""
    program = folder / "soffice"
    program.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(libreoffice, "FOLDERS", ())
    return tmp_path


def test_without_it_the_reason_is_said(alone):
    assert libreoffice.office_program() is None
    with pytest.raises(libreoffice.OfficeFailed, match="未安装 LibreOffice"):
        libreoffice.converted([alone / "a.doc"], alone, "docx", seconds=5)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a first line")
def test_what_was_made_is_told_file_by_file_and_the_profile_goes_away(alone):
    stand_in(alone, "import sys, pathlib\npathlib.Path(sys.argv[sys.argv.index('--outdir') + 1], 'a.pdf').write_text('x')\n"
                    "print(sys.argv)\npathlib.Path(__file__).with_name('told').write_text(repr(sys.argv))")  # fmt: skip
    made = libreoffice.converted([alone / "a.xlsx", alone / "b.xlsx"], alone, "pdf", seconds=20)
    assert made == [alone / "a.pdf", None]
    profile = (alone / "told").read_text().split("UserInstallation=file://")[1].split("'")[0]
    assert not Path(profile).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a first line")
def test_one_that_does_not_end_is_ended_with_what_it_started(alone):
    stand_in(alone, f"import subprocess, sys, pathlib\nchild = subprocess.Popen(['{sys.executable}', '-c', 'import time; time.sleep(60)'])\n"
                    "pathlib.Path(__file__).with_name('child').write_text(str(child.pid))\nchild.wait()")  # fmt: skip
    with pytest.raises(libreoffice.OfficeFailed, match="没有完成"):
        libreoffice.converted([alone / "a.doc"], alone, "docx", seconds=2)
    child = (alone / "child").read_text()
    for _ in range(50):
        told = subprocess.run(["/bin/ps", "-o", "stat=", "-p", child], capture_output=True, text=True, check=False).stdout.strip()
        if not told or told.startswith("Z"):
            return
        time.sleep(0.1)
    raise AssertionError(f"its child is still there: {told}")
