"""How paths go on from channel to channel, counted in the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.ledger.markov import Transition

BY = ("channel", "campaign")
"""What credit is shared between; the column of a campaign is its id."""

COLUMNS: Mapping[str, str] = {"channel": "channel", "campaign": "campaign_id"}

_ENDED = ("won", "lost")


def transition_counts(steps: ir.Table) -> ir.Table:
    """Count the steps of paths that ended, by where they came from and how they went on.

    Args:
        steps: Grain: journey × touch, as `placed` gives them.

    Returns:
        Grain: `channel`, `campaign_id`, the same of the touch before (`before_…`), `starts` (there
        is none before) and `ends` (the outcome of a path's last touch, else NULL). Column `paths`.
    """
    ended = steps.filter(steps.outcome.isin(_ENDED))
    is_last = ended.place == ended.length
    keys = ("channel", "campaign_id", "before_channel", "before_campaign_id")
    return ended.group_by(
        *keys,
        starts=ended.place == 1,
        ends=ibis.ifelse(is_last, ended.outcome, ibis.null("string")),
    ).aggregate(paths=ended.count())


def transitions(rows: list[dict[str, Any]], by: str) -> Iterator[Transition]:
    """Read the rows of `transition_counts` as those between channels, or between campaigns."""
    column = COLUMNS[by]
    for row in rows:
        to, count = row[column], row["paths"]
        origin = row[f"before_{column}"]
        yield Transition(count, to=to, origin=origin, starts=row["starts"])
        if row["ends"]:
            yield Transition(count, to=to, ends=row["ends"])
