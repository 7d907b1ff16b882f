"""Telling people about cracks: the one named first, then who can act, then the owner when due.

It reads the story that is kept anyway and tells each part once a person, so that neither a worker
that died nor one that runs twice makes a difference. Others than the person named read no name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.audit.entries import record
from counterpoise.web.cracks import life
from counterpoise.web.cracks.life import CrackState, Deed
from counterpoise.web.cracks.models import Act, Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import may_steer, sees
from counterpoise.web.live import live
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags.figures import day, moment_there

_LATEST = dt.timedelta(days=3)
"""What happened longer ago is no news; a room that was off for long does not flood anybody."""

_AGAIN_DAYS = 7
_MOST_LEADS = 12


@dataclass(frozen=True)
class _News:
    """A thing to tell about one crack."""

    crack: Crack
    what: str
    """Part of the key under which it is told once."""

    def to(self, user: User, subject: str, text: str = "") -> int:
        """Tell a person; the sentence is the crack's as this person reads it."""
        naming = Naming(user)
        told = self.crack.seen.told if self.crack.seen else {}
        says = naming.text(self.crack, str(told.get("says", "")))
        url = reverse("cracks:crack", args=[self.crack.slug])
        key = f"crack:{self.crack.pk}:{self.crack.life}:{self.what}"
        return notify(user, subject, f"{says}\n\n{text}".strip(), url, key=key) is not None


def tell(now: dt.datetime) -> int:
    """Tell what is to be told and was not yet, and return how many notices there are."""
    return sum((_first(now), _then(now), _acts(now), _due(now)))


def _first(now: dt.datetime) -> int:
    """Tell the people named what is theirs alone so far."""
    found = _open(subject_type="person", shown_at__gt=now, state=CrackState.NEW)
    told = 0
    for crack in found:
        user = _user(crack.subject_id)
        if user is not None:
            last = moment_there(crack.shown_at)
            until = f"You see this first. Answer until {last}; then others see it."
            told += _News(crack, "first").to(user, "A crack about your own work", until)
    return told


def _then(now: dt.datetime) -> int:
    """Tell those who can act, once a crack is shown to them."""
    told = 0
    for crack in _open(shown_at__lte=now, shown_at__gt=now - _LATEST, owner=None):
        for user in _who_can_act(crack, now):
            subject = "A crack waits for an owner"
            told += _News(crack, "shown").to(user, subject, "Give it an owner and a due day.")
    return told


def _acts(now: dt.datetime) -> int:
    """Tell owners what became theirs, and those concerned that a crack healed or lapsed."""
    deeds = [Deed.ASSIGNED, Deed.CLOSED, Deed.LAPSED]
    acts = Act.objects.filter(at__gt=now - _LATEST, at__lte=now, deed__in=deeds)
    told = 0
    for act in acts.select_related("crack__seen", "crack__owner", "owner").order_by("at", "pk"):
        if act.life != act.crack.life:
            continue
        news = _News(act.crack, f"act{act.pk}")
        match Deed(act.deed):
            case Deed.ASSIGNED if act.owner and act.owner_id != act.actor_id:
                if act.crack.is_open and sees(act.owner, act.crack, now):
                    told += news.to(
                        act.owner, "A crack is yours to heal", f"Due {day(act.until_on)}."
                    )
            case Deed.CLOSED:
                told += sum(news.to(user, "A crack healed") for user in _concerned(act.crack, now))
            case Deed.LAPSED:
                subject = "A crack is no longer accepted"
                told += sum(news.to(user, subject) for user in _concerned(act.crack, now))
    return told


def _due(now: dt.datetime) -> int:
    """Remind owners of what is overdue, each week again, and tell those above once."""
    today = timezone.localdate(now)
    told = 0
    for crack in _open(state=CrackState.HEALING, due_on__lt=today):
        news = f"It was due {day(crack.due_on)}, and reviews still find it."
        if crack.owner and _is_reminded_now(crack, today):
            what = f"due{today.isoformat()}"
            told += _News(crack, what).to(crack.owner, "A crack of yours is overdue", news)
        for user in _who_can_act(crack, now):
            if user.pk != crack.owner_id:
                told += _News(crack, f"overdue{crack.due_on}").to(user, "A crack is overdue", news)
    return told


def _is_reminded_now(crack: Crack, today: dt.date) -> bool:
    """Tell whether this run reminds of it: whoever moves the day on does."""
    last = crack.reminded_on
    if last is not None and today < last + dt.timedelta(days=_AGAIN_DAYS):
        return False
    with transaction.atomic():
        mine = Crack.objects.filter(pk=crack.pk, reminded_on=last, state=CrackState.HEALING)
        if not mine.update(reminded_on=today):
            return False
        record(None, "crack.reminded", f"crack:{crack.slug}", {"owner": f"person:{crack.owner_id}"})
    return True


def _open(**which: object) -> list[Crack]:
    found = Crack.objects.filter(state__in=life.URGENT).filter(**which)
    return list(found.select_related("seen", "owner").order_by("pk"))


def _user(person_id: str) -> User | None:
    return User.objects.filter(person_id=person_id, is_active=True).first()


def _who_can_act(crack: Crack, now: dt.datetime) -> Iterator[User]:
    """Yield the manager of whom a crack is about; else who leads the side, and above both."""
    if crack.is_personal:
        found = live().person(crack.subject_id)
        manager = _user(found["manager_id"]) if found and found["manager_id"] else None
        if manager is not None and sees(manager, crack, now):
            yield manager
            return
    nearest = _nearest(crack)
    all_ = [*nearest, *(user for user in _leads() if user not in nearest)]
    yield from [user for user in all_ if _acts_on(user, crack, now)][:_MOST_LEADS]


def _nearest(crack: Crack) -> list[User]:
    """Return who is nearest to what a crack is about: a team's managers, a campaign's owner."""
    lookup = live()
    match crack.subject_type:
        case "team":
            team = (row for row in lookup.people() if row["team"] == crack.subject_id)
            people = {row["manager_id"] for row in team if row["manager_id"]}
        case "campaign":
            campaign = lookup.campaign(crack.subject_id)
            people = {campaign["owner_id"]} if campaign and campaign["owner_id"] else set()
        case _:
            return []
    return list(User.objects.filter(is_active=True, person_id__in=people).order_by("pk"))


def _leads() -> Iterable[User]:
    """Return who might lead a side: those who sign, and who are above both."""
    return User.objects.filter(is_active=True, may_sign=True).order_by("pk")


def _acts_on(user: User, crack: Crack, now: dt.datetime) -> bool:
    is_led = user.side == Side.BOTH or not crack.is_personal
    return is_led and sees(user, crack, now) and may_steer(user, crack)


def _concerned(crack: Crack, now: dt.datetime) -> list[User]:
    """Return the person named and the owner, where they see it."""
    named = _user(crack.subject_id) if crack.is_personal else None
    found = {user.pk: user for user in (named, crack.owner) if user is not None}
    return [user for user in found.values() if sees(user, crack, now)]
