"""What people decided, as measures read it: each kind of choice as one small typed table."""

from __future__ import annotations

import pyarrow as pa

CHANNEL_RULES = pa.schema(
    [
        ("position", pa.int64()),  # rules are tried in this order; the first that holds names the channel
        ("channel", pa.string()),  # the channel's name
        (
            "group",
            pa.int64(),
        ),  # conditions of one group hold together (and); groups of one rule are alternatives (or)
        ("field", pa.string()),  # one of FIELDS_OF_RULES
        ("operator", pa.string()),  # one of OPERATORS
        ("value", pa.string()),  # compared in lower case; for in_list the name of a list
    ]
)
"""One row per condition of a rule that names a channel."""

FIELDS_OF_RULES = ("channel", "source", "medium", "campaign", "term", "content", "landing_page", "referrer")
OPERATORS = (
    "is",
    "is_not",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    "in_list",
    "is_empty",
    "is_filled",
)
SOURCE_LISTS = pa.schema([("list", pa.string()), ("value", pa.string())])
"""Named lists that rules refer to (search engines, social networks ...); one row per member, lower case."""

LOOP_SETTINGS = pa.schema(
    [
        (
            "look_back_days",
            pa.int64(),
        ),  # touches older than this before the close do not count; null: all count
        ("counts_every_touch", pa.bool_()),  # true: touches that were only shown count too
        ("half_life_days", pa.int64()),  # of the time-decay model
        (
            "direct_channels",
            pa.string(),
        ),  # channel that counts as direct for the last-non-direct model; one row each
    ]
)
"""How the loop counts: look-back window, which touches count, half-life, which channels are direct."""
