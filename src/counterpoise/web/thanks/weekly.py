"""What opens the first digest of a week: what the other side did, and what is told already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.web.numbers import as_local
from counterpoise.web.people.models import User
from counterpoise.web.thanks.models import Told
from counterpoise.web.thanks.thanking import done_for

MOST = 10


@dataclass(frozen=True)
class Opening:
    """The first lines of a week's digest, and what is told by it."""

    title: str
    lines: tuple[str, ...]
    keys: tuple[str, ...]


def open_week(user: User, now: dt.datetime) -> Opening | None:
    """Return how a person's digest opens; None where this week's was opened before."""
    week = _week(now)
    if Told.objects.filter(user=user, key=week).exists():
        return None
    told = set(Told.objects.filter(user=user).values_list("key", flat=True))
    new = [deed for deed in done_for(user, now) if deed.key not in told]
    lines = [deed.says for deed in new[:MOST]]
    if len(new) > MOST:
        lines.append(f"and {len(new) - MOST} more")
    keys = (week, *(deed.key for deed in new))
    return Opening("What the other side did for you (thank them under Talk)", tuple(lines), keys)


def mark_told(user: User, keys: Sequence[str], now: dt.datetime) -> None:
    """Write down what a digest told, in the transaction that writes the digest."""
    Told.objects.bulk_create(
        (Told(user=user, key=key, at=now) for key in keys), ignore_conflicts=True
    )


def _week(now: dt.datetime) -> str:
    year, week, _ = as_local(now).isocalendar()
    return f"week:{year}-W{week:02}"
