"""Which records are one person, which are one company, and whom a person works for where nobody said so.

Persons are one by what their sources say (``identity_link``), by an equal e-mail address and by an equal user id. An
equal browser id makes records one as long as they do not name two persons by their e-mail addresses or user ids: two
colleagues at one computer stay two, and the id is counted. Phones are evidence for people and link nothing. An
identifier shared by more than ten records is a switchboard or a shared mailbox: it links nothing and is counted.

Companies are one by an equal registration number, by an equal web domain, and, over different sources, by an equal
name in an equal country. A domain or a name never joins records with two different registration numbers, a name never
two domains, and never two records of one source. Domains at which anybody can have an address name no company.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from punte.home import names
from punte.home.clusters import Edges, Groups, cluster_table, labels, places

MOST_SHARING = 10
ROWS_AT_ONCE = 65_536
_STRONG = ("email", "user_id")
_WEAK = "anonymous_id"


@dataclass(frozen=True)
class Resolved:
    """Clusters, and per reason how many values were not used and of how many."""

    clusters: pa.Table
    unused: dict[str, tuple[int, int]]


def persons(record_ids: pa.Array, identifiers: pa.Table, links: pa.Table) -> Resolved:
    """Find the records that are one person.

    ``record_ids`` of table person, sorted; ``identifiers`` and ``links`` are the tables person_identifier and
    identity_link. Clusters: record_id, person_id, one row per record, in their order.
    """
    said = _link_edges(record_ids, links)
    record = places(record_ids, identifiers.column("person_record_id"))
    strong = {kind: _groups(record, identifiers, kind) for kind in _STRONG}
    edges = [said, *(groups.edges(groups.sizes <= MOST_SHARING) for groups in strong.values())]
    known = labels(len(record_ids), edges)
    is_named = np.zeros(len(record_ids), bool)
    for groups in strong.values():
        is_named[groups.record[np.repeat(groups.sizes <= MOST_SHARING, groups.sizes)]] = True
    named = np.zeros(len(record_ids), bool)
    named[known[is_named]] = True
    weak = _groups(record, identifiers, _WEAK)
    is_ambiguous = weak.n_distinct(np.where(named[known], known, -1)) > 1
    edges.append(weak.edges((weak.sizes <= MOST_SHARING) & ~is_ambiguous))
    unused = {
        f"{kind}_shared_by_many": (int((groups.sizes > MOST_SHARING).sum()), len(groups.sizes))
        for kind, groups in (*strong.items(), (_WEAK, weak))
    }
    unused["anonymous_id_of_several_persons"] = (int(is_ambiguous.sum()), len(weak.sizes))
    return Resolved(cluster_table(record_ids, labels(len(record_ids), edges), "person_id"), unused)


def companies(account: pa.Table, own_domains: frozenset[str] = frozenset()) -> Resolved:
    """Find the records that are one company.

    ``account`` has record_id (sorted), from_source, name, domain, fiscal_code, country. Clusters: record_id and
    account_id, one row per record, in their order.
    """
    n_records = account.num_rows
    everyone = np.arange(n_records)
    fiscal = names.fiscal_codes(account.column("fiscal_code"))
    domain = names.domains(account.column("domain"), names.public_domains() | own_domains)
    fiscal_mark, domain_mark, source_mark = _codes(fiscal), _codes(domain), _codes(account.column("from_source"))
    by_fiscal, by_domain = Groups.of(fiscal, everyone), Groups.of(domain, everyone)
    by_name = Groups.of(_name_in_country(account), everyone)
    is_many = by_domain.sizes > MOST_SHARING
    is_mixed = by_domain.n_distinct(fiscal_mark) > 1
    is_one = (by_name.n_distinct(fiscal_mark) <= 1) & (by_name.n_distinct(domain_mark) <= 1)
    is_apart = by_name.n_distinct(source_mark) == by_name.sizes
    edges = [
        by_fiscal.edges(np.ones(len(by_fiscal.sizes), bool)),
        by_domain.edges(~is_many & ~is_mixed),
        by_name.edges(is_one & is_apart),
    ]
    unused = {
        "domain_shared_by_many": (int(is_many.sum()), len(is_many)),
        "domain_of_several_fiscal_codes": (int(is_mixed.sum()), len(is_mixed)),
        "name_not_clear": (int((~(is_one & is_apart)).sum()), len(is_one)),
    }
    record_ids = account.column("record_id").combine_chunks()
    return Resolved(cluster_table(record_ids, labels(n_records, edges), "account_id"), unused)


def employers(
    emails: pa.Table,
    person_of: pa.Table,
    person_account: pa.Table,
    account: pa.Table,
    account_of: pa.Table,
    own_domains: frozenset[str] = frozenset(),
) -> pa.Table:
    """For persons of whom no company is known, the company whose web domain is that of their e-mail address.

    ``emails`` has record_id and email of every person record. A domain that leads to two companies leads to none.
    Columns: person_record_id, account_record_id, one row per person record, ordered by it.
    """
    excluded = names.public_domains() | own_domains
    domain = names.domains(account.column("domain"), excluded)
    target = _one_company_per_domain(domain, account.column("record_id"), account_of)
    at = places(target.column("domain").combine_chunks(), _email_domains(emails.column("email"), excluded))
    record_ids = person_of.column("record_id").combine_chunks()
    person = _codes(person_of.column("person_id"))
    is_associated = np.zeros(len(person), bool)
    associated = places(record_ids, person_account.column("person_record_id"))
    is_associated[person[associated[associated >= 0]]] = True
    told = np.flatnonzero(at >= 0)
    told_ids = emails.column("record_id").take(pa.array(told))
    is_wanted = ~is_associated[person[places(record_ids, told_ids)]]
    return pa.table(
        {
            "person_record_id": told_ids.filter(pa.array(is_wanted)),
            "account_record_id": target.column("account_record_id").take(pa.array(at[told[is_wanted]])),
        }
    ).sort_by("person_record_id")


def _email_domains(emails: pa.ChunkedArray, excluded: frozenset[str]) -> pa.ChunkedArray:
    """The domains of e-mail addresses, some at a time: the texts on the way are larger than what is kept."""
    starts = range(0, len(emails), ROWS_AT_ONCE)
    parts = [names.email_domains(emails.slice(start, ROWS_AT_ONCE), excluded) for start in starts]
    return pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string())


def _one_company_per_domain(domain: pa.ChunkedArray, record_id: pa.ChunkedArray, account_of: pa.Table) -> pa.Table:
    place = places(account_of.column("record_id").combine_chunks(), record_id)
    rows = pa.table(
        {"domain": domain, "account_record_id": record_id, "account_id": account_of["account_id"].take(place)}
    )
    groups = rows.filter(pc.is_valid(domain)).group_by("domain")
    summed = groups.aggregate([("account_id", "count_distinct"), ("account_record_id", "min")])
    clear = summed.filter(pc.equal(summed.column("account_id_count_distinct"), 1))
    return clear.select(["domain", "account_record_id_min"]).rename_columns(["domain", "account_record_id"])


def _link_edges(record_ids: pa.Array, links: pa.Table) -> Edges:
    left, right = (places(record_ids, links.column(f"{side}_record_id")) for side in ("left", "right"))
    both = (left >= 0) & (right >= 0)
    return Edges(left[both], right[both])


def _groups(record: np.ndarray, identifiers: pa.Table, kind: str) -> Groups:
    """The records (places) that share an identifier of one kind; ``record`` is the place of each identifier's."""
    is_kind = pc.equal(identifiers.column("kind"), kind).to_numpy()
    return Groups.of(identifiers.column("value_hash").take(pa.array(np.flatnonzero(is_kind))), record[is_kind])


def _codes(values: pa.ChunkedArray) -> np.ndarray:
    codes = values.combine_chunks().dictionary_encode().indices
    return pc.fill_null(codes, -1).cast(pa.int64()).to_numpy(zero_copy_only=False)


def _name_in_country(account: pa.Table) -> pa.ChunkedArray:
    country = pc.fill_null(pc.utf8_lower(pc.utf8_trim_whitespace(account.column("country"))), "")
    return pc.binary_join_element_wise(names.company_names(account.column("name")), country, "\0")
