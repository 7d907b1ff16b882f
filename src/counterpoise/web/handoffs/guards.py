"""What makes the database itself refuse to change what was reported of a lead.

Ids of people may be remapped and words erased; what happened, when and by whose word stays.
"""

from __future__ import annotations

from counterpoise.web.guarding import Guard

_SAYS = "what happened to a lead is never changed"

GUARDS = (
    Guard(
        "handoffs_handoff",
        _SAYS,
        kept=("lead_id", "round", "passed_by_id", "passed_at", "created_at"),
    ),
    Guard(
        "handoffs_happening",
        _SAYS,
        kept=("handoff_id", "kind", "at", "source", "recorded_at", "reason", "detail"),
    ),
)
"""Every column but those that name by id, and words."""
