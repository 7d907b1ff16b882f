"""Telling sales of a campaign, with the line to say in the field."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.live import live
from counterpoise.web.once import once_key
from counterpoise.web.people.models import User
from counterpoise.web.talk.models import Announcement, Words
from counterpoise.web.talk.saying import NotYoursError, TalkError
from counterpoise.web.talk.states import Kind
from counterpoise.web.tools.rights import may_make

_LAST = dt.date(2100, 12, 31)
"""The last day of which sales is told; one beyond it is mistyped."""


class ChangedMeanwhileError(CounterpoiseError):
    """Somebody changed what sales is told since the form was opened."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"What sales is told of “{name}” was changed by somebody else since you opened it; "
            "nothing was overwritten. Open it anew and make your change again."
        )


@dataclass(frozen=True)
class Told:
    """What sales is told of a campaign."""

    name: str
    starts_on: dt.date
    line: str
    ends_on: dt.date | None = None
    channel: str = ""


def announce(
    user: User, told: Told, token: str, campaign_id: str = "", now: dt.datetime | None = None
) -> Announcement:
    """Tell sales of a campaign; the same form tells the same once.

    Args:
        user: Who tells, of marketing.
        told: What there is to know.
        token: Made with the form.
        campaign_id: Its id in the books; nothing where they do not have it yet.
        now: The instant.

    Raises:
        NotYoursError: If they are not of marketing.
        TalkError: If the books have no such campaign, sales was told of it, or it is too far ahead.
    """
    _refuse_others(user)
    _refuse_far(told)
    if campaign_id and live().campaign(campaign_id) is None:
        raise TalkError(f"No campaign {campaign_id} is in the books.")
    at = now or timezone.now()
    key = once_key(token, told, campaign_id)
    try:
        with transaction.atomic():
            made = Announcement.objects.create(
                campaign_id=campaign_id or f"room-{secrets.token_hex(5)}",
                token=key,
                **vars(told),
                given_by=user,
                given_at=at,
                changed_at=at,
            )
            record(user, "campaign.announced", _named(made), {"revision": 1})
    except IntegrityError:
        found = Announcement.objects.filter(given_by=user, token=key).first()
        if found is None:
            raise TalkError(f"Sales was told of {told.name} a moment before.") from None
        return found
    return made


def tell(user: User, campaign_id: str, told: Told, token: str, revision: int) -> Announcement:
    """Tell sales of a campaign of the books, or change what it was told.

    Raises:
        NotYoursError: If they are not of marketing.
        ChangedMeanwhileError: If somebody changed it since.
        TalkError: If it is too far ahead, or nowhere.
    """
    if Announcement.objects.filter(campaign_id=campaign_id).exists():
        return change(user, campaign_id, told, revision)
    return announce(user, told, token, campaign_id)


def change(
    user: User, campaign_id: str, told: Told, revision: int, now: dt.datetime | None = None
) -> Announcement:
    """Change what sales is told; the day on which it was first told stays.

    Raises:
        NotYoursError: If they are not of marketing.
        ChangedMeanwhileError: If somebody changed it since.
        TalkError: If it is too far ahead.
    """
    _refuse_others(user)
    _refuse_far(told)
    with transaction.atomic():
        found = Announcement.objects.filter(campaign_id=campaign_id, revision=revision)
        fields = {**vars(told), "changed_at": now or timezone.now(), "revision": revision + 1}
        if not found.update(**fields):
            raise ChangedMeanwhileError(told.name)
        made = Announcement.objects.get(campaign_id=campaign_id)
        record(user, "campaign.changed", _named(made), {"revision": made.revision})
    return made


def link(user: User, campaign_id: str, to: str) -> Announcement:
    """Say which campaign of the books the room's own became; its thread goes along.

    Raises:
        NotYoursError: If they are not of marketing.
        TalkError: If the books have none, or sales was told of that one too.
    """
    _refuse_others(user)
    with transaction.atomic():
        made = Announcement.objects.select_for_update().get(campaign_id=campaign_id)
        if live().campaign(to) is None or live().campaign(campaign_id) is not None:
            raise TalkError("Choose a campaign of the books for one that they do not have yet.")
        if Announcement.objects.filter(campaign_id=to).exists():
            raise TalkError("Sales was told of that campaign by itself.")
        made.campaign_id = to
        made.save(update_fields=["campaign_id"])
        Words.objects.filter(thing=f"{Kind.CAMPAIGN}:{campaign_id}").update(thing=_named(made))
        record(user, "campaign.linked", _named(made), {"from": campaign_id})
    return made


def _named(made: Announcement) -> str:
    return f"{Kind.CAMPAIGN}:{made.campaign_id}"


def _refuse_others(user: User) -> None:
    if not may_make(user):
        raise NotYoursError("Marketing tells sales of campaigns; everybody reads it.")


def _refuse_far(told: Told) -> None:
    if max(told.starts_on, told.ends_on or told.starts_on) > _LAST:
        raise TalkError(f"That is many years ahead; name days until {_LAST.year}.")
