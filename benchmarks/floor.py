"""What cannot be done without: the inputs inflated, the outputs' bytes deflated and written; nothing between."""

from __future__ import annotations

import sys
import time
import zipfile
import zlib
from pathlib import Path


def floor(inbox: Path, out: Path, target: Path) -> float:
    """The processor seconds of inflating every workbook of the inbox, and deflating and writing every one of OUT."""
    parts = [_parts(path) for path in sorted(out.rglob("*.xlsx"))]
    started = time.process_time()
    for path in sorted(inbox.rglob("*.xlsx")):
        _parts(path)
    for number, contents in enumerate(parts):
        with (target / f"{number}.bin").open("wb") as stream:
            for content in contents:
                deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
                stream.write(deflate.compress(content) + deflate.flush())
    return time.process_time() - started


def _parts(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as package:
        return [package.read(each) for each in package.infolist()]


if __name__ == "__main__":
    print(floor(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
