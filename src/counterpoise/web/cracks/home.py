"""What cracks add to the home page and the digest: what waits, and what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.cracks import life
from counterpoise.web.cracks.life import Deed, State
from counterpoise.web.cracks.models import Act, Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import is_own, may_steer, visible_to
from counterpoise.web.people.models import User
from counterpoise.web.places import Item

_MOST = 20
_KIND = "crack"
_NEWS = {
    Deed.FOUND: "New crack",
    Deed.REOPENED: "Reopened",
    Deed.CLOSED: "Healed",
    Deed.ANSWERED: "Answered",
}


def waits_for(user: User) -> Sequence[Item]:
    """Return the cracks that wait for a person: to answer, to give an owner, to heal."""
    naming = Naming(user)
    found = visible_to(user).filter(state__in=life.URGENT)
    items = (_waiting(crack, naming) for crack in found)
    return [item for item in items if item is not None][:_MOST]


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return what happened to cracks that a person sees."""
    acts = (
        Act.objects.filter(at__gt=since, deed__in=list(_NEWS), crack__in=visible_to(user))
        .exclude(actor=user)
        .select_related("crack__seen")
        .order_by("-at", "-id")
    )
    naming = Naming(user)
    return [_item(act.crack, naming, _NEWS[Deed(act.deed)], act.at) for act in acts[:_MOST]]


def _waiting(crack: Crack, naming: Naming) -> Item | None:
    reader = naming.reader
    if crack.owner_id == reader.pk and crack.state == State.HEALING:
        return _item(crack, naming, "Heal", _end_of(crack.due_on))
    if is_own(reader, crack):
        is_new = crack.state == State.NEW
        return _item(crack, naming, "Answer", crack.shown_at) if is_new else None
    if crack.owner_id is None and may_steer(reader, crack):
        return _item(crack, naming, "Give an owner", None)
    return None


def _item(crack: Crack, naming: Naming, what: str, at: dt.datetime | None) -> Item:
    told = crack.seen.told if crack.seen else {}
    says = naming.text(crack, str(told.get("says", "")))
    return Item(f"{what}: {says}", reverse("cracks:crack", args=[crack.slug]), at, _KIND)


def _end_of(day: dt.date | None) -> dt.datetime | None:
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
