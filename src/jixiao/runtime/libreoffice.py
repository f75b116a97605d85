"""LibreOffice, where it is installed: found in one place, run without a screen, in a profile of its own, bounded in time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
FOLDERS = ("/usr/lib/libreoffice/program", "/opt/libreoffice*/program", "/Applications/LibreOffice.app/Contents/MacOS")
"""Where installers put it without naming it in PATH, besides the programs' folders of Windows."""


class OfficeFailed(Exception):
    """LibreOffice is not there, took too long or wrote nothing; the text says which, in Chinese."""


def office_program() -> Path | None:
    """Return the program that starts LibreOffice, or None where there is none."""
    for name in PROGRAMS:
        if program := shutil.which(name):
            return Path(program)
    windows = [root for name in ("ProgramFiles", "ProgramFiles(x86)") if (root := os.environ.get(name))]
    for folder in (*(f"{root}/LibreOffice/program" for root in windows), *FOLDERS):
        at = Path(folder)
        for place in sorted(at.parent.parent.glob(f"{at.parent.name}/{at.name}")):
            # soffice.com of Windows waits for the end and writes to the console, soffice.exe does neither.
            for name in ("soffice.com", "soffice.exe", "soffice"):
                if (place / name).is_file():
                    return place / name
    return None


def converted(sources: Sequence[Path], folder: Path, kind: str, *, seconds: float) -> list[Path | None]:
    """Convert files with LibreOffice into `folder`; return what came of each in their order, None for nothing.

    `kind` is the new suffix (pdf, docx, xlsx); two sources of one name would write one file. Macros do not run, links of
    a document are not followed and no window opens: the profile is new and goes away with the call. `OfficeFailed` where the program is not there or did not end within `seconds`.
    """
    program = office_program()
    if program is None:
        raise OfficeFailed("未安装 LibreOffice")
    with tempfile.TemporaryDirectory(prefix="jixiao-office-", ignore_cleanup_errors=True) as profile:
        command = [
            str(program), "--headless", "--norestore", "--nologo", "--nolockcheck",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--convert-to", kind, "--outdir", str(folder), *map(str, sources),
        ]  # fmt: skip
        _close(Path(profile))
        _run(command, seconds)
    targets = [folder / f"{source.stem}.{kind}" for source in sources]
    return [path if path.is_file() and path.stat().st_size else None for path in targets]


_CLOSED = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"><value>1</value></prop></item>
</oor:items>
"""
"""Settings of a profile in which no macro runs and no link of a document is followed (of Writer 0 is never, of Calc 1)."""


def _close(profile: Path) -> None:
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_CLOSED, encoding="utf-8")


def _run(command: Sequence[str], seconds: float) -> None:
    silent = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command, stdin=silent, stdout=silent, stderr=silent, start_new_session=os.name == "posix"
        )
    except OSError as error:
        raise OfficeFailed("LibreOffice 无法启动") from error
    with process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise OfficeFailed(f"LibreOffice 超过 {seconds:g} 秒没有完成") from error
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with what it started itself: it is a starter, the work is done by its child."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)
    process.kill()
