"""How pages name hand-offs, people and accounts."""

from __future__ import annotations

from collections.abc import Iterable

from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.live import live
from counterpoise.web.people.models import User

_STATES = {
    "waiting": "waits for somebody",
    "assigned": "waits for a response",
    "answered": "waits for a verdict",
    "accepted": "accepted",
    "rejected": "returned",
}
_LOOKS = {
    "waiting": "bad",
    "assigned": "wait",
    "answered": "wait",
    "accepted": "good",
    "rejected": "bad",
}


def state_text(state: str) -> str:
    """Return a state as people say it."""
    return _STATES.get(state, state)


def state_look(state: str) -> str:
    """Return how a state looks: good, bad, wait or quiet."""
    return _LOOKS.get(state, "quiet")


def title_of(handoff: Handoff) -> str:
    """Return what a lead is called: its account's name, what it is about, or its id."""
    account = live().account(handoff.account_id) if handoff.account_id else None
    name = str(account["name"]) if account and account["name"] else handoff.account_id
    return name or handoff.about or f"Lead {handoff.lead_id}"


def person_name(person_id: str) -> str:
    """Return a person's name: as in the room, else as in the books, else the id."""
    return names_of([person_id])[person_id] if person_id else "nobody"


def names_of(person_ids: Iterable[str]) -> dict[str, str]:
    """Return people's names by their ids, with one question to the database."""
    ids = set(person_ids)
    here = {user.person_id: str(user) for user in User.objects.filter(person_id__in=ids - {""})}
    return {each: here.get(each) or _name_in_books(each) for each in ids}


def _name_in_books(person_id: str) -> str:
    if not person_id:
        return "nobody"
    found = live().person(person_id)
    return str(found["name"]) if found and found["name"] else person_id
