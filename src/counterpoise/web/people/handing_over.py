"""Passing on what waits for somebody who leaves.

A feature joins with `handing_over.py` in its folder: `hand_over(leaver, successor) -> int`, called
inside the transaction, returns how many things it passed on.
"""

from __future__ import annotations

from django.db import transaction

from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.places import offered


def pass_on(leaver: User, successor: User, by: User) -> int:
    """Pass everything that waits for one person on to another, and return how many things."""
    with transaction.atomic():
        passed: int = sum(
            hand_over(leaver, successor) for hand_over in offered("handing_over", "hand_over")
        )
        to = f"person:{successor.pk}"
        record(by, "person.handed_over", f"person:{leaver.pk}", {"to": to, "things": passed})
    return passed
