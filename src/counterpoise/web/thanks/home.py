"""What thanks add to the home page: who thanked whom for what, to the one it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.signs import Signs
from counterpoise.web.thanks.models import Thank

_KIND = "thanks"
_MOST = 20


def signs_of_news(user: User, since: dt.datetime) -> Signs:
    """Return thanks that a person was given."""
    return (Thank.objects.filter(taker=user, at__gt=since),)


def happened_since(user: User, since: dt.datetime) -> Sequence[Item]:
    """Return thanks that a person was given."""
    (given,) = signs_of_news(user, since)
    found = given.select_related("giver")[:_MOST]
    return [
        Item(f"{each.giver} thanks you: {each.says}", each.url, each.at, _KIND) for each in found
    ]
