"""What is said about a file while it is read: guesses, repairs, rows that could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from punte.errors import UnreadableFile

Confidence = Literal["certain", "likely", "guess"]
Newline = Literal["LF", "CRLF", "CR", "mixed", "none"]
Quoting = Literal["none", "some", "all"]

EXCERPT_LENGTH = 200


@dataclass(frozen=True)
class Refusal:
    """Why something is not read: a reason code, one sentence, and what to do about it."""

    reason: str
    sentence: str
    remedy: str

    def error(self, name: str) -> UnreadableFile:
        """The refusal as an error; its facts are ``file`` and ``reason``."""
        return UnreadableFile(self.sentence, remedy=self.remedy, file=name, reason=self.reason)


@dataclass(frozen=True)
class Note:
    """Something that a person should know about how the file was taken: a code and one sentence."""

    code: str
    sentence: str


@dataclass(frozen=True)
class RowProblem:
    """A row that could not be read and is therefore in no batch.

    ``row_number`` as in the batches; ``excerpt`` is the raw text, at most 200 characters (it may be personal).
    """

    row_number: int
    reason: str
    sentence: str
    excerpt: str


@dataclass(frozen=True)
class Encoding:
    """The character encoding (a Python codec name), how sure that is, and why it was taken.

    ``other`` is the one in which lines are read that are not written in it; None: all are read in this one.
    """

    name: str
    confidence: Confidence
    why: str
    other: str | None = None


@dataclass(frozen=True)
class Report:
    """How a table was read so far; complete once its batches are exhausted.

    ``n_rows + n_empty_rows + n_footer_rows + n_problems`` is the number of rows below the header. ``repaired`` and
    ``problem_counts`` count rows by reason. ``problems`` keeps the first ``Limits.problems_kept`` of them.
    ``n_error_cells`` are cells such as #N/A, read as empty; None in an .xls, .xlsb or .ods, where they cannot be told.
    Excel and Parquet leave encoding, separator, quoting and newline at None.
    """

    encoding: Encoding | None
    separator: str | None
    separator_confidence: Confidence | None
    quoting: Quoting | None
    newline: Newline | None
    header_row: int
    notes: tuple[Note, ...]
    n_rows: int
    n_empty_rows: int
    n_footer_rows: int
    n_error_cells: int | None
    repaired: dict[str, int]
    problem_counts: dict[str, int]
    problems: tuple[RowProblem, ...]

    @property
    def n_problems(self) -> int:
        """Rows that could not be read, whether kept in ``problems`` or not."""
        return sum(self.problem_counts.values())


@dataclass
class Tally:
    """The counts that a reader keeps while it reads."""

    problems_kept: int
    notes: list[Note] = field(default_factory=list)
    n_rows: int = 0
    n_empty_rows: int = 0
    n_footer_rows: int = 0
    n_error_cells: int | None = 0
    repaired: Counter[str] = field(default_factory=Counter)
    problem_counts: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)

    def refuse_row(self, row_number: int, reason: str, sentence: str, raw: str) -> None:
        """Count a row that could not be read, and keep it while there is room."""
        self.problem_counts[reason] += 1
        if len(self.problems) < self.problems_kept:
            self.problems.append(RowProblem(row_number, reason, sentence, raw[:EXCERPT_LENGTH]))

    def note(self, code: str, sentence: str) -> None:
        """Tell the reader of the report something about the whole file."""
        self.notes.append(Note(code, sentence))

    def report(
        self,
        *,
        header_row: int,
        encoding: Encoding | None = None,
        separator: str | None = None,
        separator_confidence: Confidence | None = None,
        quoting: Quoting | None = None,
        newline: Newline | None = None,
    ) -> Report:
        """The counts so far beside what was guessed about the file."""
        return Report(
            encoding,
            separator,
            separator_confidence,
            quoting,
            newline,
            header_row,
            tuple(self.notes),
            self.n_rows,
            self.n_empty_rows,
            self.n_footer_rows,
            self.n_error_cells,
            dict(self.repaired),
            dict(self.problem_counts),
            tuple(self.problems),
        )
