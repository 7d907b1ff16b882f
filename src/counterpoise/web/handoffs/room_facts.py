"""What became of leads in the room, as rows of the canonical `leads`, for the next review.

A lead stands once: as it is in its latest round. Rounds before stand in the room.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.db.models import Exists, OuterRef

from counterpoise.web.handoffs.clocks import wall
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.states import VERDICTS

Row = Mapping[str, object]

_JUDGED = frozenset(kind.value for kind in VERDICTS)


def rows() -> dict[str, list[Row]]:
    """Return the rows of `leads`, one a lead that was handed over in the room."""
    return {"leads": list(_leads())}


def _leads() -> Iterator[Row]:
    again = Handoff.objects.filter(follows=OuterRef("pk"))
    latest = Handoff.objects.filter(~Exists(again))
    for each in latest.order_by("pk").iterator():
        yield {
            "lead_id": each.lead_id,
            "account_id": each.account_id or None,
            "campaign_id": each.campaign_id or None,
            "source": each.source or None,
            "score": each.score,
            "created_at": wall(each.created_at),
            "qualified_at": _wall(each.qualified_at or each.passed_at),
            "handed_over_at": _wall(each.passed_at),
            "owner_id": each.owner_person_id or None,
            "first_response_at": _wall(each.responded_at),
            "verdict": each.state if each.state in _JUDGED else None,
            "verdict_at": _wall(each.verdict_at),
            "rejection_reason": each.reason or None,
            "deal_id": each.deal_id or None,
        }


def _wall(at: dt.datetime | None) -> dt.datetime | None:
    return None if at is None else wall(at)
