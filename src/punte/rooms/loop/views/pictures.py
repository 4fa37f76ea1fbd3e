"""The pictures of the loop's pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from django.utils.translation import gettext

from punte.rooms.loop.queries import FlowPart, LoopFlow, LoopRow
from punte.rooms.loop.rules import LoopQuestion, Value
from punte.rooms.loop.views.words import OUTCOME_LABELS, STAGE_LABELS, dimension_label, lang, model_label, value_label
from punte.web.figures import Band, Bar, Bars, FlowColumn, Node, Sankey, Tone
from punte.web.formats import ValueFormat

N_BARS = 8
_STAGES = ("lead", "mql", "sal", "sql", "opportunity")
_OUTCOMES = ("open", "left", "won")
Amount = Callable[[FlowPart], int]


def flow_picture(flow: LoopFlow, question: LoopQuestion, currency: str, home_url: str) -> Sankey:
    """From channel over campaign and furthest stage to the outcome; money is only what was won."""
    is_money = question.unit == "money"
    flows = _Flows(flow, question, home_url, (lambda part: part.revenue) if is_money else (lambda part: part.n_leads))
    noun = gettext("leads")
    return Sankey(
        id="flow",
        title=gettext("Where does the money come from?")
        if is_money
        else gettext("Where do leads come from and go to?"),
        description=_flow_description(question),
        lang=lang(),
        columns=_columns(is_money),
        nodes=tuple(flows.nodes(is_money)),
        bands=tuple(flows.bands(is_money)),
        format=ValueFormat("money", currency) if is_money else ValueFormat("count", noun=noun),
    )


def _flow_description(question: LoopQuestion) -> str:
    if question.unit == "money":
        return gettext("Value of the opportunities won in these days, by where their leads came from.")
    return gettext(
        "Leads begun in these days: how far they got, and what became of them by now. Who came back counts again."
    )


def _columns(is_money: bool) -> tuple[FlowColumn, ...]:
    ends = FlowColumn(gettext("Outcome"), "sales", keeps_order=True)
    middle = FlowColumn(gettext("Furthest stage"), "shared", keeps_order=True)
    start = (FlowColumn(gettext("Channel"), "marketing"), FlowColumn(gettext("Campaign"), "marketing"))
    return (*start, ends) if is_money else (*start, middle, ends)


class _Flows:
    """Nodes and bands of one flow, with the addresses that filter by them."""

    def __init__(self, flow: LoopFlow, question: LoopQuestion, home_url: str, amount: Amount) -> None:
        self.parts = [part for part in flow.parts if amount(part) > 0]
        self.question = question.changed(rows="top")
        self.home_url = home_url
        self.amount = amount
        self.channels = list(dict.fromkeys(part.channel for part in self.parts))
        self.campaigns = list(dict.fromkeys(_campaign(part) for part in self.parts))

    def nodes(self, is_money: bool) -> list[Node]:
        last = 2 if is_money else 3
        nodes = [self._end("channel", value, 0, f"c{place}") for place, value in enumerate(self.channels)]
        nodes += [self._end("campaign", value, 1, f"n{place}") for place, value in enumerate(self.campaigns)]
        if is_money:
            return [*nodes, Node("won", last, gettext(OUTCOME_LABELS["won"]))]
        nodes += [Node(stage, 2, gettext(STAGE_LABELS[stage])) for stage in _STAGES]
        return nodes + [
            Node(outcome, last, gettext(OUTCOME_LABELS[outcome]), is_hatched=outcome == "open") for outcome in _OUTCOMES
        ]

    def bands(self, is_money: bool) -> list[Band]:
        sums: dict[tuple[str, str, str], int] = defaultdict(int)
        for part in self.parts:
            channel, campaign = f"c{self.channels.index(part.channel)}", f"n{self.campaigns.index(_campaign(part))}"
            both = self._url(channel=part.channel, campaign=_campaign(part))
            only = self._url(campaign=_campaign(part))
            n = self.amount(part)
            sums[channel, campaign, both] += n
            if is_money:
                sums[campaign, "won", only] += n
            else:
                sums[campaign, part.stage, only] += n
                sums[part.stage, part.outcome, ""] += n
        return [Band(source, target, n, href) for (source, target, href), n in sums.items()]

    def _end(self, dimension: str, value: Value, column: int, node_id: str) -> Node:
        is_apart = value.is_unattributed or value.text is None
        return Node(
            id=node_id,
            column=column,
            label=value_label(dimension, value),
            href=self._url(**{dimension: value}),
            is_last=is_apart,
            is_hatched=value.is_unattributed,
            tone="neutral" if is_apart else None,
        )

    def _url(self, **values: Value) -> str:
        if any(value.is_unattributed for value in values.values()):
            values = {"channel": Value(None, True)}
        asked = self.question.where(**values)
        if asked.by in values:
            asked = asked.changed(by="campaign" if "campaign" not in values else "source")
        return f"{self.home_url}?{asked.query()}"


def _campaign(part: FlowPart) -> Value:
    return Value() if part.campaign.is_unattributed else part.campaign


def credit_picture(
    rows: Sequence[LoopRow], question: LoopQuestion, currency: str, url_of: Callable[[LoopRow], str]
) -> Bars:
    """What the model gives to each row, and beside it what came in by origin."""
    shown = sorted(rows, key=lambda row: (row.is_unattributed, -(row.credits.get(question.model) or 0)))[:N_BARS]
    bars = tuple(
        Bar(
            value_label(question.by, row.value),
            row.credits.get(question.model),
            other=row.revenue,
            href=url_of(row),
            tone="neutral" if row.is_unattributed else "marketing",
            is_hatched=row.is_unattributed,
            reason=gettext("the value of its deals is not known"),
        )
        for row in shown
    )
    return Bars(
        id="credit",
        title=gettext("Who earns the credit?"),
        description=gettext("Won value as the model shares it out over touches, beside the won value by origin."),
        lang=lang(),
        bars=bars,
        format=ValueFormat("money", currency),
        value_label=model_label(question.model),
        other_label=gettext("by origin"),
        hatch_label=gettext("no known touch"),
    )


def top_picture(
    rows: Sequence[LoopRow], question: LoopQuestion, currency: str, url_of: Callable[[LoopRow], str]
) -> Bars:
    """The five rows that brought most, for a phone."""
    known = [row for row in rows if row.revenue]
    bars = tuple(
        Bar(value_label(question.by, row.value), row.revenue, href=url_of(row), tone="sales") for row in known[:5]
    )
    title = gettext("What brought most?")
    return Bars(id="top", title=title, lang=lang(), bars=bars, format=ValueFormat("money", currency))


def disagreement_picture(
    rows: Sequence[LoopRow], question: LoopQuestion, currency: str, url_of: Callable[[LoopRow], str]
) -> Bars:
    """How far the models lie apart: the chosen one, and the span from the lowest to the highest."""
    shown = sorted(rows, key=lambda row: -(row.credits.get(question.model) or 0))[:N_BARS]
    return Bars(
        id="models",
        title=gettext("How far do the models lie apart?"),
        description=gettext("The chosen model, and the span from the lowest to the highest of the nine."),
        lang=lang(),
        bars=tuple(_spanned(row, question, url_of(row)) for row in shown),
        format=ValueFormat("money", currency),
        value_label=model_label(question.model),
        interval_label=gettext("lowest to highest model"),
    )


def _spanned(row: LoopRow, question: LoopQuestion, url: str) -> Bar:
    known = [amount for amount in row.credits.values() if amount is not None]
    label = value_label(question.by, row.value)
    value = row.credits.get(question.model)
    if value is None:
        return Bar(label, None, href=url, reason=gettext("the value of its deals is not known"))
    tone: Tone = "neutral" if row.is_unattributed else "marketing"
    return Bar(label, value, low=min(known), high=max(known), href=url, tone=tone)


def column_title(question: LoopQuestion) -> str:
    """What the rows are, for the head of their column."""
    return dimension_label(question.by)
