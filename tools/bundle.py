"""A folder from which everything installs without a network: `python tools/bundle.py [FOLDER] [--python 3.11 ...]`.

It holds the program's wheel, the wheels of all that it needs for Windows x64, Linux x64 and Linux arm64 (麒麟, UOS), an
installer for each system, the launcher for Windows, the clerk's guide, and a list of checksums. pip asks for the
libraries that this machine would need; those that only another system needs are found in the wheels' own metadata, and the
folder is complete when no requirement of any wheel is missing for any system.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12")
BESIDE = {
    "launchers/install.bat": "install.bat", "launchers/install.sh": "install.sh",
    "launchers/绩效审核.bat": "绩效审核.bat", "launchers/绩效审核.sh": "绩效审核.sh",
    "docs/install.zh-CN.md": "安装说明.md", "docs/clerk.zh-CN.md": "经办人手册.md", "LICENSE": "LICENSE",
}  # fmt: skip
"""What goes beside the wheels, and what people call it there."""


@dataclass(frozen=True)
class Target:
    """A system to install on: pip's names of its platform, the oldest last, and what its markers say."""

    name: str
    platforms: tuple[str, ...]
    sys_platform: str
    platform_system: str
    platform_machine: str
    os_name: str

    def environment(self, python: str) -> dict[str, str]:
        """What a requirement's marker sees on this system."""
        return {
            "sys_platform": self.sys_platform, "platform_system": self.platform_system, "os_name": self.os_name,
            "platform_machine": self.platform_machine, "python_version": python, "python_full_version": f"{python}.0",
            "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": "",
        }  # fmt: skip

    def tags(self, python: str) -> frozenset[Tag]:
        """The tags of wheels that install on this system."""
        version = tuple(int(part) for part in python.split("."))
        return frozenset(
            [*cpython_tags(version, platforms=self.platforms), *compatible_tags(version, platforms=self.platforms)]
        )


def _manylinux(machine: str) -> tuple[str, ...]:
    """glibc 2.28 and older: what 麒麟 V10 and UOS 20 have."""
    return (*(f"manylinux_2_{minor}_{machine}" for minor in range(28, 16, -1)), f"manylinux2014_{machine}", f"linux_{machine}")


TARGETS = (
    Target("Windows x64", ("win_amd64",), "win32", "Windows", "AMD64", "nt"),
    Target("Linux x64", _manylinux("x86_64"), "linux", "Linux", "x86_64", "posix"),
    Target("Linux arm64", _manylinux("aarch64"), "linux", "Linux", "aarch64", "posix"),
)


def requirements(wheel: Path, environment: dict[str, str]) -> Iterable[Requirement]:
    """What a wheel needs in an environment, without its extras."""
    with ZipFile(wheel) as package:
        name = next(each for each in package.namelist() if each.endswith(".dist-info/METADATA") and each.count("/") == 1)
        told = HeaderParser().parsestr(package.read(name).decode("utf-8"))
    for line in told.get_all("Requires-Dist") or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            yield requirement


def missing(wheels: Path, target: Target, python: str) -> list[Requirement]:
    """What wheels of the folder that install on a system need there and the folder does not hold."""
    tags = target.tags(python)
    held: dict[str, list[tuple[object, Path]]] = {}
    for wheel in sorted(wheels.glob("*.whl")):
        name, version, _, wheel_tags = parse_wheel_filename(wheel.name)
        if wheel_tags & tags:
            held.setdefault(canonicalize_name(name), []).append((version, wheel))
    lacking: dict[str, Requirement] = {}
    seen, waiting = set(), ["jixiao"]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for _, wheel in held.get(name, ()):
            for requirement in requirements(wheel, target.environment(python)):
                needed = canonicalize_name(requirement.name)
                if any(requirement.specifier.contains(str(version), prereleases=True) for version, _ in held.get(needed, ())):
                    waiting.append(needed)
                else:
                    lacking[needed] = requirement
    return list(lacking.values())


def pip(*arguments: object) -> None:
    """Run pip of this interpreter; its failure is the tool's."""
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)], check=True)


def collect(wheels: Path, own: Path, target: Target, python: str) -> None:
    """Bring the wheels for one system and Python into the folder, until nothing is missing."""
    platforms = [part for platform in target.platforms for part in ("--platform", platform)]
    asked: list[str] = [str(own)]
    while asked:
        pip(
            "download", "--only-binary=:all:", *platforms, "--python-version", python, "--implementation", "cp",
            "--dest", wheels, *asked,
        )  # fmt: skip
        lacking = [f"{each.name}{each.specifier}" for each in missing(wheels, target, python)]
        if lacking and lacking == asked:
            raise SystemExit(f"{target.name}, Python {python}: not to be had: {', '.join(lacking)}")
        asked = lacking


def build(folder: Path, pythons: Iterable[str], targets: Iterable[Target] = TARGETS) -> None:
    """Make the folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as made:
        pip("wheel", "--no-deps", "--wheel-dir", made, ROOT)
        own = shutil.copy(next(Path(made).glob("*.whl")), wheels)
    for target in targets:
        for python in pythons:
            collect(wheels, Path(own), target, python)
            print(f"{target.name}, Python {python}: complete")
    for source, name in BESIDE.items():
        shutil.copy(ROOT / source, folder / name)
    sums = (f"{hashlib.sha256(each.read_bytes()).hexdigest()}  wheels/{each.name}\n" for each in sorted(wheels.glob("*.whl")))
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    size = sum(each.stat().st_size for each in wheels.iterdir()) / 1e6
    print(f"{folder}: {len(list(wheels.iterdir()))} wheels, {size:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist" / "bundle")
    parser.add_argument("--python", nargs="+", default=PYTHONS, help="versions of Python to install on")
    given = parser.parse_args()
    build(given.folder, given.python)
