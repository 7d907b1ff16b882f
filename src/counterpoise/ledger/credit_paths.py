"""How paths go on from channel to channel, counted in the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.ledger.markov import Transition

BY = ("channel", "campaign")
"""What credit is shared between; the column of a campaign is its id."""

COLUMNS: Mapping[str, str] = {"channel": "channel", "campaign": "campaign_id"}

_ENDED = ("won", "lost")


def transition_counts(steps: ir.Table, by: str) -> ir.Table:
    """Count the steps of paths that ended, by where they came from and how they went on.

    Args:
        steps: Grain: journey × touch, as `placed` gives them.
        by: What paths lead through, of `BY`.

    Returns:
        Grain: `key`, that of the touch before (`before`), `starts` (there is none before) and
        `ends` (the outcome of a path's last touch, else NULL). Column `paths`.
    """
    ended = steps.filter(steps.outcome.isin(_ENDED))
    column = COLUMNS[by]
    is_last = ended.place == ended.length
    return ended.group_by(
        key=ended[column],
        before=ended[f"before_{column}"],
        starts=ended.place == 1,
        ends=ibis.ifelse(is_last, ended.outcome, ibis.null("string")),
    ).aggregate(paths=ended.count())


def transitions(rows: Iterable[Mapping[str, Any]]) -> Iterator[Transition]:
    """Read the rows of `transition_counts`."""
    for row in rows:
        to, count = row["key"], row["paths"]
        yield Transition(count, to=to, origin=row["before"], starts=row["starts"])
        if row["ends"]:
            yield Transition(count, to=to, ends=row["ends"])
