"""Where people read, the failures that one cell explains are one row at that cell."""

from __future__ import annotations

from decimal import Decimal

from jixiao.checking.check import check
from jixiao.model.finding import identified
from jixiao.model.sheet_names import KEY_COLUMN
from jixiao.pack import Pack
from jixiao.writing.findings import CellLocations, finding_rows
from jixiao.writing.returned.findings_sheet import HEAD_ROW, findings_sheet
from jixiao.writing.wording import comment_words
from tests.checking.clean import UNIT, changed


def test_three_broken_balances_of_one_cell_are_one_row_with_what_stands_there_and_what_should(pack: Pack) -> None:
    filing = changed(pack, {("income.total", UNIT): "3000"})
    suspect = filing.facts.get("income.total", UNIT)
    assert suspect is not None and suspect.place is not None
    (checked,) = check([filing], pack)
    findings = [each for each in identified(checked.findings, "t") if each.suggestion]
    assert {each.rule for each in findings} == {"AGG-01", "BAL-01", "BAL-04"}
    (row,) = finding_rows(findings)
    assert row.first.place == suspect.place
    assert "（BAL-01）" in row.message and "（BAL-04）" in row.message
    sheet = findings_sheet(findings, [row], pack, CellLocations(pack, filing.facts), "")
    headings = {cell.column: cell.value for cell in sheet.cells if cell.row == HEAD_ROW}
    values = {headings[cell.column]: cell.value for cell in sheet.cells if cell.row == HEAD_ROW + 1}
    assert (values["填报数"], values["核对数"], values["差额"]) == (Decimal(3000), Decimal(300), Decimal(2700))
    assert str(values["修改建议"]).startswith(f"疑{UNIT}“收入合计”")
    assert len(str(values[KEY_COLUMN]).splitlines()) == 3  # a reply answers all of them


def test_the_comment_tells_the_suggestion_without_the_address_in_the_file_as_sent(pack: Pack) -> None:
    (checked,) = check([changed(pack, {"self.total": 79})], pack)
    (finding,) = [each for each in checked.findings if each.rule == "SCR-02"]
    assert finding.suggested_place is not None
    assert finding.suggested_place.cell in finding.suggestion
    assert finding.suggested_place.cell not in comment_words(finding, "")
    assert "两位数字颠倒：79 应为 97。" in comment_words(finding, "")
