"""Reminding of an approval that waits, and handing it on to the role above, once each.

Run again at any time, it does nothing twice: what it marks is marked only where it was not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from counterpoise.web import house
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.approval_models import ApprovalStep
from counterpoise.web.desk.deciders import Party, holders
from counterpoise.web.desk.states import Happening

Note = Callable[[int, Happening, dt.datetime, dict[str, str]], None]
"""Adds to the story of what a step belongs to, by its key."""


def _no_story(pk: int, kind: Happening, now: dt.datetime, detail: dict[str, str]) -> None:
    """Keep none."""


@dataclass(frozen=True)
class Belongs:
    """What a step belongs to: its word and key in the trail, its agreement, and its steps."""

    word: str
    pk: int
    agreement: str
    """The fingerprint of the one that it was decided by."""
    party: Party
    steps: QuerySet[Any]
    note: Note = _no_story

    @property
    def name(self) -> str:
        """Return it as the trail names it."""
        return f"{self.word}:{self.pk}"


def remind(step: ApprovalStep, of: Belongs, now: dt.datetime) -> bool:
    """Remind of a step; tell whether nobody did before."""
    with transaction.atomic():
        mine = of.steps.filter(pk=step.pk, reminded_at=None)
        if not mine.update(reminded_at=now):
            return False
        of.note(of.pk, Happening.REMINDED, now, {"role": step.role})
        record(None, f"{of.word}.reminded", of.name, {"role": step.role})
    return True


def hand_on(step: ApprovalStep, of: Belongs, now: dt.datetime) -> bool:
    """Let the role above answer too, where somebody there may; tell whether it was done."""
    above = role_above(of.agreement)
    if not above or above == step.role or not holders(above, of.party, now):
        return False
    with transaction.atomic():
        mine = of.steps.filter(pk=step.pk, escalated_at=None)
        if not mine.update(escalated_at=now, escalated_to=above):
            return False
        detail = {"role": step.role, "to": above}
        of.note(of.pk, Happening.ESCALATED, now, detail)
        record(None, f"{of.word}.escalated", of.name, {**detail})
    return True


def role_above(fingerprint: str) -> str:
    """Return the role above all that wait too long, by an agreement, or nothing."""
    for version in house.agreements().versions:
        if version.fingerprint == fingerprint:
            return version.agreement.approvals.escalate_to or ""
    return ""
