"""Locking out who guesses: attempts are counted in the database, so by all processes together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.crypto import salted_hmac

from counterpoise.web.profile.models import Attempt

SPAN = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Limit:
    """How many attempts a key may fail within the span."""

    kind: str
    most: int

    def key(self, value: str) -> str:
        """Return what attempts are kept under, from which the value cannot be read back."""
        return salted_hmac(f"profile.lockout.{self.kind}", value, algorithm="sha256").hexdigest()


ADDRESS = Limit("address", 5)
MACHINE = Limit("machine", 50)
SECOND_FACTOR = Limit("second factor", 5)
SIGNATURE = Limit("signature", 5)
"""How often a person may fail to confirm by password that they sign."""


@dataclass(frozen=True)
class Ticket:
    """An attempt under way; it counts as failed until it is said to have succeeded."""

    is_refused: bool
    is_last: bool = False
    """Whether the next one will be refused."""
    _ids: tuple[int, ...] = ()
    _keys: tuple[str, ...] = field(default=(), repr=False)

    def succeed(self) -> None:
        """Take the attempt back, and forget the failures of the address before it."""
        Attempt.objects.filter(pk__in=self._ids).delete()
        Attempt.objects.filter(key__in=self._keys).delete()


def attempt(*limited: tuple[Limit, str]) -> Ticket:
    """Count an attempt before it is made, so that many at once cannot slip through.

    A refused attempt is not counted: the lock ends by itself even while guessing goes on.
    """
    now = timezone.now()
    Attempt.objects.filter(at__lt=now - dt.timedelta(days=1)).delete()
    keys = [(limit, limit.key(value)) for limit, value in limited]
    made = [Attempt.objects.create(key=key, at=now) for _, key in keys]
    ids = tuple(each.pk for each in made)
    used = [(limit, _count(key, now)) for limit, key in keys]
    if any(count > limit.most for limit, count in used):
        Attempt.objects.filter(pk__in=ids).delete()
        return Ticket(is_refused=True)
    own = tuple(key for limit, key in keys if limit is not MACHINE)
    is_last = any(count == limit.most for limit, count in used if limit is not MACHINE)
    return Ticket(is_refused=False, is_last=is_last, _ids=ids, _keys=own)


def _count(key: str, now: dt.datetime) -> int:
    return Attempt.objects.filter(key=key, at__gt=now - SPAN).count()
