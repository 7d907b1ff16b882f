"""How the room shows people in cracks: set by administrators, kept in the trail."""

from __future__ import annotations

from django.db import transaction
from pydantic import JsonValue

from counterpoise.web.audit.entries import record
from counterpoise.web.cracks.models import Setting, Showing
from counterpoise.web.cracks.naming import people_shown
from counterpoise.web.people.models import User


def show_people(by: User, how: str) -> None:
    """Show people by name or by pseudonym from now on."""
    wanted = Showing(how)
    with transaction.atomic():
        former = people_shown()
        if former is wanted:
            return
        Setting.objects.update_or_create(pk=1, defaults={"people": wanted.value})
        detail: dict[str, JsonValue] = {"from": former.value, "to": wanted.value}
        record(by, "cracks.people_shown", "setting:cracks", {"people": detail})
