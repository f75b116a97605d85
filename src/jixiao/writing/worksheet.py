"""The drawing library's worksheet as this program uses it: formulas as they are, empty texts as results."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet


class PlainWorksheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes formulas as they are, and says of an empty text that it is a result.

    The library leaves the kind of such a cell out, which is how formulas are written that were never calculated.
    """

    def _xml_formula_element(self, formula: str, result: object, attributes: list[tuple[str, object]]) -> None:
        if result == "":
            attributes.append(("t", "str"))
        super()._xml_formula_element(formula, result, attributes)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # Every function written here is one that Excel 2010 knows: the library's search for newer ones, some thirty
        # passes over each formula, takes a third of the drawing.
        return formula.removeprefix("=")
