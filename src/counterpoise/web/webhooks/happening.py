"""Something that happened, of which programs are told once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from counterpoise.web.webhooks.models import Message, Topic

AT_ONCE = 200
"""How much of a kind is told at a time."""


@dataclass(frozen=True)
class Happened:
    """What happened, when, and the key under which it is told once."""

    topic: Topic
    key: str
    at: dt.datetime
    data: Mapping[str, Any]


def untold(happened: Sequence[Happened]) -> Iterator[Happened]:
    """Yield what no message tells yet."""
    keys = [each.key for each in happened]
    told = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    yield from [each for each in happened if each.key not in told][:AT_ONCE]
