"""Runs killed at random moments: `python benchmarks/kills.py --filings 200 --kills 50`.

Prints what each series of kills came to. Ends with 1 where a file was seen that is neither of before nor of after, or
where the rerun left other bytes than a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support import killing  # noqa: E402

from benchmarks import districts  # noqa: E402
from jixiao.pack import load_pack  # noqa: E402


def main() -> int:
    """Kill as often as asked; 1 where anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--filings", type=int, default=200)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    pack, started = load_pack("yunxi_2022"), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        inbox = districts.inbox(home / "inbox", pack, asked.filings)
        # Of another seed: the same departments with other figures and other faults.
        other = districts.inbox(home / "other", pack, asked.filings, districts.SEED + 1)
        killing.finished(other, home / "earlier")
        told = killing.kill_often(inbox, home / "earlier", home, asked.kills, asked.seed, tell=True)
    print(*told.broken, sep="\n")
    print(
        f"{told.kills} kills over {asked.filings} filings, followed by {told.chains} undisturbed reruns; {told.too_late} came too late; "
        f"{told.looks} looks at OUT; {len(told.broken)} broken; {time.monotonic() - started:.0f} s"
    )
    return 1 if told.broken else 0


if __name__ == "__main__":
    sys.exit(main())
