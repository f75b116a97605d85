"""What is installed here, what is missing, and what that means for the people who run the program."""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import metadata, util
from pathlib import Path

from jixiao import __version__
from jixiao.errors import UsageError
from jixiao.pack.load import installed_packs, load_pack
from jixiao.runtime.libreoffice import office_program

DISTRIBUTION = "jixiao"
LEAST_PYTHON = (3, 11)
CLUSTER = ("dask", "distributed")


class CheckState(Enum):
    """Whether something is as it should be; what is optional may be missing."""

    GOOD = "正常"
    ABSENT = "未安装"
    BAD = "须处理"


@dataclass(frozen=True, slots=True)
class InstallationCheck:
    """One thing looked at: its name, its state, what was found, and what that means or what to do."""

    name: str
    state: CheckState
    actual: str
    meaning: str = ""


def examine() -> tuple[InstallationCheck, ...]:
    """Everything that is looked at, in reading order; opens no connection and leaves nothing behind."""
    return (
        InstallationCheck("绩效（jixiao）", CheckState.GOOD, __version__, str(Path(sys.executable))),
        _python(),
        InstallationCheck("系统", CheckState.GOOD, f"{platform.system()} {platform.release()} {platform.machine()}", f"处理器 {os.cpu_count() or 1} 个"),
        *_libraries(),
        *_packs(),
        _temporary_folder(),
        _terminal(),
        _office(),
        _cluster(),
    )


def _python() -> InstallationCheck:
    least = ".".join(map(str, LEAST_PYTHON))
    good = sys.version_info[:2] >= LEAST_PYTHON
    return InstallationCheck("Python", CheckState.GOOD if good else CheckState.BAD, platform.python_version(), "" if good else f"需要 {least} 以上，请升级后重新安装。")


def required(distribution: str) -> Iterator[str]:
    """The names of the libraries that an installed distribution cannot do without."""
    for line in metadata.requires(distribution) or ():
        if "extra ==" not in line:
            yield re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]


def _libraries() -> Iterator[InstallationCheck]:
    try:
        names = list(required(DISTRIBUTION))
    except metadata.PackageNotFoundError:
        yield InstallationCheck("程序库", CheckState.BAD, "未按安装包安装", "请用 pipx install 或 uv tool install 安装后再用。")
        return
    versions = {name: _version(name) for name in names}
    missing = [name for name, version in versions.items() if not version]
    if missing:
        yield InstallationCheck("程序库", CheckState.BAD, f"缺少 {'、'.join(missing)}", "安装不完整，请重新安装本程序。")
    yield InstallationCheck("程序库", CheckState.GOOD, "，".join(f"{name} {version}" for name, version in versions.items() if version))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _packs() -> Iterator[InstallationCheck]:
    for name in installed_packs():
        try:
            pack = load_pack(name)
        except UsageError as error:
            yield InstallationCheck("表样包", CheckState.BAD, name, str(error))
        else:
            yield InstallationCheck("表样包", CheckState.GOOD, name, f"{pack.rubric.title}（{pack.year} 年度）")


def _temporary_folder() -> InstallationCheck:
    folder = tempfile.gettempdir()
    try:
        with tempfile.TemporaryFile():
            pass
    except OSError as error:
        return InstallationCheck("临时文件夹", CheckState.BAD, folder, f"无法写入（{error.strerror}），请检查权限和剩余空间。")
    return InstallationCheck("临时文件夹", CheckState.GOOD, folder)


def _terminal() -> InstallationCheck:
    encoding = sys.stdout.encoding or "不详"
    return InstallationCheck("终端编码", CheckState.GOOD, encoding, "中文显示为乱码时，请改用 Windows 终端，或先执行 chcp 65001。")


def _office() -> InstallationCheck:
    program = office_program()
    if program is None:
        return InstallationCheck("LibreOffice", CheckState.ABSENT, "—", "可不装：退回工作簿照常写出，但不能同时写出 PDF，也不能读取 .doc、.wps 文件（请另存为 .docx）。")
    return InstallationCheck("LibreOffice", CheckState.GOOD, str(program), "可写出 PDF，可读取 .doc、.wps 文件。")


def _cluster() -> InstallationCheck:
    if any(util.find_spec(name) is None for name in CLUSTER):
        return InstallationCheck("dask", CheckState.ABSENT, "—", "可不装：一台计算机上照常并行；要在集群上运行，请安装 jixiao[dask]。")
    return InstallationCheck("dask", CheckState.GOOD, "，".join(f"{name} {_version(name)}" for name in CLUSTER), "可用 --engine dask 在集群上运行。")
