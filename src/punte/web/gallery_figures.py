"""The figures of the gallery: one of each kind and state, from an invented quarter, in both languages."""

from __future__ import annotations

from datetime import date

from punte.web.figures import (
    Band,
    Bar,
    Bars,
    Bin,
    Distribution,
    Figure,
    FlowColumn,
    Funnel,
    Heatmap,
    Line,
    Lines,
    Moment,
    Node,
    Point,
    Sankey,
    Sparkline,
    Stage,
    Step,
    Waterfall,
)
from punte.web.formats import ValueFormat, weekdays

_ROMANIAN = {
    "Where do the customers come from?": "De unde vin clienții?",
    "Source": "Sursă",
    "Campaign": "Campanie",
    "Furthest stage": "Cea mai departe etapă",
    "Outcome": "Rezultat",
    "Referral": "Recomandare",
    "Organic search": "Căutare organică",
    "Unattributed": "Neatribuit",
    "No campaign": "Fără campanie",
    "Brand search": "Căutare după marcă",
    "Webinar “Stock without dead stock”": "Webinar „Depozite fără stocuri moarte”",
    "Fair in Bucharest": "Târg București",
    "Opportunity": "Oportunitate",
    "Open, too recent": "Deschise, prea recente",
    "Lost": "Pierdute",
    "Won": "Câștigate",
    "persons": "contacte",
    "How far do leads get?": "Până unde ajung leadurile?",
    "Leads": "Leaduri",
    "Opportunities": "Oportunități",
    "Which campaigns won?": "Ce campanii au câștigat?",
    "Won value by the position model; thin bar: first touch.": (
        "Valoare câștigată, după modelul pozițional; bara subțire: prima interacțiune."
    ),
    "position": "pozițional",
    "first touch": "prima interacțiune",
    "95% interval": "interval de 95 %",
    "too recent": "prea recent",
    "no spend entered": "lipsesc costurile",
    "What did a euro bring?": "Cât a adus un euro?",
    "How long do leads wait in SAL?": "Cât așteaptă leadurile în SAL?",
    "days in the stage": "zile în etapă",
    "How soon are leads contacted?": "Cât de repede sunt contactate leadurile?",
    "SAL a month, against the agreement": "SAL pe lună, față de acord",
    "Delivered": "Livrate",
    "Plan": "Plan",
    "agreed 60": "convenit 60",
    "Where does the difference come from?": "De unde vine diferența?",
    "Plan Q3": "Plan T3",
    "Result": "Realizat",
    "Fewer leads": "Mai puține leaduri",
    "Acceptance": "Acceptare",
    "First contact": "Prima contactare",
    "Attempts": "Încercări",
    "Win rate": "Rata de câștig",
    "Deal size": "Valoarea medie",
    "When do leads arrive?": "Când sosesc leadurile?",
}

_FLOWS = (
    ("google", "brand", 140),
    ("meta", "demo", 75),
    ("meta", "retargeting", 14),
    ("email", "webinar", 90),
    ("email", "newsletter", 160),
    ("google", "webinar", 60),
    ("referral", "newsletter", 12),
    ("referral", "partners", 44),
    ("referral", "fair", 25),
    ("organic", "seo", 230),
    ("organic", "podcast", 6),
    ("organic", "guide", 31),
    ("none", "nocampaign", 66),
)


class Gallery:
    """The figures in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def t(self, english: str) -> str:
        return _ROMANIAN[english] if self.lang == "ro" else english

    def figures(self) -> list[Figure]:
        return [
            self.flow(),
            self.money_flow(),
            self.funnel(),
            self.bars(),
            self.returns(),
            self.histogram(),
            self.curve(),
            self.lines(),
            self.waterfall(),
            self.heatmap(),
            self.nothing(),
        ]

    def flow(self) -> Sankey:
        return self._flow("flow", ValueFormat("count", noun=self.t("persons")), times=1, chosen="")

    def money_flow(self) -> Sankey:
        return self._flow("flow-chosen", ValueFormat("money", "EUR"), times=61_350, chosen="brand")

    def _flow(self, figure_id: str, value_format: ValueFormat, *, times: int, chosen: str) -> Sankey:
        bands = [
            Band(source, f"c-{campaign}", n * times, f"?campaign={campaign}", campaign == chosen)
            for source, campaign, n in _FLOWS
        ]
        totals: dict[str, int] = {}
        for _, campaign, n in _FLOWS:
            totals[campaign] = totals.get(campaign, 0) + n
        reached = {"lead": 0, "mql": 0, "sal": 0, "opportunity": 0}
        for place, (campaign, n) in enumerate(totals.items()):
            parts = {"lead": n * (30 + 3 * place) // 100, "mql": n * (25 - place) // 100, "sal": n // 5}
            parts["opportunity"] = n - sum(parts.values())
            for stage, part in parts.items():
                reached[stage] += part
                bands.append(Band(f"c-{campaign}", stage, part * times, f"?stage={stage}", campaign == chosen))
        for stage, n in reached.items():
            won = n * 45 // 100 if stage == "opportunity" else 0
            waiting = n * {"lead": 40, "mql": 30, "sal": 30, "opportunity": 20}[stage] // 100
            bands += [Band(stage, "open", waiting * times), Band(stage, "lost", (n - won - waiting) * times)]
            bands += [Band(stage, "won", won * times)]
        return Sankey(
            id=figure_id,
            title=self.t("Where do the customers come from?"),
            lang=self.lang,
            columns=self._columns(),
            nodes=self._nodes(),
            bands=tuple(bands),
            format=value_format,
        )

    def _columns(self) -> tuple[FlowColumn, ...]:
        return (
            FlowColumn(self.t("Source"), "marketing"),
            FlowColumn(self.t("Campaign"), "marketing"),
            FlowColumn(self.t("Furthest stage"), "shared", keeps_order=True),
            FlowColumn(self.t("Outcome"), "sales", keeps_order=True),
        )

    def _nodes(self) -> tuple[Node, ...]:
        sources = {"google": "Google Ads", "meta": "Meta", "email": "E-mail", "referral": self.t("Referral")}
        sources["organic"] = self.t("Organic search")
        campaigns = {
            "brand": self.t("Brand search"),
            "demo": "Demo",
            "retargeting": "Retargeting",
            "webinar": self.t("Webinar “Stock without dead stock”"),
            "newsletter": "Newsletter",
            "partners": "Parteneri Cluj",
            "fair": self.t("Fair in Bucharest"),
            "seo": "SEO",
            "podcast": "Podcast",
            "guide": "Ghid PDF",
        }
        stages = {"lead": "Lead", "mql": "MQL", "sal": "SAL", "opportunity": self.t("Opportunity")}
        return (
            *(Node(key, 0, label, f"?source={key}") for key, label in sources.items()),
            Node("none", 0, self.t("Unattributed"), "?source=none", is_last=True, is_hatched=True, tone="neutral"),
            *(Node(f"c-{key}", 1, label, f"?campaign={key}") for key, label in campaigns.items()),
            Node("c-nocampaign", 1, self.t("No campaign"), "?campaign=none", is_last=True, tone="neutral"),
            *(Node(key, 2, label, f"?stage={key}") for key, label in stages.items()),
            Node("open", 3, self.t("Open, too recent"), "?outcome=open", is_hatched=True),
            Node("lost", 3, self.t("Lost"), "?outcome=lost"),
            Node("won", 3, self.t("Won"), "?outcome=won"),
        )

    def funnel(self) -> Funnel:
        stages = (
            Stage(self.t("Leads"), 742, "marketing", href="?stage=lead"),
            Stage("MQL", 318, "marketing", 40, 3.1, "?stage=mql"),
            Stage("SAL", 226, "shared", 12, 1.2, "?stage=sal"),
            Stage("SQL", 97, "sales", 8, 9.5, "?stage=sql"),
            Stage(self.t("Opportunities"), 18, "sales", 7, 14, "?stage=opportunity"),
            Stage(self.t("Won"), 4, "sales", 0, 41, "?stage=won"),
        )
        return Funnel(id="funnel", title=self.t("How far do leads get?"), lang=self.lang, stages=stages)

    def bars(self) -> Bars:
        bars = (
            Bar(
                self.t("Webinar “Stock without dead stock”"),
                13_240_000,
                9_900_000,
                17_100_000,
                12_100_000,
                "?c=1",
                "marketing",
            ),
            Bar(self.t("Brand search"), 9_240_000, 9_000_000, 9_900_000, 14_100_000, "?c=2", "marketing"),
            Bar("Newsletter", 4_240_000, 1_200_000, 5_100_000, 2_100_000, "?c=3", "marketing"),
            Bar("Parteneri Cluj", 2_240_000, other=2_500_000, href="?c=4", tone="marketing", is_hatched=True),
            Bar(self.t("Fair in Bucharest"), None, href="?c=5", tone="marketing", reason=self.t("no spend entered")),
        )
        return Bars(
            id="bars",
            title=self.t("Which campaigns won?"),
            description=self.t("Won value by the position model; thin bar: first touch."),
            lang=self.lang,
            bars=bars,
            format=ValueFormat("money", "EUR"),
            value_label=self.t("position"),
            other_label=self.t("first touch"),
            interval_label=self.t("95% interval"),
            hatch_label=self.t("too recent"),
        )

    def returns(self) -> Bars:
        bars = (
            Bar("Webinar", 2.4, 1.2, 3.3),
            Bar("Google Ads", -0.35, -0.6, 0.1),
            Bar("Meta", -0.8),
            Bar("E-mail", 0.2),
        )
        title = self.t("What did a euro bring?")
        return Bars(id="returns", title=title, lang=self.lang, bars=bars, format=ValueFormat("share"))

    def histogram(self) -> Distribution:
        done = (34, 52, 41, 28, 20, 14, 9, 7, 4, 3, 2, 1, 1, 0, 1)
        waiting = (0, 0, 0, 0, 0, 0, 3, 3, 4, 2, 2, 1, 1, 0, 0)
        bins = tuple(Bin(2 * k, 2 * k + 2, n, w) for k, (n, w) in enumerate(zip(done, waiting, strict=True)))
        return Distribution(
            id="histogram",
            title=self.t("How long do leads wait in SAL?"),
            lang=self.lang,
            n_cases=226,
            bins=bins,
            median=5.2,
            p90=14,
            axis_label=self.t("days in the stage"),
        )

    def curve(self) -> Distribution:
        within = ((10, 0.1), (25, 0.22), (38, 0.4), (60, 0.62), (90, 0.72), (140, 0.84), (200, 0.9), (300, 0.96))
        points = tuple(Point(minutes, share, max(0, share - 0.08), min(1, share + 0.06)) for minutes, share in within)
        return Distribution(
            id="curve",
            title=self.t("How soon are leads contacted?"),
            lang=self.lang,
            n_cases=50,
            points=points,
            median=60,
            p90=200,
            format=ValueFormat("minutes"),
        )

    def lines(self) -> Lines:
        months = [date(2026, month, 1) for month in range(1, 12)]
        delivered = (31, 38, 44, None, 47, 58, 66, 61, 52, 57, 42)
        moments = tuple(
            Moment(on, n, n - 6, n + 7) if n is not None else Moment(on, None)
            for on, n in zip(months, delivered, strict=True)
        )
        plan = tuple(Moment(on, 40 + 2 * place) for place, on in enumerate(months))
        return Lines(
            id="lines",
            title=self.t("SAL a month, against the agreement"),
            lang=self.lang,
            lines=(
                Line(self.t("Delivered"), moments, "marketing"),
                Line(self.t("Plan"), plan, "shared", is_dashed=True),
            ),
            target=60,
            target_label=self.t("agreed 60"),
            too_recent_from=date(2026, 10, 15),
        )

    def waterfall(self) -> Waterfall:
        steps = (
            Step(self.t("Fewer leads"), -1_820_000, -2_100_000, -1_500_000, "marketing", "?cause=leads"),
            Step(self.t("Acceptance"), -960_000, -1_500_000, -300_000, "shared", "?cause=acceptance"),
            Step(self.t("First contact"), -1_240_000, -1_900_000, -500_000, "sales", "?cause=contact"),
            Step(self.t("Attempts"), -610_000, -1_500_000, 300_000, "sales", "?cause=attempts"),
            Step(self.t("Win rate"), -3_100_000, -4_500_000, -2_000_000, "shared", "?cause=win-rate"),
            Step(self.t("Deal size"), 580_000, 100_000, 900_000, "sales", "?cause=deal-size"),
        )
        return Waterfall(
            id="waterfall",
            title=self.t("Where does the difference come from?"),
            lang=self.lang,
            start_label=self.t("Plan Q3"),
            start=48_380_000,
            steps=steps,
            end_label=self.t("Result"),
            end=41_230_000,
            format=ValueFormat("money", "EUR"),
            interval_label=self.t("95% interval"),
        )

    def heatmap(self) -> Heatmap:
        def arrivals(weekday: int, hour: int) -> int | None:
            if weekday == 6 and hour < 8:
                return None
            return max(0, 15 - abs(hour - 11) * 2 + (weekday * 7 + hour * 5) % 4 - (9 if weekday > 4 else 0))

        return Heatmap(
            id="heatmap",
            title=self.t("When do leads arrive?"),
            lang=self.lang,
            row_labels=tuple(weekdays(lang=self.lang)),
            column_labels=tuple(f"{hour:02d}" for hour in range(24)),
            values=tuple(tuple(arrivals(weekday, hour) for hour in range(24)) for weekday in range(7)),
        )

    def nothing(self) -> Funnel:
        stages = (Stage(self.t("Leads"), 0), Stage(self.t("Won"), 0))
        return Funnel(id="nothing", title=self.t("How far do leads get?"), lang=self.lang, stages=stages)

    def sparkline(self) -> Sparkline:
        values = (31, 38, 44, None, 47, 58, 66, 61, 52, 57, 42)
        return Sparkline(id="sparkline", title="SAL", lang=self.lang, values=values, tone="marketing")
