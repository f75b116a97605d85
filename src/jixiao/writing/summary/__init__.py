"""The district summary."""

from jixiao.writing.summary.workbook import summary_workbook

__all__ = ["summary_workbook"]
