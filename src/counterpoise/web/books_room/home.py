"""What the books say on the home page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from counterpoise.web import house
from counterpoise.web.books_room.jobs import IMPORT
from counterpoise.web.books_room.snapshots import snapshot
from counterpoise.web.books_room.who import may_import
from counterpoise.web.places import Item
from counterpoise.web.signs import Signs
from counterpoise.web.work.models import Job, JobState

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

_MOST = 5


def waits_for(user: User) -> Sequence[Item]:
    """Return the import that failed last, and the spellings to take, for those who may act."""
    return [*_failed(), *_spellings()] if may_import(user) else []


def signs_of_news(user: User, since: datetime) -> Signs:  # noqa: ARG001 - for everybody
    """Return the imports that ended since."""
    return (Job.objects.filter(kind=IMPORT, state=JobState.DONE, ended_at__gt=since),)


def happened_since(user: User, since: datetime) -> Sequence[Item]:
    """Return the imports that ended since, for everybody."""
    (done,) = signs_of_news(user, since)
    return [
        Item("New books are in use", reverse("facts:job", args=[each.pk]), each.ended_at, IMPORT)
        for each in done.order_by("-ended_at")[:_MOST]
        if each.result and not each.result.get("unchanged")
    ]


def _failed() -> Sequence[Item]:
    last = Job.objects.filter(kind=IMPORT).first()
    if last is None or last.state != JobState.FAILED:
        return []
    url = reverse("facts:job", args=[last.pk])
    return [Item("The last import failed", url, last.ended_at, IMPORT)]


def _spellings() -> Sequence[Item]:
    found = snapshot(house.workspace())
    count = len(found.suggestions) if found else 0
    if not count:
        return []
    says = "A spelling in the books to take" if count == 1 else f"{count} spellings to take"
    return [Item(says, f"{reverse('facts:problems')}#spellings", None, IMPORT)]
