"""Fill an empty room, in the order in which things happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.web.example import campaigns, giving, meeting, pulses, threads
from counterpoise.web.example.exchanges import Happening, happenings
from counterpoise.web.example.moments import Moments
from counterpoise.web.example.staff import staff_of
from counterpoise.web.handoffs.example import hand_some_over
from counterpoise.web.people.cast import Member
from counterpoise.web.results.jobs import gather_room_facts
from counterpoise.web.talk.models import Words

_ANSWERING = ("rep", "manager", "lead")


def fill_room(cast: Sequence[Member], agreement: Agreement, now: dt.datetime) -> None:
    """Fill a room with what its people said, agreed and rated; once.

    Cracks and budgets are spoken of where the room has a review that tells them.

    Args:
        cast: Who signs in.
        agreement: What both sides signed.
        now: The present; everything happened before.
    """
    if Words.objects.exists():
        return
    with transaction.atomic():
        staff = staff_of(cast, agreement)
        if staff is None:
            return
        moments = Moments(now, WorkCalendar.of(agreement.company))
        sat_at = meeting.held_at(agreement, now)
        _do(campaigns.told(staff, agreement, moments))
        said = [
            *happenings(threads.exchanges(staff, agreement, moments), now),
            *happenings(threads.about_campaigns(staff, moments), now),
        ]
        _do([each for each in said if each.at < sat_at])
        meeting.hold(staff, sat_at, moments)
        _do([each for each in said if each.at >= sat_at])
        giving.move_budgets(staff, now)
        giving.thank_each_other(staff, now)
        pulses.hold_pulses(staff, agreement, timezone.localdate(now))


def _do(happened: Sequence[Happening]) -> None:
    for each in sorted(happened, key=lambda each: each.at):
        each.act()


def hand_over(cast: Sequence[Member], now: dt.datetime) -> None:
    """Let the boards of hand-offs begin with something on them, and the next review count it."""
    users = {member.part: member.user for member in cast}
    if marketer := users.get("marketer"):
        hand_some_over(marketer, [users[part] for part in _ANSWERING if part in users], now)
        gather_room_facts()
