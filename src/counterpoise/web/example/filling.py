"""Fill an empty room, in the order in which things happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.web.example import asking, campaigns, giving, meeting, promoting, pulses, threads
from counterpoise.web.example.exchanges import Happening, happenings
from counterpoise.web.example.moments import Moments
from counterpoise.web.example.staff import staff_of
from counterpoise.web.handoffs.answering import assign
from counterpoise.web.handoffs.example import hand_some_over, left_alone
from counterpoise.web.people.cast import Member
from counterpoise.web.results.jobs import gather_room_facts
from counterpoise.web.talk.models import Words

_SOON = dt.timedelta(minutes=20)
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
        asking.ask_the_desk(staff, moments)
        promoting.plan_promotions(staff, agreement, moments)
        giving.move_budgets(staff, now)
        giving.thank_each_other(staff, now)
        pulses.hold_pulses(staff, agreement, timezone.localdate(now))


def _do(happened: Sequence[Happening]) -> None:
    for each in sorted(happened, key=lambda each: each.at):
        each.act()


def hand_over(cast: Sequence[Member], now: dt.datetime) -> None:
    """Let the boards of hand-offs begin with something on them, and the next review count it.

    The last one that nobody answered is given to the rep.
    """
    users = {member.part: member.user for member in cast}
    marketer, rep, lead = (users.get(part) for part in ("marketer", "rep", "lead"))
    if marketer is None:
        return
    made = hand_some_over(marketer, [users[part] for part in _ANSWERING if part in users], now)
    if made and rep and lead:
        alone = left_alone(made)[-1]
        assign(lead, alone.pk, rep.person_id, alone.passed_at + _SOON)
    gather_room_facts()
