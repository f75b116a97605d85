"""Names of the sheets and columns that the program adds to a form: its writers set them, its readers pass over them."""

from __future__ import annotations

RESULT_SHEET = "审核结果"
FINDINGS_SHEET = "问题清单"
EXTRAS_SHEET = "表外内容"
RECEIPT_SHEET = "回执"

OWN_SHEETS = frozenset({RESULT_SHEET, FINDINGS_SHEET, EXTRAS_SHEET, RECEIPT_SHEET})
"""Sheets of a returned workbook that are no part of the form."""

EXTRAS_HEADS = ("原表页", "原单元格", "内容")
"""The columns of the sheet that carries what stood outside the form: its sheet, its cell, its text."""

COMMENT_AUTHOR = "财政局"
"""The author of a returned workbook's comments; those of the department have other authors."""

COMMENT_END = "（规则 {rule}）"
"""The last line of a returned workbook's comments: it identifies them where another program dropped the author."""

BACK_WORDS = f"返回{FINDINGS_SHEET}"
"""The text of the link beside a form with marked cells that leads back to the list of findings."""

CHECK_COLUMN = "勾稽检查"
COMPUTED_COLUMN = "系统得分"
REVIEW_COLUMN = "复核得分"
FINAL_COLUMN = "最终得分"
BASIS_COLUMN = "得分依据"
EXPLANATION_COLUMN = "测算说明"
RATE_COLUMN = "测算比率"

SCORE_COLUMNS = (COMPUTED_COLUMN, REVIEW_COLUMN, FINAL_COLUMN, BASIS_COLUMN, EXPLANATION_COLUMN, RATE_COLUMN)
"""Columns that a returned score sheet has beside the form's own, in their order."""

OWN_COLUMNS = frozenset({CHECK_COLUMN, *SCORE_COLUMNS})
"""Heads of columns that are no part of the form, wherever they stand."""

CHECK_MARKS = ("✓", "✗")
"""What the text of a check begins with, in a check column."""

REPLY_COLUMN = "部门说明"
"""The column of the findings sheet in which a department answers."""

OPINION_WORDS = "复核意见："
"""What stands before a reviewer's words behind the explanation of a score."""

KEY_COLUMN = "识别码"
"""The hidden column that says what a row is about, so that the next run can match replies to findings."""

REPLIES_WITHOUT_CAUSE = ("已更正", "已修改", "已核实", "数据无误", "说明如下", "同上", "见附件")
"""Replies that say nothing of why: a finding that is still there is not explained by them."""

OWN_SIGNS = {
    RESULT_SHEET: ("意见书", "通知书"), FINDINGS_SHEET: (KEY_COLUMN,), EXTRAS_SHEET: ("原单元格",), RECEIPT_SHEET: ("文件指纹",),
}  # fmt: skip
"""What a cell of each of these sheets ends with, and of a department's own sheet of that name does not."""

VERSION_STAMP = "表样版本："
"""What the line with the pack's id and version begins with."""

SUMMARY_WORKBOOK, REVIEW_WORKBOOK = "区级汇总", "复核表"
SUMMARY_SHEETS = ("总览", "运行信息")
"""Sheets that the summary has in every district: they identify it where a bureau's own workbook is expected."""
