"""A pulse opens with its period, closes two weeks later, and is counted then."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from counterpoise.agreement.versions import Version
from counterpoise.desk.customization import period_of
from counterpoise.web import house
from counterpoise.web.audit.entries import record
from counterpoise.web.pulse import groups
from counterpoise.web.pulse.models import Figure, Participation, Pulse
from counterpoise.web.pulse.scoring import score_of
from counterpoise.web.pulse.sealing import LostUrnError, forget_keys, unseal

OPEN_DAYS = 14
_FEWEST_DAYS = 3
"""A room that starts late in a period waits for the next rather than ask in haste."""


def keep_asking(now: dt.datetime) -> None:
    """Close what is over, open what is due, and remove keys that nothing needs."""
    today = timezone.localdate(now)
    for pulse in Pulse.objects.filter(closed_on=None, closes_on__lt=today).order_by("first_on"):
        close(pulse.pk, today)
    open_due(today)
    needed = Pulse.objects.filter(closed_on=None).values_list("key_name", flat=True)
    forget_keys(settings.SECRETS_DIR, list(needed))


def open_due(today: dt.date) -> Pulse | None:
    """Open the pulse of the period that a day lies in, unless it was; None where none is due."""
    agreements = house.agreements()
    version = agreements.on(today) or agreements.latest
    if version is None:
        return None
    first, closes = _days(version, today)
    if (closes - today).days < _FEWEST_DAYS or Pulse.objects.filter(first_on__gte=first).exists():
        return None
    with transaction.atomic():
        pulse, is_new = Pulse.objects.get_or_create(
            first_on=first,
            defaults={
                "opened_on": today,
                "closes_on": closes,
                "smallest": version.agreement.pulse.smallest_group,
                "key_name": uuid.uuid4().hex,
            },
        )
        if is_new:
            told = {"first_on": first.isoformat(), "closes_on": closes.isoformat()}
            record(None, "pulse.opened", f"pulse:{pulse.pk}", told)
    return pulse


def close(pk: int, today: dt.date) -> Pulse:
    """Count what may be shown, once, and remove the urn and who took part."""
    with transaction.atomic():
        pulse = Pulse.objects.select_for_update().get(pk=pk)
        if not pulse.is_open:
            return pulse
        try:
            ballots = unseal(bytes(pulse.urn), settings.SECRETS_DIR, pulse.key_name)
        except LostUrnError:
            ballots = []
        found = groups.shown(ballots, pulse.smallest)
        Figure.objects.bulk_create(
            Figure(pulse=pulse, side=group.side, team=group.team, **vars(score_of(own)))
            for group, own in found.items()
        )
        Participation.objects.filter(pulse=pulse).delete()
        pulse.urn, pulse.closed_on = b"", today
        pulse.save(update_fields=["urn", "closed_on"])
        record(None, "pulse.closed", f"pulse:{pulse.pk}", {"groups_shown": len(found)})
    return pulse


def _days(version: Version, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first day of the period, and the last on which answers are taken."""
    agreement = version.agreement
    starts = agreement.company.fiscal_year_starts
    first, last = period_of(today, agreement.pulse.every, starts)
    return first, min(first + dt.timedelta(days=OPEN_DAYS - 1), last)
