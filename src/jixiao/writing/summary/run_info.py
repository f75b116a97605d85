"""运行信息: by which form, rules and options the summary was made; no time and no path."""

from __future__ import annotations

from collections.abc import Mapping

from jixiao.writing.canvas import Column, SheetContent
from jixiao.writing.summary.grid import begin, draw_table
from jixiao.writing.summary.names import RUN_INFO
from jixiao.writing.summary.view import View
from jixiao.writing.wording import SEVERITY_WORDS, STATUS_WORDS


def run_info_sheet(view: View, tool_version: str, options: Mapping[str, str]) -> SheetContent:
    """The sheet: versions and hashes, options, and what became of the files."""
    columns = (Column("项目", 30, "label"), Column("内容", 90))
    pack, district = view.pack, view.district
    rows: list[tuple[str, str]] = [
        ("工具", f"jixiao {tool_version}"),
        ("表样包", f"{pack.id}（{pack.title}）"),
        ("表样包版本", pack.version),
        ("表样包校验值（SHA-256）", pack.sha256),
        ("年度", f"{district.year}"),
        ("财政部门", district.bureau),
        ("规则数", str(len(pack.rules))),
        ("指标数", str(len(pack.rubric.indicators))),
        *((name, text) for name, text in options.items() if name not in ("表样包", "年度", "财政部门")),
        ("文件数", str(sum(bool(result.file) for result in district.results))),
        *(
            (f"状态：{word}", str(view.statuses[status]))
            for status, word in STATUS_WORDS.items()
            if view.statuses[status]
        ),
        *(
            (f"问题：{word}", f"{sum(result.count(severity) for result in district.results)} 条")
            for severity, word in SEVERITY_WORDS.items()
        ),
    ]
    note = "同样的报送文件、表样包和参数，得到同样的结果。运行时间和路径不写入工作簿。"
    sheet = begin(RUN_INFO, "运行信息", columns, note=note, header=view.header)
    draw_table(sheet, 2, columns, rows, filtered=False)
    return sheet
