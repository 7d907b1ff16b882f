"""A rehearsal as programs read it: its candidates, each with what the command writes of it."""

from __future__ import annotations

from typing import Any

from counterpoise.rehearse.results import Behaviour
from counterpoise.web.access import Scope
from counterpoise.web.ledger.openness import PERSONAL, opens_person
from counterpoise.web.rehearsals.estimating import told_of
from counterpoise.web.rehearsals.models import Candidate, Rehearsal
from counterpoise.web.results.reading import KeptReview


def written(
    rehearsal: Rehearsal, behaviour: Behaviour, kept: KeptReview | None, scope: Scope
) -> dict[str, Any]:
    """Return a rehearsal with what is worked out of each candidate, null where nothing is."""
    return {
        "id": rehearsal.pk,
        "title": rehearsal.title,
        "from": rehearsal.base_label,
        "behaviour": behaviour.value,
        "candidates": [
            _candidate(each, behaviour, kept, scope) for each in rehearsal.candidates.all()
        ],
    }


def _candidate(
    candidate: Candidate, behaviour: Behaviour, kept: KeptReview | None, scope: Scope
) -> dict[str, Any]:
    told = told_of(candidate.rules, behaviour, kept)
    found = told.object
    return {
        "number": candidate.number,
        "name": candidate.name,
        "agreement": candidate.text,
        "is_of_these_books": told.is_done,
        "rehearsal": None if found is None else _open_part(found, scope),
    }


def _open_part(found: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Leave out the figures of single people beyond a scope."""
    by = found["replay"].get("by", {})
    rows = [row for row in by.get(PERSONAL, []) if opens_person(scope, row["key"])]
    opened = {**by, PERSONAL: rows} if PERSONAL in by else by
    return {**found, "replay": {**found["replay"], "by": opened}}
