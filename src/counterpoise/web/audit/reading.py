"""Looking for entries, and saying who acted where the name still stands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User


@dataclass(frozen=True)
class Shown:
    """An entry as a page shows it."""

    entry: Entry
    actor: str
    detail: tuple[tuple[str, str], ...]


def entries(wanted: Mapping[str, Any]) -> QuerySet[Entry]:
    """Return the entries that a search asks for, the newest first."""
    found = Entry.objects.all()
    if act := wanted.get("act"):
        found = found.filter(act__startswith=act)
    if subject := wanted.get("subject"):
        found = found.filter(subject=subject)
    if (actor := wanted.get("actor")) is not None:
        found = found.filter(actor_id=actor)
    if first := wanted.get("first"):
        found = found.filter(at__gte=_midnight(first))
    if last := wanted.get("last"):
        found = found.filter(at__lt=_midnight(last + dt.timedelta(days=1)))
    return found.order_by("-sequence")


def shown(found: Iterable[Entry]) -> list[Shown]:
    """Return entries with the names of who acted."""
    rows = list(found)
    actors = User.objects.in_bulk({row.actor_id for row in rows if row.actor_id is not None})
    return [
        Shown(row, _name(row.actor_id, actors), tuple(_pairs(json.loads(row.detail))))
        for row in rows
    ]


def _name(actor: int | None, actors: Mapping[int, User]) -> str:
    if actor is None:
        return "the room"
    return str(actors[actor]) if actor in actors else f"account {actor}"


def _pairs(detail: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in detail.items():
        match value:
            case {"from": old, "to": new}:
                yield name, f"{_said(old)} → {_said(new)}"
            case _:
                yield name, _said(value)


def _said(value: object) -> str:
    if isinstance(value, str):
        return value or "–"
    if isinstance(value, float):
        return f"{value:.10g}"
    return json.dumps(value, ensure_ascii=False)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
