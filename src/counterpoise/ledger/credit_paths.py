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
        steps: Grain: journey × touch, with `STEP_COLUMNS`.

    Returns:
        Grain: `channel`, `campaign_id`, the same of the touch before (`before_…`), `starts` (there
        is none before) and `ends` (the outcome of a path's last touch, else NULL). Column `paths`.
    """
    ended = steps.filter(steps.outcome.isin(_ENDED))
    order = ibis.window(group_by="journey_id", order_by=["touched_at", "touch_id"])
    placed = ended.mutate(
        before_channel=ended.channel.lag().over(order),
        before_campaign_id=ended.campaign_id.lag().over(order),
        starts=ended.touch_id.lag().over(order).isnull(),
        ends=ibis.ifelse(
            ended.touch_id.lead().over(order).isnull(), ended.outcome, ibis.null("string")
        ),
    )
    keys = ("channel", "campaign_id", "before_channel", "before_campaign_id", "starts", "ends")
    return placed.group_by(*keys).aggregate(paths=placed.count())


def transitions(rows: list[dict[str, Any]], by: str) -> Iterator[Transition]:
    """Read the rows of `transition_counts` as those between channels, or between campaigns."""
    column = COLUMNS[by]
    for row in rows:
        to, count = row[column], row["paths"]
        origin = row[f"before_{column}"]
        yield Transition(count, to=to, origin=origin, starts=row["starts"])
        if row["ends"]:
            yield Transition(count, to=to, ends=row["ends"])
