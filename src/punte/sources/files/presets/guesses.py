"""What a file holds, and the rule for it: deals, leads and people, touches, spend, companies, colleagues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from punte.sources.files.mapping.language import Cell, Condition, Question
from punte.sources.files.presets.drafts import Draft, constant, equals, filled, quoted
from punte.sources.files.presets.lexicon import LIFE, LOST, TOUCHES, WON
from punte.sources.files.presets.profiles import Sheet

_TRUE = ("1", "true", "yes", "y", "t", "x", "da", "ja", "oui", "si")
_FEW = 40


@dataclass(frozen=True)
class Known:
    """What the other files of the same import hold: headers that are ids there."""

    leads: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()


def shape_of(sheet: Sheet) -> str:
    """What a file seems to hold; 'unknown' where nothing fits."""
    return next((name for name, (is_so, _) in SHAPES.items() if is_so(sheet)), "unknown")


def guess(draft: Draft, shape: str, known: Known) -> None:
    """Fill the draft with the tables for that shape."""
    SHAPES[shape][1](draft, known)


def _is_spend(sheet: Sheet) -> bool:
    return sheet.has("cost") and sheet.has("moment", "created") and not sheet.has("email", "stage", "deal_id")


def _is_deals(sheet: Sheet) -> bool:
    says_won = any(word in WON | LOST for word in _words_of(sheet, "stage", "status"))
    has_value = sheet.has("amount", "closed", "won_on", "expected_close", "probability")
    return sheet.has("won_on") or (says_won and has_value) or (sheet.has("deal_id", "deal_name") and has_value)


def _is_owners(sheet: Sheet) -> bool:
    owner = sheet.of("owner")
    return owner is not None and sheet.column(owner).is_unique and sheet.has("manager", "team")


def _is_touches(sheet: Sheet) -> bool:
    who = sheet.of("anonymous_id", "user_id", "person_id", "lead_id", "email")
    whence = sheet.has("url", "medium", "campaign", "channel", "referrer", "landing_page")
    does = any(word in TOUCHES for word in _words_of(sheet, "kind"))
    return who is not None and sheet.has("moment") and (whence or does) and not sheet.column(who).is_unique


def _is_people(sheet: Sheet) -> bool:
    named = sheet.has("email", "first_name", "last_name", "full_name", "phone")
    numbered = sheet.has("lead_id", "person_id") or _unique_id(sheet) is not None
    return named or (numbered and sheet.has("channel", "source", "converted"))


def _is_companies(sheet: Sheet) -> bool:
    company = sheet.of("company")
    told = sheet.has("industry", "country", "employees", "city", "fiscal_code")
    return company is not None and sheet.column(company).is_unique and told


def _deals(draft: Draft, known: Known) -> None:
    sheet = draft.sheet
    identity = _identity(draft, "deal_id", "row_id") or draft.text("deal_name")
    status, closed_words = _status(draft)
    lead = _link(draft, known.leads)
    draft.table(
        "opportunity",
        identity,
        {
            "name": draft.text("deal_name"),
            "account": draft.text("company_id", "company"),
            "lead": lead,
            "person": lead or draft.text("person_id") or _lower(draft.text("email")),
            "owner": draft.text("owner"),
            "pipeline": draft.text("pipeline"),
            "stage": draft.text("stage"),
            "status": status,
            "created": draft.moment("opportunity", "created", "created"),
            "closed": _closed(draft, closed_words),
            "expected_close": draft.moment("opportunity", "expected_close", "expected_close"),
            "amount": draft.money("opportunity", "amount", "amount"),
            "currency": draft.text("currency") if sheet.has("amount") else None,
            "probability": _probability(draft),
            "lost_reason": draft.text("lost_reason"),
            "segment": draft.text("segment"),
        },
        traffic=draft.traffic(url=False),
        said="One deal per row, because it has a stage, a value or a date of winning.",
    )
    _named_company(draft, known)
    _named_owner(draft, known)
    _person_of_deal(draft, identity)


def _person_of_deal(draft: Draft, identity: Cell | None) -> None:
    email = _lower(draft.text("email"))
    if email is None or identity is None:
        return
    _person(draft, email)
    parts = (identity.headers[0], email.headers[0])
    cells = {"opportunity": identity, "person": email}
    draft.table("opportunity_person", Cell(parts=parts), cells, when=filled(email.headers[0]))


def _people(draft: Draft, known: Known) -> None:
    identity = _identity(draft, "lead_id", "person_id", "row_id") or _lower(draft.text("email"))
    created = ("created", "moment")
    _person(draft, identity)
    draft.table(
        "lead",
        identity,
        {
            "person": identity,
            "account": draft.text("company_id", "company"),
            "opened": draft.moment("lead", "opened", *created),
            "owner": draft.text("owner"),
            "status": draft.text("status", "stage"),
            "segment": draft.text("segment"),
        },
        traffic=draft.traffic(),
        said="Each row is taken as one lead.",
    )
    _stages(draft, identity)
    if draft.sheet.has(*created) and draft.sheet.has("channel", "source", "url", "landing_page", "form", "campaign"):
        cells = {
            "person": identity,
            "kind": constant("form"),
            "occurred": draft.moment("touchpoint", "occurred", *created),
        }
        said = "The first contact counts as a touch, so that what brought the lead gets its credit."
        draft.table("touchpoint", identity, cells, traffic=draft.traffic(), said=said)
    _named_company(draft, known)
    _named_owner(draft, known)


def _person(draft: Draft, identity: Cell | None) -> None:
    names = ("country", "city", "full_name", "first_name", "last_name", "email", "phone", "job_title")
    created = draft.moment("person", "created", "created")
    cells = {"created": created, **{name: draft.text(name) for name in names}}
    draft.table("person", identity, {**cells, "user_id": draft.text("user_id")})


def _stages(draft: Draft, identity: Cell | None) -> None:
    converted, life = draft.sheet.of("converted"), _life_words(draft)
    if identity is None or len(identity.headers) != 1:
        return
    if "mql" in identity.headers[0].lower():
        cells = {
            "lead": identity,
            "stage": constant("mql"),
            "occurred": draft.moment("stage_event", "occurred", "created"),
        }
        draft.table("stage_event", Cell(parts=(identity.headers[0], "'mql'")), cells, said="The id speaks of MQLs.")
    if converted is not None:
        yes = [value for value in draft.sheet.column(converted).values if value.lower() in _TRUE]
        draft.used.add(converted)
        cells = {
            "lead": identity,
            "stage": constant("customer"),
            "occurred": draft.moment("stage_event", "occurred", "converted_on"),
            "basis": None if draft.sheet.has("converted_on") else constant("from_current"),
        }
        said = f"'{converted}' is taken to say who became a customer."
        when = equals(converted, yes or ["1"])
        draft.table("stage_event", Cell(parts=(identity.headers[0], "'customer'")), cells, when=when, said=said)
    if life is not None:
        header, words = life
        stage = Cell(headers=(header,), map=tuple(words.items()))
        cells = {"lead": identity, "stage": stage, "basis": constant("from_current")}
        said = f"{quoted(words)} are taken as stages that were reached, at a moment that is not known."
        parts = Cell(parts=(identity.headers[0], header))
        draft.table("stage_event", parts, cells, when=equals(header, words), said=said)


def _life_words(draft: Draft) -> tuple[str, dict[str, str]] | None:
    for concept in ("stage", "status"):
        header = draft.sheet.of(concept)
        if header is not None:
            words = {value: LIFE[value.lower()] for value in draft.sheet.column(header).values if value.lower() in LIFE}
            if words:
                return header, words
    return None


def _touches(draft: Draft, known: Known) -> None:
    email = _lower(draft.text("email"))
    person = _link(draft, known.leads) or draft.text("person_id", "lead_id") or email
    if person is not None and person == email:
        _person(draft, email)
    cells = {
        "person": person,
        "anonymous": draft.text("anonymous_id"),
        "kind": _touch_kind(draft),
        "occurred": draft.moment("touchpoint", "occurred", "moment"),
    }
    identity = _identity(draft, "event_id", "row_id")
    draft.table(
        "touchpoint", identity, cells, traffic=draft.traffic(), said="One touch per row: someone, when, and where from."
    )
    if identity is None:
        draft.remark(
            "No column is an id: rows are told apart by what they say, and cannot be corrected later.", "touchpoint"
        )


def _touch_kind(draft: Draft) -> Cell | None:
    header = draft.sheet.of("kind")
    if header is None:
        return None
    draft.used.add(header)
    words = {value: TOUCHES[value.lower()] for value in draft.sheet.column(header).values if value.lower() in TOUCHES}
    if not words:
        return None
    return Cell(headers=(header,), map=tuple(words.items()), otherwise="'other'")


def _spend(draft: Draft, _: Known) -> None:
    moment = draft.moment("spend", "spent", "moment", "created")
    assert moment is not None
    names = [name for name in ("channel", "source", "medium", "campaign", "term", "content") if draft.sheet.has(name)]
    parts = tuple(dict.fromkeys([moment.headers[0], *(draft.sheet.of(name) or "" for name in names)]))
    cells = {
        "spent": moment,
        "amount": draft.money("spend", "amount", "cost"),
        "currency": draft.text("currency"),
        "n_impressions": draft.text("impressions"),
        "n_clicks": draft.text("clicks"),
    }
    draft.table(
        "spend", Cell(parts=parts), cells, traffic=draft.traffic(url=False), said="Money spent, per row and day."
    )


def _companies(draft: Draft, _: Known) -> None:
    names = ("industry", "segment", "country", "city", "fiscal_code")
    cells = {name: draft.text(name) for name in names}
    cells |= {"name": draft.text("company"), "n_employees": draft.text("employees"), "owner": draft.text("owner")}
    draft.table("account", draft.text("company_id", "company"), cells, said="One company per row.")


def _owners(draft: Draft, _: Known) -> None:
    owner = draft.text("owner")
    cells = {
        "full_name": owner,
        "team": draft.text("team"),
        "manager": draft.text("manager"),
        "email": draft.text("email"),
    }
    draft.table("owner", owner, cells, said="One colleague per row.")


def _named_company(draft: Draft, known: Known) -> None:
    company = draft.sheet.of("company")
    if company is not None and not draft.sheet.has("company_id") and company not in known.companies:
        draft.table("account", draft.of(company), {"name": draft.of(company)}, when=filled(company))


def _named_owner(draft: Draft, known: Known) -> None:
    owner = draft.sheet.of("owner")
    if owner is not None and owner not in known.owners:
        is_number = owner.lower().replace("_", " ").endswith(" id")
        cells = {"full_name": None if is_number else draft.of(owner)}
        draft.table("owner", draft.of(owner), cells, when=filled(owner))


def _status(draft: Draft) -> tuple[Cell, tuple[Condition, ...]]:
    """The status of a deal, and the condition under which it is closed."""
    for concept in ("status", "stage"):
        header = draft.sheet.of(concept)
        words = _deal_words(draft.sheet, header) if header else {}
        if header and words:
            others = [value for value in draft.sheet.column(header).values if value not in words]
            draft.remark(
                f"{quoted(others)}: every other value is taken as open" if others else "", "opportunity", "status"
            )
            cell = Cell(headers=(header,), map=tuple(words.items()), otherwise="'open'", default="open")
            return cell, equals(header, words)
    won = draft.sheet.of("won_on", "closed")
    if won is not None and len(draft.sheet.column(won).filled) == draft.sheet.n_rows and draft.sheet.has("won_on"):
        draft.remark(f"every row has '{won}', so every deal is taken as won", "opportunity", "status")
        return constant("won"), ()
    draft.remark(
        "no column says won or lost, so every deal is taken as open; say here how to tell", "opportunity", "status"
    )
    return constant("open"), (Condition((Question(won or "", "filled", ("true",)),)),) if won else ()


def _deal_words(sheet: Sheet, header: str) -> dict[str, str]:
    values = sheet.column(header).values[:_FEW]
    won = {value: "won" for value in values if value.lower() in WON}
    return won | {value: "lost" for value in values if value.lower() in LOST}


def _closed(draft: Draft, closed: tuple[Condition, ...]) -> Cell | None:
    """The close date; where open deals have one too, it is only a forecast for them."""
    cell = draft.moment("opportunity", "closed", "won_on", "closed")
    if cell is None or not closed or draft.sheet.has("won_on"):
        return cell
    rows = draft.sheet.column(cell.headers[0])
    if len(rows.filled) < rows.n_rows:
        return cell
    draft.remark("open deals have a date here too, which is only a forecast", "opportunity", "closed")
    return Cell(headers=cell.headers, formats=cell.formats, when=closed)


def _probability(draft: Draft) -> Cell | None:
    header = draft.sheet.of("probability")
    if header is None:
        return None
    draft.used.add(header)
    values = [value.replace(",", ".").rstrip("% ") for value in draft.sheet.column(header).values]
    over_one = any(value.replace(".", "", 1).isdigit() and float(value) > 1 for value in values)
    return Cell(headers=(header,), percent=over_one)


def _identity(draft: Draft, *concepts: str) -> Cell | None:
    """A column that is an id by its name and its values; else the first one whose values could be ids."""
    for concept in concepts:
        header = draft.sheet.of(concept)
        if header is not None and draft.sheet.column(header).is_unique:
            return draft.of(header)
    header = _unique_id(draft.sheet)
    return draft.of(header) if header else None


def _unique_id(sheet: Sheet) -> str | None:
    for name, column in sheet.columns.items():
        is_id = name.lower().replace("_", " ").split()[-1:] == ["id"] or name.lower().endswith(" id")
        if is_id and column.is_unique and column.date is None:
            return name
    return None


def _link(draft: Draft, ids: frozenset[str]) -> Cell | None:
    """A column with the same name as the id of another file."""
    header = next((name for name in draft.sheet.columns if name in ids), None)
    return draft.of(header) if header else None


def _lower(cell: Cell | None) -> Cell | None:
    return Cell(headers=cell.headers, lower=True) if cell is not None else None


def _words_of(sheet: Sheet, *concepts: str) -> set[str]:
    headers = [header for concept in concepts if (header := sheet.of(concept)) is not None]
    return {value.lower() for header in headers for value in sheet.column(header).values[:_FEW]}


SHAPES: dict[str, tuple[Callable[[Sheet], bool], Callable[[Draft, Known], None]]] = {
    "spend": (_is_spend, _spend),
    "deals": (_is_deals, _deals),
    "owners": (_is_owners, _owners),
    "touches": (_is_touches, _touches),
    "people": (_is_people, _people),
    "companies": (_is_companies, _companies),
}
"""What a file may hold: how it is told, and how its rule is guessed; the first that fits counts."""
FILLED_BY = {
    "deals": "opportunity",
    "owners": "owner",
    "people": "person",
    "companies": "account",
    "touches": "touchpoint",
}
"""The table that says a shape is there already when a vendor's export fills it."""
