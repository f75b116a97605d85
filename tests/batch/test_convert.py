"""`jixiao convert`: Word documents and other layouts become the official workbook, with the same facts, nothing lost, nothing overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.errors import UsageError
from jixiao.model.submission import Submission
from jixiao.pack import Pack, load_pack
from jixiao.reading.formats.open import grids_of
from jixiao.reading.read import read_file
from jixiao.services.convert import convert
from tests.reading.test_read_moved import whole
from tests.reading.test_word import seed_document
from tests.support import grids, word
from tests.support.files import save
from tests.support.grids import seen


def read_again(path: Path, pack: Pack) -> Submission:
    found = read_file(path, pack, file=path.name)
    assert isinstance(found, Submission), found
    return found


def filled(submission: Submission) -> set[tuple[object, ...]]:
    """The filled facts but for the group labels, which the official form prints where a filing left them out."""
    return {fact for fact in seen(submission) if fact[2] != "blank" and not str(fact[0]).endswith((".kind", ".dimension", ".criterion"))}


@pytest.mark.parametrize("name", ["yunxi_2022", "hunan_2020"])
def test_read_convert_read_gives_the_same_facts(name, tmp_path):
    pack = load_pack(name)
    pieces = whole(pack)
    document = word.document(*(word.table_of(grids.stacked("t", [piece])) + word.paragraph() for piece in pieces))
    (tmp_path / "某局.docx").write_bytes(document)
    (done,) = convert(tmp_path / "某局.docx", tmp_path / "某局.xlsx", "auto")
    again = read_again(tmp_path / "某局.xlsx", pack)
    assert filled(again) == filled(read_again(tmp_path / "某局.docx", pack))
    assert (done.unread, done.extras, again.extras) == (0, 0, ())


def test_what_could_not_be_read_is_marked_and_what_has_no_place_is_carried(pack, tmp_path):
    document = word.document(
        word.table([word.row(word.cell("人员编制"), word.cell("约三十"), word.cell("实有人数"), word.cell("25"))], [900] * 4),
        word.paragraph("附：本部门的补充材料"),
        *_tables(pack),
    )
    (tmp_path / "某部.docx").write_bytes(document)
    (done,) = convert(tmp_path / "某部.docx", tmp_path / "某部.xlsx", "yunxi_2022")
    again = read_again(tmp_path / "某部.xlsx", pack)
    quota = next(fact for fact in again.facts if fact.concept == "staff.quota")
    assert (quota.state.value, quota.raw) == ("unreadable", "约三十")
    assert [(extra.place.sheet, extra.text) for extra in again.extras] == [("正文", "附：本部门的补充材料")]
    assert (done.unread, done.extras) == (1, 1)
    assert quota.place is not None
    shown = next(grid for grid in grids_of((tmp_path / "某部.xlsx").read_bytes()) if grid.name == quota.place.sheet)
    # The program's own comments are none of the department's; the file holds one all the same.
    assert shown.comments == {}
    assert any(b"\xe7\xba\xa6\xe4\xb8\x89\xe5\x8d\x81" in part for part in _comment_parts(tmp_path / "某部.xlsx"))


def _comment_parts(path: Path) -> list[bytes]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist() if "comments" in name]


def _tables(pack: Pack) -> list[str]:
    needed = {block.id for block in pack.tables}
    return [word.table_of(grids.stacked("t", [piece])) + word.paragraph() for piece in whole(pack) if piece.block in needed]


def test_a_workbook_in_another_layout_is_converted_too(pack, tmp_path):
    save([grids.stacked("全部", whole(pack), gap=2, left=1)], tmp_path / "一张表.xlsx")
    convert(tmp_path / "一张表.xlsx", tmp_path / "官方.xlsx", "auto")
    assert filled(read_again(tmp_path / "官方.xlsx", pack)) == filled(read_again(tmp_path / "一张表.xlsx", pack))


def test_a_folder_is_converted_file_by_file_and_each_form_by_its_own_pack(pack, tmp_path):
    inbox = tmp_path / "word"
    (inbox / "二批").mkdir(parents=True)
    (inbox / "101001_某部.docx").write_bytes(seed_document())
    (inbox / "二批" / "乙.docm").write_bytes(seed_document())
    (inbox / "101001_某部.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (inbox / "~$1001_某部.docx").write_bytes(b"x")
    province = load_pack("hunan_2020")
    tables = (word.table_of(grids.stacked("t", [piece])) + word.paragraph() for piece in whole(province))
    (inbox / "省表.docx").write_bytes(word.document(*tables))
    done = {each.file: each for each in convert(inbox, tmp_path / "out", "auto")}
    made = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert made == ["101001_某部_docx.xlsx", "二批/乙.xlsx", "省表.xlsx"]
    assert set(done) == {"101001_某部.doc", "101001_某部.docx", "二批/乙.docm", "省表.docx"}
    assert "文件无法读取" in done["101001_某部.doc"].reason
    assert read_again(tmp_path / "out" / "省表.xlsx", province).findings == ()
    again = {each.file: each.reason for each in convert(inbox, tmp_path / "out", "auto")}
    assert again["101001_某部.docx"] == "目标文件已经存在，不覆盖"


@pytest.mark.parametrize(
    ("source", "out", "told"),
    [
        ("无.docx", "a.xlsx", "找不到文件"),
        ("a.docx", "a.docx", "不是 .xlsx 文件名"),
        ("a.docx", "there.xlsx", "已经存在，不覆盖"),
        (".", "a.xlsx", "-o 也应是文件夹"),
        (".", "inside", "不能在"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path, source, out, told):
    (tmp_path / "a.docx").write_bytes(seed_document())
    (tmp_path / "there.xlsx").write_bytes(b"x")
    with pytest.raises(UsageError, match=told):
        convert(tmp_path / source, tmp_path / out, "auto")
