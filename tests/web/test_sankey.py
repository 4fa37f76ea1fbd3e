"""The flow: nothing is lost in it, few bands cross, small nodes are gathered, bands lead to their rows."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte.web.figures import Band, CannotDraw, Column, FigureTable, FlowColumn, Node, Sankey
from punte.web.figures.sankey_layout import MIN_BAND, Flow, FlowNode, Layout, lay_out
from punte.web.formats import ValueFormat
from tests.web.pictures import overlapping, said_by, sticking_out, texts

COLUMNS = (FlowColumn("Source", "marketing"), FlowColumn("Campaign", "marketing"), FlowColumn("Outcome", "sales", True))


def sankey(*bands: Band, nodes: tuple[Node, ...], max_nodes: int = 8) -> Sankey:
    return Sankey(id="s", title="t", columns=COLUMNS, nodes=nodes, bands=bands, max_nodes=max_nodes)


def small() -> Sankey:
    nodes = (
        Node("a", 0, "Ads"),
        Node("m", 0, "Mail"),
        Node("x", 1, "Webinar"),
        Node("w", 2, "Won"),
        Node("l", 2, "Lost"),
    )
    bands = (Band("a", "x", 60, "?from=a"), Band("m", "x", 40), Band("x", "w", 15, "?to=w"), Band("x", "l", 85))
    return sankey(*bands, nodes=nodes)


def laid_out(flows: list[Flow], columns: dict[str, int]) -> Layout:
    nodes = [FlowNode(key, column, 0, place, False) for place, (key, column) in enumerate(columns.items())]
    return lay_out(nodes, flows, flow_height=300)


def test_widths_of_bands_are_true_to_their_values_and_fill_their_nodes() -> None:
    layout = laid_out([Flow("a", "x", 60), Flow("m", "x", 40)], {"a": 0, "m": 0, "x": 1})
    assert layout.widths == {("a", "x"): 180, ("m", "x"): 120}
    assert {key: place.height for key, place in layout.nodes.items()} == {"a": 180, "m": 120, "x": 300}


def test_a_band_too_thin_to_see_is_drawn_at_the_least_width() -> None:
    layout = laid_out([Flow("a", "x", 100_000), Flow("m", "x", 1)], {"a": 0, "m": 0, "x": 1})
    assert layout.widths["m", "x"] == MIN_BAND


def test_two_bands_that_need_not_cross_do_not() -> None:
    flows = [Flow("a", "y", 5), Flow("b", "x", 9)]
    layout = laid_out(flows, {"a": 0, "b": 0, "x": 1, "y": 1})
    order = {key: place.centre for key, place in layout.nodes.items()}
    assert (order["a"] < order["b"]) == (order["y"] < order["x"])


def test_a_band_over_a_column_passes_between_its_nodes() -> None:
    flows = [Flow("a", "x", 50), Flow("x", "z", 50), Flow("a", "z", 50)]
    layout = laid_out(flows, {"a": 0, "x": 1, "z": 2})
    first, second = layout.stretches["a", "z"]
    x = layout.nodes["x"]
    passing = (first.end, first.end + layout.widths["a", "z"])
    assert (first.end, [first.column, second.column]) == (second.start, [0, 1])
    assert passing[1] <= x.centre - x.height / 2 or passing[0] >= x.centre + x.height / 2


def tangled() -> st.SearchStrategy[list[tuple[int, int, int, int]]]:
    return st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 2), st.integers(1, 10_000)),
        min_size=1,
        max_size=40,
    )


def drawn_from(paths: list[tuple[int, int, int, int]]) -> Sankey:
    """A flow in which all that enters a campaign leaves it."""
    sums: dict[tuple[str, str], int] = {}
    for source, campaign, outcome, value in paths:
        for step in ((f"s{source}", f"c{campaign}"), (f"c{campaign}", f"o{outcome}")):
            sums[step] = sums.get(step, 0) + value
    keys = {key for step in sums for key in step}
    nodes = tuple(Node(key, "sco".index(key[0]), f"name of {key}") for key in sorted(keys))
    return sankey(*(Band(a, b, value) for (a, b), value in sorted(sums.items())), nodes=nodes)


@given(paths=tangled())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_sum_of_what_is_drawn_is_what_came_in_whatever_is_gathered(paths: list[tuple[int, int, int, int]]) -> None:
    figure = drawn_from(paths)
    for width in (328, 960):
        values = [int(title.rsplit(": ", 1)[1].split(" ")[0].replace(",", "")) for title in titles(figure, width)]
        assert sum(values) == len(COLUMNS) * sum(value for *_, value in paths) * (1 if width < 480 else 1)
        assert (overlapping(figure.svg(width)), sticking_out(figure.svg(width))) == ([], [])


def titles(figure: Sankey, width: float) -> list[str]:
    """What the nodes say: those titles that are not a band's."""
    return [said for said in said_by(figure.svg(width), "title")[1:] if "→" not in said]


def test_the_smallest_nodes_are_gathered_and_the_unattributed_stays_apart_at_the_foot() -> None:
    values = {"a": 50, "b": 40, "c": 30, "d": 2, "e": 1}
    nodes = (
        Node("u", 0, "Unattributed", is_last=True),
        *(Node(key, 0, key.upper()) for key in values),
        Node("x", 1, "Webinar"),
    )
    bands = (*(Band(key, "x", value) for key, value in values.items()), Band("u", "x", 99))
    figure = sankey(*bands, nodes=nodes, max_nodes=4)
    left = [text for text in texts(figure.svg()) if text.left < 100 and not text.content.isdigit()]
    assert [text.content for text in sorted(left, key=lambda text: text.top)] == [
        "Source",
        "A",
        "B",
        "other (3)",
        "Unattributed",
    ]


def test_columns_that_keep_their_order_keep_it() -> None:
    nodes = (Node("x", 1, "Webinar"), Node("l", 2, "Lost"), Node("w", 2, "Won"), Node("o", 2, "Open"))
    figure = sankey(Band("x", "w", 500), Band("x", "o", 900), Band("x", "l", 10), nodes=nodes)
    right = [text for text in texts(figure.svg()) if text.content in {"Lost", "Won", "Open"}]
    assert [text.content for text in sorted(right, key=lambda text: text.top)] == ["Lost", "Won", "Open"]


def test_a_band_opens_its_rows_and_says_what_it_is() -> None:
    links = [node for node in ElementTree.fromstring(small().svg()).iter() if node.tag.endswith("}a")]
    assert [(link.get("href"), link.get("aria-label")) for link in links] == [
        ("?from=a", "Ads → Webinar: 60 (100%)"),
        ("?to=w", "Webinar → Won: 15 (15%)"),
    ]


def test_a_band_out_of_few_is_counted_out() -> None:
    nodes = (Node("x", 1, "Webinar"), Node("l", 2, "Lost"), Node("w", 2, "Won"))
    drawn = sankey(Band("x", "w", 4), Band("x", "l", 7), nodes=nodes).svg()
    assert "Webinar → Won: 4 (4 of 11)" in said_by(drawn, "title")


def test_a_chosen_band_stands_out_and_the_others_fade() -> None:
    figure = small()
    chosen = Sankey(
        id="s",
        title="t",
        columns=COLUMNS,
        nodes=figure.nodes,
        bands=(Band("a", "x", 60, is_chosen=True), *figure.bands[1:]),
    )
    looks = re.findall(r'class="(f-band[a-z-]*) ', chosen.svg())
    assert sorted(looks) == ["f-band-chosen", *["f-band-faded"] * 3]


def test_the_phone_gets_a_list_with_every_node_and_no_bands() -> None:
    drawn = small().svg(328)
    assert "f-band" not in drawn
    assert titles(small(), 328) == ["Ads: 60", "Mail: 40", "Webinar: 100", "Won: 15", "Lost: 85"]


def test_the_table_behind_the_flow_holds_every_band_with_its_share() -> None:
    money = ValueFormat("money", "EUR")
    nodes = (Node("x", 1, "Webinar"), Node("w", 2, "Won"), Node("l", 2, "Lost"))
    figure = Sankey(
        id="s", title="t", columns=COLUMNS, nodes=nodes, bands=(Band("x", "l", 9_950), Band("x", "w", 50)), format=money
    )
    assert figure.as_table() == FigureTable(
        (Column("Where from"), Column("Where to"), Column("EUR", True), Column("Share of what left", True)),
        (("Webinar", "Won", "0.50\u00a0EUR", "1%"), ("Webinar", "Lost", "99.50\u00a0EUR", "100%")),
    )


@pytest.mark.parametrize(
    "band", [Band("a", "nowhere", 1), Band("w", "a", 1), Band("a", "m", 1), Band("a", "x", -1)], ids=str
)
def test_a_band_that_leads_nowhere_backwards_or_below_zero_is_refused(band: Band) -> None:
    with pytest.raises(CannotDraw, match="cannot be drawn"):
        sankey(band, nodes=small().nodes).svg()


def test_two_nodes_of_one_id_are_refused() -> None:
    with pytest.raises(CannotDraw, match="same id"):
        sankey(Band("a", "x", 1), nodes=(*small().nodes, Node("a", 0, "Again"))).svg()


def test_an_empty_flow_says_so() -> None:
    assert [text.content for text in texts(sankey(nodes=()).svg())] == ["Nothing to draw in this window."]
