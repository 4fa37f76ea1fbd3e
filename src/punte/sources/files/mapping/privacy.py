"""Which columns of a file tell about a person, and so never leave the private files."""

from __future__ import annotations

import re
from collections.abc import Iterable

from punte.records.columns import Kind
from punte.records.tables import TABLES
from punte.sources.files.mapping.cells import headers_of
from punte.sources.files.mapping.headers import Headers, normal
from punte.sources.files.mapping.language import FileRule, TableRule

E_MAIL = r"[^@\s]+@[^@\s]+\.\pL{2,}"
"""A cell that holds an e-mail address is personal whatever its column is called."""

_ALWAYS = """
    phone phones telephone telefon telefono telefone mobil movil cell fax
    street strada strasse rue calle via address addresses adresa adresse direccion endereco indirizzo cim
    zip postal postcode postalcode plz cap cep latitude longitude ip
    firstname lastname fullname surname salutation nickname username prenume nume vorname nachname prenom nom apellido
    cognome sobrenome
    birthday birthdate birth dob nasterii cnp ssn passport iban skype whatsapp
    note notes notite description comment comments descriere observatii comentarii signature
    password token photo avatar
"""
_UNLESS_ABOUT_THINGS = "email emails mail mobile message messages body text geo linkedin facebook twitter instagram"
_THINGS = """
    status opt optin optout opted out in type count number clicks clicked opens opened domain template campaign
    campaigns bounced bounce sent delivered unsubscribed date consent ads lead leads source
"""
_STRONG, _WEAK, _ABOUT_THINGS = (frozenset(words.split()) for words in (_ALWAYS, _UNLESS_ABOUT_THINGS, _THINGS))
_PAIRS = frozenset([(word, "name") for word in ("first", "last", "full", "middle", "user")] + [("job", "title")])
_PEOPLE = frozenset(
    [(word, "name") for word in ("person", "contact", "lead", "owner", "agent")] + [("contact", "person")]
)
_COLLEAGUES = frozenset(["owner", "responsabil", "verkaufer", "vendedor", "salesperson"])


def personal_headers(rule: FileRule, header: Iterable[str]) -> set[str]:
    """The file's own headers that hold something about a person.

    These are the headers declared ``personal``, those that feed a personal field, and those whose words say so (e-mail,
    phone, street, notes ...) where they are not mapped to a public field, unless they are declared ``public``.
    """
    headers = Headers(header, rule.also_called)
    declared = {found for name in rule.personal if (found := headers.find(name))}
    fed = {found for name in _feeding_personal_fields(rule) if (found := headers.find(name))}
    public = {found for name in rule.public if (found := headers.find(name))}
    told = {found for name in _feeding_public_fields(rule) if (found := headers.find(name))}
    suspected = {name for name in headers.names if name not in told and sounds_personal(name)}
    return declared | fed | (suspected - public)


def mapped_headers(rule: FileRule) -> set[str]:
    """Every header that the rule reads for a table, or for the moment of the last change."""
    updated = headers_of(rule.updated_at) if rule.updated_at else ()
    return {name for table in rule.tables for cell in table.cells for name in headers_of(cell)} | set(updated)


def sounds_personal(header: str) -> bool:
    """Whether the words of a header speak of a person's name, address, phone, free text and so on.

    >>> sounds_personal("E-mail Address"), sounds_personal("mailingStreet"), sounds_personal("Email Status")
    (True, True, False)
    """
    words = words_of(header)
    pairs = set(zip(words, words[1:], strict=False))
    if _STRONG & set(words) or _PAIRS & pairs:
        return True
    if words[-1:] != ["id"] and (_PEOPLE & pairs or _COLLEAGUES & set(words)):
        return True
    return bool(_WEAK & set(words)) and not _ABOUT_THINGS & set(words)


def words_of(header: str) -> list[str]:
    """The words of a header, also of ``camelCase`` and ``snake_case`` ones, as they are compared."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    words = re.findall(r"[^\W_]+", normal(spaced.replace("E-mail", "Email").replace("e-mail", "email")))
    return [word for word in words if word]


def _feeding_personal_fields(rule: FileRule) -> set[str]:
    return {name for table in rule.tables for name in _personal_of(table)}


def _feeding_public_fields(rule: FileRule) -> set[str]:
    """Headers that somebody mapped to what everyone may see; ids and references show only hashes."""
    return {name for table in rule.tables for name in _public_of(table)}


def _public_of(table: TableRule) -> set[str]:
    fields = {field.name: field for field in TABLES[table.table].fields}
    public = [cell for name, cell in table.fields if not fields[name].personal and fields[name].kind is not Kind.REF]
    traffic = [cell for _, cell in table.traffic.fields] if table.traffic else []
    return {name for cell in (*public, *traffic, *(cell for _, cell in table.stages)) for name in headers_of(cell)}


def _personal_of(table: TableRule) -> set[str]:
    personal = {field.name for field in TABLES[table.table].fields if field.personal}
    return {name for field, cell in table.fields if field in personal for name in headers_of(cell)}
