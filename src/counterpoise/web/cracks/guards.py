"""What makes the database itself refuse to change what was found and what was done.

Ids of people may be remapped and words erased; what a review measured stays as it was.
"""

from __future__ import annotations

from counterpoise.web.guarding import Guard

_SAYS = "what a review found and what was done about it is never changed"

GUARDS = (
    Guard(
        "room_cracks_sighting",
        _SAYS,
        kept=(
            "crack_id",
            "round_id",
            "is_found",
            "observed",
            "expected",
            "low",
            "high",
            "n",
            "q_value",
            "stake",
            "since",
            "told",
        ),
    ),
    Guard(
        "room_cracks_act",
        _SAYS,
        kept=("crack_id", "life", "deed", "at", "actor_id", "until_on", "round_id"),
    ),
    Guard("room_cracks_round", _SAYS, kept=("snapshot", "as_of", "measured_by", "review", "at")),
)
"""Every column but those that name by id, and words."""
