"""The rule for a file whose shape is known: deals, leads and people, touches, spend, companies, colleagues."""

from __future__ import annotations

from collections.abc import Callable

from punte.sources.files.mapping.language import Cell, Condition
from punte.sources.files.presets.drafts import Draft, constant, equals, filled, quoted
from punte.sources.files.presets.happenings import HAPPENINGS
from punte.sources.files.presets.lexicon import DEAL_KINDS, LIFE, LOST, SIDES, TOUCHES, WON
from punte.sources.files.presets.linking import Known, identity_of, link, lowered, named_owner, person_of
from punte.sources.files.presets.profiles import Sheet

_TRUE = ("1", "true", "yes", "y", "t", "x", "da", "ja", "oui", "si")
_FEW, _SURELY = 40, 0.6


def guess(draft: Draft, shape: str, known: Known) -> None:
    """Fill the draft with the tables for that shape."""
    _GUESSES[shape](draft, known)


def _deals(draft: Draft, known: Known) -> None:
    sheet = draft.sheet
    identity = identity_of(draft, "deal_id", "row_id") or draft.text("deal_name")
    status = _status(draft)
    lead = link(draft, known.leads)
    same_person = lead if lead is not None and lead.headers[0] in known.people else None
    draft.table(
        "opportunity",
        identity,
        {
            "name": draft.text("deal_name"),
            "account": draft.text("company_id", "company"),
            "lead": lead,
            "person": same_person or person_of(draft, known),
            "owner": draft.text("owner_id", "owner"),
            "pipeline": draft.text("pipeline"),
            "stage": draft.text("stage"),
            "status": status,
            "created": draft.moment("opportunity", "created", "created"),
            "closed": draft.first_moment("opportunity", "closed", "won_on", "lost_on", "closed"),
            "expected_close": draft.moment("opportunity", "expected_close", "expected_close"),
            "amount": draft.money("opportunity", "amount", "amount"),
            "currency": draft.currency("amount") if sheet.has("amount") else None,
            "probability": _probability(draft),
            "kind": _deal_kind(draft),
            "lost_reason": draft.text("lost_reason", "reason"),
            "segment": draft.text("segment"),
        },
        traffic=draft.traffic(url=False),
        said="One deal per row, because it has a stage, a value or a date of winning.",
    )
    _named_company(draft, known)
    named_owner(draft, known)
    _person_of_deal(draft, identity)


def _person_of_deal(draft: Draft, identity: Cell | None) -> None:
    email = lowered(draft.text("email"))
    if email is None or identity is None:
        return
    _person(draft, email, filled(email.headers[0]))
    parts = (identity.headers[0], email.headers[0])
    cells = {"opportunity": identity, "person": email}
    draft.table("opportunity_person", Cell(parts=parts), cells, when=filled(email.headers[0]))


def _people(draft: Draft, known: Known) -> None:
    identity = identity_of(draft, "lead_id", "person_id", "row_id") or lowered(draft.text("email"))
    created = ("created", "moment")
    _person(draft, identity)
    _works_for(draft, identity)
    if known.has_leads:
        draft.remark("Persons only, because another file holds the leads.", "person")
        _named_company(draft, known)
        named_owner(draft, known)
        return
    draft.table(
        "lead",
        identity,
        {
            "person": identity,
            "account": draft.text("company_id", "company"),
            "opened": draft.moment("lead", "opened", *created),
            "owner": draft.text("owner_id", "owner"),
            "status": draft.text("status", "stage"),
            "segment": draft.text("segment"),
        },
        traffic=draft.traffic(),
        said="Each row is taken as one lead.",
    )
    _stages(draft, identity)
    if not known.has_deals:
        _won_leads(draft, identity)
    if draft.sheet.has(*created) and draft.sheet.has("channel", "source", "url", "landing_page", "form", "campaign"):
        cells = {
            "person": identity,
            "kind": constant("form"),
            "occurred": draft.moment("touchpoint", "occurred", *created),
        }
        said = "The first contact counts as a touch, so that what brought the lead gets its credit."
        draft.table("touchpoint", identity, cells, traffic=draft.traffic(), said=said)
    _named_company(draft, known)
    named_owner(draft, known)


def _person(draft: Draft, identity: Cell | None, when: tuple[Condition, ...] = ()) -> None:
    names = "country city segment full_name first_name last_name email phone job_title".split()
    created = draft.moment("person", "created", "created")
    cells = {"created": created, **{name: draft.text(name) for name in names}}
    browser = None if when else draft.text("anonymous_id")
    ids = {"user_id": draft.text("user_id"), "anonymous_id": browser}
    draft.table("person", identity, {**cells, **ids}, when=when)


def _works_for(draft: Draft, identity: Cell | None) -> None:
    company = draft.sheet.of("company_id")
    if company is not None and identity is not None:
        cells = {"person": identity, "account": draft.of(company)}
        draft.table("person_account", Cell(parts=(identity.headers[0], company)), cells, when=filled(company))


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
        cells = {
            "lead": identity,
            "stage": constant("customer"),
            "occurred": draft.moment("stage_event", "occurred", "converted_on"),
            "basis": None if draft.sheet.has("converted_on") else constant("from_current"),
        }
        said = f"'{converted}' is taken to say who became a customer."
        parts = Cell(parts=(identity.headers[0], "'customer'"))
        draft.table("stage_event", parts, cells, when=_yes(draft, converted), said=said)
    if life is not None:
        header, words = life
        stage = Cell(headers=(header,), map=tuple(words.items()))
        cells = {"lead": identity, "stage": stage, "basis": constant("from_current")}
        said = f"{quoted(words)} are taken as stages that were reached, at a moment that is not known."
        parts = Cell(parts=(identity.headers[0], header))
        draft.table("stage_event", parts, cells, when=equals(header, words), said=said)


def _won_leads(draft: Draft, identity: Cell | None) -> None:
    """A lead that became a customer is a won deal, though the file calls it none."""
    converted = draft.sheet.of("converted")
    if converted is None or identity is None:
        return
    amount = draft.sheet.of("amount")
    is_sure = amount is not None and draft.sheet.column(amount).meanings["amount"] > _SURELY
    cells = {
        "lead": identity,
        "person": identity,
        "status": constant("won"),
        "closed": draft.moment("opportunity", "closed", "converted_on"),
        "amount": draft.money("opportunity", "amount", "amount") if is_sure else None,
        "currency": draft.text("currency") if is_sure else None,
    }
    said = "Who became a customer counts as a won deal" + ("." if is_sure else ", of a value that is not known.")
    draft.table("opportunity", identity, cells, when=_yes(draft, converted), said=said)


def _yes(draft: Draft, header: str) -> tuple[Condition, ...]:
    yes = [value for value in draft.sheet.column(header).values if value.lower() in _TRUE]
    return equals(header, yes or ["1"])


def _life_words(draft: Draft) -> tuple[str, dict[str, str]] | None:
    for concept in ("stage", "status"):
        header = draft.sheet.of(concept)
        if header is not None:
            words = {value: LIFE[value.lower()] for value in draft.sheet.column(header).values if value.lower() in LIFE}
            if words:
                return header, words
    return None


def _touches(draft: Draft, known: Known) -> None:
    email = lowered(draft.text("email"))
    person = link(draft, known.people) or draft.text("person_id", "lead_id") or email
    if email is not None and person == email:
        _person(draft, email, filled(email.headers[0]))
    cells = {
        "person": person,
        "anonymous": draft.text("anonymous_id"),
        "kind": _touch_kind(draft),
        "occurred": draft.moment("touchpoint", "occurred", "moment"),
    }
    identity = identity_of(draft, "event_id", "row_id")
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
        "currency": draft.currency("cost"),
        "n_impressions": draft.text("impressions"),
        "n_clicks": draft.text("clicks"),
    }
    draft.table(
        "spend", Cell(parts=parts), cells, traffic=draft.traffic(url=False), said="Money spent, per row and day."
    )


def _companies(draft: Draft, _: Known) -> None:
    names = ("industry", "segment", "country", "city", "fiscal_code")
    cells = {name: draft.text(name) for name in names}
    cells |= {"name": draft.text("company", "full_name"), "n_employees": draft.text("employees")}
    cells |= {"owner": draft.text("owner_id", "owner"), "created": draft.moment("account", "created", "created")}
    cells |= {"domain": _host(draft.text("domain", "url"))}
    draft.table("account", draft.text("company_id", "company"), cells, said="One company per row.")


def _host(address: Cell | None) -> Cell | None:
    pattern = r"^(?:https?://)?(?:www\.)?([^/?#\s]+)"
    return Cell(headers=address.headers, extract=pattern, lower=True) if address is not None else None


def _owners(draft: Draft, _: Known) -> None:
    owner = draft.text("owner_id", "owner")
    side = draft.sheet.of("side")
    cells = {
        "full_name": draft.text("owner", "full_name") if draft.sheet.has("owner_id") else owner,
        "side": draft.words(side, {word: word for word in SIDES}) if side else None,
        "team": draft.text("team"),
        "manager": draft.text("manager"),
        "email": draft.text("email"),
    }
    draft.table("owner", owner, cells, said="One colleague per row.")


def _named_company(draft: Draft, known: Known) -> None:
    company = draft.sheet.of("company")
    if company is not None and not draft.sheet.has("company_id") and company not in known.companies:
        draft.table("account", draft.of(company), {"name": draft.of(company)}, when=filled(company))


def _status(draft: Draft) -> Cell:
    """Open, won or lost: by the words of a column, else by the date of winning."""
    for concept in ("status", "stage"):
        header = draft.sheet.of(concept)
        words = _deal_words(draft.sheet, header) if header else {}
        if header and words:
            others = [value for value in draft.sheet.column(header).values if value not in words]
            if others:
                draft.remark(f"{quoted(others)}: taken as open", "opportunity", "status")
            return Cell(headers=(header,), map=tuple(words.items()), otherwise="'open'", default="open")
    won = draft.sheet.of("won_on")
    if won is not None and len(draft.sheet.column(won).filled) == draft.sheet.n_rows:
        draft.remark(f"every row has '{won}', so every deal is taken as won", "opportunity", "status")
        return constant("won")
    draft.remark("no column says won or lost: all are taken as open; say here how to tell", "opportunity", "status")
    return constant("open")


def _deal_words(sheet: Sheet, header: str) -> dict[str, str]:
    values = sheet.column(header).values[:_FEW]
    won = {value: "won" for value in values if value.lower() in WON}
    return won | {value: "lost" for value in values if value.lower() in LOST}


def _deal_kind(draft: Draft) -> Cell | None:
    header = draft.sheet.of("deal_kind")
    return draft.words(header, DEAL_KINDS) if header is not None else None


def _probability(draft: Draft) -> Cell | None:
    header = draft.sheet.of("probability")
    if header is None:
        return None
    values = [value.replace(",", ".").rstrip("% ") for value in draft.sheet.column(header).values]
    over_one = any(value.replace(".", "", 1).isdigit() and float(value) > 1 for value in values)
    return Cell(headers=(header,), percent=over_one)


_GUESSES: dict[str, Callable[[Draft, Known], None]] = {
    **HAPPENINGS,
    "spend": _spend,
    "deals": _deals,
    "owners": _owners,
    "touches": _touches,
    "people": _people,
    "companies": _companies,
}
