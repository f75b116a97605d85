"""The filings that count, evaluated: partitions of them by the engine, or the results of an earlier run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jixiao.batch.assignment import Assignment, PartitionTask
from jixiao.batch.context import Context
from jixiao.batch.intake import Intake
from jixiao.batch.keeping import assignment_key, kept_result
from jixiao.batch.loading import load_rest
from jixiao.batch.log import Entry
from jixiao.model.result import Result


def evaluated(counted: Sequence[Assignment], context: Context, intake: Intake, year: int) -> tuple[list[Result], list[str]]:
    """The results of the filings that count, and the digests of what each came from; no digests where one broke down."""
    options, progress = context.options, context.progress
    keys = {each.header.submission_id: assignment_key(each, year, options.bureau, options.contact) for each in counted}
    found = [
        kept_result(context.kept, each, keys[each.header.submission_id], options.out, public=options.public) for each in counted
    ]
    results = [result for result in found if result is not None]
    rest = [each for each, result in zip(counted, found, strict=True) if result is None]
    if counted:
        progress("审核", len(results), len(counted))
    if not rest:
        return results, sorted(keys.values())
    spooled = intake.submissions([header for each in rest for header in each.headers]).entries
    if context.engine.shares:
        load_rest(context.pack)
    # Imported here: a run with nothing to do needs nothing that checks and draws.
    from jixiao.batch.partition import process_partition

    tasks = list(_tasks(rest, context, intake, year, keys, spooled))
    for done in context.engine.each_in_order(process_partition, tasks):
        results.extend(done)
        progress("审核", len(results), len(counted))
    whole = all(result.scored for result in results)
    return results, sorted(keys.values()) if whole else []


def _tasks(
    rest: Sequence[Assignment], context: Context, intake: Intake, year: int, keys: Mapping[str, str],
    spooled: Mapping[str, Entry],
) -> Iterator[PartitionTask]:
    options = context.options
    size = max(1, min(options.partition_size, -(-len(rest) // context.engine.width)))
    for start in range(0, len(rest), size):
        part = tuple(rest[start : start + size])
        read = [header.submission_id for each in part for header in each.headers]
        yield PartitionTask(
            part, options.pack, year, options.bureau, options.contact, intake.spool,
            {name: spooled[name] for name in read if name in spooled},
            options.out, context.work / f"{start:06d}", context.kept.folder,
            {name: keys[name] for name in (each.header.submission_id for each in part)}, options.public,
        )  # fmt: skip
