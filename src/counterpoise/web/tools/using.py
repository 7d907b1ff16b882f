"""Using a tool, and saying that it helped: one click each."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.tools.editing import ToolError
from counterpoise.web.tools.library import card_of
from counterpoise.web.tools.models import Use
from counterpoise.web.tools.rights import NoDealError, deal_opens, refuse_unless_using


def use(
    user: User,
    tool_id: str,
    deal_id: str = "",
    *,
    helped: bool = False,
    now: dt.datetime | None = None,
) -> Use:
    """Say that a tool was used today, and where `helped` that it helped; once a day each.

    Raises:
        NotYoursError: If they are not of sales.
        ToolError: If there is no such tool.
        NoDealError: If the deal does not open to them.
    """
    refuse_unless_using(user)
    if card_of(tool_id) is None:
        raise ToolError("There is no such tool any more; choose one from the library.")
    if deal_id and ("\x00" in deal_id or not deal_opens(user, deal_id)):
        raise NoDealError(deal_id.replace("\x00", ""))
    at = now or timezone.now()
    with transaction.atomic():
        made, is_new = Use.objects.get_or_create(
            tool_id=tool_id,
            deal_id=deal_id,
            user=user,
            on=timezone.localdate(at),
            defaults={"person_id": user.person_id, "at": at},
        )
        if is_new:
            record(user, "tool.used", f"tool:{tool_id}", {"deal": deal_id})
        if helped and Use.objects.filter(pk=made.pk, helped_at=None).update(helped_at=at):
            made.helped_at = at
            record(user, "tool.helped", f"tool:{tool_id}", {"deal": deal_id})
    return made


def helped(user: User, use_id: int, now: dt.datetime | None = None) -> bool:
    """Say of one's own use, of whatever day, that the tool helped; tell whether that is new."""
    at = now or timezone.now()
    with transaction.atomic():
        found = Use.objects.filter(pk=use_id, user=user)
        is_new = bool(found.filter(helped_at=None).update(helped_at=at))
        if is_new:
            made = found.get()
            record(user, "tool.helped", f"tool:{made.tool_id}", {"deal": made.deal_id})
    return is_new


def take_back(user: User, use_id: int, now: dt.datetime | None = None) -> bool:
    """Take back one's own use of today, made by a slip; tell whether it was there."""
    today = timezone.localdate(now or timezone.now())
    with transaction.atomic():
        made = Use.objects.select_for_update().filter(pk=use_id, user=user, on=today).first()
        if made is None:
            return False
        record(user, "tool.use_taken_back", f"tool:{made.tool_id}", {"deal": made.deal_id})
        made.delete()
    return True
