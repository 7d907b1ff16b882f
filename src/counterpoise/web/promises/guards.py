"""What makes the database itself keep transfers as they were proposed and signed."""

from __future__ import annotations

from counterpoise.web.guarding import Deed, Guard

GUARDS = (
    Guard(
        "promises_transfer",
        "what was proposed to be moved is never changed",
        kept=(
            "first_on",
            "from_budget",
            "to_budget",
            "amount",
            "agreement",
            "token",
            "proposed_by_id",
            "proposed_side",
            "proposed_at",
        ),
        words=("reason",),
    ),
    Guard(
        "promises_transfer",
        "a transfer is settled once",
        kept=("state", "settled_by_id", "settled_at"),
        words=("answer",),
        when="OLD.state <> 'open'",
        name="settled",
    ),
    Guard(
        "promises_transfer",
        "a transfer is never removed",
        deed=Deed.REMOVE,
        name="kept",
    ),
)
