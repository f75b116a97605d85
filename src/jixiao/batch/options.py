"""What a run was asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

AUTO = "auto"
"""The name of the pack that is to be recognised."""


@dataclass(frozen=True)
class Options:
    """The options of one run. `jobs` processes share the work, or the workers of `engine`'s cluster; `year` None means the year that most filings state.

    `seconds` and `memory_mib` bound the reading of one file; `passwords` is a file of passwords. Only what changes the result stands in `telling`.
    """

    inbox: Path
    out: Path
    pack: str
    roster: Path | None = None
    year: int | None = None
    jobs: int = 1
    engine: str = "local"
    scheduler: str = ""
    bureau: str = "财政局"
    contact: str = ""
    seconds: float = 30.0
    memory_mib: int = 900
    partition_size: int = 50
    most_rows: int = 10_000
    """How many rows the summary's long lists show at most; all of them stand in the parquet data."""
    passwords: Path | None = None
    reviews: tuple[Path, ...] = ()
    reference: Path | None = None
    previous: Path | None = None
    set_aside: tuple[Path, ...] = field(default=())
    districts: bool = False
    """Whether each folder of the inbox is a district of its own."""
    fresh: bool = False
    """Whether to do everything again, whatever was kept of earlier runs; reviewers' words stay."""
    public: bool = False
    """Whether accepted departments get a public copy."""
    pdf: bool = False
    """Whether each returned workbook gets a PDF beside it, where LibreOffice is installed."""

    def telling(self) -> dict[str, str]:
        """The options that the outputs depend on, in words, without paths."""
        return {
            "表样包": self.pack,
            "名册": "有" if self.roster else "无",
            "年度": str(self.year) if self.year else "按多数报送认定",
            "财政部门": self.bureau,
            "密码文件": "有" if self.passwords else "无",
            "财政核对数据": "有" if self.reference else "无",
            "上年结果": "有" if self.previous else "无",
            **({} if self.most_rows == Options.most_rows else {"清单最多行数": str(self.most_rows)}),
            **({"区县": "按文件夹分区县"} if self.districts else {}),
        }
