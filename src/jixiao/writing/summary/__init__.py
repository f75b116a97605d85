"""The district summary: sheets for people who look rather than read, one module a group of sheets."""

from jixiao.writing.summary.workbook import summary_workbook

__all__ = ["summary_workbook"]
