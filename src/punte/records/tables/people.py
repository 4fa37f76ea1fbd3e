"""Who: persons, accounts, owners, and how records of one person are found to be one."""

from __future__ import annotations

from punte.records.columns import Field, Kind, Table

SIDES = ("marketing", "sales", "partner")
IDENTIFIER_KINDS = ("email", "phone", "anonymous_id", "user_id")
LINK_KINDS = ("conversion", "merge", "alias", "same_person")

PERSON = Table(
    "person",
    "one record of a person in one source (a contact, a prospect, a lead's person)",
    (
        Field("created", Kind.MOMENT, "When the source made the record"),
        Field("owner", Kind.REF, "Who is responsible for the person", references="owner"),
        Field("country", Kind.TEXT, "Country of the person, as the source writes it"),
        Field("city", Kind.TEXT, "City of the person"),
        Field("language", Kind.TEXT, "Language of the person"),
        Field("segment", Kind.TEXT, "Segment that the source puts the person in", "in no segment"),
        Field("lifecycle_stage", Kind.TEXT, "Stage now, in the source's own word"),
        Field("full_name", Kind.TEXT, "Whole name", personal=True),
        Field("first_name", Kind.TEXT, "First name", personal=True),
        Field("last_name", Kind.TEXT, "Last name", personal=True),
        Field("email", Kind.TEXT, "E-mail address, as written", personal=True),
        Field("phone", Kind.TEXT, "Phone number, as written", personal=True),
        Field("job_title", Kind.TEXT, "Job title", personal=True),
        Field("user_id", Kind.TEXT, "Id of the person on the website or product", personal=True),
        Field("anonymous_id", Kind.TEXT, "Browser id known to be this person's", personal=True),
    ),
)

PERSON_IDENTIFIER = Table(
    "person_identifier",
    "one identifier of one person record; made from the record's e-mail, phone, user id and browser id",
    (
        Field("person", Kind.REF, "The person record", "never", required=True, references="person"),
        Field("kind", Kind.ONE_OF, "What it is", "never", required=True, values=IDENTIFIER_KINDS),
        Field("value_hash", Kind.TEXT, "Keyed hash of the normalised value", "never", required=True),
    ),
)

ACCOUNT = Table(
    "account",
    "one record of a company in one source",
    (
        Field("name", Kind.TEXT, "Company name, as written"),
        Field("domain", Kind.TEXT, "Web domain"),
        Field("fiscal_code", Kind.TEXT, "Registration or tax number (CUI)"),
        Field("country", Kind.TEXT, "Country"),
        Field("city", Kind.TEXT, "City"),
        Field("industry", Kind.TEXT, "Industry"),
        Field("segment", Kind.TEXT, "Segment that the source puts the company in", "in no segment"),
        Field("n_employees", Kind.COUNT, "Number of employees (persons)"),
        Field("parent", Kind.REF, "Parent company", "none known", references="account"),
        Field("owner", Kind.REF, "Who is responsible for the company", references="owner"),
        Field("created", Kind.MOMENT, "When the source made the record"),
    ),
)

PERSON_ACCOUNT = Table(
    "person_account",
    "one person working for one company over one span",
    (
        Field("person", Kind.REF, "The person", "never", required=True, references="person"),
        Field("account", Kind.REF, "The company", "never", required=True, references="account"),
        Field("from", Kind.MOMENT, "From when", "since always"),
        Field("to", Kind.MOMENT, "Until when", "still"),
        Field("is_primary", Kind.FLAG, "Whether it is the person's main company"),
    ),
)

OWNER = Table(
    "owner",
    "one colleague to whom records are assigned",
    (
        Field("team", Kind.TEXT, "Team"),
        Field("side", Kind.ONE_OF, "Side of the house", values=SIDES),
        Field("manager", Kind.REF, "Who leads the colleague", "none known", references="owner"),
        Field("is_active", Kind.FLAG, "Whether the colleague still works here"),
        Field("full_name", Kind.TEXT, "Name", personal=True),
        Field("email", Kind.TEXT, "E-mail address", personal=True),
    ),
)

IDENTITY_LINK = Table(
    "identity_link",
    "one statement that two person records are one person",
    (
        Field("left", Kind.REF, "One record", "never", required=True, references="person"),
        Field("right", Kind.REF, "The other record", "never", required=True, references="person"),
        Field("kind", Kind.ONE_OF, "Why they are one", "never", required=True, values=LINK_KINDS),
        Field("occurred", Kind.MOMENT, "When that became known", "since always"),
    ),
)

CONSENT_EVENT = Table(
    "consent_event",
    "one giving or withdrawing of consent",
    (
        Field("person", Kind.REF, "The person", "never", required=True, references="person"),
        Field("purpose", Kind.TEXT, "For what"),
        Field("medium", Kind.TEXT, "By which means (email, phone ...)", "all"),
        Field("is_granted", Kind.FLAG, "Given (true) or withdrawn (false)", "never", required=True),
        Field("occurred", Kind.MOMENT, "When", "never", required=True),
    ),
)

PEOPLE_TABLES = (PERSON, PERSON_IDENTIFIER, ACCOUNT, PERSON_ACCOUNT, OWNER, IDENTITY_LINK, CONSENT_EVENT)
