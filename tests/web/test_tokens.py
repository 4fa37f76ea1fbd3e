"""The colours: readable in both themes, told apart by every eye, and declared once."""

from __future__ import annotations

import math
import re
from itertools import combinations

import pytest

from punte.web.figures import figure, looks
from punte.web.figures.looks import STATIC_DIR, attributes_of, rules, tokens

THEMES = ("light", "dark")
GROUNDS = ("--paper", "--surface", "--sunken")
BANKS = ("--bank-marketing", "--bank-sales", "--shared")
STATES = ("--state-met", "--state-at-risk", "--state-broken", "--state-unknown")
SERIES = ("--bank-marketing-fill", "--bank-sales-fill", "--shared-fill", "--neutral-fill")

Colour = tuple[float, float, float]


def linear(colour: str) -> Colour:
    """sRGB as light (IEC 61966-2-1)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def luminance(light: Colour) -> float:
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def over(colour: Colour, opacity: float, ground: Colour) -> Colour:
    """A translucent colour on a ground, mixed as browsers do: in sRGB."""

    def mixed(top: float, below: float) -> float:
        def encoded(part: float) -> float:
            return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055

        value = encoded(top) * opacity + encoded(below) * (1 - opacity)
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (mixed(top, below) for top, below in zip(colour, ground, strict=True))
    return red, green, blue


def deuteranope(light: Colour) -> Colour:
    """What an eye without green cones sees (Machado, Oliveira, Fernandes 2009, severity 1.0)."""
    rows = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881))
    red, green, blue = (min(1, max(0, sum(m * v for m, v in zip(row, light, strict=True)))) for row in rows)
    return red, green, blue


def lab(light: Colour) -> Colour:
    """CIE L*a*b* under D65."""

    def root(part: float) -> float:
        return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116

    red, green, blue = light
    x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = root(luminance(light))
    z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def too_weak(theme: looks.Theme, texts: tuple[str, ...], grounds: tuple[str, ...], least: float) -> list[str]:
    values = tokens(theme)
    return [
        f"{text} on {ground}"
        for text in texts
        for ground in grounds
        if contrast(linear(values[text]), linear(values[ground])) < least
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_every_ground_that_it_is_set_on(theme: looks.Theme) -> None:
    tints = tuple(name for name in tokens(theme) if name.endswith("-tint"))
    assert too_weak(theme, ("--ink", "--ink-soft"), (*GROUNDS, *tints, "--mark"), 4.5) == []
    assert too_weak(theme, BANKS + STATES, (*GROUNDS, *tints), 4.5) == []
    assert too_weak(theme, ("--paper",), ("--ink",), 4.5) == []


@pytest.mark.parametrize("theme", THEMES)
def test_shapes_and_borders_of_fields_stand_out_from_the_page(theme: looks.Theme) -> None:
    seen = (*SERIES[:3], *STATES, "--rule-strong", "--focus")
    assert too_weak(theme, seen, GROUNDS[:2], 3.0) == []


@pytest.mark.parametrize("theme", THEMES)
def test_labels_of_the_flow_are_readable_over_its_bands(theme: looks.Theme) -> None:
    values = {name: linear(value) for name, value in tokens(theme).items() if value.startswith("#")}
    weak = [
        (series, look)
        for series in SERIES
        for look in ("f-band", "f-band-faded", "f-band-chosen")
        if contrast(values["--ink"], over(values[series], float(rules()[look]["fill-opacity"]), values["--surface"]))
        < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_in_cells_of_the_heat_map_are_readable(theme: looks.Theme) -> None:
    values = {name: linear(value) for name, value in tokens(theme).items() if value.startswith("#")}
    steps = [("--shared-fill", step) for step in (1, 2, 3, 4, 5)]
    steps += [(fill, step) for fill in ("--bank-marketing-fill", "--bank-sales-fill") for step in (1, 2)]
    opacity = {step: float(rules()[f"f-step-{step}"]["fill-opacity"]) for step in (1, 2, 3, 4, 5)}
    weak = [
        (fill, step)
        for fill, step in steps
        if contrast(values["--ink"], over(values[fill], opacity[step], values["--surface"])) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_sides_are_told_apart_without_green_cones(theme: looks.Theme) -> None:
    seen = {name: lab(deuteranope(linear(tokens(theme)[name]))) for name in SERIES}
    near = {(a, b): round(math.dist(seen[a], seen[b])) for a, b in combinations(SERIES, 2)}
    assert {pair: distance for pair, distance in near.items() if distance < 20} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_sides_are_told_apart_in_greyscale(theme: looks.Theme) -> None:
    lightness = {name: lab(linear(tokens(theme)[name]))[0] for name in SERIES}
    near = {(a, b): round(abs(lightness[a] - lightness[b])) for a, b in combinations(SERIES, 2)}
    assert {pair: distance for pair, distance in near.items() if distance < 9} == {}


def blocks() -> list[dict[str, str]]:
    """The blocks of tokens.css in their order: light, dark by choice, dark by the system, print."""
    sheet = re.sub(r"/\*.*?\*/", "", (STATIC_DIR / "tokens.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    bodies = re.findall(r"\{([^{}]*)\}", sheet)
    return [dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body)) for body in bodies]


def test_dark_by_choice_and_dark_by_the_system_are_the_same() -> None:
    light, chosen, by_system, printed = blocks()
    colours = {name for name, value in light.items() if value.startswith("#")}
    assert chosen == by_system
    assert (set(chosen), set(printed)) == (colours, colours)


def test_every_colour_of_the_stylesheets_is_a_token() -> None:
    loose = {
        (path.name, colour)
        for path in STATIC_DIR.glob("*.css")
        if path.name != "tokens.css"
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8"))
    }
    assert loose == set()


def test_every_variable_that_a_stylesheet_reads_is_declared() -> None:
    sheets = {path.name: path.read_text(encoding="utf-8") for path in STATIC_DIR.glob("*.css")}
    declared = {name for sheet in sheets.values() for name in re.findall(r"(--[\w-]+)\s*:", sheet)}
    read = {name for sheet in sheets.values() for name in re.findall(r"var\((--[\w-]+)", sheet)}
    assert read - declared == set()


def test_a_look_becomes_attributes_with_the_colours_of_the_light_theme() -> None:
    assert attributes_of("f-fill-marketing f-band f-reach") == {
        "fill": tokens("light")["--bank-marketing-fill"],
        "fill-opacity": "0.36",
    }


def test_every_tone_has_all_its_looks() -> None:
    kinds = ("fill", "tint", "line", "stop", "heading")
    missing = [f"f-{kind}-{tone}" for kind in kinds for tone in figure.TONES if f"f-{kind}-{tone}" not in rules()]
    assert missing == []
