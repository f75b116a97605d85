"""Names and telephones of a filing stand in the department's own returned workbook and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.values.text import MASK
from tests.support.workbooks import Filed, parts, roster

CONTACT, FIRST, SECOND = "欧阳测试", "司徒样例", "诸葛演示"
TELEPHONE, DRESSED = "0730-5550101", ("0730-5550101", "0730 5550101", "07305550101", "５５５０１０１", "5550101")
SECRETS = (CONTACT, "欧阳 测试", FIRST, SECOND, *DRESSED)


def planted(pack, **more) -> Filed:
    """A filing of the water bureau with its people's names in every kind of place."""
    said = f"由{CONTACT}（{DRESSED[1]}、{DRESSED[2]}）牵头，{FIRST}和{SECOND}参加"
    filed = Filed(pack, {
        "cover.department": "某区水利局", "cover.budget_code": "101003",
        "profile.contact": f"{CONTACT} 主任", "profile.telephone": TELEPHONE, "profile.duties": said,
        "evaluators.1.name": FIRST, "evaluators.1.post": "组长", "evaluators.1.unit": "某区水利局",
        "evaluators.1.signature": FIRST, "evaluators.2.name": f"{SECOND}、{CONTACT}", "evaluators.2.unit": "某区水利局",
        "opinions.leader": f"同意。{FIRST}", "narrative": f"2022年，{said}。总收入 3.21 万元。",
        "score.economic.self": 4, "score.economic.reason": f"{SECOND}未完成", "score.budget_adjustment.self": 2,
        "targets.quantitative.1.target": f"{CONTACT}举办培训班55期", "staff.quota": f"{CONTACT}31人",
        ("income.other", "summary"): f"问{FIRST}", ("income.total", "summary"): f"{DRESSED[4]}.欧阳 测试",
        "score.asset_safety.self": f"４分 {SECOND}", "self.grade": FIRST, "cover.report_date": CONTACT, **more,
    })  # fmt: skip
    filed.cell("income.total", "summary").parent["K40"] = f"表外：{CONTACT}，{DRESSED[0]}"
    filed.book["评分表"].title = f"评分表（{FIRST}）"
    extra = filed.book.create_sheet(f"{SECOND}的表")
    extra["B2"] = f"联系{CONTACT}"
    extra["B3"] = DRESSED[3]
    filed.book.properties.creator = CONTACT
    filed.book.properties.title = FIRST
    return filed


@pytest.fixture(scope="module")
def ran(pack, tmp_path_factory):
    """A run over the planted filing, an older one of the same department, and one that nobody can read."""
    home = tmp_path_factory.mktemp("privacy")
    inbox = home / "inbox"
    planted(pack).save(inbox / "第二次报送" / f"水利局自评（{CONTACT}{TELEPHONE}）.xlsx")
    planted(pack, **{"staff.quota": 30}).save(inbox / "第一次报送" / f"水利局{SECOND}.xlsx")
    (inbox / f"水利局 {CONTACT}.xls").write_text("没有内容", "utf-8")
    Filed(pack, {"cover.department": "某区统计局", "cover.budget_code": "101004"}).save(inbox / "统计局.xlsx")
    book = roster(home / "名册.xlsx", {"101003": "某区水利局", "101004": "某区统计局", "101005": "某区林业局"})
    command = [sys.executable, "-m", "jixiao", "run", inbox, "-o", home / "out", "--roster", book, "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env={**os.environ, "COLUMNS": "200"}, check=True)
    return home / "out", done


def test_names_and_telephones_stand_in_no_other_file(ran):
    out, _ = ran
    own = "departments/101003_某区水利局.xlsx"
    found = parts(out)
    others = {name: content for name, content in found.items() if not name.startswith(own)}
    leaks = {(name, secret) for name, content in others.items() for secret in SECRETS if secret.encode() in content}
    assert leaks == set()
    assert not [(name, secret) for name in found for secret in SECRETS if secret in name]
    assert any(CONTACT.encode() in content for name, content in found.items() if name.startswith(own))


def test_the_own_return_names_nobody_in_its_properties(ran):
    properties = parts(ran[0])["departments/101003_某区水利局.xlsx!docProps/core.xml"].decode()
    assert not any(secret in properties for secret in SECRETS)


def test_nothing_personal_is_printed(ran):
    _, done = ran
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS)


def test_every_file_keeps_its_row_and_what_tells_it_apart(ran):
    rows = {row["file"]: row for row in pq.read_table(ran[0] / "data" / "submissions.parquet").to_pylist() if row["file"]}
    assert {file: row["status"] for file, row in rows.items()} == {
        f"第二次报送/水利局自评（{MASK}{MASK}）.xlsx": "returned",
        f"第一次报送/水利局{MASK}.xlsx": "superseded",
        f"水利局 {MASK}.xls": "unreadable",
        "统计局.xlsx": "returned",
    }
    assert all(len(row["sha256"]) == 64 and row["department"] for row in rows.values())
    assert rows[f"第一次报送/水利局{MASK}.xlsx"]["reason"] == (
        f"该部门另有更新的报送 第二次报送/水利局自评（{MASK}{MASK}）.xlsx，本文件不再计分"
    )


def test_a_check_on_the_terminal_names_nobody(pack, tmp_path):
    path = planted(pack).save(tmp_path / "a.xlsx")
    for form in ("text", "json"):
        command = [sys.executable, "-m", "jixiao", "check", path, "--format", form]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 1 and MASK in done.stdout
        assert not any(secret in done.stdout + done.stderr for secret in SECRETS)


def test_the_log_of_a_crash_quotes_nothing(pack):
    from jixiao.cli.app import _where

    try:
        try:
            raise KeyError(CONTACT)
        except KeyError as error:
            raise ValueError(f"{CONTACT}\n{TELEPHONE}") from error
    except ValueError as error:
        told = _where(error)
    assert CONTACT not in told and TELEPHONE not in told
    assert "ValueError" in told and "KeyError" in told and "test_run_privacy.py" in told


def test_figures_and_ordinary_words_are_not_masked(ran):
    rows = pq.read_table(ran[0] / "data" / "submissions.parquet").to_pylist()
    own = next(row["submission_id"] for row in rows if row["budget_code"] == "101003" and row["status"] == "returned")
    facts = pq.read_table(ran[0] / "data" / "facts.parquet").to_pylist()
    texts = {row["concept"]: row["text"] for row in facts if row["submission_id"] == own and row["text"]}
    assert texts["narrative"] == f"2022年，由{MASK}（{MASK}、{MASK}）牵头，{MASK}和{MASK}参加。总收入 3.21 万元。"
    assert texts["targets.quantitative.1.target"] == f"{MASK}举办培训班55期"


@pytest.mark.parametrize("contact", ["无", "—", "联系人", "主任", "财务室", "甲"])
def test_a_contact_that_is_no_name_masks_nothing(pack, tmp_path, contact):
    from jixiao.batch.inbox.identity import header_of
    from jixiao.model.submission import Submission
    from jixiao.reading.read import read_file

    path = Filed(pack, {"profile.contact": contact, "profile.telephone": contact}).save(tmp_path / "a.xlsx")
    read = read_file(path, pack, file="a.xlsx")
    assert isinstance(read, Submission)
    assert header_of(read, pack).personal == frozenset()


def test_a_name_the_form_prints_is_masked_only_by_itself(pack, tmp_path):
    inbox = tmp_path / "inbox"
    Filed(pack, {"profile.contact": "安全", "narrative": "2022年，资金安全。联系人：安全。"}).save(inbox / "a.xlsx")
    from jixiao.batch.options import Options
    from jixiao.batch.run import run

    run(Options(inbox, tmp_path / "out", "yunxi_2022"))
    rows = pq.read_table(tmp_path / "out" / "data" / "facts.parquet").to_pylist()
    assert [row["text"] for row in rows if row["concept"] == "narrative"] == [f"2022年，资金安全。联系人：{MASK}。"]


def test_without_a_roster_a_name_in_the_departments_is_in_no_file_name(pack, tmp_path):
    inbox = tmp_path / "inbox"
    Filed(pack, {"cover.department": f"某区水利局（{CONTACT}）", "profile.contact": CONTACT}).save(inbox / "a.xlsx")
    from jixiao.batch.options import Options
    from jixiao.batch.run import run

    district = run(Options(inbox, tmp_path / "out", "yunxi_2022")).district
    assert [result.output for result in district.results] == [f"departments/101001_某区水利局（{MASK}）.xlsx"]
    own = f"departments/101001_某区水利局（{MASK}）.xlsx"
    assert CONTACT.encode() not in parts(tmp_path / "out")[f"{own}!docProps/core.xml"]
    assert not [name for name, content in parts(tmp_path / "out").items() if not name.startswith(own) and CONTACT.encode() in content]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("欧阳测试.xlsx", "＊＊＊.xlsx"),
        ("统计局报送（欧阳测试）/自评.xlsx", "统计局报送（＊＊＊）/自评.xlsx"),
        ("统计局欧阳测试2022.xlsx", "统计局＊＊＊2022.xlsx"),
        ("联系欧阳 测试 0730-5550101.xlsx", "联系＊＊＊ ＊＊＊.xlsx"),
        ("统计局_司徒.xlsx", "统计局_＊＊＊.xlsx"),
        ("司徒镇统计局.xlsx", "司徒镇统计局.xlsx"),  # two characters within a word are nobody's
        ("某区林业局的副本.xlsx", "某区林业局的副本.xlsx"),  # what a department is called is public
    ],
)
def test_a_file_named_after_the_people_of_another_department_names_nobody(pack, tmp_path, file, told):
    planted(pack, **{"evaluators.3.name": "司徒、林业局", "evaluators.3.unit": "某区水利局"}).save(tmp_path / "inbox" / "水利局.xlsx")
    Filed(pack, {"cover.department": "某区统计局", "cover.budget_code": "101004"}).save(tmp_path / "inbox" / file)
    book = roster(tmp_path / "名册.xlsx", {"101003": "某区水利局", "101004": "某区统计局", "101005": "某区林业局"})
    run(Options(tmp_path / "inbox", tmp_path / "out", "yunxi_2022", roster=book))
    rows = pq.read_table(tmp_path / "out" / "data" / "submissions.parquet").to_pylist()
    assert {row["file"] for row in rows if row["file"]} == {"水利局.xlsx", told}
    found = parts(tmp_path / "out")
    own = ("departments/101003", "departments/101004")  # the file's name stands in the receipt of its own return
    assert not [name for name, content in found.items() if not name.startswith(own) and CONTACT.encode() in content]
