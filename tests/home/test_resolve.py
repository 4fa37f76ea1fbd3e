"""Which records are one person or one company, and for whom a person works."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punte.home import names, resolve
from punte.home.clusters import Edges, labels


def persons(
    identifiers: list[tuple[str, str, str]], links: list[tuple[str, str]] = (), records: str = "abcdefgh"
) -> resolve.Resolved:
    columns = list(zip(*identifiers, strict=True)) or [[], [], []]
    table = pa.table(
        dict(zip(("person_record_id", "kind", "value_hash"), (pa.array(c, pa.string()) for c in columns), strict=True))
    )
    sides = list(zip(*links, strict=True)) or [[], []]
    said = pa.table(
        {"left_record_id": pa.array(sides[0], pa.string()), "right_record_id": pa.array(sides[1], pa.string())}
    )
    return resolve.persons(pa.array(list(records)), table, said)


def groups(found: resolve.Resolved, name: str = "person_id") -> list[str]:
    """Clusters of more than one record, each as its sorted records; the first names the cluster."""
    by_id: dict[str, list[str]] = {}
    for row in found.clusters.to_pylist():
        by_id.setdefault(row[name], []).append(row["record_id"])
    assert all(cluster == min(members) for cluster, members in by_id.items())
    return ["".join(members) for members in by_id.values() if len(members) > 1]


def test_records_are_one_by_links_by_e_mail_and_by_user_id_over_any_number_of_steps() -> None:
    found = persons(
        [("c", "email", "1"), ("b", "email", "1"), ("b", "user_id", "2"), ("d", "user_id", "2")], [("g", "d")]
    )
    assert groups(found) == ["bcdg"]


def test_a_link_to_a_record_that_is_not_there_links_nothing() -> None:
    assert groups(persons([], [("a", "zzz"), ("zzz", "b")])) == []


def test_a_phone_links_nothing() -> None:
    assert groups(persons([("a", "phone", "1"), ("b", "phone", "1")])) == []


def test_the_same_value_of_another_kind_links_nothing() -> None:
    assert groups(persons([("a", "email", "1"), ("b", "user_id", "1")])) == []


def test_an_identifier_of_more_than_ten_records_links_nothing_and_is_counted() -> None:
    many = [(letter, "email", "1") for letter in "abcdefghijk"]
    found = persons(many, records="abcdefghijk")
    assert (groups(found), found.unused["email_shared_by_many"]) == ([], (1, 1))
    assert groups(persons(many[:10], records="abcdefghijk")) == ["abcdefghij"]


def test_a_browser_joins_a_nameless_record_to_the_one_person_that_it_names() -> None:
    assert groups(persons([("a", "email", "1"), ("a", "anonymous_id", "9"), ("b", "anonymous_id", "9")])) == ["ab"]


def test_a_browser_of_two_persons_joins_nobody_and_is_counted() -> None:
    shared = [(letter, "anonymous_id", "9") for letter in "abc"]
    found = persons([("a", "email", "1"), ("b", "email", "2"), *shared])
    assert groups(found) == []
    assert found.unused["anonymous_id_of_several_persons"] == (1, 1)


def test_two_records_of_one_person_may_share_a_browser() -> None:
    found = persons([("a", "email", "1"), ("b", "email", "1"), ("a", "anonymous_id", "9"), ("b", "anonymous_id", "9")])
    assert (groups(found), found.unused["anonymous_id_of_several_persons"]) == (["ab"], (0, 1))


def companies(*rows: tuple[str | None, ...], own: frozenset[str] = frozenset()) -> resolve.Resolved:
    columns = ("from_source", "name", "domain", "fiscal_code", "country")
    data = {name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(columns)}
    return resolve.companies(pa.table({"record_id": list("abcdefgh")[: len(rows)], **data}), own)


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        (("crm", "Acme", "acme.com", None, None), ("crm", "ACME Inc", "https://www.acme.com/x", None, None), True),
        (("crm", "Acme", "acme.com", None, None), ("crm", "Acme", "notacme.com", None, None), False),
        (("crm", None, None, "RO 1234567", None), ("erp", None, None, "1234567", None), True),
        (("crm", "A", "acme.com", "1111111", None), ("erp", "A", "acme.com", "2222222", None), False),
        (("crm", "US Bank", None, None, "US"), ("erp", "U.S. Bank, Inc.", None, None, "us"), True),
        (("crm", "US Bank", None, None, "US"), ("erp", "U.S. Bank", None, None, "RO"), False),
        (("crm", "US Bank", None, None, "US"), ("crm", "U.S. Bank", None, None, "US"), False),
        (("crm", "Acme", "acme.com", None, "RO"), ("erp", "Acme", "acme.ro", None, "RO"), False),
        (("crm", "Ana", "gmail.com", None, None), ("erp", "Bob", "gmail.com", None, None), False),
    ],
)
def test_companies_are_one_by_number_by_domain_and_by_a_clear_name(
    one: tuple[str | None, ...], other: tuple[str | None, ...], are_one: bool
) -> None:
    assert groups(companies(one, other), "account_id") == (["ab"] if are_one else [])


def test_ones_own_domain_makes_no_two_records_one_company() -> None:
    rows = [("crm", "X", "punte.ro", None, None), ("crm", "Y", "punte.ro", None, None)]
    assert groups(companies(*rows, own=frozenset({"punte.ro"})), "account_id") == []


def employers(
    mails: dict[str, str | None], known: list[str] = (), own: frozenset[str] = frozenset()
) -> list[tuple[str, str]]:
    """Persons a, b, c (b and c are one); accounts A of acme.ro, B and C of beta.de (one company), D and E of two.ro."""
    account = pa.table(
        {"record_id": list("ABCDE"), "domain": ["acme.ro", "beta.de", "www.beta.de", "two.ro", "two.ro"]}
    )
    account_of = pa.table({"record_id": list("ABCDE"), "account_id": list("ABBDE")})
    found = resolve.employers(
        pa.table({"record_id": list(mails), "email": pa.array(list(mails.values()), pa.string())}),
        pa.table({"record_id": list("abc"), "person_id": list("abb")}),
        pa.table({"person_record_id": pa.array(known, pa.string())}),
        account,
        account_of,
        own,
    )
    return [tuple(row.values()) for row in found.to_pylist()]


def test_an_e_mail_address_tells_the_company_of_a_person_of_whom_none_is_known() -> None:
    assert employers({"a": "x@acme.ro", "b": "Y@Beta.DE"}) == [("a", "A"), ("b", "B")]


def test_a_person_with_a_known_company_keeps_it_whichever_record_knows_it() -> None:
    assert employers({"a": "x@acme.ro", "b": "y@beta.de"}, known=["c"]) == [("a", "A")]


def test_a_number_of_ipv6_is_no_domain_that_companies_could_share() -> None:
    pages = pa.chunked_array([["http://[::1]/", "https://[2001:db8::7]:80/a", "https://www.Acme.ro/about"]])
    assert names.domains(pages, frozenset()).to_pylist() == [None, None, "acme.ro"]


def test_public_own_and_ambiguous_domains_tell_no_company() -> None:
    mails = {"a": "x@gmail.com", "b": "y@two.ro", "c": "z@acme.ro"}
    assert employers(mails, own=frozenset({"acme.ro"})) == []


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("U.S. Bank, Inc.", "us bank"),
        ("S.C. Țiriac Holdings S.R.L.", "tiriac holdings"),
        ("Müller GmbH & Co. KG", "muller"),
        ("SRL", "srl"),
        ("  ", None),
        (None, None),
    ],
)
def test_company_names_are_compared_without_case_accents_and_legal_form(
    written: str | None, compared: str | None
) -> None:
    assert names.company_names(pa.chunked_array([pa.array([written], pa.string())])).to_pylist() == [compared]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(n=st.integers(1, 12), seed=st.integers(0, 10**6), n_edges=st.integers(0, 20))
def test_clusters_are_those_of_a_slow_twin(n: int, seed: int, n_edges: int) -> None:
    chance = random.Random(seed)
    pairs = [(chance.randrange(n), chance.randrange(n)) for _ in range(n_edges)]
    slow = list(range(n))
    for _ in range(n):
        for left, right in pairs:
            slow[left] = slow[right] = min(slow[left], slow[right])
    arrays = [pa.array([pair[side] for pair in pairs], pa.int64()).to_numpy() for side in (0, 1)]
    assert labels(n, [Edges(*arrays)]).tolist() == slow
