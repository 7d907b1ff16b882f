"""What of a review opens to a person: all of it, but figures of people only within their scope."""

from __future__ import annotations

from typing import Any

from counterpoise.web.access import EVERYTHING, Reach, Scope

PERSONAL = "owner"
"""The grouping that tells of single people."""


def open_part(review: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Return a review (`review/v1`) without the figures of people beyond a scope.

    Whose cracks open is not told by the scope alone: `cracks.written.cracks_of_review`.
    """
    if scope.reach is Reach.EVERYTHING:
        return review
    ledger = dict(review["ledger"])
    ledger["by"] = _opened(ledger["by"], scope)
    for name in ("cycle", "offers"):
        if ledger.get(name) and "by" in ledger[name]:
            ledger[name] = {**ledger[name], "by": _opened(ledger[name]["by"], scope)}
    return {**review, "ledger": ledger}


def opens_person(scope: Scope, person_id: str | None) -> bool:
    """Tell whether a single person's figures open."""
    return scope == EVERYTHING or person_id in scope.owners


def _opened(by: dict[str, Any], scope: Scope) -> dict[str, Any]:
    rows = [row for row in by.get(PERSONAL, []) if opens_person(scope, row["key"])]
    return {**by, PERSONAL: rows} if PERSONAL in by else by
