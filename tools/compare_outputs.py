"""Compare everything the program writes with what an earlier commit wrote: `python tools/compare_outputs.py [REV]`.

Both trees run the same commands on the same inputs, those of the earlier commit: the samples of every pack with `--public`, a second round with a
filled review workbook, the bureau's figures and last year's result, a folder of districts, single workbooks as JSON,
conversion, templates, rubric export and import, and the texts of the rule book. Workbooks are compared part by part
(uncompressed), parquet files row by row, JSON by value, anything else byte by byte. `run.json` is compared without its
key `run`, which holds what may vary. Exit status: 0 if all is equal, 1 if anything differs.

    --only NAME   one scenario (may be repeated); see SCENARIOS
    --cache DIR   where trees and outputs of commits are kept between calls (default: a folder in the temporary folder)
    --most N      how many differences are printed (default 40)
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
PACKS = {"yunxi_2022": "samples", "hunan_2020": "samples/hunan_2020"}
ROSTER = "名册.xlsx"
EXTRA_INPUTS = ("cases", "hostile")
"""Folders of `shared/` beside the project whose workbooks are checked as well, where they exist."""

REVIEWS, REFERENCE = "复核表.xlsx", "财政核对数据.xlsx"
FILLED = (REVIEWS, REFERENCE)
"""Workbooks that a scenario fills in: inputs, not outputs."""

Jixiao = Callable[..., None]
Scenario = Callable[[Jixiao, Path, Path], None]
"""A scenario gets the command, a folder for its outputs, and the checkout whose samples are the inputs."""


def main() -> int:
    """Run the scenarios in both trees and print how their outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", nargs="?", default="HEAD", help="the commit to compare with (default: HEAD)")
    parser.add_argument("--only", action="append", choices=sorted(SCENARIOS), default=[])
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "jixiao-compare")
    parser.add_argument("--most", type=int, default=40)
    arguments = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", arguments.revision], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    base = arguments.cache / commit
    differences: list[str] = []
    with tempfile.TemporaryDirectory(prefix="jixiao-compare-") as scratch:
        for name in arguments.only or SCENARIOS:
            if not (base / "out" / name / "done").exists():
                run_scenario(name, checkout(commit, base / "tree"), base / "out" / name, base / "tree")
            run_scenario(name, ROOT, Path(scratch) / name, base / "tree")
            found = [f"{name}/{each}" for each in differing(base / "out" / name, Path(scratch) / name)]
            print(f"{name}: {'equal' if not found else f'{len(found)} differences'}", flush=True)
            differences += found
    for each in differences[: arguments.most]:
        print(each)
    if len(differences) > arguments.most:
        print(f"... and {len(differences) - arguments.most} more")
    return 1 if differences else 0


def checkout(commit: str, folder: Path) -> Path:
    """Return a folder with the files of a commit."""
    if not (folder / "src").exists():
        partial = folder.with_suffix(f".{os.getpid()}")
        partial.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(partial)], input=archive, check=True)
        try:
            partial.rename(folder)
        except OSError:  # another call was faster
            shutil.rmtree(partial)
    return folder


def run_scenario(name: str, tree: Path, out: Path, inputs: Path) -> None:
    """Run the commands of a scenario with the program of a tree; write stdout and stderr of each to a file."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
    calls = 0

    def jixiao(*arguments: object, folder: Path = out) -> None:
        nonlocal calls
        calls += 1
        done = subprocess.run(
            [sys.executable, "-m", "jixiao", *map(str, arguments)],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        command = next(str(each) for each in arguments)
        text = f"exit {done.returncode}\n{done.stdout}\n--- errors ---\n{settled(done.stderr)}"
        (out / f"{calls:02d}_{command}.text").write_text(settled(text), encoding="utf-8")

    SCENARIOS[name](jixiao, out, inputs)
    (out / "done").touch()


def settled(text: str) -> str:
    """Return a terminal's text without what varies from run to run: times and progress."""
    text = re.sub(r"用时：.*", "用时：", text)
    return re.sub(r"(?m)^\S* ?\d+/\d+.*\n", "", text)


def run_twice(pack: str) -> Scenario:
    """A first round with public copies, and a second with reviews, the bureau's figures and last year's result."""

    def scenario(jixiao: Jixiao, out: Path, inputs: Path) -> None:
        samples = inputs / PACKS[pack]
        common = ["--pack", pack, "--roster", samples / ROSTER, "--jobs", 2]
        jixiao("run", samples / "inbox", "-o", "first", *common, "--public")
        jixiao("template", "-o", REFERENCE, "--reference", "--roster", samples / ROSTER, "--pack", pack)
        fill_reference(out / REFERENCE)
        fill_reviews(out / "first" / REVIEWS, out / REVIEWS)
        make_last_year(out / "first", out / "last_year")
        companions = ["--reviews", REVIEWS, "--reference", REFERENCE, "--previous", "last_year"]
        jixiao("run", samples / "inbox", "-o", "second", *common, *companions, "--most-rows", 100)
        # The returned workbooks come back: rounds, replies and the same facts.
        (out / "inbox").mkdir()
        for number, workbook in enumerate(sorted((out / "first" / "departments").glob("*.xlsx"))):
            repack(workbook, out / "inbox" / f"{number:02d}_{workbook.name}")
        jixiao("run", "inbox", "-o", "third", *common)
        jixiao("run", "inbox", "-o", "third", *common)

    return scenario


def repack(source: Path, target: Path) -> None:
    """Copy a package with its parts stored: the same bytes whatever compressed the source."""
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w") as copy:
        for name in package.namelist():
            copy.writestr(zipfile.ZipInfo(name), package.read(name))


def fill_reviews(source: Path, target: Path) -> None:
    """Decide every second row of a review workbook, some of them with another score than the suggested one."""
    book = openpyxl.load_workbook(source)
    for sheet in book.worksheets:
        heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value}
        if not {"复核得分", "复核意见"} <= heads.keys():
            continue
        head_row = next(row[0].row for row in sheet.iter_rows(max_row=6) if any(c.value == "复核得分" for c in row))
        for number, row in enumerate(range(head_row + 1, sheet.max_row + 1)):
            if number % 2 == 0 and sheet.cell(row, heads["复核得分"]).value is None:
                sheet.cell(row, heads["复核得分"]).value = number % 3 / 2
                sheet.cell(row, heads["复核意见"]).value = f"核对资料 {number}"
    book.save(target)


def fill_reference(path: Path) -> None:
    """Fill every third figure of the bureau's workbook."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head_row = next(row[0].row for row in sheet.iter_rows() if any(cell.value == "预算编码" for cell in row))
    heads = {cell.column: str(cell.value or "") for cell in sheet[head_row]}
    for row in range(head_row + 1, sheet.max_row + 1):
        if not any(sheet.cell(row, column).value for column in (1, 2)):
            continue
        for column in range(3, sheet.max_column + 1):
            if (row + column) % 3 == 0 and sheet.cell(row, column).value is None:
                choice = heads[column].endswith("是/否")
                rate = "%" in heads[column]
                sheet.cell(row, column).value = ("是", "否")[row % 2] if choice else f"{row + 50}%" if rate else row * column % 50
    book.save(path)


def make_last_year(result: Path, target: Path) -> None:
    """Copy a result as one of the year before, with other amounts."""
    shutil.copytree(result / "data", target / "data")
    manifest = json.loads((result / "run.json").read_text(encoding="utf-8"))
    manifest["year"] -= 1
    (target / "run.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    path = target / "data" / "submissions.parquet"
    table = pq.read_table(path)
    years = pa.array([year and year - 1 for year in table["year"].to_pylist()], table.schema.field("year").type)
    pq.write_table(table.set_column(table.schema.get_field_index("year"), "year", years), path)


def districts(jixiao: Jixiao, out: Path, inputs: Path) -> None:
    """Two districts from the samples of the first pack."""
    files = sorted(path for path in (inputs / "samples" / "inbox").glob("*.xlsx"))
    for number, path in enumerate(files):
        folder = out / "inbox" / ("东区", "西区")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder)
    jixiao("run", "inbox", "-o", "out", "--districts", "--public", "--pack", "yunxi_2022", "--jobs", 2)


def single_files(jixiao: Jixiao, out: Path, inputs: Path) -> None:
    """Samples and, where they exist, odd inputs as JSON and as text."""
    for pack, samples in PACKS.items():
        files = [path.relative_to(inputs) for path in sorted((inputs / samples / "inbox").rglob("*")) if path.is_file()]
        jixiao("check", *files, "--format", "json", folder=inputs)
        jixiao("check", *files, "--pack", pack, folder=inputs)
    for folder in EXTRA_INPUTS:
        odd = ROOT.parent / "shared" / folder
        if odd.is_dir():
            files = sorted(path for path in odd.rglob("*") if path.suffix in (".xlsx", ".xls", ".docx", ".ods", ".xlsb"))
            jixiao("check", *(os.path.relpath(path, inputs) for path in files), "--format", "json", folder=inputs)


def writers(jixiao: Jixiao, out: Path, inputs: Path) -> None:
    """Templates, conversion, rubric workbooks, the sample inbox and texts."""
    for pack, samples in PACKS.items():
        jixiao("template", "-o", f"{pack}.xlsx", "--pack", pack)
        jixiao("template", "-o", f"templates_{pack}", "--roster", inputs / samples / ROSTER, "--pack", pack)
        jixiao("convert", inputs / samples / "inbox", "-o", f"converted_{pack}", "--pack", pack)
        jixiao("rubric", "export", f"rubric_{pack}.xlsx", "--pack", pack)
        jixiao("rubric", "import", f"rubric_{pack}.xlsx", "-o", f"imported_{pack}", "--pack", pack)
        jixiao("rubric", "show", "--pack", pack)
        jixiao("rubric", "check", "--pack", pack)
        jixiao("pack", "show", pack)
        jixiao("pack", "check", pack)
        jixiao("demo", f"demo_{pack}", "--pack", pack)
    jixiao("pack", "show")
    jixiao("pack", "schema", "schema")
    jixiao("pack", "new", "starter")
    jixiao("rules")
    for code in ("BAL-01", "REQ-01", "SCR-01", "TXT-01", "NONE-99"):
        jixiao("rules", code)
    jixiao("--help")
    for command in ("run", "check", "template", "convert", "rubric", "rules", "pack", "demo", "doctor"):
        jixiao(command, "--help")


SCENARIOS: dict[str, Scenario] = {
    "yunxi": run_twice("yunxi_2022"),
    "hunan": run_twice("hunan_2020"),
    "districts": districts,
    "single": single_files,
    "writers": writers,
}


def differing(before: Path, after: Path) -> Iterator[str]:
    """Yield a line for each output that is only on one side or differs."""
    old, new = outputs(before), outputs(after)
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield f"{name}: missing"
        elif name not in old:
            yield f"{name}: new"
        else:
            yield from (f"{name}{each}" for each in file_differences(old[name], new[name]))


def outputs(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by their names in it, without the program's own state and filled-in inputs."""
    files = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {name.as_posix(): path for name, path in files.items() if ".jixiao" not in name.parts and str(name) not in FILLED}


def file_differences(old: Path, new: Path) -> Iterator[str]:
    """Yield how two files differ: for workbooks by part, for parquet by row, for JSON by value."""
    if old.read_bytes() == new.read_bytes():
        return
    if zipfile.is_zipfile(old) and zipfile.is_zipfile(new):
        with zipfile.ZipFile(old) as one, zipfile.ZipFile(new) as other:
            parts, others = {each: one.read(each) for each in one.namelist()}, {each: other.read(each) for each in other.namelist()}
        for part in sorted(parts.keys() | others.keys()):
            if parts.get(part) != others.get(part):
                yield f"!{part}: {excerpt(parts.get(part, b''), others.get(part, b''))}"
    elif old.suffix == ".parquet":
        one_table, other_table = pq.read_table(old), pq.read_table(new)
        if one_table.schema != other_table.schema:
            yield ": columns differ"
        rows, other_rows = one_table.to_pylist(), other_table.to_pylist()
        if len(rows) != len(other_rows):
            yield f": {len(rows)} rows, now {len(other_rows)}"
        first = next(((a, b) for a, b in zip(rows, other_rows, strict=False) if a != b), None)
        if first:
            yield ": " + "; ".join(f"{key}: {first[0][key]!r} -> {first[1].get(key)!r}" for key in first[0] if first[0][key] != first[1].get(key))
    elif old.suffix == ".json":
        one_value, other_value = json.loads(old.read_bytes()), json.loads(new.read_bytes())
        if old.name == "run.json":
            one_value.pop("run", None)
            other_value.pop("run", None)
        if one_value != other_value:
            yield f": {excerpt(json.dumps(one_value, ensure_ascii=False).encode(), json.dumps(other_value, ensure_ascii=False).encode())}"
    else:
        yield f": {excerpt(old.read_bytes(), new.read_bytes())}"


def excerpt(old: bytes, new: bytes) -> str:
    """Return what two contents have around the first byte in which they differ."""
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    before, after = (each[max(0, start - 40) : start + 60].decode(errors="replace") for each in (old, new))
    return f"…{before!r} -> …{after!r}"


if __name__ == "__main__":
    sys.exit(main())
