"""Pulses of a made-up company: some that were counted, and one that takes answers."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence

from django.conf import settings

from counterpoise.agreement import Agreement, Side
from counterpoise.desk.customization import period_of
from counterpoise.web.example.staff import Staff
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.pulse.answering import answer
from counterpoise.web.pulse.items import HIGHEST, ITEMS, LOWEST
from counterpoise.web.pulse.life import OPEN_DAYS, close, open_due
from counterpoise.web.pulse.models import Pulse
from counterpoise.web.pulse.scoring import Ballot
from counterpoise.web.pulse.sealing import seal

_COUNTED = 2
_DAY = dt.timedelta(days=1)
_ANSWERED = 4
"""How many of each side have answered the open one."""

_MEANS = {Side.SALES: (2.7, 2.9), Side.MARKETING: (3.4, 3.6)}
"""How each side rated at each pulse: sales saw less of marketing than marketing of sales."""

_LEANS = {
    Side.SALES: {"asked": -0.7, "told": -0.6, "word": 0.4, "decide": 0.8},
    Side.MARKETING: {"answers": -0.6, "cost": -0.8, "able": 0.6, "told": 0.3},
}
_PERSONAL, _CHANCE = 0.45, 0.7


def hold_pulses(staff: Staff, agreement: Agreement, today: dt.date) -> None:
    """Count the pulses of the last periods, and open this period's with some answers in it."""
    chance = random.Random(live().snapshot)  # noqa: S311 - the same company says the same
    for number, day in enumerate(_past(agreement, today)):
        pulse = open_due(day)
        if pulse is not None:
            ballots = [ballot for side in _MEANS for ballot in _ballots(side, number, chance)]
            pulse.urn = seal(ballots, settings.SECRETS_DIR, pulse.key_name)
            pulse.save(update_fields=["urn"])
            close(pulse.pk, pulse.closes_on + _DAY)
    asked = open_due(today) or _late(agreement, today)
    for people in (staff.sellers, staff.marketers):
        if len(people) >= asked.smallest:
            for user in people[:_ANSWERED]:
                answer(user, asked.pk, _ratings(Side(user.side), -1, chance))


def _past(agreement: Agreement, today: dt.date) -> Sequence[dt.date]:
    """Return the first days of the last periods, the earliest first."""
    starts, every = agreement.company.fiscal_year_starts, agreement.pulse.every
    first, days = period_of(today, every, starts)[0], []
    for _ in range(_COUNTED):
        first = period_of(first - _DAY, every, starts)[0]
        days.append(first)
    return days[::-1]


def _late(agreement: Agreement, today: dt.date) -> Pulse:
    """Open this period's pulse where the period is too far on for the clock to open it."""
    starts, every = agreement.company.fiscal_year_starts, agreement.pulse.every
    return Pulse.objects.create(
        first_on=period_of(today, every, starts)[0],
        opened_on=today,
        closes_on=today + OPEN_DAYS * _DAY,
        smallest=agreement.pulse.smallest_group,
        key_name=uuid.uuid4().hex,
    )


def _ballots(side: Side, number: int, chance: random.Random) -> Iterator[Ballot]:
    for user in User.objects.filter(side=side, is_active=True).exclude(person_id=""):
        team = (live().person(user.person_id) or {}).get("team") or ""
        yield Ballot(side.value, team, _ratings(side, number, chance))


def _ratings(side: Side, number: int, chance: random.Random) -> tuple[int, ...]:
    person = chance.gauss(_MEANS[side][number], _PERSONAL)
    rated = (
        round(person + _LEANS[side].get(item.id, 0) + chance.gauss(0, _CHANCE)) for item in ITEMS
    )
    return tuple(min(max(each, LOWEST), HIGHEST) for each in rated)
