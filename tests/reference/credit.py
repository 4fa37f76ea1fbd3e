"""Credit again: fractions of the amount, cut to the cent by running sums, touch by touch."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

Row = dict[str, Any]


def credit(
    *,
    journey: list[Row],
    deal: list[Row],
    traffic: list[Row],
    model: str,
    look_back_days: int | None = None,
    counts_every_touch: bool = False,
    half_life_days: int = 7,
    direct_channels: tuple[str, ...] = ("Direct",),
) -> list[Row]:
    channels = {row["traffic_id"]: row["channel"] for row in traffic}
    found = []
    for one in deal:
        way = sorted(
            (
                row
                for row in journey
                if row["opportunity_id"] == one["opportunity_id"]
                and (counts_every_touch or row["is_response"])
                and (look_back_days is None or row["age_hours"] < look_back_days * 24)
            ),
            key=lambda row: row["ordinal"],
        )
        is_direct = [channels.get(row["traffic_id"]) in direct_channels for row in way]
        parts = shares(way, model, is_direct, half_life_days)
        cents = split(one["amount"], parts or [Fraction(1)])
        touches = way or [{"ordinal": None, "traffic_id": None}]
        for row, part, cent in zip(touches, parts or [Fraction(1)], cents, strict=True):
            if part:
                found.append(
                    {
                        "opportunity_id": one["opportunity_id"],
                        "ordinal": row["ordinal"],
                        "traffic_id": row["traffic_id"],
                        "share": part,
                        "credit": cent,
                    }
                )
    return found


def split(amount: int | None, parts: list[Fraction]) -> list[int | None]:
    """Each part of the amount as the step of the running sum, which is cut towards zero."""
    if amount is None:
        return [None for _ in parts]
    steps, so_far, before = [], Fraction(0), 0
    for part in parts:
        so_far += part
        reached = int(amount * so_far)
        steps.append(reached - before)
        before = reached
    return steps


def shares(way: list[Row], model: str, is_direct: list[bool], half_life_days: int) -> list[Fraction]:
    """What part of the deal each touch of the way gets; together 1."""
    if not way:
        return []
    n, last = len(way), len(way) - 1
    if model == "first":
        return only(0, n)
    if model == "last":
        return only(last, n)
    if model == "last_non_direct":
        return only(max((number for number in range(n) if not is_direct[number]), default=last), n)
    if model == "linear":
        return [Fraction(1, n)] * n
    if model == "time_decay":
        return decaying(way, half_life_days)
    lead = place_of(way, "is_lead_creation")
    opportunity = place_of(way, "is_opportunity_creation")
    tenth = Fraction(1, 10)
    if model == "position":
        return positioned(n, [(0, 4 * tenth), (last, 4 * tenth)])
    if model == "u_shaped":
        return positioned(n, [(0, 4 * tenth), (lead, 4 * tenth)])
    if model == "w_shaped":
        return positioned(n, [(0, 3 * tenth), (lead, 3 * tenth), (opportunity, 3 * tenth)])
    assert model == "full_path"
    quarter = Fraction(225, 1000)
    return positioned(n, [(0, quarter), (lead, quarter), (opportunity, quarter), (last, quarter)])


def only(chosen: int, n: int) -> list[Fraction]:
    return [Fraction(int(number == chosen)) for number in range(n)]


def place_of(way: list[Row], flag: str) -> int | None:
    places = [number for number, row in enumerate(way) if row[flag]]
    return places[-1] if places else None


def positioned(n: int, keys: list[tuple[int | None, Fraction]]) -> list[Fraction]:
    parts = [Fraction(0)] * n
    for place, part in keys:
        if place is not None:
            parts[place] += part
    others = [number for number in range(n) if not parts[number]]
    for number in others:
        parts[number] = (1 - sum(part for _, part in keys)) / len(others)
    return [part / sum(parts) for part in parts]


def decaying(way: list[Row], half_life_days: int) -> list[Fraction]:
    """Weights of at most 2**16, as the declared table of whole hours rounds them."""
    youngest = min(row["age_hours"] for row in way)
    weights = [decayed(row["age_hours"] - youngest, half_life_days * 24) for row in way]
    return [Fraction(weight, sum(weights)) for weight in weights]


def decayed(age: int, half_life: int) -> int:
    halvings, rest = divmod(age, half_life)
    with localcontext() as context:
        context.prec = 50
        weight = Decimal(2) ** (16 - Decimal(rest) / half_life)
        return int(weight.to_integral_value(ROUND_HALF_UP)) // 2**halvings
