"""Texts of findings beyond the rule book's own, and numbers and cells as messages show them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from jixiao.model.fact import Fact
from jixiao.pack import Pack
from jixiao.pack.declarations.concept import ConceptKind
from jixiao.values.number_format import to_six_places, with_cents
from jixiao.values.text import is_blank

NOT_FILLED = "未填列"
NOTHING_FILLED = "相关各项均未填列"

BLANK_TOTAL = "勾稽关系不符：{where}“{total_label}”未填列，{parts_label}合计 {expected}{unit}，请核实填列。"
ROUNDED = "{where}“{total_label}”填报 {actual}{unit}，{parts_label}合计 {expected}{unit}，相差 {difference}{unit}，可由四舍五入解释。"
ROUNDED_REMEDY = "四舍五入造成的尾差，无需处理。"
BROKEN = "勾稽关系不符：{where}“{total_label}”填报 {actual}{unit}，{parts_label}合计 {expected}{unit}，相差 {difference}{unit}，请核实更正。"
EXCEEDED = "勾稽关系不符：{where}{parts_label}合计 {expected}{unit}，超过“{total_label}”填报的 {actual}{unit}，超出 {difference}{unit}，请核实更正。"
ACROSS = "前后不一致：{where}“{total_label}”填报 {actual}{unit}，{parts_label}为 {expected}{unit}，相差 {difference}{unit}，请核实更正。"
ACROSS_ROUNDED = "{where}“{total_label}”填报 {actual}{unit}，{parts_label}为 {expected}{unit}，相差 {difference}{unit}，可由四舍五入解释。"
BLANK_SHEET_TOTAL = "勾稽关系不符：“总分”未填列，各指标自评得分合计 {expected} 分，请核实填列。"
GROUP_OVER = "“{label}”自评得分合计 {actual} 分，超出 {expected} 分。"
BUREAU_ROUNDED = "{where}填报数 {actual}{unit}，财政掌握数 {expected}{unit}{gap}，可由四舍五入解释。"
LAST_YEAR_BLANK = "与上年数不符：{where}未填列，上年{was}为 {expected}{unit}，请核实填列。"
NOT_IN_TABLE = "前后不一致：综述中“{quote}”的{label}为 {actual} {unit}，表中未填列。{hint}"

BLANK_CELL = "疑{where}漏填：应为 {meant}。"
WRONG_CELL = "疑{where}{why}：{written} 应为 {meant}。"
ONE_OF_CELLS = "{where} {written} 应为 {meant}"
WRONG_CELLS = "单改一处不能使各项勾稽关系成立，疑以下 {count} 处有误：{cells}。"
SHIFTED_CELLS = "疑以下 {count} 处数字错位一格：{cells}。"
IMPLIED = "，按其余各项推算应为 {meant}{unit}"
SLIPS = {
    "BLANK": "漏填", "UNIT": "按元填列（本表单位为{unit}）", "POINT": "小数点错位", "SIGN": "正负号填反", "SWAPPED": "两位数字颠倒",
    "MISTYPED": "一位数字填错", "DROPPED": "少录一位数字", "DOUBLED": "多录一位数字", "NEIGHBOUR": "抄录了相邻栏的数字", "OTHER": "有误",
}  # fmt: skip

TOO_LARGE = "数额过大，无法核对"
AMONG_WHICH = "其中："
BETWEEN = "·"
"""The separator between the labels of a row and of its column."""
LONGEST_QUOTE = 40


def shown(number: Decimal) -> str:
    """Format a number plainly, without trailing zeros."""
    return format(to_six_places(number), "f")


def number_text(pack: Pack, concept_id: str, number: Decimal) -> str:
    """Format a number of a concept: amounts with at least two decimals, everything else plainly."""
    return with_cents(number) if pack.concept(concept_id).kind is ConceptKind.AMOUNT else shown(number)


def located_label(pack: Pack, fact: Fact) -> str:
    """Name a cell by its row, label and address: 汇总“收入合计”（自评报告 B13）."""
    address = f"（{fact.place.told}）" if fact.place else ""
    return f"{pack.institution_label(fact.institution)}“{concept_label(pack, fact.concept)}”{address}"


def percent(rate: Fraction) -> str:
    """Format a rate as a percentage with two decimals, rounded half up."""
    hundredths = (2 * rate.numerator * 10_000 + rate.denominator) // (2 * rate.denominator)
    return f"{Decimal(hundredths).scaleb(-2)}%"


def concept_label(pack: Pack, concept_id: str) -> str:
    """Return the label of a concept without 其中, which says where it is printed, not what it is."""
    return pack.concept(concept_id).label.removeprefix(AMONG_WHICH)


def row_label(pack: Pack, concept_id: str) -> str:
    """Return the label of a concept's row without that of its column: 公务接待费 of 公务接待费·本年决算数."""
    return concept_label(pack, concept_id).partition(BETWEEN)[0]


def cell_label(pack: Pack, concept_id: str, institution: str | None = None) -> str:
    """Name a cell by table, row and label, e.g. 年度收入情况·汇总·收入合计; equal parts are named once."""
    concept = pack.concept(concept_id)
    parts = (pack.block_name(concept.block), pack.institution_label(institution), concept_label(pack, concept_id))
    return "·".join(dict.fromkeys(part for part in parts if part))


def unit_words(unit: str) -> str:
    """Return a unit as it follows a number, with the blank before it."""
    return f" {unit}" if unit else ""


def joined(labels: tuple[str, ...] | list[str]) -> str:
    """Join labels into an enumeration."""
    return "、".join(labels)


def quoted(text: str) -> str:
    """Return a text on one line, cut to what a message can hold."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def says_something(fact: Fact | None) -> bool:
    """Return whether a text cell holds more than a mark for blank."""
    return fact is not None and fact.filled and not is_blank(fact.text or fact.raw or "")


def unreadable(pack: Pack, facts: list[Fact]) -> str:
    """Return why a rule is undecided: the cells that could not be read."""
    cells = [
        cell_label(pack, fact.concept, fact.institution) + (f"（{fact.place.within}）" if fact.place else "") for fact in facts
    ]
    return f"{joined(cells[:3])}{'等' if len(cells) > 3 else ''}无法识别为数字"
