"""A resolved pack: everything that the stages need of a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from jixiao.model.fact import HEADQUARTERS, SUMMARY
from jixiao.pack.declarations import Declaration
from jixiao.pack.declarations.checks import Checks
from jixiao.pack.declarations.concept import Concept, ConceptScope
from jixiao.pack.declarations.equations import Equation, EquationsDeclaration
from jixiao.pack.declarations.layout import Block, Fields, Layout, Prose, Row, RowSource, Sheet, Table
from jixiao.pack.declarations.rubric import Indicator, Rubric
from jixiao.pack.rulebook import Rulebook


class NamesDeclaration(Declaration):
    """The concepts that hold what every form has: identity, totals and personal data.

    None where the form has no such cell.
    """

    department: str
    budget_code: str | None = None
    year: str | None = None
    report_date: str | None = None
    contact_names: tuple[str, ...] = ()
    telephones: tuple[str, ...] = ()
    evaluator_units: tuple[str, ...] = ()
    total_stated: str | None = None
    total_sheet: str
    grade: str | None = None
    narrative: str | None = None


@dataclass(frozen=True)
class Pack:
    """A form pack: identity, layout, equations, rubric, rules, and concepts by id.

    `rows` of a table whose rows the rubric gives are resolved: ask `table_rows`, not the table. `sha256` is over the
    pack's files. `extends` is the pack at the root of those of which it is a delta.
    """

    id: str
    title: str
    version: str
    year: int
    years: tuple[int, ...]
    sha256: str
    layout: Layout
    equations: tuple[Equation, ...]
    equations_declared: EquationsDeclaration
    rubric: Rubric
    rules: Rulebook
    names: NamesDeclaration
    concepts: Mapping[str, Concept]
    rows: Mapping[str, tuple[Row, ...]]
    checks: Checks
    extends: str = ""
    example: bool = False

    @property
    def family(self) -> str:
        """Return the id of the pack whose form it is: its own, or that of the pack of which it is a delta."""
        return self.extends or self.id

    @cached_property
    def blocks(self) -> tuple[tuple[Sheet, Block], ...]:
        """Return every block with its sheet, in the order of the form."""
        return tuple((sheet, block) for sheet in self.layout.sheets for block in sheet.blocks)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Return every table in the order of the form."""
        return tuple(block for _, block in self.blocks if isinstance(block, Table))

    @cached_property
    def money_tables(self) -> tuple[Table, ...]:
        """Return the tables with a row for each institution."""
        return tuple(table for table in self.tables if table.source is RowSource.INSTITUTIONS)

    @cached_property
    def block_concepts(self) -> Mapping[str, tuple[Concept, ...]]:
        """Return the concepts of each block by its id, in the order of the form."""
        by_block: dict[str, list[Concept]] = {}
        for concept in self.concepts.values():
            by_block.setdefault(concept.block, []).append(concept)
        return {block_id: tuple(concepts) for block_id, concepts in by_block.items()}

    @cached_property
    def score_table(self) -> Table | None:
        """Return the table whose rows are the rubric's indicators, or None where the form has no score sheet."""
        return next((table for table in self.tables if table.source is RowSource.INDICATORS), None)

    @cached_property
    def scored_tables(self) -> Mapping[str, Callable[[str], str]]:
        """Return for each table with scores, by block id, the function from a row's key to the score's id ("" for none)."""
        row_ids: dict[str, Callable[[str], str]] = {}
        declared = self.rubric.declared
        for table in self.tables:
            ids = {
                row.key: each.id
                for row in self.table_rows(table)
                for each in self.rubric.indicators
                if each.cells.get("self") in table.row_concept_ids(row).values()
            }
            if table.source is RowSource.INDICATORS:
                row_ids[table.id] = str
            elif declared is not None and table.id == declared.table:
                row_ids[table.id] = lambda key, pattern=declared.id: pattern.replace("{n}", key) if key.isdecimal() else key  # type: ignore[misc]
            elif ids:
                row_ids[table.id] = lambda key, ids=ids: ids.get(key, "")  # type: ignore[misc]
        return row_ids

    @property
    def total_table(self) -> Table | None:
        """Return the table in whose footer the total of the self scores stands, if it stands in one."""
        block = self.block(self.concept(self.names.total_sheet).block)
        return block if isinstance(block, Table) and block.footer else None

    def score_concept(self, row: str, column: str) -> str:
        """Return the concept of a cell of a score (row of an indicator, declared row, or `custom.<n>`); empty if none.

        Columns are `self` and `reason`, for custom rows also `label`, `full` and `group`.
        """
        declared = self.rubric.declared
        if declared is not None:
            stem, _, tail = declared.id.partition("{n}")
            n = row.removeprefix(stem).removesuffix(tail)
            if row == declared.id.replace("{n}", n) and (n.isdecimal() or n == "{n}"):
                return self._declared_patterns.get(column, "").replace("{n}", n)
        indicator = self._indicators.get(row)
        if indicator is not None and indicator.cells:
            return indicator.cells.get(column, "")
        pattern = self._score_patterns.get(column, self._score_patterns[""])
        return pattern.replace("{row}", row).replace("{column}", column)

    @cached_property
    def _declared_patterns(self) -> Mapping[str, str]:
        """Return the concept patterns, with `{n}`, of the cells of a row that the filing declares as an indicator."""
        declared = self.rubric.declared
        if declared is None:
            return {}
        table = self.block(declared.table)
        assert isinstance(table, Table)
        patterns = {column.key: table.concept_id(column) for column in table.columns}
        columns = ("dimension", "criterion", "label", "full", "self", "reason")
        named = {column: patterns.get(getattr(declared, column), "") for column in columns}
        return patterns | named | {"target": declared.method.target, "actual": declared.method.actual}

    @cached_property
    def _indicators(self) -> Mapping[str, Indicator]:
        return {indicator.id: indicator for indicator in self.rubric.indicators}

    @cached_property
    def _score_patterns(self) -> Mapping[str, str]:
        """Return the concept patterns of the score sheet's columns; under "" that of columns without their own."""
        table = self.score_table
        if table is None:
            return {"": ""}
        return {"": table.concept} | {column.key: column.concept for column in table.columns if column.concept}

    def block(self, block_id: str) -> Block:
        """Return the block of an id; KeyError if there is none."""
        return self._blocks_by_id[block_id]

    @cached_property
    def _blocks_by_id(self) -> Mapping[str, Block]:
        return {block.id: block for _, block in reversed(self.blocks)}

    def sheet_of(self, block_id: str) -> Sheet:
        """Return the sheet that a block stands on."""
        return next(sheet for sheet, block in self.blocks if block.id == block_id)

    def block_name(self, block_id: str) -> str:
        """Return what people call a block."""
        block = self.block(block_id)
        return block.name if isinstance(block, Fields | Table | Prose) else self.sheet_of(block_id).name

    def table_rows(self, table: Table) -> tuple[Row, ...]:
        """Return the fixed rows of a table, its footer apart; empty for institutions and records."""
        return self.rows.get(table.id, table.rows)

    def concept(self, concept_id: str) -> Concept:
        """Return the concept of an id, also of one row of a record concept (`….3.target` is `….{n}.target`)."""
        concept = self.concepts.get(concept_id)
        if concept is not None:
            return concept
        parts = concept_id.split(".")
        for position, part in enumerate(parts):
            if part.isdigit():
                pattern = ".".join([*parts[:position], "{n}", *parts[position + 1 :]])
                if pattern in self.concepts:
                    return self.concepts[pattern]._replace(id=concept_id)
        raise KeyError(concept_id)

    def institution_of(self, concept_id: str) -> str | None:
        """Return the institution at which a concept is asked where none is named: the summary row for the money tables."""
        concept = self.concepts.get(concept_id)
        return SUMMARY if concept is not None and concept.scope is ConceptScope.INSTITUTION else None

    def institution_label(self, key: str | None) -> str:
        """Return how people read an institution key."""
        if key is None or self.layout.institutions is None:
            return ""
        if key == SUMMARY:
            return "汇总"
        return "局机关" if key == HEADQUARTERS else key

    def describe(self, concept_id: str, institution: str | None = None) -> str:
        """Return a cell in the form's own words, e.g. 年度收入情况·汇总·收入合计."""
        concept = self.concept(concept_id)
        parts = (self.block_name(concept.block), self.institution_label(institution), concept.label)
        return "·".join(part for part in parts if part)

    def equations_of(self, code: str) -> Iterator[Equation]:
        """Return the equations of a code (one code may stand for several columns)."""
        return (equation for equation in self.equations if equation.code == code)
