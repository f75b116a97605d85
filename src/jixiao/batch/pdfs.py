"""PDFs next to the returned workbooks, by LibreOffice where it is installed; the same bytes from the same workbook."""

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
    """The PDFs in OUT, the workbooks without one, and why they have none."""

    written: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    why: str = ""


def write_pdfs(
    outputs: Sequence[str], out: Path, work: Path, records: Records, jobs: int, progress: Callable[[int], None]
) -> Pdfs:
    """Write a PDF next to each of these workbooks of OUT; one of an unchanged workbook stays. `progress` counts the done."""
    keys = {name: records.key(KIND, name, file_sha256(out / name)) for name in outputs}
    stale = [name for name in outputs if unchanged_files(records.get(keys[name], FilesRecord), out) is None]
    progress(len(outputs) - len(stale))
    written = [name for name in outputs if name not in set(stale)]
    if stale and office_program() is None:
        return Pdfs(tuple(pdf_name(name) for name in written), tuple(stale), "未安装 LibreOffice")
    without, why = [], ""
    done = len(written)
    for names, failed in _convert_all(stale, out, work, jobs):
        for name, pdf in names:
            if pdf is None:
                without.append(name)
                continue
            write_whole(out / pdf_name(name), partial(_write_steady, pdf), work)
            records.store.put(keys[name], record_of_files(out, [pdf_name(name)]))
            written.append(name)
        done += len(names)
        why = why or failed
        progress(done)
    return Pdfs(tuple(sorted(map(pdf_name, written))), tuple(without), why or ("LibreOffice 没有写出" if without else ""))


def pdf_name(workbook: str) -> str:
    """Return the name of the PDF of a workbook."""
    return f"{workbook.removesuffix('.xlsx')}.{KIND}"


PdfsOfGroup = list[tuple[str, Path | None]]
"""Workbooks with the PDF of each, None where there is none."""


def _convert_all(names: Sequence[str], out: Path, work: Path, jobs: int) -> Iterator[tuple[PdfsOfGroup, str]]:
    size = max(1, min(AT_ONCE, -(-len(names) // max(1, jobs))))
    groups = [names[start : start + size] for start in range(0, len(names), size)]
    with ThreadPoolExecutor(max(1, min(jobs, MOST_STARTS))) as pool:
        yield from pool.map(partial(_convert_group, out, work), enumerate(groups))


def _convert_group(out: Path, work: Path, numbered: tuple[int, Sequence[str]]) -> tuple[PdfsOfGroup, str]:
    """Convert a group; if that fails, each workbook alone, so that only the culprit has no PDF."""
    number, names = numbered
    pdfs, why = _convert(names, out, work / KIND / str(number))
    if why and len(names) > 1:
        alone = [_convert([name], out, work / KIND / f"{number}-{n}") for n, name in enumerate(names)]
        pdfs = [pair for pairs, _ in alone for pair in pairs]
        why = next((reason for _, reason in alone if reason), "")
    return pdfs, why


def _convert(names: Sequence[str], out: Path, folder: Path) -> tuple[PdfsOfGroup, str]:
    shutil.rmtree(folder, ignore_errors=True)
    private_folder(folder)
    seconds = START_SECONDS + WORKBOOK_SECONDS * len(names)
    try:
        pdfs = converted([(out / name).resolve() for name in names], folder, KIND, seconds=seconds)
    except OfficeFailed as error:
        return [(name, None) for name in names], str(error)
    return list(zip(names, pdfs, strict=True)), ""


def _write_steady(pdf: Path, target: Path) -> None:
    """Write a PDF with zeros for the time it was written and the ids drawn from that, each as long as it was."""

    def zeros(match: re.Match[bytes]) -> bytes:
        heads = [group for group in match.groups() if group is not None]
        each = (len(match[0]) - sum(map(len, heads))) // len(heads)
        return b"".join(head + b"0" * each for head in heads)

    target.write_bytes(_VARIES.sub(zeros, pdf.read_bytes()))
