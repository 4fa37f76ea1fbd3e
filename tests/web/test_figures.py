"""What holds for every figure, in every layout and both languages; then what is each one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from punte.web.figures import (
    Bar,
    Bars,
    Bin,
    CannotDraw,
    Column,
    Distribution,
    Figure,
    FigureTable,
    Funnel,
    Heatmap,
    Line,
    Lines,
    Moment,
    Sparkline,
    Stage,
    Step,
    Waterfall,
)
from punte.web.figures.looks import tokens
from punte.web.formats import NBSP, ValueFormat
from punte.web.gallery_figures import Gallery
from tests.web.pictures import attribute_names, overlapping, said_by, sticking_out, texts

WIDTHS = (280, 328, 360, 479, 480, 640, 960, 1080, 1400)
HOSTILE = "<script>alert(1)</script>\" onload='x' & \x00\x1b 🚀 " + "Ț" * 80
FIGURES = [figure for lang in ("en", "ro") for figure in Gallery(lang).figures()]
NAMES = [f"{figure.id}-{figure.lang}" for figure in FIGURES]


def hostile_figures() -> list[Figure]:
    """Each kind with a name that a stranger chose."""
    moments = (Moment(date(2026, 1, 1), 3), Moment(date(2026, 2, 1), 5))
    steps = (Step(HOSTILE, 5, 1, 9, href="?a=1&b=<x>"),)
    return [
        Bars(
            id="b",
            title=HOSTILE,
            bars=(Bar(HOSTILE, 3, 1, 4, 2, "?a=1", note=HOSTILE), Bar(HOSTILE, None, reason=HOSTILE)),
        ),
        Funnel(id="f", title=HOSTILE, stages=(Stage(HOSTILE, 40), Stage(HOSTILE, 3, median_days=2))),
        Distribution(id="d", title=HOSTILE, n_cases=9, bins=(Bin(0, 5, 9),), median=2, p90=4, axis_label=HOSTILE),
        Lines(id="l", title=HOSTILE, lines=(Line(HOSTILE, moments),), target=4, target_label=HOSTILE),
        Waterfall(id="w", title=HOSTILE, start_label=HOSTILE, start=1, steps=steps, end_label=HOSTILE, end=6),
        Heatmap(id="h", title=HOSTILE, row_labels=(HOSTILE,), column_labels=(HOSTILE, HOSTILE), values=((1, None),)),
        Sparkline(id="s", title=HOSTILE, values=(1, 2)),
    ]


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_no_label_runs_into_another_or_out_of_the_picture(figure: Figure) -> None:
    drawn = {width: figure.svg(width) for width in WIDTHS}
    wrong = {width: overlapping(one) + [(text, "edge") for text in sticking_out(one)] for width, one in drawn.items()}
    assert wrong == {width: [] for width in WIDTHS}


@pytest.mark.parametrize("figure", hostile_figures(), ids=lambda figure: type(figure).__name__)
def test_names_of_strangers_stay_text_and_stay_inside(figure: Figure) -> None:
    for width in WIDTHS[1:]:
        drawn = figure.svg(width)
        tags = {node.tag.rsplit("}")[-1] for node in ElementTree.fromstring(drawn).iter()}
        assert tags <= set("svg title desc defs pattern g a rect line path text circle".split())
        assert {name for name in attribute_names(drawn) if name.startswith("on")} == set()
        assert (overlapping(drawn), sticking_out(drawn)) == ([], [])


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_a_figure_draws_the_same_bytes_each_time_and_styles_nothing_inline(figure: Figure) -> None:
    assert figure.svg(640) == replace(figure).svg(640)
    assert "style" not in attribute_names(figure.svg(640))


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_a_figure_says_what_it_is_to_those_who_do_not_see_it(figure: Figure) -> None:
    root = ElementTree.fromstring(figure.svg(640))
    names = [node.get("id") for node in root.iter() if node.get("id") is not None]
    has_links = any(node.tag.endswith("}a") for node in root.iter())
    assert root.get("role") == ("group" if has_links else "img")
    assert root.get("aria-labelledby") == f"{figure.id}-640-title {figure.id}-640-desc"
    assert len(names) == len(set(names))
    assert said_by(figure.svg(640), "title")[0] == figure.title


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_the_same_figure_at_two_widths_shares_no_id(figure: Figure) -> None:
    def ids(width: float) -> set[str]:
        return {node.get("id", "") for node in ElementTree.fromstring(figure.svg(width)).iter()} - {""}

    assert ids(328) & ids(1080) == set()


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_a_standalone_figure_carries_its_colours_and_no_links(figure: Figure) -> None:
    drawn = figure.svg(960, standalone=True)
    root = ElementTree.fromstring(drawn)
    painted = {node.get("fill", "") for node in root.iter()} | {node.get("stroke", "") for node in root.iter()}
    known = set(tokens("light").values()) | {"", "none", "transparent"}
    assert {paint for paint in painted if not paint.startswith("url(#")} <= known
    assert ("class" in attribute_names(drawn), "var(" in drawn, root.find(".//{*}a")) == (False, False, None)
    assert next(text.content for text in texts_of_standalone(drawn)) == figure.title


def texts_of_standalone(drawn: str) -> list[ElementTree.Element]:
    class Said:
        def __init__(self, node: ElementTree.Element) -> None:
            self.content = node.text or ""

    return [Said(node) for node in ElementTree.fromstring(drawn).iter() if node.tag.endswith("}text")]  # type: ignore[misc]


@pytest.mark.parametrize("figure", FIGURES, ids=NAMES)
def test_the_table_behind_a_figure_has_a_cell_for_every_column(figure: Figure) -> None:
    table = figure.as_table()
    assert {len(row) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "evil",
        " ?x",
        "?a b",
    ],
)
def test_an_address_that_leads_out_of_the_page_by_a_trick_is_refused(href: str) -> None:
    with pytest.raises(CannotDraw, match="cannot be opened"):
        Bars(id="b", title="t", bars=(Bar("x", 1, href=href),)).svg()


def test_an_id_that_could_break_out_of_its_attribute_is_refused() -> None:
    with pytest.raises(CannotDraw, match="no id"):
        Bars(id='b" onload="x', title="t", bars=()).svg()


def test_nothing_to_draw_is_said_and_not_drawn_as_zero() -> None:
    empty: list[Figure] = [
        Bars(id="b", title="t", bars=()),
        Funnel(id="f", title="t", stages=(Stage("Leads", 0), Stage("Won", 0))),
        Lines(id="l", title="t", lines=(Line("SAL", (Moment(date(2026, 1, 1), None),)),)),
        Heatmap(id="h", title="t", row_labels=(), column_labels=(), values=()),
    ]
    said = [[text.content for text in texts(figure.svg())] for figure in empty]
    assert said == [["Nothing to draw in this window."]] * 4


# The funnel


def test_small_numbers_of_a_funnel_are_counted_out_and_recent_ones_left_out() -> None:
    stages = (Stage("Leads", 100), Stage("SAL", 18, n_too_recent=7, median_days=20), Stage("Won", 4))
    funnel = Funnel(id="f", title="t", stages=stages)
    notes = [text.content for text in texts(funnel.svg()) if text.content.startswith("↓")]
    assert notes == [f"↓ 18% · median 20{NBSP}days", "↓ 4 of 11"]


def test_a_funnel_in_romanian_says_din_and_de() -> None:
    stages = (Stage("Leaduri", 11), Stage("Câștigate", 4, median_days=20))
    notes = [text.content for text in texts(Funnel(id="f", title="t", lang="ro", stages=stages).svg())]
    assert f"↓ 4 din 11 · mediana 20{NBSP}de{NBSP}zile" in notes


def test_a_funnel_whose_next_stage_holds_more_than_could_go_on_is_refused() -> None:
    stages = (Stage("SAL", 18, n_too_recent=7), Stage("Won", 12))
    with pytest.raises(CannotDraw, match="More reached 'Won'"):
        Funnel(id="f", title="t", stages=stages).svg()


def test_a_stage_that_is_not_known_says_why() -> None:
    stages = (Stage("Leads", None, reason="no marketing export"), Stage("Won", 4))
    drawn = Funnel(id="f", title="t", stages=stages).svg()
    assert [text.content for text in texts(drawn)] == [
        "Leads",
        "not known: no marketing export",
        "Won",
        "4",
        "↓ not known",
    ]


def test_the_table_of_a_funnel_holds_what_the_picture_shows() -> None:
    stages = (Stage("Leads", 100), Stage("SAL", 18, n_too_recent=7, median_days=2.5), Stage("Won", 4))
    names = ("Reached", "Went on from the stage before", "Median days", "Too recent")
    assert Funnel(id="f", title="t", stages=stages).as_table() == FigureTable(
        (Column("Stage"), *(Column(name, True) for name in names)),
        (
            ("Leads", "100", "", "", "0"),
            ("SAL", "18", "18%", f"2.5{NBSP}days", "7"),
            ("Won", "4", "4 of 11", "not known", "0"),
        ),
    )


# Bars


def lengths(drawn: str, look: str) -> list[float]:
    nodes = ElementTree.fromstring(drawn).iter()
    return [float(node.get("width", "0")) for node in nodes if node.get("class") == look]


def test_lengths_of_bars_are_true_to_their_values() -> None:
    bars = tuple(Bar(str(value), value, tone="sales") for value in (100, 50, 25))
    full, half, quarter = lengths(Bars(id="b", title="t", bars=bars).svg(), "f-fill-sales")
    assert (half / full, quarter / full) == (pytest.approx(0.5, abs=0.001), pytest.approx(0.25, abs=0.001))


def test_a_value_stands_at_the_end_of_its_own_bar_and_not_of_what_it_is_compared_with() -> None:
    bars = (Bar("brand", 2, other=10, tone="sales"), Bar("email", 9, other=1, tone="sales"))
    drawn = Bars(id="b", title="t", bars=bars).svg()
    own = dict(zip((2, 9), lengths(drawn, "f-fill-sales"), strict=True))
    places = {text.content: text.left for text in texts(drawn)}
    zero = places["9"] - own[9]
    assert places["2"] - own[2] == pytest.approx(zero, abs=0.1)


def test_a_bar_that_is_not_known_has_no_length_and_a_reason() -> None:
    bars = (Bar("Fair", None, tone="sales", reason="no spend entered"), Bar("Meta", 3, tone="marketing"))
    drawn = Bars(id="b", title="t", bars=bars).svg()
    assert lengths(drawn, "f-fill-sales") == []
    assert "not known: no spend entered" in [text.content for text in texts(drawn)]


@pytest.mark.parametrize(("low", "high"), [(3, 1), (None, 4), (1, None)])
def test_an_interval_that_is_none_is_refused(low: float | None, high: float | None) -> None:
    with pytest.raises(CannotDraw, match="interval"):
        Bars(id="b", title="t", bars=(Bar("Meta", 2, low, high),)).svg()


# Lines


def test_the_newest_month_is_hatched_though_it_is_the_last_point_of_its_line() -> None:
    moments = tuple(Moment(date(2026, month, 1), month) for month in (9, 10, 11))
    drawn = Lines(id="l", title="t", lines=(Line("Leads", moments),), too_recent_from=date(2026, 11, 1)).svg()
    hatched = [node for node in ElementTree.fromstring(drawn).iter() if "url(#l-" in node.get("fill", "")]
    widths = [float(node.get("width", "0")) for node in hatched]
    assert max(widths) > 20


# The waterfall


def waterfall(*deltas: int, start: int = 1000, end: int) -> Waterfall:
    steps = tuple(Step(f"step {place}", delta) for place, delta in enumerate(deltas))
    money = ValueFormat("money", "EUR")
    return Waterfall(
        id="w", title="t", start_label="Plan", start=start, steps=steps, end_label="Result", end=end, format=money
    )


def test_a_waterfall_prints_that_its_steps_sum_to_the_gap() -> None:
    said = texts(waterfall(-300, 50, end=750).svg())[-1].content
    assert said == f"✓ The steps sum to the difference of −3{NBSP}EUR exactly."


def test_a_waterfall_that_does_not_sum_to_the_cent_is_refused() -> None:
    with pytest.raises(CannotDraw, match="lead from 1000 to 750, not to 751"):
        waterfall(-300, 50, end=751).svg()


def test_a_step_whose_interval_holds_zero_is_hatched_and_not_coloured() -> None:
    steps = (Step("told", -40, -60, -20, "sales"), Step("untold", -10, -30, 5, "sales"))
    figure = Waterfall(id="w", title="t", start_label="a", start=100, steps=steps, end_label="b", end=50)
    drawn = figure.svg()
    looks = [node.get("class") for node in ElementTree.fromstring(drawn).iter()]
    assert (looks.count("f-fill-sales"), looks.count("f-tint-sales"), drawn.count("url(#w-960-hatch)")) == (1, 1, 2)


# Distribution, lines, heat map


def test_a_distribution_of_four_cases_is_not_drawn() -> None:
    drawn = Distribution(id="d", title="t", n_cases=4, bins=(Bin(0, 5, 4),)).svg()
    assert [text.content for text in texts(drawn)] == ["Too few cases to draw (4)."]


def test_a_distribution_needs_bins_or_points_and_not_both() -> None:
    with pytest.raises(CannotDraw, match="bins or points"):
        Distribution(id="d", title="t", n_cases=40).svg()


def test_five_lines_in_one_frame_are_refused() -> None:
    lines = tuple(Line(str(n), (Moment(date(2026, 1, 1), n),)) for n in range(5))
    with pytest.raises(CannotDraw, match="5 lines"):
        Lines(id="l", title="t", lines=lines).svg()


def test_a_missing_month_leaves_a_gap_in_the_line() -> None:
    values = (3, 4, None, 5, 6)
    moments = tuple(Moment(date(2026, month, 1), value) for month, value in enumerate(values, 1))
    drawn = Lines(id="l", title="t", lines=(Line("SAL", moments, "sales"),)).svg()
    paths = [node for node in ElementTree.fromstring(drawn).iter() if node.get("class") == "f-line-sales"]
    assert len(paths) == 2


def test_in_a_heat_map_zero_is_a_shade_and_unknown_a_hatch() -> None:
    heatmap = Heatmap(id="h", title="t", row_labels=("Mon",), column_labels=("8", "9", "10"), values=((0, None, 5),))
    titles = said_by(heatmap.svg(), "title")[1:]
    assert titles == ["Mon, 8: 0", "Mon, 9: not known", "Mon, 10: 5"]
    assert heatmap.as_table().rows == (("Mon", "0", "not known", "5"),)


def test_a_heat_map_that_does_not_fit_its_labels_is_refused() -> None:
    with pytest.raises(CannotDraw, match="does not fit"):
        Heatmap(id="h", title="t", row_labels=("Mon",), column_labels=("8", "9"), values=((1,),)).svg()
