"""Mutations of valid workbooks and what must hold of every one: a filing or a reason, in time, and no silent wrong number.

A case is told by its seed alone, so that what a long run finds can be repeated.
"""

from __future__ import annotations

import io
import random
import re
import signal
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from jixiao.model.fact import Fact, FactState
from jixiao.model.submission import Submission, UnreadableFiling
from jixiao.pack import Pack
from jixiao.reading.formats.grid import CellValue, Grid
from jixiao.reading.formats.open import UnreadableFile, grids_of
from jixiao.reading.read import read_grids
from jixiao.values.numbers import parse_number
from jixiao.values.text import is_blank, strip_invisible

SECONDS = 10.0
"""No mutated file of some tens of KiB takes longer, by far."""

_TOKENS = (
    b"<", b">", b"</c>", b"<c>", b"<row>", b"&amp;", b"&#0;", b"&lt;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"\"", b"'",
    b"A1048576", b"XFD1", b"99999999999", b"-1", b"1e308", b"0x", b"\xff\xfe", b"\x00", b"\xef\xbb\xbf", b"t=\"e\"", b"t=\"s\"",
    b"t=\"b\"", b"t=\"d\"", b"hidden=\"1\"", b"<mergeCell ref=\"A1:XFD1048576\"/>", b"<v></v>", b"<f/>", b"r=\"\"", b"s=\"99999\"",
    b"table:number-columns-repeated=\"16384\"", b"table:number-rows-repeated=\"1048576\"", b"count=\"4294967295\"",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that broke a promise: its seed, and what was seen."""

    seed: int
    seen: str


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` where the block takes more time of the processor (only where the platform has timers)."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise TimeoutError(f"over {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


# ---------------------------------------------------------------- files


def mutated_bytes(data: bytes, draw: random.Random) -> bytes:
    """A file with some of its bytes changed, cut out, doubled or replaced."""
    content = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        if not content:
            break
        at = draw.randrange(len(content))
        match draw.randrange(6):
            case 0:
                content[at] ^= 1 << draw.randrange(8)
            case 1:
                content[at] = draw.randrange(256)
            case 2:
                del content[at : at + draw.choice((1, 4, 64, 4096))]
            case 3:
                stretch = content[at : at + draw.choice((2, 16, 256))]
                content[at:at] = stretch * draw.choice((1, 2, 50))
            case 4:
                content[at:at] = draw.choice(_TOKENS)
            case 5:
                end = min(len(content), at + draw.choice((2, 4, 8)))
                content[at:end] = draw.choice((b"\x00", b"\xff", b"9", b" ")) * (end - at)
    return bytes(content)


@cache
def _parts(data: bytes) -> tuple[tuple[str, bytes], ...]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist() if not name.endswith("/"))


def mutated_package(data: bytes, draw: random.Random) -> bytes:
    """A package with one or two of its parts mutated, dropped, exchanged or doubled."""
    parts = list(_parts(data))
    for _ in range(draw.choice((1, 1, 1, 2))):
        at = draw.randrange(len(parts))
        if draw.random() < 0.5:  # where the cells are
            at = max(range(len(parts)), key=lambda n: (draw.random() < 0.7) * len(parts[n][1]))
        name, part = parts[at]
        match draw.randrange(12):
            case 0:
                parts.pop(at)
                if not parts:
                    break
            case 1:
                parts[at] = (name, parts[draw.randrange(len(parts))][1])
            case 2:
                parts.append((name, mutated_bytes(part, draw)))
            case 3:
                parts[at] = (draw.choice((name.upper(), name.replace("/", "\\"), f"/{name}", f"../{name}", name[:-1])), part)
            case _:
                parts[at] = (name, mutated_bytes(part, draw))
    packed = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(
        packed, "w", draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    ) as archive:
        warnings.simplefilter("ignore")  # two parts of one name are meant
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name), part)
    return packed.getvalue()


def broken_file(pack: Pack, data: bytes, seed: int) -> Failure | None:
    """The failure of a mutated file, None where it reads or is refused with a reason in time."""
    draw = random.Random(seed)
    package = data.startswith(b"PK") and draw.random() < 0.85
    content = mutated_package(data, draw) if package else mutated_bytes(data, draw)
    try:
        with within(SECONDS):
            try:
                grids = grids_of(content)
            except UnreadableFile as refusal:
                return None if refusal.reason else Failure(seed, "refused without a reason")
            read = read_grids(grids, pack, file="t.xlsx", sha256="0" * 64, submission_id="t")
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return Failure(seed, f"{type(error).__name__}: {error}")
    if isinstance(read, UnreadableFiling) and not read.findings:
        return Failure(seed, "no filing and no finding")
    if isinstance(read, Submission):
        return _silent(pack, read, seed)
    return None


def _silent(pack: Pack, read: Submission, seed: int) -> Failure | None:
    """Numbers of a filing that do not stand in their cells and that no finding tells of."""
    told = {finding.place for finding in read.findings}
    for fact in read.facts:
        if fact.value is not None and fact.place not in told and not _says(_bare(pack, fact, fact.raw or ""), fact.value):
            return Failure(seed, f"{fact.concept} {fact.raw!r} read as {fact.value} without a finding")
        if fact.state is FactState.UNREADABLE and fact.place not in told and fact.raw:
            return Failure(seed, f"{fact.concept} {fact.raw!r} unreadable without a finding")
    return None


# ---------------------------------------------------------------- cell texts

_INSERTED = (
    *"0123456789", ".", ",", "，", "。", "-", "−", "－", "—", "+", "(", ")", "（", "）", " ", "　", "\u00a0", "\n", "\t", "%", "％", "‰",
    "万", "元", "万元", "亿元", "千元", "约", "余", "e", "E", "_", "x", "/", "\\", "①", "²", "½", "〇", "一", "十", "٣", "１", "．", "：", ":", "'", "\"",
    "=", "nan", "inf", "≥", ">", "\u200b", "\u202e", "\u2212", "o", "O", "l", "无", "合计", "人", "个", "分", "$", "¥", "￥", "\x00", "\ufeff",
)  # fmt: skip


def mutated_text(text: str, draw: random.Random) -> str:
    """A number's text with one to three typing accidents."""
    letters = list(text)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        at = draw.randrange(len(letters) + 1)
        match draw.randrange(5):
            case 0 | 1:
                letters.insert(at, draw.choice(_INSERTED))
            case 2:
                del letters[at : at + 1]
            case 3:
                letters[at : at + 1] = [draw.choice(_INSERTED)]
            case 4:
                letters = [chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in "".join(letters)]
    return "".join(letters)


_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def _bare(pack: Pack, fact: Fact, text: str) -> str:
    """A text without the percent sign that a percentage may have: nothing was converted where it stands."""
    text = text.strip()
    return text.removesuffix("%").rstrip() if pack.concept(fact.concept).unit == "%" else text


def _says(raw: str, value: Decimal) -> bool:
    """Whether a text without anything to tell of is this number, rates in hundredths allowed, noise beyond six decimals aside."""
    if not _PLAIN.fullmatch(raw):
        return False
    said = Decimal(raw)
    return any(abs(said * scale - value) <= Decimal("0.000001") for scale in (1, 100))


def _digits(text: str) -> str:
    """The digits of a text without leading and closing zeros, however wide they were written."""
    found = [str(unicodedata.digit(letter)) for letter in text if unicodedata.category(letter) == "Nd"]
    return "".join(found).strip("0")


_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")


def _same_digits(text: str, value: Decimal) -> bool:
    """Whether a number has the digits of its text, those beyond the sixth decimal of its unit rounded away."""
    written = _digits(text)
    rounded = str(value.quantize(Decimal("0.000001"))).replace(".", "").lstrip("-0")
    if not rounded:  # nothing is left only of what began beyond the sixth decimal, in 万元 of 元
        return not written or bool(re.search(r"0[.．。]00", text.translate(_NARROW)))
    return written == _digits(str(value)) or written.startswith(rounded[:-1] or "no digits")


def numeric_cells(pack: Pack, grids: Sequence[Grid]) -> list[Fact]:
    """The filled numbers of a filing."""
    read = read_grids(grids, pack, file="t.xlsx", sha256="0" * 64, submission_id="t")
    assert isinstance(read, Submission)
    return [fact for fact in read.facts if fact.value is not None and fact.place is not None]


def facts_of(read: Submission | UnreadableFiling) -> dict[tuple[str, str | None], Fact]:
    """The facts of a filing by concept and institution."""
    assert isinstance(read, Submission)
    return {(fact.concept, fact.institution): fact for fact in read.facts}


def with_cell(grids: Sequence[Grid], fact: Fact, value: CellValue) -> list[Grid]:
    """The sheets with another value in a fact's cell."""
    place = fact.place
    assert place is not None
    made = []
    for grid in grids:
        if grid.name == place.sheet:
            rows = list(grid.rows)
            line = [*rows[place.row]]
            line[place.column] = value
            rows[place.row] = line
            grid = replace(grid, rows=rows)
        made.append(grid)
    return made


def wrong_text(pack: Pack, grids: Sequence[Grid], cells: Sequence[Fact], before: Mapping[tuple[str, str | None], Fact], seed: int) -> Failure | None:
    """The failure of a filing with one mutated cell: another cell changed, or a number that its text does not say."""
    draw = random.Random(seed)
    cell = draw.choice(cells)
    text = mutated_text(cell.raw or "", draw)
    seen = f"{cell.concept} {text!r}"
    try:
        with within(SECONDS):
            read = read_grids(with_cell(grids, cell, text), pack, file="t.xlsx", sha256="0" * 64, submission_id="t")
    except Exception as error:
        return Failure(seed, f"{seen}: {type(error).__name__}: {error}")
    if not isinstance(read, Submission):
        return Failure(seed, f"{seen}: no filing any more")
    told = [finding for finding in read.findings if finding.place == cell.place]
    fact = read.facts.get(cell.concept, cell.institution)
    if fact is None:
        return Failure(seed, f"{seen}: no fact any more")
    for other in read.facts:
        was = before.get((other.concept, other.institution))
        if other.place != cell.place and (was is None or (was.value, was.text, was.state) != (other.value, other.text, other.state)):
            return Failure(seed, f"{seen}: changed {other.concept} to {other.value or other.text}")
    if fact.value is None:
        blank = is_blank(text) or not _digits(text)
        if not told and not (fact.state is FactState.BLANK and blank):
            return Failure(seed, f"{seen}: {fact.state} without a finding")
        if fact.state is FactState.BLANK and any(unicodedata.category(letter) == "Nd" for letter in text):
            return Failure(seed, f"{seen}: digits read as blank")
        return None
    if not told and not _says(_bare(pack, cell, text), fact.value):
        return Failure(seed, f"{seen}: {fact.value} without a finding")
    if not _same_digits(text, fact.value):
        return Failure(seed, f"{seen}: {fact.value} has other digits")
    return None


def wrong_number(pack: Pack, cells: Sequence[Fact], seed: int) -> Failure | None:
    """The failure of the door for numbers at one mutated cell: the same promises, without the form around it."""
    draw = random.Random(seed)
    cell = draw.choice(cells)
    text = mutated_text(cell.raw or "", draw)
    try:
        parsed = parse_number(text, unit=pack.concept(cell.concept).unit, percent_format=draw.random() < 0.2)
    except Exception as error:
        return Failure(seed, f"{text!r}: {type(error).__name__}: {error}")
    digits = any(unicodedata.category(letter) == "Nd" for letter in text)
    if parsed.value is None:
        return Failure(seed, f"{text!r}: digits read as blank") if parsed.state is FactState.BLANK and digits else None
    if not parsed.notes and not _says(text.strip(), parsed.value) and not strip_invisible(text).endswith("%"):
        return Failure(seed, f"{text!r}: {parsed.value} without a note")
    return None if _same_digits(text, parsed.value) else Failure(seed, f"{text!r}: {parsed.value} has other digits")


def base_files(folders: Sequence[Path]) -> list[tuple[str, bytes]]:
    """The workbooks to mutate, by name."""
    names = sorted(path for folder in folders for path in folder.iterdir() if path.suffix in (".xlsx", ".xls", ".ods"))
    files = [(path.name, path.read_bytes()) for path in names]
    return [(name, data) for name, data in files if (data[:2] != b"PK" and len(data) > 1000) or zipfile.is_zipfile(io.BytesIO(data))]
