"""What makes the database itself refuse to change what was asked and answered about a promotion.

Ids of people may be remapped and words erased; terms, answers and who gave them stay.
"""

from __future__ import annotations

from counterpoise.web.guarding import Guard

_SAYS = "what was decided about a promotion is never changed"

GUARDS = (
    Guard(
        "promotions_askedpromotion",
        _SAYS,
        kept=(
            "asker_id",
            "asker_role",
            "asked_at",
            "written",
            "decision",
            "verdict",
            "agreement",
            "snapshot",
        ),
    ),
    Guard(
        "promotions_promotionanswer",
        _SAYS,
        kept=("step_id", "said", "decided_by_id", "capacity", "decided_at", "written"),
    ),
)
"""Every column but those that name by id, and words."""
