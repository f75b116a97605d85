"""Personal words are found in the cells that hold them and masked wherever they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.privacy.mask import mask, may_hold, ordinary_apart, personal_words
from jixiao.values.text import MASK


@pytest.mark.parametrize(
    ("names", "telephones", "text", "told"),
    [
        (["甲乙丙"], [], "由甲乙丙负责", f"由{MASK}负责"),
        (["甲  乙"], [], "甲乙、甲 乙、甲　乙", f"{MASK}、{MASK}、{MASK}"),
        (["甲乙、丙丁戊"], [], "丙丁戊和甲乙", f"{MASK}和{MASK}"),
        (["甲乙（主任）"], [], "甲乙任主任", f"{MASK}任主任"),
        (["甲乙 主任"], [], "甲乙负责，主任签字", f"{MASK}负责，主任签字"),
        (["甲乙副局长"], [], "副局长甲乙", f"副局长{MASK}"),
        (["甲乙 丙丁"], [], "甲乙、丙丁", f"{MASK}、{MASK}"),
        (["联系人：甲乙"], [], "联系人甲乙", f"联系人{MASK}"),
        (["甲乙 13000000000"], [], "甲乙，13000000000", f"{MASK}，{MASK}"),
        (["甲乙13000000000"], [], "甲乙，13000000000", f"{MASK}，{MASK}"),
        ([], ["甲乙：5550101"], "甲乙，5550101", f"{MASK}，{MASK}"),
        (["甲乙"], [], "甲\u200b乙和甲·乙", f"{MASK}和{MASK}"),
        (["Li Na"], [], "LI NA and Lina, not Liname", f"{MASK} and {MASK}, not Liname"),
        (["无"], ["无"], "无结余，无", "无结余，无"),
        (["联系人"], ["电话"], "联系人、电话", "联系人、电话"),
        (["主任"], [], "由主任签字", "由主任签字"),
        (["财务室"], [], "财务室核对", "财务室核对"),
        (["甲"], [], "甲方", "甲方"),
        (["—", "/", "  "], ["/"], "—/—", "—/—"),
        ([], ["0730-5550101"], "电话0730 5550101，5550101，０７３０５５５０１０１", f"电话{MASK}，{MASK}，{MASK}"),
        ([], ["(0730)5550101"], "0730-5550101", MASK),
        ([], ["5550101"], "0730-5550101、07305550101", f"{MASK}、{MASK}"),
        ([], ["0730-5550101转802"], "0730-5550101", MASK),
        ([], ["010-55501010"], "55501010", MASK),
        ([], ["+86 130 0000 0000"], "13000000000、+86-130-0000-0000", f"{MASK}、{MASK}"),
        ([], ["5550101 13000000000"], "13000000000和5550101", f"{MASK}和{MASK}"),
        ([], ["5550101/5550102"], "5550101、5550102", f"{MASK}、{MASK}"),
        ([], ["13000000000"], "130-0000-0000", MASK),
        ([], ["5550101"], "支出 15550101 元、5550101.25 元", "支出 15550101 元、5550101.25 元"),
        ([], ["123"], "合计 123 万元", "合计 123 万元"),
        (["民政局"], [], "区民政局", "区民政局"),
    ],
)
def test_personal_words_are_masked(names, telephones, text, told):
    words = personal_words(names, telephones, ["某区民政局"])
    assert mask(text, words) == told
    assert told == text or may_hold(["别的", text, ""], words)


@pytest.mark.parametrize(
    ("text", "told"),
    [("资金安全可控", "资金安全可控"), ("联系人：安全，已核对", f"联系人：{MASK}，已核对"), ("甲乙负责安全", f"{MASK}负责安全")],
)
def test_a_name_that_is_an_ordinary_word_is_masked_only_by_itself(text, told):
    words = ordinary_apart(personal_words(["安全", "甲乙"], []), "资产管理安全性")
    assert mask(text, words) == told


@pytest.mark.parametrize(
    "text",
    [
        "高峰", "联系人：高峰", "联系人高峰", "（高峰）", "高 峰", "高峰同志", "高峰副主任", "主任高峰说", "副局长高峰带队", "由高峰牵头",
        "李四和高峰参加", "高峰13000000000", "13000000000高峰", "高峰，电话", "水利局高峰", "水利局_高峰_2022.xlsx", "后经研究，高峰提出",
        "区水利局高峰", "同意。高峰", "高峰\n", "高峰、", "高峰负责审核",
    ],
)  # fmt: skip
def test_a_name_of_two_characters_never_shows_where_a_person_stands(text):
    told = mask(text, personal_words(["高峰"], []))
    assert MASK in told and "高峰" not in told and "高 峰" not in told


@pytest.mark.parametrize(
    "text", ["用水高峰期间", "高峰期供水", "，高峰时段限流", "错高峰运行", "早高峰期", "由高峰期转入", "国高峰会"]
)
def test_an_ordinary_word_with_a_name_of_two_characters_in_it_stays(text):
    assert mask(text, personal_words(["高峰"], [])) == text


@pytest.mark.parametrize("text", ["安全同志", "联系人安全", "安全_自评", "安全13000000000", "（安全）"])
def test_a_name_that_is_a_word_of_the_form_is_masked_beside_a_title_a_label_or_a_number(text):
    words = ordinary_apart(personal_words(["安全"], []), "资产管理安全性")
    assert "安全" not in mask(text, words) and mask("资金安全管理", words) == "资金安全管理"


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


BREAKS = st.sampled_from(["", "：", "（", "、", "\n", " ", "1", "_"])


@given(st.text(HAN, min_size=2, max_size=2), st.text(HAN, max_size=8), BREAKS, BREAKS, st.text(HAN, max_size=8))
def test_a_name_of_two_characters_alone_never_shows(name, before, one, other, behind):
    words = personal_words([name], [])
    alone = mask(f"{before}{one or '，'}{name}{other or '。'}{behind}", words)
    at_the_ends = mask(f"{name}{other or '。'}{behind}{one or '，'}{name}", words)
    assert all(f"{one}{word}{other}" not in alone and not at_the_ends.startswith(word) and not at_the_ends.endswith(word) for word in words)


@given(st.text(HAN, min_size=3, max_size=4), st.text(HAN, max_size=8), st.text(HAN, max_size=8))
def test_a_found_name_never_shows(name, before, behind):
    words = personal_words([name], [])
    told = mask(f"{before}{name}{behind}", words)
    assert all(word not in told for word in words)


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_cell_gives_a_pattern_and_masking_twice_changes_nothing(cell, text):
    words = personal_words([cell], [cell])
    assert mask(mask(text, words), words) == mask(text, words)


def test_texts_without_any_word_need_no_masking():
    words = personal_words(["甲乙丙"], ["13000000000"])
    assert not may_hold(["由甲丙负责", "130", "合计 13.00 万元", ""], words)
    assert not may_hold(["甲乙", "丙", "1300000", "0000"], words)  # a word does not go on in another text
    assert not may_hold(["由甲乙丙负责"], frozenset())


WORDS = st.sampled_from(["甲乙丙", "甲乙", "\0高峰", "Li Na", "13000000000", "5550101"])
PIECES = st.sampled_from(["甲", "乙", "丙", "高峰", "甲 乙丙", "LI NA", "130-0000-0000", "5550101", "０", "经办人", "，", "1", " ", "."])


@given(st.frozensets(WORDS, min_size=1), st.lists(st.lists(PIECES, max_size=6).map("".join), max_size=4))
def test_what_masking_changes_is_foreseen(words, texts):
    assert may_hold(texts, words) or all(mask(text, words) == text for text in texts)
