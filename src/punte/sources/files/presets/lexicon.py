"""What headers mean: the words for each thing in the languages that exports come in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import combinations

from punte.sources.files.mapping.privacy import words_of

_ABOUT_SOMETHING_ELSE = frozenset(
    "declared annual yearly monthly recurring average forecast expected weighted list".split()
)


@dataclass(frozen=True)
class Meaning:
    """What a header seems to mean, and how surely: 1 when it says exactly that."""

    concept: str
    sureness: float


@cache
def phrases() -> dict[tuple[str, ...], str]:
    """Each phrase as words, with what it means; the first meaning given wins."""
    known: dict[tuple[str, ...], str] = {}
    text = resources.files(__package__).joinpath("words.txt").read_text(encoding="utf-8")
    for line in text.replace("\n    ", " ").splitlines():
        concept, _, listed = line.partition(":")
        if line.startswith("#"):
            continue
        for phrase in listed.split(","):
            known.setdefault(tuple(words_of(phrase)), concept)
    return known


def meanings(header: str) -> list[Meaning]:
    """Everything that a header may mean, the surest first.

    >>> [meaning.concept for meaning in meanings("Deal - Close date")][:1]
    ['closed']
    """
    words = tuple(words_of(header))
    best: dict[str, float] = {}
    known = phrases()
    for at, end in combinations(range(len(words) + 1), 2):
        concept = known.get(words[at:end])
        if concept is not None:
            sureness = (end - at) / len(words) - 0.01 * at
            best[concept] = max(best.get(concept, 0.0), sureness)
    if _ABOUT_SOMETHING_ELSE & set(words):
        best = {concept: sureness for concept, sureness in best.items() if concept not in ("amount", "cost")}
    return sorted((Meaning(*one) for one in best.items()), key=lambda one: -one.sureness)


WON = frozenset(
    "won|inchis castigat|închis câștigat|inchisa castigata|închisă câștigată|"
    "closed won|closed - won|castigat|castigata|câștigat|câștigată|gewonnen|ganado|ganada|gagne|gagné|gagnee|vinto|"
    "vinta|ganho|ganha|megnyert|спечелена|win|sold|vandut|vândut|verkauft|signed|semnat".split("|")
)
LOST = frozenset(
    "lost|inchis pierdut|închis pierdut|inchisa pierduta|închisă pierdută|"
    "dropped|closed lost|closed - lost|pierdut|pierduta|pierdută|verloren|perdido|perdida|perdu|perdue|"
    "perso|persa|elveszett|изгубена|closed lost to competition|abandoned|cancelled|canceled|anulat|respins".split("|")
)
LIFE = {
    **dict.fromkeys(["mql", "marketing qualified", "marketing qualified lead", "marketingqualifiedlead"], "mql"),
    **dict.fromkeys(["sal", "accepted", "sales accepted", "sales accepted lead", "acceptat"], "sal"),
    **dict.fromkeys(
        ["sql", "qualified", "sales qualified", "sales qualified lead", "calificat", "qualifiziert"], "sql"
    ),
    **dict.fromkeys(["opportunity", "oportunitate", "opportunite", "oportunidad"], "opportunity"),
    **dict.fromkeys(
        ["customer", "client", "converted", "kunde", "cliente", "closed - converted", "convertit"], "customer"
    ),
    **dict.fromkeys(
        ["disqualified", "unqualified", "junk", "spam", "descalificat", "closed - not converted"], "disqualified"
    ),
    **dict.fromkeys(["rejected", "respins", "abgelehnt", "rechazado"], "rejected"),
    **dict.fromkeys(["recycled", "nurture", "nurturing", "reciclat"], "recycled"),
    **dict.fromkeys(["lost", "pierdut", "verloren", "perdido"], "lost"),
}
"""Words for the stages of a lead."""
PLACEHOLDERS = ("Select", "n/a", "#N/A", "null", "(not set)", "(blank)", "nan", "-", "--")
"""What stands in cells that hold nothing."""
TOUCHES = {
    **dict.fromkeys(["page_view", "pageview", "page view", "page", "view", "visit", "vizita", "vizită"], "page_view"),
    **dict.fromkeys(["session", "session_start", "first_visit", "sesiune"], "session"),
    **dict.fromkeys(
        ["form", "form_submit", "form submit", "form submission", "generate_lead", "formular", "submit"], "form"
    ),
    **dict.fromkeys(["email_sent", "sent", "send", "email sent", "delivered"], "email_sent"),
    **dict.fromkeys(["email_open", "open", "opened", "email open", "email opened"], "email_open"),
    **dict.fromkeys(["email_click", "click", "clicked", "email click", "email clicked"], "email_click"),
    **dict.fromkeys(["ad_impression", "impression", "ad impression"], "ad_impression"),
    **dict.fromkeys(["ad_click", "ad click", "paid click"], "ad_click"),
    **dict.fromkeys(["webinar", "webinar attended"], "webinar"),
    **dict.fromkeys(["event", "eveniment", "trade show", "targ", "târg"], "event"),
    **dict.fromkeys(["content", "download", "file_download", "descarcare", "descărcare"], "content"),
    **dict.fromkeys(["call", "apel", "anruf", "llamada", "appel"], "call"),
    **dict.fromkeys(["meeting", "intalnire", "întâlnire", "demo"], "meeting"),
    **dict.fromkeys(["chat", "message", "mesaj"], "chat"),
}
"""Words for kinds of touches."""
ACTIVITIES = {
    **dict.fromkeys(
        ["call", "phone call", "apel", "anruf", "telefonat", "llamada", "appel", "chiamata", "hivas"], "call"
    ),
    **dict.fromkeys(["email", "e-mail", "mail", "mesaj e-mail", "correo"], "email"),
    **dict.fromkeys(
        ["meeting", "demo", "visit", "lunch", "intalnire", "întâlnire", "termin", "treffen", "reunion", "reunión"],
        "meeting",
    ),
    **dict.fromkeys(["message", "sms", "linkedin", "whatsapp", "chat", "mesaj", "nachricht", "mensaje"], "message"),
    **dict.fromkeys(["task", "to-do", "todo", "follow-up", "follow up", "sarcina", "aufgabe", "tarea"], "task"),
    **dict.fromkeys(["note", "nota", "notita", "notiz"], "note"),
}
"""Words for kinds of what a rep does."""
DEAL_KINDS = {
    **dict.fromkeys(["new", "new business", "new customer", "neukunde", "neugeschaft", "client nou", "nou"], "new"),
    **dict.fromkeys(["renewal", "renew", "verlangerung", "reinnoire", "reînnoire", "prelungire"], "renewal"),
    **dict.fromkeys(["upsell", "upgrade", "expansion", "existing business", "existing customer", "add-on"], "upsell"),
}
"""Words for kinds of deals."""
SIDES = frozenset(["marketing", "sales", "partner"])
"""Who may have found a lead, and the sides that colleagues stand on."""
