"""Cracks as programs read them: the review's own members, where they stand, and what was done."""

from __future__ import annotations

from typing import Any

from counterpoise.web.cracks.life import Deed
from counterpoise.web.cracks.models import Act, Crack, Sighting
from counterpoise.web.cracks.naming import Naming, pseudonym_of
from counterpoise.web.cracks.rights import (
    may_answer,
    may_steer,
    possible_owners,
    visible_to,
)
from counterpoise.web.cracks.rows import rows_of
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import KeptReview

_MEASURED = ("observed", "expected", "low", "high", "n", "q_value")


def short(crack: Crack, naming: Naming) -> dict[str, Any]:
    """Return a crack as a list carries it."""
    seen = crack.seen
    told = seen.told if seen else {}
    return {
        "id": crack.slug,
        "kind": crack.kind,
        "variant": crack.variant,
        "side": crack.side,
        "subject": _subject(crack, naming),
        "says": naming.text(crack, str(told.get("says", ""))),
        **{name: getattr(seen, name) if seen else None for name in _MEASURED},
        "stake": float(crack.stake),
        "stake_formula": str(told.get("stake_formula", "")),
        "since": seen.since.isoformat() if seen and seen.since else None,
        "next_step": naming.text(crack, str(told.get("next_step", ""))),
        "state": crack.state,
        "opened_at": crack.opened_at.isoformat(),
        "shown_at": crack.shown_at.isoformat(),
        "owner": _person(crack.owner, crack, naming),
        "due_on": crack.due_on and crack.due_on.isoformat(),
        "accepted_until": crack.accepted_until and crack.accepted_until.isoformat(),
        "closed_at": crack.closed_at and crack.closed_at.isoformat(),
        "is_looked_at": naming.opened(crack),
    }


def whole(crack: Crack, naming: Naming, kept: KeptReview | None, page: int) -> dict[str, Any]:
    """Return a crack that the reader has opened, with its evidence and story."""
    told = crack.seen.told if crack.seen else {}
    other = told.get("other_view", {})
    rows = rows_of(kept, crack, naming, page)
    steers = may_steer(naming.reader, crack)
    owners = possible_owners(crack) if steers else []
    return {
        **short(crack, naming),
        "other_view": naming.text(crack, str(other.get("says", ""))),
        "history": [_measured(each) for each in crack.sightings.select_related("round")],
        "story": [_act(each, naming) for each in crack.acts.select_related("actor", "owner")],
        "rows": {
            "kind": rows.kind if rows else None,
            "count": rows.count if rows else 0,
            "open_to_you": rows.opened if rows else 0,
            "page": rows.number if rows else 1,
            "rows": [{"id": row.id or None, "stake_part": row.part} for row in rows.rows]
            if rows
            else [],
        },
        "may_answer": may_answer(naming.reader, crack),
        "possible_owners": [_person(user, crack, naming) for user in owners],
    }


def cracks_of_review(kept: KeptReview, user: User) -> list[dict[str, Any]]:
    """Return the cracks of a review as a reader of it may see them, in the review's form."""
    naming = Naming(user)
    found = [each["id"] for each in kept.watch["cracks"]]
    visible = {each.crack_id: each for each in visible_to(user).filter(crack_id__in=found)}
    carried = []
    for said in kept.object["cracks"]:
        crack = visible.get(said["id"])
        if crack is None:
            continue
        told = next(each for each in kept.watch["cracks"] if each["id"] == said["id"])
        carried.append(
            {
                **said,
                "id": crack.slug,
                "subject": _subject(crack, naming),
                "says": naming.text(crack, told["says"]),
                "next_step": naming.text(crack, told["next_step"]),
            }
        )
    return carried


def _subject(crack: Crack, naming: Naming) -> dict[str, str]:
    id_ = crack.subject_id
    if crack.is_personal and not naming.knows(crack):
        id_ = pseudonym_of(id_) if naming.opened(crack) else ""
    return {"type": crack.subject_type, "id": id_, "name": naming.subject(crack)}


def _person(user: User | None, crack: Crack, naming: Naming) -> dict[str, Any] | None:
    if user is None:
        return None
    return {"id": user.pk, "name": naming.colleague(user, crack)}


def _measured(sighting: Sighting) -> dict[str, Any]:
    return {
        "as_of": sighting.round.as_of.isoformat(),
        "is_found": sighting.is_found,
        "observed": sighting.observed,
        "expected": sighting.expected,
        "q_value": sighting.q_value,
        "stake": float(sighting.stake),
    }


def _act(act: Act, naming: Naming) -> dict[str, Any]:
    return {
        "deed": Deed(act.deed).value,
        "at": act.at.isoformat(),
        "by": _person(act.actor, act.crack, naming),
        "text": act.text,
        "owner": _person(act.owner, act.crack, naming),
        "until_on": act.until_on and act.until_on.isoformat(),
    }
