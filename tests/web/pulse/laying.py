"""What browser tests lay into a room: people enough for a pulse, two counted ones, a tool."""

import datetime as dt

from counterpoise.web.people.models import User
from counterpoise.web.pulse.models import Figure, Pulse
from counterpoise.web.pulse.scoring import Ballot, score_of
from counterpoise.web.tools import editing, using
from tests.web.served import PASSWORD

MORE = (("sales", 3), ("marketing", 4))
"""How many people of each side come in beside the cast."""


def lay() -> None:
    """Lay it into the room of this process."""
    for side, many in MORE:
        for number in range(many):
            name = f"{side}{number}"
            User.objects.create_user(f"{name}@example.com", PASSWORD, name=name, side=side)
    _count(dt.date(2098, 1, 1), sales=3, marketing=3)
    _count(dt.date(2098, 2, 1), sales=4, marketing=2)
    Pulse.objects.create(
        first_on=dt.date(2099, 1, 1),
        opened_on=dt.date(2099, 1, 1),
        closes_on=dt.date(2099, 6, 1),
        smallest=5,
        key_name="browser",
    )
    marketer, rep = (User.objects.get(email=f"{part}@example.com") for part in ("marketer", "rep"))
    written = editing.Written({"title": "The downtime card"})
    using.use(rep, editing.make(marketer, written, "browser-pulse-tool").tool_id)


def _count(first: dt.date, **ratings: int) -> None:
    """Lay a counted pulse: six a side, who differ in the last sentence alone."""
    pulse = Pulse.objects.create(
        first_on=first,
        opened_on=first,
        closes_on=first,
        smallest=5,
        key_name=first.isoformat(),
    )
    for side, rating in ratings.items():
        ballots = [Ballot(side, "", (rating,) * 11 + (last,)) for last in (1, 2, 3, 4, 5, 5)]
        Figure.objects.create(pulse=pulse, side=side, **vars(score_of(ballots)))
    Pulse.objects.filter(pk=pulse.pk).update(closed_on=dt.date(2026, 1, 1))
