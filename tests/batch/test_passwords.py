"""Passwords that the bureau was told open what was sent locked, and appear nowhere."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from jixiao.batch.inbox.passwords import MOST_TRIED, read_passwords
from jixiao.batch.options import Options
from jixiao.batch.run import run
from jixiao.errors import UsageError
from jixiao.model.submission import Status
from jixiao.services.check import check_files

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SECRET = "清溪Kouling#8"


def locked(path: Path, password: str) -> bytes:
    """A workbook locked as spreadsheet programs lock it."""
    shut = io.BytesIO()
    OOXMLFile(io.BytesIO(path.read_bytes())).encrypt(password, shut)
    return shut.getvalue()


def sample(code: str) -> Path:
    return next(path for path in SAMPLES.joinpath("inbox").iterdir() if path.name.startswith(code) and "（" not in path.name)


@pytest.mark.parametrize(
    ("line", "tried"),
    [
        ("清溪区司法局 = abc", ("abc",)),
        ("103001_清溪区司法局.xlsx=abc", ("abc",)),
        ("103001_清溪区司法局＝abc", ("abc",)),
        ("一次报送/103001_清溪区司法局.xlsx = abc", ("abc",)),
        ("abc", ("abc",)),
        ("* = a=b", ("a=b",)),
        ("=ab", ("=ab",)),
        ("# abc", ()),
        ("清溪区审计局 = abc", ()),
        ("清溪区司法局 =", ()),
        ("", ()),
    ],
)
def test_a_line_names_a_file_a_department_or_any(tmp_path, line, tried):
    (tmp_path / "密码.txt").write_text(f"{line}\n", encoding="utf-8")
    assert read_passwords(tmp_path / "密码.txt").of("一次报送/103001_清溪区司法局.xlsx") == tried


def test_a_files_own_password_is_tried_first_and_no_more_than_the_bound(tmp_path):
    lines = [f"p{n}" for n in range(50)] + ["清溪区司法局 = own"]
    (tmp_path / "密码.txt").write_text("\n".join(lines), encoding="gb18030")
    tried = read_passwords(tmp_path / "密码.txt").of("103001_清溪区司法局.xlsx")
    assert tried == ("own", *(f"p{n}" for n in range(MOST_TRIED - 1)))


def test_a_password_file_that_is_not_there_or_no_text_is_told_before_anything_is_read(tmp_path):
    with pytest.raises(UsageError, match="打不开密码文件"):
        read_passwords(tmp_path / "没有.txt")
    (tmp_path / "密码.txt").write_bytes(b"\xff\xff\x00\x81")
    with pytest.raises(UsageError, match="不是文本文件"):
        read_passwords(tmp_path / "密码.txt")


def test_a_locked_filing_is_told_without_a_password_and_read_with_it(tmp_path):
    source = sample("103001")
    (tmp_path / source.name).write_bytes(locked(source, SECRET))
    (tmp_path / "错.txt").write_text("wrong", encoding="utf-8")
    (tmp_path / "对.txt").write_text(f"清溪区司法局 = {SECRET}", encoding="utf-8")
    told = [check_files([tmp_path / source.name], "yunxi_2022", passwords=path)[0] for path in (None, tmp_path / "错.txt")]
    assert [(each.status, [finding.rule for finding in each.findings]) for each in told] == [(Status.UNREADABLE, ["SUB-02"])] * 2
    assert [each.reason for each in told] == ["文件设有打开密码，无法读取", "文件设有打开密码，所给密码不符，无法读取"]
    opened = check_files([tmp_path / source.name], "yunxi_2022", passwords=tmp_path / "对.txt")[0]
    plain = check_files([source], "yunxi_2022")[0]
    assert opened.status is plain.status and opened.scorecard == plain.scorecard
    assert [finding.message for finding in opened.findings] == [finding.message for finding in plain.findings]


def test_a_run_opens_locked_filings_and_keeps_the_passwords_to_itself(tmp_path):
    source = sample("103001")
    inbox, out = tmp_path / "收件", tmp_path / "结果"
    inbox.mkdir()
    (inbox / source.name).write_bytes(locked(source, SECRET))
    shutil.copy(sample("104001"), inbox)
    (inbox / "密码.txt").write_text(f"清溪区司法局 = {SECRET}", encoding="utf-8")
    told: list[str] = []
    options = Options(inbox, out, "yunxi_2022", passwords=inbox / "密码.txt", set_aside=(inbox / "密码.txt",))
    outcome = run(options, lambda *parts: told.append(str(parts)))
    assert {result.file: result.status for result in outcome.district.results}.keys() == {source.name, sample("104001").name}
    assert all(result.status is not Status.UNREADABLE for result in outcome.district.results)
    manifest = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert manifest["options"]["密码文件"] == "有" and manifest["run"]["peak_memory_mib"] < 1024
    written = [path.read_bytes() for path in out.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in content for content in written) and not any(SECRET in line for line in told)
