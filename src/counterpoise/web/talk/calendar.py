"""The campaign calendar: what runs when, the line to say in the field, and the notice given.

Notice is counted in days of the agreement's calendar, from the day on which sales was told to the
day on which the campaign starts, the first counted and the last not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.agreement.document import Promise
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.talk.due import agreement_today, calendar_today
from counterpoise.web.talk.models import Announcement
from counterpoise.web.tools.rights import may_make

METRIC = "campaign_notice"
"""What the agreement calls the promise to tell sales before a campaign starts."""

_DAY = dt.timedelta(days=1)
_PAST = dt.timedelta(days=90)
_OPEN_ENDED = dt.timedelta(days=90)
"""A campaign whose end nobody wrote down is shown as running so long."""
_SOON = dt.timedelta(days=14)
_MOST_PAST = 12
_FURTHEST = 800


@dataclass(frozen=True)
class Notice:
    """How long before its start sales hears of a campaign, against what is promised."""

    says: str
    look: str
    is_kept: bool | None
    """None where nothing is promised, or nothing can be said yet."""
    last_day: dt.date | None = None
    """The last day on which the promise can be kept, where sales was not told yet."""


@dataclass(frozen=True)
class Campaign:
    """A campaign as both sides see it."""

    id: str
    name: str
    channel: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    owner_id: str
    is_imported: bool
    told: Announcement | None
    notice: Notice

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return reverse("talk:campaign", args=[self.id])


@dataclass(frozen=True)
class Month:
    """Campaigns that start in a month."""

    first: dt.date
    campaigns: Sequence[Campaign]


@dataclass(frozen=True)
class Calendar:
    """The calendar on a day."""

    running: Sequence[Campaign]
    coming: Sequence[Month]
    past: Sequence[Campaign]
    promise: Promise | None
    kept: int
    due: int
    """How many campaigns started since sales is told here, and of how many the promise held."""


def calendar_on(today: dt.date) -> Calendar:
    """Return the calendar as it stands on a day."""
    promise = promised_notice()
    every = [each for each in campaigns(today, promise) if each.starts_on]
    coming = [each for each in every if _starts(each) > today]
    running = [each for each in every if _starts(each) <= today <= _ends(each)]
    past = [each for each in every if today - _PAST <= _ends(each) < today]
    judged = [each for each in _started(every, today) if each.notice.is_kept is not None]
    months = groupby(coming, key=lambda each: _starts(each).replace(day=1))
    return Calendar(
        running,
        [Month(first, list(found)) for first, found in months],
        past[::-1][:_MOST_PAST],
        promise,
        sum(bool(each.notice.is_kept) for each in judged),
        len(judged),
    )


def started(today: dt.date) -> list[Campaign]:
    """Return the campaigns that started since sales is told of campaigns here."""
    return _started(campaigns(today), today)


def _started(every: Sequence[Campaign], today: dt.date) -> list[Campaign]:
    told = Announcement.objects.order_by("given_at").values_list("given_at", flat=True).first()
    since = timezone.localdate(told) if told else today + _DAY
    return [each for each in every if each.starts_on and since <= each.starts_on <= today]


def campaigns(today: dt.date, promise: Promise | None = None) -> list[Campaign]:
    """Return every campaign of the books and of the room, by the day of its start."""
    told = {each.campaign_id: each for each in Announcement.objects.select_related("given_by")}
    rows = {row["campaign_id"]: row for row in live().campaigns()}
    found = [_campaign(row, told.get(id_), today, promise) for id_, row in rows.items()]
    found += [
        _campaign(None, each, today, promise) for id_, each in told.items() if id_ not in rows
    ]
    return sorted(found, key=lambda each: (each.starts_on or dt.date.max, each.name, each.id))


def campaign_of(campaign_id: str, today: dt.date) -> Campaign | None:
    """Return a campaign of the books or of the room."""
    row = live().campaign(campaign_id)
    told = Announcement.objects.filter(campaign_id=campaign_id).select_related("given_by").first()
    if row is None and told is None:
        return None
    return _campaign(row, told, today, promised_notice())


def promised_notice() -> Promise | None:
    """Return what marketing promises about notice; None where it promises nothing."""
    agreement = agreement_today()
    own = (
        each for side, each in (agreement.promises if agreement else ()) if side == Side.MARKETING
    )
    return next((each for each in own if each.metric == METRIC and each.at_least), None)


def waits_for_notice(user: User) -> list[Item]:
    """Return the campaigns of a person of which sales should be told by now or soon."""
    promise = promised_notice()
    if promise is None or not may_make(user) or not user.person_id:
        return []
    today = timezone.localdate()
    own = live().campaigns_of(user.person_id)
    found = (each for each in campaigns(today, promise) if each.id in own)
    return [
        Item(f"Tell sales of {each.name}", each.url, _midnight_after(each.notice.last_day), "talk")
        for each in found
        if each.notice.last_day and each.notice.last_day <= today + _SOON
    ]


def notice_of(
    given_on: dt.date | None,
    starts_on: dt.date | None,
    today: dt.date,
    promise: Promise | None,
    calendar: WorkCalendar | None = None,
) -> Notice:
    """Return how the notice of a campaign stands on a day."""
    at_least = promise.at_least if promise and isinstance(promise.at_least, Duration) else None
    days = calendar or calendar_today()
    if starts_on is None:
        return Notice("its start is not known", "quiet", None)
    if given_on is None:
        return _not_told(starts_on, today, at_least, days)
    if given_on >= starts_on:
        says = "told on the day of its start" if given_on == starts_on else "told after its start"
        return Notice(says, "bad" if at_least else "quiet", False if at_least else None)
    unit = "working day" if at_least is None or at_least.working else "day"
    count = _count(given_on, starts_on, days, is_working=unit == "working day")
    says = f"told {count} {unit}{'' if count == 1 else 's'} before"
    if at_least is None:
        return Notice(says, "quiet", None)
    is_kept = days.is_notice(given_on, starts_on, at_least)
    return Notice(says, "good" if is_kept else "bad", is_kept)


def _not_told(
    starts_on: dt.date, today: dt.date, at_least: Duration | None, days: WorkCalendar
) -> Notice:
    if starts_on <= today:
        return Notice("sales was not told here", "quiet", False if at_least else None)
    if at_least is None:
        return Notice("sales was not told yet", "quiet", None)
    last = _last_day(starts_on, at_least, days)
    if last < today:
        return Notice("sales should have been told", "bad", False, last)
    return Notice("sales was not told yet", "wait", None, last)


def _last_day(starts_on: dt.date, at_least: Duration, days: WorkCalendar) -> dt.date:
    """Return the last day on which sales can be told in time."""
    day = starts_on - _DAY
    for _ in range(_FURTHEST):
        if days.is_notice(day, starts_on, at_least):
            return day
        day -= _DAY
    return day


def _count(given_on: dt.date, starts_on: dt.date, days: WorkCalendar, *, is_working: bool) -> int:
    span = (starts_on - given_on).days
    if not is_working:
        return span
    return sum(days.is_working_day(given_on + each * _DAY) for each in range(span))


def _campaign(
    row: Mapping[str, Any] | None,
    told: Announcement | None,
    today: dt.date,
    promise: Promise | None,
) -> Campaign:
    starts_on, ends_on = _days(row, told)
    given_on = timezone.localdate(told.given_at) if told else None
    return Campaign(
        id=str(row["campaign_id"]) if row else told.campaign_id if told else "",
        name=str((row and row["name"]) or (told and told.name) or (row and row["campaign_id"])),
        channel=str((row and row["channel"]) or (told and told.channel) or ""),
        starts_on=starts_on,
        ends_on=ends_on,
        owner_id=str((row and row["owner_id"]) or ""),
        is_imported=row is not None,
        told=told,
        notice=notice_of(given_on, starts_on, today, promise),
    )


def _days(
    row: Mapping[str, Any] | None, told: Announcement | None
) -> tuple[dt.date | None, dt.date | None]:
    """Return when a campaign starts and ends: as the books say, else as sales was told."""
    begins = row["started_at"] if row else None
    ends = row["ended_at"] if row else None
    return (
        begins.date() if begins else told.starts_on if told else None,
        ends.date() if ends else told.ends_on if told else None,
    )


def _starts(campaign: Campaign) -> dt.date:
    assert campaign.starts_on is not None
    return campaign.starts_on


def _ends(campaign: Campaign) -> dt.date:
    open_ended = min(_OPEN_ENDED, dt.date.max - _starts(campaign))
    return campaign.ends_on or _starts(campaign) + open_ended


def _midnight_after(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + _DAY, dt.time()))
