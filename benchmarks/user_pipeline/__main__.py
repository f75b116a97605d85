"""Process a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from benchmarks.user_pipeline.reading import read
from benchmarks.user_pipeline.returning import annotate
from benchmarks.user_pipeline.rules import WORDS, Rules, check
from benchmarks.user_pipeline.scoring import grade, score


def main(inbox: Path, out: Path) -> None:
    """A returned workbook for each filing of the inbox, and a summary of all."""
    (out / "departments").mkdir(parents=True, exist_ok=True)
    rules, rows, problems, marks = Rules(), [], [], []
    for path in sorted(inbox.glob("*.xlsx")):
        try:
            filing = read(path)
            scored = score(filing)
            found = check(filing, rules, scored)
        except (KeyError, IndexError, ValueError) as error:
            rows.append({"文件": path.name, "结果": f"表样不符：{error}"})
            continue
        annotate(path, out / "departments" / path.name, found, scored)
        counts = {words: sum(each.severity == severity for each in found) for severity, words in WORDS.items()}
        total = scored["最终得分"].sum()
        rows.append({
            "文件": path.name, "部门": filing.department, "预算编码": filing.code, **counts,
            "结果": "退回修改" if counts["必改"] else "通过（需说明）" if counts["需说明"] else "通过",
            "自评得分": filing.self_total, "系统得分": round(scored["系统得分"].sum(), 2), "最终得分": round(total, 2), "等次": grade(total),
        })  # fmt: skip
        problems += [{"文件": path.name, "代码": each.code, "类别": WORDS[each.severity], "问题": each.text} for each in found]
        marks.append(scored["最终得分"].rename(filing.department))
    summary = pd.DataFrame(rows)
    if "预算编码" in summary:
        summary["重复报送"] = summary.duplicated("预算编码", keep=False).map({True: "是", False: ""})
    with pd.ExcelWriter(out / "区级汇总.xlsx", engine="openpyxl") as writer:
        summary.to_excel(writer, sheet_name="汇总", index=False)
        pd.DataFrame(problems).to_excel(writer, sheet_name="问题清单", index=False)
        pd.DataFrame(marks).to_excel(writer, sheet_name="指标得分")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
