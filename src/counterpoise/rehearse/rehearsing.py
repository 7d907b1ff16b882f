"""The rehearsal whole: replay, break-even and effect of one candidate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from counterpoise.rehearse.break_even import BreakEven
from counterpoise.rehearse.replay import Replay
from counterpoise.rehearse.results import Effect


@dataclass(frozen=True)
class Rehearsal:
    """What a candidate would have answered, what it would have done, and how sure that is.

    Attributes:
        deals: Deals closed by the as-of day: won, lost or cancelled.
        from_: The first of their days; None where no deal has one.
        until: The last.
        replay: Every verdict under the candidate and under the agreement of its day.
        effect: What it would have done to wins, revenue and margin, or why that is refused.
        break_even: What it would have cut, and the wins that this pays for.
        as_of: The day up to whose end the books are read.
        currency: Of every amount.
        title: The candidate's.
        fingerprint: The candidate's.
    """

    deals: int
    from_: dt.date | None
    until: dt.date | None
    replay: Replay
    effect: Effect
    break_even: BreakEven
    as_of: dt.date
    currency: str
    title: str
    fingerprint: str
