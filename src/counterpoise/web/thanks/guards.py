"""What makes the database itself keep thanks as they were said.

What they are for may be named anew, and they go with a person who is forgotten.
"""

from __future__ import annotations

from counterpoise.web.guarding import Guard

GUARDS = (
    Guard(
        "thanks_thank",
        "thanks once said are never changed",
        kept=("giver_id", "taker_id", "says", "at"),
    ),
)
