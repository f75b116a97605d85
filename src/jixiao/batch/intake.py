"""The filings of an inbox as read: by this run, or by an earlier one of which their headers were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jixiao.batch.engine import Engine
from jixiao.batch.identity import Header
from jixiao.batch.inbox import InboxFile
from jixiao.batch.log import Logs
from jixiao.batch.options import Options
from jixiao.batch.outcome import Progress
from jixiao.batch.passwords import Passwords
from jixiao.batch.readers import ReadOrder, unspool
from jixiao.batch.readings import keep_readings, known_files, read_before
from jixiao.batch.store import Store
from jixiao.model.fact import Facts
from jixiao.model.unreadable import Unreadable


class Intake:
    """What was read of some files: `headers` of filings and why others are `unreadable`, either in the files' order.

    The submissions stand in the `spool`, a folder that lasts as long as the run.
    """

    def __init__(
        self, files: Sequence[InboxFile], engine: Engine, options: Options, passwords: Passwords, spool: Path
    ) -> None:
        self.headers: list[Header] = []
        self.unreadable: list[Unreadable] = []
        self.spool = spool
        self._files, self._engine, self._options, self._passwords = files, engine, options, passwords
        self._spooled = Logs(spool)

    def read(self, readings: Store, progress: Progress, meanwhile: Callable[[], None]) -> None:
        """Read all that no earlier run read as it is now, and keep the headers; `meanwhile` as with `Engine.read`."""
        known = known_files(self._files, self._passwords)
        before = read_before(known, readings)
        answers = self._read(self._files, before, progress, meanwhile)
        self.headers = [answer for answer in answers if isinstance(answer, Header)]
        self.unreadable = [answer for answer in answers if isinstance(answer, Unreadable)]
        keep_readings((each for each in self.headers if each.file not in before), known, readings)
        self._spooled = Logs(self.spool)

    def submissions(self, wanted: Sequence[Header]) -> Logs:
        """The spool with the submissions of these filings: of those read by an earlier run only the header was kept."""
        missing = {each.file for each in wanted if each.submission_id not in self._spooled}
        if missing:
            again = [file for file in self._files if file.name in missing]
            self._read(again, {}, lambda stage, done, total: None, lambda: None)
            self._spooled = Logs(self.spool)
        return self._spooled

    def facts_of(self, submission_id: str) -> Facts:
        """The facts of a filing."""
        wanted = [each for each in self.headers if each.submission_id == submission_id]
        return unspool(self.submissions(wanted), submission_id).facts

    def _read(
        self, files: Sequence[InboxFile], before: Mapping[str, Header], progress: Progress, meanwhile: Callable[[], None]
    ) -> list[Header | Unreadable]:
        options = self._options
        rest = [file for file in files if file.name not in before]
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            progress("读取", done, len(files))

        advance(len(before))
        order = ReadOrder(
            tuple(rest), options.pack, self.spool, options.seconds, options.memory_mib, self._passwords
        )
        read = self._engine.read(order, advance, meanwhile) if rest else []
        told = {file.name: answer for file, answer in zip(rest, read, strict=True)}
        return [before.get(file.name) or told[file.name] for file in files]
