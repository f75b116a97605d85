"""The sample district: what its filings say, and what is found in each, cell by cell."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.demo.declaration import load_demo
from jixiao.demo.write import write_demo
from jixiao.errors import UsageError
from jixiao.model.fact import FactState
from jixiao.model.submission import Identity, ResolvedIdentity, Status, UnreadableFiling
from jixiao.pipeline import evaluate
from jixiao.reading.read import read_file
from tests.support.filings import seed_figures

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
REPORT, BASE, SCORE, PROSE = "自评报告", "基础数据表", "评分表", "综述"

FOUND: dict[str, set[tuple[str, str]]] = {
    "102001_清溪区委组织部.xlsx": {
        ("SCR-01", "score.total.self"), ("SCR-02", "self.total"), ("REQ-02", "self.grade"),
        ("SCR-04", "score.budget_adjustment.reason"), ("SCR-05", "score.asset_utilisation.self"),
        ("TGT-01", "targets.quantitative.2.actual"), ("TGT-01", "targets.quantitative.3.actual"),
        ("TGT-01", "targets.quantitative.4.actual"), ("TGT-02", "targets.quantitative.9.actual"),
        ("TXT-01", "narrative"),
    },
    "105001_清溪区发展和改革局.xlsx": {
        ("AGG-01", "income.total@summary"), ("BAL-01", "income.total@summary"), ("BAL-04", "income.total@summary"),
        ("TXT-01", "narrative"),
    },
    "107001_清溪区交通运输局.xlsx": {("TXT-01", "narrative"), ("SCR-05", "score.satisfaction.self")},
    "109001_清溪区文化旅游广电体育局.xlsx": {("LAY-08", f"{BASE}!C5"), ("PLA-05", "base.three_public.vehicle_operation.actual")},
    "110001_清溪区农业农村局.xlsx": {
        ("AGG-09", "expenditure.personnel@summary"), ("BAL-03", "expenditure.basic@农业技术推广中心"),
        ("SCR-05", "score.payment_progress.self"),
    },
    "111001_清溪区水利局.xlsx": {
        ("XFM-06", "expenditure.project@summary"), ("XFM-07", "expenditure.operating@summary"),
        ("PLA-06", "score.procurement.self"),
    },
    "第一次报送/112001_清溪区民政局.xlsx": {
        ("REQ-01", "staff.actual"), ("REQ-01", "expenditure.total@summary"), ("REQ-01", "self.total"),
        ("REQ-02", "self.grade"), ("BAL-02", "expenditure.total@summary"), ("BAL-04", "income.total@summary"),
        ("AGG-07", "expenditure.total@summary"), ("TXT-01", "narrative"),
    },
    "113001_清溪区人力资源和社会保障局.xlsx": {
        ("SCR-01", "score.total.self"), ("SCR-03", "score.livelihood.self"),
        ("SCR-04", "score.growth_pole.reason"), ("SCR-04", "score.other_results.reason"),
    },
    "114001_清溪区卫生健康局.xlsx": {
        ("CEL-01", "three_public.vehicle_operation@妇幼保健院"), ("PLA-01", "income.other@疾病预防控制中心"),
        ("BAL-01", "income.total@疾病预防控制中心"), ("AGG-06", "income.other@summary"),
    },
    "115001_清溪区自然资源局.xlsx": {("PLA-02", "staff.actual"), ("SCR-05", "score.staff_control.self")},
    "116001_清溪区统计局.xlsx": {("TGT-02", "targets.quantitative.4.actual")},
}  # fmt: skip
"""The errors and warnings of each filing, as (rule, concept whose cell it names); a filing that is not here has none."""

TYPED: dict[str, set[tuple[str, str]]] = {
    "102001_清溪区委组织部.xlsx": {
        ("CEL-02", f"fixed_assets.{column}@{row}") for column in ("total", "in_use") for row in ("summary", "headquarters")
    },
    "106001_清溪区财政局.xlsx": {
        ("CEL-02", "fixed_assets.in_use@summary"), ("CEL-03", "income.total@summary"),
        ("CEL-03", "expenditure.operating@headquarters"), ("CEL-02", "three_public.reception@summary"),
    },
}  # fmt: skip
"""The notes about how a number was written."""

STATUSES = {
    "101001_清溪区人民政府办公室.xlsx": Status.ACCEPTED,
    "102001_清溪区委组织部.xlsx": Status.RETURNED,
    "103001_清溪区司法局.xlsx": Status.ACCEPTED,
    "104001_清溪区审计局.xlsx": Status.ACCEPTED_WITH_WARNINGS,
    "105001_清溪区发展和改革局.xlsx": Status.RETURNED,
    "106001_清溪区财政局.xlsx": Status.ACCEPTED,
    "107001_清溪区交通运输局.xlsx": Status.ACCEPTED_WITH_WARNINGS,
    "107001_清溪区交通运输局（微信接收）.xlsx": Status.UNREADABLE,
    "108001_清溪区教育局.xlsx": Status.ACCEPTED,
    "109001_清溪区文化旅游广电体育局.xlsx": Status.ACCEPTED_WITH_WARNINGS,
    "110001_清溪区农业农村局.xlsx": Status.RETURNED,
    "110001_清溪区农业农村局（副本）.xlsx": Status.DUPLICATE,
    "111001_清溪区水利局.xlsx": Status.RETURNED,
    "113001_清溪区人力资源和社会保障局.xlsx": Status.RETURNED,
    "114001_清溪区卫生健康局.xlsx": Status.RETURNED,
    "115001_清溪区自然资源局.xlsx": Status.ACCEPTED_WITH_WARNINGS,
    "116001_清溪区统计局.xlsx": Status.ACCEPTED_WITH_WARNINGS,
    "118001_清溪区商务局.xlsx": Status.WRONG_FORM,
    "120001_清溪区档案馆.docx": Status.ACCEPTED,
    "201001_石桥镇人民政府.xlsx": Status.ACCEPTED,
    "202001_柳溪街道办事处.xlsx": Status.ACCEPTED,
    "203001_白沙镇人民政府.xlsx": Status.ACCEPTED,
    "~$108001_清溪区教育局.xlsx": Status.SKIPPED,
    "支付系统导出.xls": Status.UNREADABLE,
    "新建 Microsoft Excel 工作表.xlsx": Status.UNREADABLE,
    "清溪产业园管理委员会自评材料.xlsx": Status.NOT_ON_ROSTER,
    "第一次报送/112001_清溪区民政局.xlsx": Status.SUPERSEDED,
    "第二次报送/112001_清溪区民政局.xlsx": Status.ACCEPTED,
    "附件.xlsx": Status.UNREADABLE,
}  # fmt: skip


def named(pack, facts, finding):
    """The concept (and institution) whose cell a finding names, or the cell where none of the form's is there."""
    own = next((fact for fact in facts if fact.place == finding.place and fact.place), None)
    if own is None or finding.rule.startswith("LAY"):
        return str(finding.place) if finding.place else ""
    return own.concept + (f"@{own.institution}" if own.institution else "")


@pytest.fixture(scope="module")
def results(submissions, filings, pack):
    resolved = [
        ResolvedIdentity(Identity(filings[name].department, filings[name].budget_code, 2022), None, ()) for name in submissions
    ]
    evaluated = evaluate(list(submissions.values()), resolved, pack, 2022)
    return dict(zip(submissions, evaluated, strict=True))


def test_each_declared_fault_is_found_at_its_cell_and_nothing_else_is(results, pack):
    told = {
        name: {(each.rule, named(pack, result.facts, each)) for each in result.findings if each.severity != "info"}
        for name, result in results.items()
    }
    assert {name: found for name, found in told.items() if found} == FOUND


def test_numbers_typed_in_odd_ways_are_told_at_their_cells(results, pack):
    told = {
        name: {
            (each.rule, named(pack, result.facts, each))
            for each in result.findings
            if each.rule in ("CEL-02", "CEL-03")
        }
        for name, result in results.items()
    }
    assert {name: found for name, found in told.items() if found} == TYPED


def test_clean_departments_with_base_data_are_computed_in_full(results, pack):
    clean = {name for name in results if name not in FOUND}
    assert len(clean) >= 8
    for name in clean:
        card = results[name].scorecard
        open_points = sum(each.full_marks for each in card.scores if each.status == "reported")
        assert card.full_verified + card.full_declared + open_points == 100, name
        assert card.total_stated == card.total_self == card.total_final, name


def test_what_is_read_is_what_was_declared(submissions, filings):
    for name, submission in submissions.items():
        read, meant = (
            {
                (fact.concept, fact.institution): (fact.state, fact.value, fact.text)
                for fact in facts
                if fact.state is not FactState.BLANK
            }
            for facts in (submission.facts, filings[name].facts)
        )
        assert read == meant, name


def test_the_seeds_sample_has_the_seeds_figures(submissions, pack):
    facts = submissions["102001_清溪区委组织部.xlsx"].facts
    for key, figure in seed_figures().items():
        concept, institution = key if isinstance(key, tuple) else (key, pack.institution_of(key))
        if pack.concept(concept).numeric:
            assert facts.value(concept, institution) == Decimal(str(figure)), key
        elif concept.endswith((".kind", ".actual", ".reason")):
            assert facts.text(concept, institution) == figure
    numbers = {each.concept for each in facts if each.value is not None}
    assert numbers == {
        concept
        for concept in (key[0] if isinstance(key, tuple) else key for key in seed_figures())
        if pack.concept(concept).numeric
    }


def test_writing_twice_gives_the_same_bytes_and_they_are_the_committed_ones(folder, tmp_path):
    write_demo(tmp_path, "yunxi_2022")

    def content(root):
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    first = content(folder)
    assert content(tmp_path) == first
    own = {name: each for name, each in content(SAMPLES).items() if name.startswith("inbox/") or name in first}
    assert own == first
    assert sum(len(each) for each in first.values()) < 1_500_000


def test_odd_files_end_in_one_reason_each(folder, pack):
    for odd in load_demo("yunxi_2022").odd_files:
        if odd.kind == "copy":
            continue
        read = read_file(folder / "inbox" / odd.file, pack, file=odd.file)
        assert isinstance(read, UnreadableFiling), odd.file
        assert read.status is STATUSES[odd.file]
        assert len(read.findings) <= 1


def test_the_whole_inbox_ends_as_the_roster_and_the_faults_say(folder, tmp_path):
    options = Options(
        inbox=folder / "inbox", out=tmp_path / "out", pack="yunxi_2022", roster=folder / "名册.xlsx", jobs=1
    )
    results = run(options, lambda *_: None).district.results
    assert {each.file: each.status for each in results if each.file} == STATUSES
    missing = {each.department for each in results if each.status is Status.MISSING}
    assert missing - {"清溪区国家保密局"} == {"清溪区融媒体中心"}
    assert not {each.file for each in results if each.scored and not each.counted} - {"104001_清溪区审计局.xlsx"}


def test_no_telephone_or_real_looking_name_is_in_the_samples(filings, pack):
    personal = {
        fact.text
        for filing in filings.values()
        for fact in filing.facts
        if pack.concept(fact.concept).personal and fact.text
    }
    assert personal == {
        "联系人甲",
        "0000-0000000",
        "评价员甲",
        "评价员乙",
        "评价员丙",
        "分管负责人",
        "办公室主任",
        "财务人员",
    }
    texts = "".join(fact.text or "" for filing in filings.values() for fact in filing.facts)
    assert not re.search(r"1[3-9]\d{9}|云溪|岳阳", texts)


def test_a_pack_without_a_sample_says_so_in_one_line(tmp_path):
    with pytest.raises(UsageError, match="没有附带示例"):
        load_demo(tmp_path)


def test_a_folder_that_cannot_be_written_says_so_in_one_line(tmp_path):
    (tmp_path / "inbox").write_text("a file where the folder should be")
    with pytest.raises(UsageError, match="无法写入文件夹"):
        write_demo(tmp_path, "yunxi_2022")
