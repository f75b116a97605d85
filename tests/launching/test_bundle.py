"""The folder for machines without a network is complete: what only another system needs is found and named."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "bundle.py"


@pytest.fixture(scope="module")
def bundle():
    spec = importlib.util.spec_from_file_location("bundle", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules["bundle"] = module
    spec.loader.exec_module(module)
    return module


def wheel(folder: Path, name: str, *needs: str) -> None:
    project = name.split("-")[0]
    lines = ["Metadata-Version: 2.1", f"Name: {project}", "Version: 1.0", *(f"Requires-Dist: {each}" for each in needs)]
    with ZipFile(folder / f"{name}.whl", "w") as package:
        package.writestr(f"{project}-1.0.dist-info/METADATA", "\n".join(lines) + "\n\n")


@pytest.mark.parametrize(
    ("target", "lacking"),
    [("Windows x64", ["fast", "colours"]), ("Linux x64", []), ("Linux arm64", ["fast"])],
)
def test_what_a_system_lacks_is_told(bundle, tmp_path, target, lacking):
    wheel(tmp_path, "jixiao-1.0-py3-none-any", "fast>=1", "screen; extra == 'more'", "plain")
    wheel(tmp_path, "fast-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64")
    wheel(tmp_path, "plain-1.0-py3-none-any", 'colours; platform_system == "Windows"')
    [system] = [each for each in bundle.TARGETS if each.name == target]
    assert sorted(each.name for each in bundle.missing(tmp_path, system, "3.11")) == sorted(lacking)


def test_a_wheel_of_the_wrong_version_does_not_count(bundle, tmp_path):
    wheel(tmp_path, "jixiao-1.0-py3-none-any", "plain>=2")
    wheel(tmp_path, "plain-1.0-py3-none-any")
    assert [str(each) for each in bundle.missing(tmp_path, bundle.TARGETS[1], "3.12")] == ["plain>=2"]


def test_what_goes_beside_the_wheels_is_there(bundle):
    assert [name for name in bundle.BESIDE if not (bundle.ROOT / name).is_file()] == []
