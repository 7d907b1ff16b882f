"""What the other side did for a person of late, and saying thank you for it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from counterpoise.web.thanks import from_books, from_room
from counterpoise.web.thanks.deed import OTHER, Deed
from counterpoise.web.thanks.models import Thank

WEEKS = 4


class NoDeedError(CounterpoiseError, LookupError):
    """Nothing of the kind was done for this person of late, or by nobody in the room."""

    def __init__(self) -> None:
        super().__init__("That is not among what the other side did for you lately.")


def done_for(user: User, now: dt.datetime) -> list[Deed]:
    """Return what the other side did for a person in the last four weeks, the latest first.

    Books that end earlier are read over their own last four weeks.
    """
    if user.side not in OTHER:
        return []
    span = dt.timedelta(weeks=WEEKS)
    found = [*from_room.deeds(user, now - span)]
    kept = latest()
    if kept is not None:
        last = min(timezone.localdate(now), from_books.last_day(kept))
        found += from_books.deeds(user, kept, last - span)
    theirs = (deed for deed in found if deed.by is None or deed.by.side == OTHER[user.side])
    return sorted(theirs, key=lambda deed: (-deed.at.timestamp(), deed.key))


def thank(user: User, key: str, now: dt.datetime) -> Thank:
    """Thank for a deed, once.

    Raises:
        NoDeedError: If nothing of the kind was done, or nobody in the room did it.
    """
    before = Thank.objects.filter(giver=user, key=key).first()
    if before is not None:
        return before
    deed = next((each for each in done_for(user, now) if each.key == key), None)
    if deed is None or deed.by is None or not deed.by.is_active:
        raise NoDeedError
    try:
        with transaction.atomic():
            return Thank.objects.create(
                giver=user,
                taker=deed.by,
                key=key,
                says=(deed.told or deed.says)[:500],
                url=deed.url,
                at=now,
            )
    except IntegrityError:  # the second of two clicks at once
        return Thank.objects.get(giver=user, key=key)


def thanked_for(user: User) -> set[str]:
    """Return the keys of what a person has thanked for."""
    return set(Thank.objects.filter(giver=user).values_list("key", flat=True))
