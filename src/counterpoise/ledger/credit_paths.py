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


def transition_counts(steps: ir.Table, points: ir.Table, by: str) -> ir.Table:
    """Count the steps of paths that ended, by where they came from and how they went on.

    Args:
        steps: Grain: journey × touch, as `placed` gives them.
        points: As `Touched.points` has them.
        by: What paths lead through, of `BY`.

    Returns:
        Grain: `key`, that of the touch before (`before`), `starts` (there is none before) and
        `ends` (the outcome of a path's last touch, else NULL). Column `paths`.
    """
    ended = steps.filter(steps.is_won.notnull())
    own = points.select("point", key=COLUMNS[by])
    former = points.select(before="point", before_key=COLUMNS[by])
    told = ended.inner_join(own, "point").left_join(former, "before")
    ends = ibis.cases(
        (told.place < told.length, ibis.null("string")), (told.is_won, "won"), else_="lost"
    )
    return told.group_by(
        key="key", before="before_key", starts=told.place == 1, ends=ends
    ).aggregate(paths=told.count())


def transitions(rows: Iterable[Mapping[str, Any]]) -> Iterator[Transition]:
    """Read the rows of `transition_counts`."""
    for row in rows:
        to, count = row["key"], row["paths"]
        yield Transition(count, to=to, origin=row["before"], starts=row["starts"])
        if row["ends"]:
            yield Transition(count, to=to, ends=row["ends"])
