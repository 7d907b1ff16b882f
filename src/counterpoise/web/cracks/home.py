"""What cracks add to the home page and the digest: what waits, and what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.cracks import life
from counterpoise.web.cracks.life import CrackState, Deed
from counterpoise.web.cracks.models import Act, Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import is_own, may_steer, visible_to
from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.signs import Signs

_MOST = 20
_KIND = "crack"
_NEWS = {
    Deed.FOUND: "New crack",
    Deed.REOPENED: "Reopened",
    Deed.CLOSED: "Healed",
    Deed.ANSWERED: "Answered",
}
_FEW = 2
"""So many of a kind stand each on its own line."""

_FIRST_LOOK = dt.timedelta(days=14)
"""By how long at most a crack about a person is older than its news to others."""

_OWNERLESS = "{} cracks wait for an owner|"
_NEWS_OF_MANY = {
    Deed.FOUND: "{} new cracks|since/",
    Deed.REOPENED: "{} cracks were reopened|since/",
    Deed.CLOSED: "{} cracks healed|since/",
    Deed.ANSWERED: "{} cracks were answered|?state=answered",
}


def waits_for(user: User) -> Sequence[Item]:
    """Return what waits for a person: to answer, to heal, and cracks without an owner."""
    naming = Naming(user)
    found = list(visible_to(user).filter(state__in=life.URGENT))
    own = [item for crack in found if (item := _waiting(crack, naming))]
    ownerless = [crack for crack in found if _wants_owner(user, crack)]
    return [*own, *_together(ownerless, naming, "Give an owner", _OWNERLESS)][:_MOST]


def signs_of_news(user: User, since: dt.datetime) -> Signs:
    """Return what happened of late to cracks that a person sees."""
    acts = Act.objects.filter(at__gt=since - _FIRST_LOOK, deed__in=list(_NEWS))
    return (acts.filter(crack__in=visible_to(user)).exclude(actor=user),)


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return what happened to cracks that a person sees; much of a kind as one line."""
    (news,) = signs_of_news(user, since)
    acts = news.select_related("crack__seen").order_by("-at", "-id")
    found: dict[Deed, list[Act]] = {}
    for act in acts:
        if _news_at(act, user) > since:
            found.setdefault(Deed(act.deed), []).append(act)
    naming = Naming(user)
    return [
        item
        for deed, each in found.items()
        for item in _together(
            [act.crack for act in each],
            naming,
            _NEWS[deed],
            _NEWS_OF_MANY[deed],
            _news_at(each[0], user),
        )
    ]


def _news_at(act: Act, user: User) -> dt.datetime:
    """Return when something became news to a person: what others saw first, when it was shown."""
    crack = act.crack
    is_opening = act.deed in {Deed.FOUND, Deed.REOPENED} and act.life == crack.life
    if crack.is_personal and is_opening and not is_own(user, crack):
        return max(act.at, crack.shown_at)
    return act.at


def _together(
    cracks: Sequence[Crack],
    naming: Naming,
    what: str,
    of_many: str,
    at: dt.datetime | None = None,
) -> list[Item]:
    """Return an item a crack, or one for all where they are many."""
    if len(cracks) <= _FEW:
        return [_item(crack, naming, what, at) for crack in cracks]
    said, _, address = of_many.partition("|")
    return [Item(said.format(len(cracks)), reverse("cracks:home") + address, at, _KIND)]


def _waiting(crack: Crack, naming: Naming) -> Item | None:
    reader = naming.reader
    if crack.owner_id == reader.pk and crack.state == CrackState.HEALING:
        return _item(crack, naming, "Heal", _end_of(crack.due_on))
    if is_own(reader, crack):
        is_new = crack.state == CrackState.NEW
        return _item(crack, naming, "Answer", crack.shown_at) if is_new else None
    return None


def _wants_owner(user: User, crack: Crack) -> bool:
    return crack.owner_id is None and not is_own(user, crack) and may_steer(user, crack)


def _item(crack: Crack, naming: Naming, what: str, at: dt.datetime | None) -> Item:
    told = crack.seen.told if crack.seen else {}
    says = naming.text(crack, str(told.get("says", "")))
    return Item(f"{what}: {says}", reverse("cracks:crack", args=[crack.slug]), at, _KIND)


def _end_of(day: dt.date | None) -> dt.datetime | None:
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
