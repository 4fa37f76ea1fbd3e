"""How the rule for one cell is written in TOML: a header, a constant in single quotes, or a table of words."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from punte.records.columns import Kind
from punte.sources.files.mapping import formats
from punte.sources.files.mapping.asked import Asked
from punte.sources.files.mapping.language import OTHERWISE, Cell, LookupSpec, literal
from punte.sources.files.mapping.mistakes import Place, mistake
from punte.sources.files.mapping.patterns import checked_pattern
from punte.sources.files.mapping.questions import conditions

ORIGINS = ("from", "value", "parts", "join", "template", "header", "sum", "count", "lookup")
WORDS = (
    *ORIGINS,
    *(
        "with",
        "empty",
        "extract",
        "lower",
        "map",
        "otherwise",
        "exact",
        "default",
        "when",
        "format",
        "zone",
        "precision",
    ),
    *("decimal", "thousands", "percent", "split", "source"),
)
LOOKUPS = ("sum", "count", "lookup")
_OF_LOOKUP = ("file", "column", "on", "missing", "where", "by_name", "optional")
_IDS = frozenset({Kind.ID, Kind.REF})
_TIMES = frozenset({Kind.MOMENT, Kind.DAY})
_NUMBERS = frozenset({Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.RATE})
_FITS: tuple[tuple[tuple[str, ...], frozenset[Kind], str], ...] = (
    (("format", "zone", "precision"), _TIMES, "dates and times"),
    (("decimal", "thousands"), _NUMBERS, "numbers"),
    (("percent",), frozenset({Kind.NUMBER}), "shares"),
    (("source",), frozenset({Kind.REF}), "references to other records"),
    (("parts",), _IDS, "ids and references"),
)


def cell(value: Any, place: Place, kind: Kind) -> Cell:
    """The rule for a cell of one kind; UnknownMapping with its place when it cannot be understood."""
    if isinstance(value, str):
        constant = literal(value)
        return Cell(constant=constant) if constant is not None else Cell(headers=(value,))
    if isinstance(value, list) and kind in _IDS:
        return Cell(parts=_parts(Asked({"parts": value}, place, WORDS), place))
    if isinstance(value, list):
        raise mistake(place, "a list alone does not say what to do", "Write { from = [...] } for the first filled.")
    return _from_table(Asked(value, place, WORDS, "word for a cell"), place, kind)


def _from_table(asked: Asked, place: Place, kind: Kind) -> Cell:
    _origin(asked, place)
    _suits(asked, place, kind)
    extract = asked.text("extract")
    return Cell(
        headers=asked.texts("from"),
        constant=asked.text("value"),
        parts=_parts(asked, place),
        join=asked.texts("join"),
        joined_by=asked.text("with", " ") or "",
        template=_template(asked.text("template"), place),
        matched=asked.text("header"),
        lookup=_lookup(asked, place),
        empty=asked.texts("empty"),
        extract=checked_pattern(extract, place.at(), n_groups=1) if extract is not None else None,
        lower=asked.flag("lower"),
        map=asked.pairs("map"),
        otherwise=_otherwise(asked),
        exact=asked.flag("exact"),
        default=asked.text("default"),
        when=conditions(asked.values["when"], place) if asked.has("when") else (),
        formats=moment_formats(asked, "format", place),
        zone=zone_name(asked, place),
        precision=asked.one_of("precision", ("day", "second"), "second") if asked.has("precision") else None,
        decimal=number_sign(asked, "decimal", place),
        thousands=number_sign(asked, "thousands", place),
        percent=asked.flag("percent"),
        split=asked.text("split"),
        source=asked.text("source"),
    )


def _origin(asked: Asked, place: Place) -> None:
    named = [word for word in ORIGINS if asked.has(word)]
    if len(named) != 1 and named != ["from", "lookup"]:
        what = f"'{named[0]}' and '{named[1]}' exclude each other" if named else "nothing says where the value is from"
        raise mistake(place, what, f"Use one of: {', '.join(ORIGINS)}.")


def _suits(asked: Asked, place: Place, kind: Kind) -> None:
    for words, kinds, what in _FITS:
        for word in words:
            if asked.has(word) and kind not in kinds:
                raise mistake(place, f"'{word}' is for {what}, and this field holds {kind}", f"Leave out '{word}'.")
    if asked.has("otherwise") and not asked.has("map"):
        raise mistake(place, "'otherwise' goes with 'map'", "Add a map, or leave it out.")
    if asked.has("split") and not (asked.has("from") and len(asked.texts("from")) == 1):
        raise mistake(place, "'split' goes with one header", 'Write { from = "header", split = ";" }.')


def _parts(asked: Asked, place: Place) -> tuple[str, ...]:
    parts = asked.texts("parts")
    if parts and all(literal(part) is not None for part in parts):
        raise mistake(place, "an id of constants only is the same for every row", "Name at least one header.")
    return parts


def _otherwise(asked: Asked) -> str:
    """What becomes of values that the map does not know; in single quotes the value that they all become."""
    word = asked.text("otherwise", "keep") or "keep"
    return word if literal(word) is not None else asked.one_of("otherwise", OTHERWISE, "keep")


def _template(text: str | None, place: Place) -> str | None:
    if text is not None and not template_headers(text):
        raise mistake(place, "the template names no header", 'Write headers in braces: "{First name} {Last name}".')
    return text


def template_headers(template: str) -> tuple[str, ...]:
    """The headers that stand in braces in a template."""
    pieces = template.split("{")[1:]
    return tuple(piece.split("}")[0] for piece in pieces if "}" in piece)


def _lookup(asked: Asked, place: Place) -> LookupSpec | None:
    kind = next((word for word in LOOKUPS if asked.has(word)), None)
    if kind is None:
        return None
    inner = Asked(asked.values[kind], place, _OF_LOOKUP, f"word for '{kind}'")
    file, column, on = inner.text("file"), inner.text("column"), inner.lists("on")
    if not file or not on or (kind != "count" and not column):
        needed = "file and on" if kind == "count" else "file, column and on"
        raise mistake(place, f"'{kind}' needs {needed}", 'Write on = { "header here" = "header there" }.')
    where = conditions(inner.values["where"], place) if inner.has("where") else ()
    by_name = inner.flag("by_name")
    if by_name and (kind != "lookup" or len(on) > 1):
        raise mistake(place, "'by_name' is for a lookup by one name", "Leave it out, or look up one name.")
    return LookupSpec(file, kind, column, on, inner.text("missing"), where, by_name, inner.flag("optional"))


def moment_formats(asked: Asked, word: str, place: Place) -> tuple[str, ...]:
    """Formats of dates, each known to be one."""
    formatted = asked.texts(word)
    for fmt in formatted:
        _understood(fmt, place)
    return formatted


def _understood(fmt: str, place: Place) -> None:
    try:
        formats.pattern(fmt)
    except ValueError as error:
        names = ", ".join(formats.NAMED)
        raise mistake(place, f"the format '{fmt}' is not understood: {error}", f"Or use one of: {names}.") from error


def zone_name(asked: Asked, place: Place) -> str | None:
    """The name of a time zone that exists."""
    name = asked.text("zone")
    if name is not None and name not in available_timezones():
        near = get_close_matches(name, available_timezones(), n=1, cutoff=0.5)
        raise mistake(
            place, f"'{name}' is no time zone", f"Write a name such as '{(near or ['Europe/Bucharest'])[0]}'."
        )
    return name


def number_sign(asked: Asked, word: str, place: Place) -> str | None:
    """A sign used in numbers."""
    sign = asked.text(word)
    allowed = {"decimal": (".", ","), "thousands": (".", ",", " ", "'", "")}[word]
    if sign is not None and sign not in allowed:
        raise mistake(place.at(field=word), f"'{sign}' is no sign in numbers", f"Use one of: {' '.join(allowed)}")
    return sign
