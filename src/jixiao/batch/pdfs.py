"""PDFs beside the returned workbooks, made by LibreOffice where it is installed; the same bytes from the same workbook."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from jixiao.batch.resume import FilesRecord, Records, record_of_files, unchanged_files
from jixiao.runtime.atomic_files import private_folder, write_whole
from jixiao.runtime.digest import file_sha256
from jixiao.runtime.libreoffice import OfficeFailed, converted, office_program

KIND = "pdf"
AT_ONCE = 20
"""How many workbooks one start of LibreOffice converts: starting takes longer than a workbook does."""

START_SECONDS, WORKBOOK_SECONDS = 60.0, 15.0
MOST_STARTS = 4
"""How many run side by side: each takes some 200 MB."""

_VARIES = re.compile(
    rb"(/(?:CreationDate|ModDate)\(D:)[^)]*|(/ID\s*\[\s*<)[0-9A-F]+(>\s*<)[0-9A-F]+|(/DocChecksum /)[0-9A-F]+"
    rb"|(<xmp:(?:CreateDate|ModifyDate|MetadataDate)>)[^<]*|(uuid:)[0-9A-Fa-f-]+"
)


@dataclass(frozen=True, slots=True)
class Pdfs:
    """The PDFs that stand in OUT, the workbooks of which none could be made, and why not."""

    written: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    why: str = ""


def write_pdfs(
    outputs: Sequence[str], out: Path, work: Path, records: Records, jobs: int, progress: Callable[[int], None]
) -> Pdfs:
    """A PDF beside each of these workbooks of OUT; one of an unchanged workbook stays. `progress` counts the done."""
    keys = {name: records.key(KIND, name, file_sha256(out / name)) for name in outputs}
    stale = [name for name in outputs if unchanged_files(records.get(keys[name], FilesRecord), out) is None]
    progress(len(outputs) - len(stale))
    written = [name for name in outputs if name not in set(stale)]
    if stale and office_program() is None:
        return Pdfs(tuple(pdf_name(name) for name in written), tuple(stale), "未安装 LibreOffice")
    without, why = [], ""
    done = len(written)
    for names, failed in _all_made(stale, out, work, jobs):
        for name, made in names:
            if made is None:
                without.append(name)
                continue
            write_whole(out / pdf_name(name), partial(_steady, made), work)
            records.store.put(keys[name], record_of_files(out, [pdf_name(name)]))
            written.append(name)
        done += len(names)
        why = why or failed
        progress(done)
    return Pdfs(tuple(sorted(map(pdf_name, written))), tuple(without), why or ("LibreOffice 没有写出" if without else ""))


def pdf_name(workbook: str) -> str:
    """The name of the PDF beside a workbook."""
    return f"{workbook.removesuffix('.xlsx')}.{KIND}"


Made = list[tuple[str, Path | None]]


def _all_made(names: Sequence[str], out: Path, work: Path, jobs: int) -> Iterator[tuple[Made, str]]:
    size = max(1, min(AT_ONCE, -(-len(names) // max(1, jobs))))
    groups = [names[start : start + size] for start in range(0, len(names), size)]
    with ThreadPoolExecutor(max(1, min(jobs, MOST_STARTS))) as pool:
        yield from pool.map(partial(_made, out, work), enumerate(groups))


def _made(out: Path, work: Path, numbered: tuple[int, Sequence[str]]) -> tuple[Made, str]:
    """What was made of a group; where that fails, each of them alone, so that only the culprit has none."""
    number, names = numbered
    made, why = _converted(names, out, work / KIND / str(number))
    if why and len(names) > 1:
        alone = [_converted([name], out, work / KIND / f"{number}-{n}") for n, name in enumerate(names)]
        made = [pair for pairs, _ in alone for pair in pairs]
        why = next((told for _, told in alone if told), "")
    return made, why


def _converted(names: Sequence[str], out: Path, folder: Path) -> tuple[Made, str]:
    shutil.rmtree(folder, ignore_errors=True)
    private_folder(folder)
    seconds = START_SECONDS + WORKBOOK_SECONDS * len(names)
    try:
        made = converted([(out / name).resolve() for name in names], folder, KIND, seconds=seconds)
    except OfficeFailed as error:
        return [(name, None) for name in names], str(error)
    return list(zip(names, made, strict=True)), ""


def _steady(made: Path, target: Path) -> None:
    """Write a PDF with zeros for the time of its making and what is drawn from it, each as long as it was."""

    def still(found: re.Match[bytes]) -> bytes:
        heads = [group for group in found.groups() if group is not None]
        if len(heads) == 2:
            half = (len(found[0]) - len(heads[0]) - len(heads[1])) // 2
            return heads[0] + b"0" * half + heads[1] + b"0" * half
        return heads[0] + b"0" * (len(found[0]) - len(heads[0]))

    target.write_bytes(_VARIES.sub(still, made.read_bytes()))
