"""Telling people about leads: who was given one, who is asked above, and who passed it.

It reads the reports that are kept anyway and tells each once, so that neither a worker that died
nor one that runs twice makes a difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from counterpoise.web.handoffs.models import Handoff, Happening
from counterpoise.web.handoffs.naming import title_of
from counterpoise.web.handoffs.rights import visible_to
from counterpoise.web.handoffs.states import UNANSWERED, LeadEvent
from counterpoise.web.notices.models import Notice
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags.figures import moment_there

_KEY = "lead-event:"
_LATEST = dt.timedelta(days=1)
_TOLD = (LeadEvent.ASSIGNED, LeadEvent.ESCALATED, LeadEvent.ACCEPTED, LeadEvent.REJECTED)


def tell_what_happened(now: dt.datetime) -> int:
    """Tell what happened of late and was not told yet, and return how many notices there are."""
    told = Notice.objects.filter(key=OuterRef("key"))
    key = Concat(Value(_KEY), Cast("pk", CharField()), output_field=CharField())
    found = (
        Happening.objects.filter(recorded_at__gt=now - _LATEST, kind__in=_TOLD)
        .annotate(key=key)
        .filter(~Exists(told))
        .select_related("handoff__passed_by")
        .order_by("recorded_at", "pk")
    )
    return sum(_tell(each) for each in found)


@transaction.atomic
def _tell(happening: Happening) -> int:
    """Tell everybody concerned or nobody: who is told first says that it was told."""
    handoff = happening.handoff
    subject, text = _words(happening, handoff)
    url, key = reverse("handoffs:lead", args=[handoff.pk]), f"{_KEY}{happening.pk}"
    to = {user.pk: user for user in _concerned(happening, handoff)}
    to.pop(happening.actor_id or 0, None)
    return sum(notify(user, subject, text, url, key=key) is not None for user in to.values())


def _words(happening: Happening, handoff: Handoff) -> tuple[str, str]:
    title = title_of(handoff)
    due = f" Response due {moment_there(handoff.respond_by)}." if handoff.respond_by else ""
    match LeadEvent(happening.kind):
        case LeadEvent.ASSIGNED:
            return "A lead is yours", f"{title}.{due}"
        case LeadEvent.ESCALATED:
            return "A lead without a response was handed on to you", f"{title}.{due}"
        case LeadEvent.ACCEPTED:
            return "Your lead was accepted", f"{title}."
    return "Your lead came back", f"{title}: {happening.reason}."


def _concerned(happening: Happening, handoff: Handoff) -> Iterator[User]:
    """Yield whom a report is for, where it still asks something of them."""
    match LeadEvent(happening.kind):
        case LeadEvent.ASSIGNED:
            if handoff.state in UNANSWERED and happening.person_id:
                yield from User.objects.filter(person_id=happening.person_id, is_active=True)
        case LeadEvent.ESCALATED:
            if handoff.state in UNANSWERED:
                role = str(happening.detail.get("to", ""))
                holders = User.objects.filter(role=role, is_active=True).exclude(role="")
                for user in holders.order_by("pk"):
                    if visible_to(user).filter(pk=handoff.pk).exists():
                        yield user
        case _:
            yield handoff.passed_by
