"""What a run does when its filings are read: who sent which, what came of each, the district's files, run.json last."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jixiao.batch.context import Context
from jixiao.batch.counting import settled
from jixiao.batch.digest import digest
from jixiao.batch.district_files import write_district
from jixiao.batch.evaluation import evaluated
from jixiao.batch.files import write_whole
from jixiao.batch.giving import Given, give, refuse_ambiguous
from jixiao.batch.identity import Header, Resolved, batch_year, resolve
from jixiao.batch.intake import Intake
from jixiao.batch.keeping import DISTRICT, fulfilled, keep_district, kept_outputs, plan, planned
from jixiao.batch.manifest import manifest, previous_outputs
from jixiao.batch.memory import peak_mib
from jixiao.batch.outcome import Outcome
from jixiao.batch.outputs import MANIFEST, PUBLIC, remove_stale
from jixiao.batch.pdf import Pdfs, kept_names, pdf_name, write_pdfs
from jixiao.batch.personal import PersonalWords, personal_words
from jixiao.batch.public import public_name
from jixiao.batch.redaction import redacted
from jixiao.batch.uncounted import missing_results, skipped_result, unreadable_result
from jixiao.model.result import District, Result


def conclude(context: Context, intake: Intake) -> Outcome:
    """The run from where its filings are read to its end."""
    options, pack, kept, clock, roster = context.options, context.pack, context.kept, context.clock, context.expected.roster
    year = batch_year(intake.headers, options.year, pack.year)
    read_ids = [each.submission_id for each in intake.headers]
    given, uncounted = _settled(context, intake, year)
    told = options.telling() | given.told
    names = [each.output for each in given.assignments]
    plan(context.private, [*previous_outputs(options.out), *names, *map(public_name, names), *map(pdf_name, names)])
    processed, keys = evaluated(given.assignments, context, intake, year)
    counted_ids = [each.header.submission_id for each in given.assignments]
    kept_reviews, gone, unmatched, uncounted_key = given.kept, given.gone, given.unmatched, digest(uncounted)
    # What told whose each filing is takes room that the summary of a large district needs.
    del given
    intake.headers.clear()
    clock.lap("审核")
    results = [*uncounted, *processed]
    results += missing_results(roster, results)
    results.sort(key=lambda each: (each.identity.budget_code or "~", each.identity.department or "~", each.file))
    district = District(tuple(results), roster, bool(roster), year, options.bureau, options.contact, kept_reviews, gone)
    context.beside.check_unchanged()
    key = digest(
        uncounted_key, keys, roster, year, options.bureau, options.contact, kept_reviews, gone, told, options.public,
        context.expected.where,
    )  # fmt: skip
    common = kept_outputs(kept, key, options.out)
    if common is None:
        common = write_district(district, pack, options, told, context.private, kept, context.engine)
        if keys:
            keep_district(kept, key, options.out, common)
    clock.lap("汇总")
    returned = [result.output for result in results if result.output]
    pdfs = _pdfs(context, returned)
    outputs = sorted([*common, *returned, *pdfs.written, MANIFEST])
    remove_stale(options.out, {*previous_outputs(options.out), *planned(context.private)}, outputs)
    context.readings.keep_only(read_ids)
    kept.keep_only([DISTRICT, *counted_ids, *(kept_names(returned) if options.pdf else [])])
    _write_manifest(context, district, told, outputs)
    fulfilled(context.private)
    public = sum(name.startswith(f"{PUBLIC}/") for name in common)
    return Outcome(district, options.out, pdfs, clock.laps, unmatched, public)


def _settled(context: Context, intake: Intake, year: int) -> tuple[Given, list[Result]]:
    """The filings that count, each with what belongs to it, and the redacted results of all other files."""
    options, pack, expected, headers = context.options, context.pack, context.expected, intake.headers
    roster = expected.roster
    resolved = {each.submission_id: resolve(each, pack, expected.of(each.file), year) for each in headers}
    words = _words(headers, resolved, context)
    counted, others = settled(headers, resolved, bool(roster), pack, words, expected.where)
    if expected.where:
        refuse_ambiguous(counted, expected.where, context.beside, options)
    given = give(context.beside, options, counted, roster, pack, year, intake.facts_of)
    uncounted = [
        *(skipped_result(file, expected.of(file.name)) for file in context.files if file.skipped or expected.classified(file)),
        *(unreadable_result(each, expected.of(each.file)) for each in intake.unreadable),
        *others,
    ]
    return given, [redacted(each, words.of(each.identity, each.submission_id, each.file), pack) for each in uncounted]


def _words(headers: Sequence[Header], resolved: dict[str, Resolved], context: Context) -> PersonalWords:
    return personal_words(((each, resolved[each.submission_id]) for each in headers), context.expected.roster)


def _pdfs(context: Context, returned: Sequence[str]) -> Pdfs:
    if not context.options.pdf:
        return Pdfs()
    pdfs = write_pdfs(
        returned, context.options.out, context.work, context.kept, context.options.jobs,
        lambda done: context.progress("PDF", done, len(returned)),
    )  # fmt: skip
    context.clock.lap("PDF")
    return pdfs


def _write_manifest(context: Context, district: District, told: dict[str, str], outputs: list[str]) -> None:
    """Write run.json: that it is there says that all before it is."""
    options = context.options
    varying = {
        "started": context.started.isoformat(timespec="seconds"),
        "seconds": {stage: round(value, 3) for stage, value in context.clock.laps.items()},
        "engine": options.engine,
        "jobs": context.engine.width,
        "peak_memory_mib": peak_mib(),
        "inbox": str(options.inbox),
        "out": str(options.out),
    }
    text = manifest(district, context.pack, told, outputs, varying)

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    write_whole(options.out / MANIFEST, write, context.work)
