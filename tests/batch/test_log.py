"""Entries in files that are only appended to: the last by a name counts, what is no entry is none, what is forgotten is gone."""

from __future__ import annotations

import pytest

from jixiao.batch.log import Log, Logs


def put(folder, **entries: bytes) -> None:
    with Log(folder) as log:
        for name, content in entries.items():
            log.append(name, content)


def files(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_put_is_found_whoever_put_it_and_the_last_counts(tmp_path):
    put(tmp_path, a=b"1", 乙=b"")
    put(tmp_path, b=b"x" * 100_000, a=b"2")
    logs = Logs(tmp_path)
    assert (logs.get("a"), logs.get("乙"), logs.get("b"), logs.get("c")) == (b"2", b"", b"x" * 100_000, None)
    assert "a" in logs and "c" not in logs
    assert len(files(tmp_path)) == 2


def test_a_log_without_an_entry_makes_no_file(tmp_path):
    put(tmp_path)
    assert files(tmp_path) == []
    assert Logs(tmp_path / "nowhere").get("a") is None


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_an_entry_that_was_cut_short_is_none_and_those_before_it_stand(tmp_path, cut):
    put(tmp_path, first=b"1" * 30, second=b"2" * 30)
    (log,) = tmp_path.iterdir()
    log.write_bytes(log.read_bytes()[:-cut])
    assert (Logs(tmp_path).get("first"), Logs(tmp_path).get("second")) == (b"1" * 30, None)
    put(tmp_path, second=b"again")
    assert Logs(tmp_path).get("second") == b"again"


def test_an_entry_that_is_not_as_written_is_none(tmp_path):
    put(tmp_path, first=b"1" * 30, second=b"2" * 30)
    (log,) = tmp_path.iterdir()
    log.write_bytes(log.read_bytes().replace(b"1" * 30, b"1" * 29 + b"0"))
    assert (Logs(tmp_path).get("first"), Logs(tmp_path).get("second")) == (None, b"2" * 30)


def test_what_is_not_kept_is_gone_and_files_with_nothing_to_forget_stay_as_they_are(tmp_path):
    put(tmp_path, a=b"one", b=b"secret")
    put(tmp_path, c=b"three")
    put(tmp_path, d=b"four", a=b"newer")
    (tmp_path / "left.part").write_bytes(b"secret")
    untouched = files(tmp_path)[1]
    logs = Logs(tmp_path)
    logs.keep_only(["a", "c", "unknown"])
    assert {name: logs.get(name) for name in logs.entries} == {"a": b"newer", "c": b"three"}
    assert Logs(tmp_path).entries == logs.entries
    assert untouched in files(tmp_path) and len(files(tmp_path)) == 2
    assert not any(b"secret" in path.read_bytes() or b"one" in path.read_bytes() for path in tmp_path.iterdir())
    before = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}
    logs.keep_only(["a", "c"])
    assert {path.name: path.stat().st_ino for path in tmp_path.iterdir()} == before
