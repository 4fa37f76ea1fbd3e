"""The columns of the closed loop, in the order in which they always stand."""

from __future__ import annotations

from collections.abc import Sequence

FLAGS = ("is_unattributed", "is_overlapping")
FIGURES = (
    "n_touches",
    "n_persons",
    "n_leads",
    "n_mql",
    "n_sal",
    "n_sql",
    "n_opportunities",
    "n_won",
    "won_share",
    "median_days_to_won",
    "revenue",
    "currency",
    "cost",
    "roi",
    "cac",
    "cost_per_lead",
)
FIGURES_OF_MODEL = ("credit", "roi", "cac")
ASIDE = ("n_open", "n_too_recent", "n_amount_unknown", "n_cost_unknown")
"""What has no outcome yet, or none in money: said apart, never counted as a failure."""

COLUMNS_OF_SUBJECT = {
    "touch": ("n_touches",),
    "spend": ("cost", "n_cost_unknown"),
    "person": ("n_persons",),
    "cycle": ("n_leads", "n_mql", "n_sal", "n_sql", "n_begun", "n_begun_won", "n_too_recent"),
    "deal": ("n_opportunities", "n_won", "n_open", "n_amount_unknown", "n_customers", "revenue"),
}
"""What is summed by row, by the subject that it comes from; n_begun, n_begun_won and n_customers only serve ratios."""


def loop_columns(by: Sequence[str], models: Sequence[str]) -> tuple[str, ...]:
    """The columns of a closed-loop table: keys, flags, figures, for each model its three, and what is said apart."""
    of_models = [f"{figure}_{model}" for model in models for figure in FIGURES_OF_MODEL]
    return (*by, *FLAGS, *FIGURES, *of_models, *ASIDE)
