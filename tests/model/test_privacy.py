"""Personal words are found in the cells that hold them and masked wherever they stand."""

from __future__ import annotations

import pytest

from jixiao.model.privacy import MASK, masked, personal_words


@pytest.mark.parametrize(
    ("names", "telephones", "text", "told"),
    [
        (["甲乙丙"], [], "由甲乙丙负责", f"由{MASK}负责"),
        (["甲  乙"], [], "甲乙、甲 乙、甲　乙", f"{MASK}、{MASK}、{MASK}"),
        (["甲乙、丙丁戊"], [], "丙丁戊和甲乙", f"{MASK}和{MASK}"),
        (["甲乙（主任）"], [], "甲乙任主任", f"{MASK}任主任"),
        (["无"], ["无"], "无结余，无", "无结余，无"),
        (["甲"], [], "甲方", "甲方"),
        (["—", "/", "  "], ["/"], "—/—", "—/—"),
        ([], ["0730-5550101"], "电话0730 5550101，5550101，０７３０５５５０１０１", f"电话{MASK}，{MASK}，{MASK}"),
        ([], ["13000000000"], "130-0000-0000", MASK),
        ([], ["123"], "合计 123 万元", "合计 123 万元"),
        (["民政局"], [], "区民政局", "区民政局"),
    ],
)
def test_personal_words_are_masked(names, telephones, text, told):
    assert masked(text, personal_words(names, telephones, ["某区民政局"])) == told
