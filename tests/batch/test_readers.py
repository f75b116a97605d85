"""What processes that read are copied with."""

from __future__ import annotations

import subprocess
import sys

from jixiao.pack import load_pack
from jixiao.writing.draw import write_workbook
from jixiao.writing.template import template_workbook

LOADED_LATER = """
import sys
from pathlib import Path
import jixiao.batch.readers as readers
from jixiao.pack import load_pack
from jixiao.reading.read import read_file
folder, pack = Path(sys.argv[1]), load_pack("yunxi_2022")
readers._get_ready(pack)
before, printed = set(sys.modules), [key for key in vars(pack) if key.endswith("printed_text")]
read_file(folder / "form.xlsx", pack, file="form.xlsx", others=readers.known_packs())
print(len(printed), *sorted(name for name in set(sys.modules) - before if name.startswith(("jixiao", "rapidfuzz"))))
"""


def test_a_process_that_reads_workbooks_is_copied_with_all_that_reads_them(tmp_path):
    write_workbook(template_workbook(load_pack("yunxi_2022")), tmp_path / "form.xlsx")
    told = subprocess.run([sys.executable, "-c", LOADED_LATER, str(tmp_path)], capture_output=True, text=True, check=True).stdout
    assert told == "1\n"
