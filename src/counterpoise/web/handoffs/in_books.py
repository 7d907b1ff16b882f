"""Hand-overs that the books tell of: read only, as far as they open, as of the review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.books.lock import LockHeldError
from counterpoise.web.access import Scope
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.ledger.funnel_asking import lead_rows
from counterpoise.web.ledger.names import Naming
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.live import live
from counterpoise.web.results.journeys import LEADS
from counterpoise.web.results.reading import latest

PAGE = 25
TAB = "books"
"""What addresses call this part of a board."""


@dataclass(frozen=True)
class BookLine:
    """A lead that was handed over, as the books say."""

    lead_id: str
    handed_over_at: dt.datetime | None
    state: str
    look: str
    owner: str
    campaign: str
    source: str
    deal_id: str
    room: int | None
    """The hand-off in the room, where it stands there, too."""


@dataclass(frozen=True)
class BookBoard:
    """A page of hand-overs, how many open, and how many there are."""

    lines: tuple[BookLine, ...] = ()
    opened: int = 0
    everywhere: int = 0
    as_of: dt.date | None = None
    number: int = 1
    is_busy: bool = False

    @property
    def earlier(self) -> int:
        """Return the number of the page before, 0 for none."""
        return self.number - 1

    @property
    def later(self) -> int:
        """Return the number of the page after, 0 for none."""
        return self.number + 1 if self.number * PAGE < self.opened else 0


def book_board(scope: Scope, number: int) -> BookBoard:
    """Return a page of the hand-overs in the books that open, the latest lead first."""
    kept = latest()
    if kept is None or not kept.tables.has(LEADS):
        return BookBoard()
    part = (PAGE, (number - 1) * PAGE)
    try:
        found = lead_rows(kept, Selection(), "handed_over", scope, part)
    except LockHeldError:
        return BookBoard(as_of=kept.as_of, number=number, is_busy=True)
    ids = [row["lead_id"] for row in found.rows]
    here = Handoff.objects.filter(lead_id__in=ids).order_by("round")
    room = dict(here.values_list("lead_id", "pk"))
    naming = Naming(live())
    return BookBoard(
        lines=tuple(_line(row, naming, room) for row in found.rows),
        opened=found.opened,
        everywhere=found.everywhere,
        as_of=kept.as_of,
        number=number,
    )


def _line(row: Mapping[str, Any], naming: Naming, room: Mapping[str, int]) -> BookLine:
    state, look = _state(row)
    owner, campaign = row["owner_id"], row["campaign_id"]
    return BookLine(
        lead_id=row["lead_id"],
        handed_over_at=row["handed_over_at"],
        state=state,
        look=look,
        owner=naming.person(owner) if owner else "",
        campaign=naming.campaign(campaign) if campaign else "",
        source=row["source"] or "",
        deal_id=row["deal_id"] or "",
        room=room.get(row["lead_id"]),
    )


def _state(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return how far it came in words, and how that looks."""
    if row["is_won"]:
        return "won", "good"
    if row["is_lost"]:
        return "deal lost", "bad"
    if row["is_deal"]:
        return "deal open", "wait"
    if row["is_rejected"]:
        return "rejected", "bad"
    return ("accepted", "good") if row["is_accepted"] else ("no verdict on record", "quiet")
