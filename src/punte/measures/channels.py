"""Channels: every traffic gets the channel that its source declares, else the one that the rules give it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from punte.records.choices import FIELDS_OF_RULES

KNOWN_BY = ("source", "medium", "campaign", "referrer")
"""Where none of these is known, nothing is known of where a touch came from, and no rule is asked."""

N_PARENTS = 3
"""How many labels a host may have before a domain of a list: three for a.b.c.example.com."""

HOST = r"^(([a-z][a-z0-9+.-]*:)?//)?([^/?#@]*@)?(www\.)?(\[[0-9a-f.]*:[0-9a-f:.]*\]|[^/?#:\[]*)"
HOST_GROUP = 5


def labelled_traffic(*, traffic: ir.Table, rules: ir.Table, lists: ir.Table) -> ir.Table:
    """Traffic with its channel: declared by the source, else by the first rule that holds, else null.

    Grain: one traffic. Columns: those of table ``traffic`` with ``channel`` as said, and ``declared_channel`` (the
    source's own word; null: it declares none). ``rules`` and ``lists`` are made by ``channel_rules.rules_from_toml``.

    A rule holds when, in one of its groups, every condition does. Fields are compared in lower case without spaces
    around them. ``source`` is the source; where neither source nor medium is known, the host of the referrer, so that
    a visit that says nothing but where it came from is classified by that. A null field fulfils ``is_empty`` and
    ``is_not`` only. ``in_list`` asks for the text itself or, of a host, one of the domains that it lies under
    (``ro.linkedin.com`` is in a list that has ``linkedin.com``). ``matches`` looks for the pattern anywhere.

    A traffic that has none of source, medium, campaign and referrer keeps a null channel: that is its own row in every
    report, apart from traffic that the rules do not know (``Unassigned`` in the shipped rules).
    """
    declared = traffic.mutate(declared_channel=traffic.channel.strip().nullif(""))
    asked = declared.filter(declared.declared_channel.isnull() & _is_known(declared))
    facts = _facts(asked)
    named = _named(_holding(facts, rules, lists), rules).rename(labelled_id="traffic_id")
    found = declared.left_join(named, declared.traffic_id == named.labelled_id)
    channel = ibis.coalesce(found.declared_channel, found.named_channel)
    others = [name for name in traffic.columns if name not in ("traffic_id", "channel")]
    return found.select("traffic_id", channel.name("channel"), *others, "declared_channel")


def host_of(page: ir.StringValue) -> ir.StringValue:
    """The host of an address, in lower case, without ``www.``; a scheme may lack, a password is passed over.

    Of a number of IPv6 what stands in the brackets (``[::1]:8080`` is ``::1``); empty where a bracket holds none.
    """
    return page.lower().strip().re_extract(HOST, HOST_GROUP).replace("[", "").replace("]", "")


def _is_known(traffic: ir.Table) -> ir.BooleanValue:
    return ibis.or_(*(traffic[name].strip().nullif("").notnull() for name in KNOWN_BY))


def _facts(traffic: ir.Table) -> ir.Table:
    """What each traffic says in each field that rules may ask for; an empty text where it says nothing."""
    texts = {name: traffic[name].fill_null("").lower().strip() for name in FIELDS_OF_RULES}
    plain = traffic.select("traffic_id", **texts)
    is_bare = (plain.source == "") & (plain.medium == "")
    plain = plain.mutate(source=ibis.ifelse(is_bare, host_of(plain.referrer), plain.source))
    return plain.pivot_longer([*FIELDS_OF_RULES], names_to="field", values_to="text")


def _holding(facts: ir.Table, rules: ir.Table, lists: ir.Table) -> ir.Table:
    """Every traffic with the positions of the rules that hold for it."""
    facts = facts.semi_join(rules, "field")
    sizes = rules.group_by("position", "group").agg(n_conditions=rules.count())
    met = facts.join(_met(facts.select("field", "text").distinct(), rules, lists), ["field", "text"])
    counts = met.group_by("traffic_id", "position", "group").agg(n_met=met.n.sum())
    whole = counts.join(sizes, ["position", "group", counts.n_met == sizes.n_conditions])
    return whole.select("traffic_id", "position")


def _met(texts: ir.Table, rules: ir.Table, lists: ir.Table) -> ir.Table:
    """How many conditions of each group each text of each field fulfils; asked once per text, not per traffic."""
    members = _members(texts, lists)
    conditions = rules.select("position", "group", "field", "operator", wanted=rules.value.fill_null(""))
    pairs = texts.join(conditions, "field")
    pairs = pairs.left_join(members, (pairs.text == members.member) & (pairs.wanted == members["list"]))
    pairs = pairs.select("field", "text", "position", "group", holds=_holds(pairs))
    met = pairs.filter(pairs.holds)
    return met.group_by("field", "text", "position", "group").agg(n=met.count())


def _holds(pairs: ir.Table) -> ir.BooleanValue:
    text, wanted, operator = pairs.text, pairs.wanted, pairs.operator
    value = wanted.lower()
    is_filled = text != ""
    # Only patterns may be read as patterns: an engine may look at every branch.
    pattern = ibis.ifelse(operator == "matches", wanted, "")
    return ibis.cases(
        (operator == "is", is_filled & (text == value)),
        (operator == "is_not", text != value),
        (operator == "contains", is_filled & text.contains(value)),
        (operator == "starts_with", is_filled & text.startswith(value)),
        (operator == "ends_with", is_filled & text.endswith(value)),
        (operator == "matches", is_filled & text.re_search(pattern)),
        (operator == "in_list", pairs.member.notnull()),
        (operator == "is_empty", ~is_filled),
        (operator == "is_filled", is_filled),
        else_=False,
    )


def _members(texts: ir.Table, lists: ir.Table) -> ir.Table:
    """Which text is in which list, itself or by a domain that it lies under. Columns: member, list."""
    own = texts.filter(texts.text != "").select("text", candidate="text").distinct()
    candidates = [own]
    for _ in range(N_PARENTS):
        above = candidates[-1].mutate(candidate=lambda t: t.candidate.re_replace(r"^[^.]*\.", ""))
        candidates.append(above.filter(above.candidate.contains(".")))
    wanted = lists.select("list", value=lists.value.lower())
    found = ibis.union(*candidates).join(wanted, [("candidate", "value")])
    return found.select("list", member="text").distinct()


def _named(holding: ir.Table, rules: ir.Table) -> ir.Table:
    names = rules.select("position", named_channel="channel").distinct()
    first = holding.group_by("traffic_id").agg(position=holding.position.min())
    return first.join(names, "position").select("traffic_id", "named_channel")
