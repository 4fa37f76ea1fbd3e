"""What a metric is: one figure that punte knows, with everything that a reader must know about it."""

from __future__ import annotations

from dataclasses import dataclass

UNITS = {
    "count": "whole number",
    "share": "0 to 1",
    "ratio": "number; 1.0 is 100 %",
    "days": "whole local days",
    "amount": "money in the reporting currency",
    "credit": "money in the reporting currency",
}
"""The last word of a metric's name, and how its values are to be read."""

MODEL = "<model>"
"""Stands in a column's name for the name of an attribution model."""


@dataclass(frozen=True)
class Metric:
    """One figure.

    ``name`` is subject_measure_unit; ``title`` and ``definition`` are for readers; ``grain`` says what one value is
    about; ``better`` is up, down, or empty where neither is; ``column`` of the result of ``measure`` (a function of
    ``punte.measures``) holds it; ``source`` tells whose definition it is.
    """

    name: str
    title: str
    definition: str
    better: str
    measure: str
    column: str
    grain: str
    source: str

    @property
    def unit(self) -> str:
        """How its values are to be read."""
        return UNITS[self.name.rpartition("_")[2]]

    @property
    def expression(self) -> str:
        """Where it is computed: function and column."""
        return f"{self.measure}:{self.column}"

    def is_in(self, column: str) -> bool:
        """Whether a column of that name holds this metric; of a model's metric, for any model."""
        start, model, end = self.column.partition(MODEL)
        return column == self.column or (bool(model) and column.startswith(start) and column.endswith(end))
