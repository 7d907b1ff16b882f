"""What makes the database itself refuse to change what was decided.

Ids of people may be remapped and words erased; what was asked, answered and decided stays.
"""

from __future__ import annotations

from counterpoise.web.guarding import Guard

_SAYS = "what was decided is never changed"

GUARDS = (
    Guard(
        "room_desk_request",
        _SAYS,
        kept=(
            "asker_id",
            "asker_role",
            "asked_at",
            "list_amount",
            "net_amount",
            "rate",
            "currency",
            "written",
            "terms",
            "decision",
            "verdict",
            "agreement",
            "snapshot",
        ),
    ),
    Guard(
        "room_desk_answer",
        _SAYS,
        kept=(
            "step_id",
            "request_id",
            "said",
            "decided_by_id",
            "capacity",
            "decided_at",
            "written",
            "terms",
        ),
    ),
)
"""Every column but those that name by id, and words."""
