"""What people do about a crack: open another's, answer, give an owner and a day, accept.

Each act is a row of its own and an entry of the trail; whatever happens at the same instant, the
row of the crack is locked where the database locks rows, and its constraints have the last word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.cracks import life
from counterpoise.web.cracks.life import CrackState, Deed
from counterpoise.web.cracks.models import LONGEST_TEXT, Act, Crack, Look
from counterpoise.web.cracks.rights import (
    NotYoursError,
    is_own,
    may_answer,
    may_steer,
    possible_owners,
    visible_to,
)
from counterpoise.web.people.models import User

FURTHEST = dt.timedelta(days=366)
"""How far ahead a crack may be due, or be accepted."""


class ActError(CounterpoiseError, ValueError):
    """Something cannot be done to a crack as it was asked."""


class ClosedError(CounterpoiseError):
    """A crack was closed by measurement a moment before."""

    def __init__(self, crack: Crack) -> None:
        super().__init__(
            f"Crack {crack.slug} was closed by the last review; what you sent changed nothing."
        )


def look(user: User, slug: str, now: dt.datetime | None = None) -> Crack:
    """Open another's crack: the trail keeps who looked, once a day.

    Raises:
        Crack.DoesNotExist: If they see no such crack.
    """
    at = now or timezone.now()
    with transaction.atomic():
        crack = visible_to(user, at).get(slug=slug)
        if crack.is_personal and not is_own(user, crack):
            day = timezone.localdate(at)
            _, is_new = Look.objects.get_or_create(crack=crack, user=user, on=day)
            if is_new:
                record(user, "crack.viewed", _named(crack), {"on": day.isoformat()})
    return crack


def answer(user: User, slug: str, text: str, now: dt.datetime | None = None) -> Crack:
    """Answer a crack; about a person only that person does, and others see it from then on.

    Raises:
        Crack.DoesNotExist: If they see no such crack.
        NotYoursError: If it is not theirs to answer.
        ClosedError: If it was closed.
        ActError: If the answer is empty or too long.
    """
    at = now or timezone.now()
    said = _text(text, "answer")
    with _held(user, slug, at) as crack:
        if not may_answer(user, crack):
            raise NotYoursError(
                f"Crack {slug} is not yours to answer: the person named answers, "
                "or somebody of the side that should act."
            )
        crack.state = life.answered(CrackState(crack.state))
        crack.shown_at = min(crack.shown_at, at)
        crack.save(update_fields=["state", "shown_at"])
        _act(crack, Deed.ANSWERED, at, user, text=said)
        record(user, "crack.answered", _named(crack), {"life": crack.life})
    return crack


def assign(
    user: User, slug: str, owner: User, due_on: dt.date, now: dt.datetime | None = None
) -> Crack:
    """Give a crack an owner and a day; from then on reviews measure whether it heals.

    Raises:
        Crack.DoesNotExist: If they see no such crack.
        NotYoursError: If they may not.
        ClosedError: If it was closed.
        ActError: If the owner may not own it, or the day is past or too far.
    """
    at = now or timezone.now()
    _check_day(due_on, at, "due day")
    with _held(user, slug, at) as crack:
        _refuse_unless_steering(user, crack)
        if owner not in possible_owners(crack, at):
            raise ActError("The owner must be somebody of the acting side who sees this crack.")
        crack.state, crack.owner, crack.due_on = CrackState.HEALING, owner, due_on
        crack.accepted_until, crack.reminded_on = None, None
        crack.save(update_fields=["state", "owner", "due_on", "accepted_until", "reminded_on"])
        _act(crack, Deed.ASSIGNED, at, user, owner=owner, until_on=due_on)
        detail = {"owner": f"person:{owner.pk}", "due_on": due_on.isoformat()}
        record(user, "crack.assigned", _named(crack), {**detail})
    return crack


def accept(
    user: User, slug: str, reason: str, until_on: dt.date, now: dt.datetime | None = None
) -> Crack:
    """Accept a crack for a time, with a reason. It stays open, and is measured on.

    Raises:
        Crack.DoesNotExist: If they see no such crack.
        NotYoursError: If they may not.
        ClosedError: If it was closed.
        ActError: If the reason is empty or too long, or the day is past or too far.
    """
    at = now or timezone.now()
    said = _text(reason, "reason")
    _check_day(until_on, at, "last day")
    with _held(user, slug, at) as crack:
        _refuse_unless_steering(user, crack)
        crack.state, crack.accepted_until = CrackState.ACCEPTED, until_on
        crack.save(update_fields=["state", "accepted_until"])
        _act(crack, Deed.ACCEPTED, at, user, text=said, until_on=until_on)
        record(user, "crack.accepted", _named(crack), {"until_on": until_on.isoformat()})
    return crack


def end_acceptances(now: dt.datetime) -> int:
    """Let cracks whose acceptance is over wait again, and return how many."""
    today = timezone.localdate(now)
    over = Crack.objects.filter(state=CrackState.ACCEPTED, accepted_until__lt=today)
    ended = 0
    for pk in over.values_list("pk", flat=True):
        with transaction.atomic():
            crack = (
                Crack.objects.select_for_update()
                .filter(pk=pk, state=CrackState.ACCEPTED, accepted_until__lt=today)
                .first()
            )
            if crack is None:
                continue
            has_answer = crack.acts.filter(life=crack.life, deed=Deed.ANSWERED).exists()
            has_owner = crack.owner_id is not None and crack.due_on is not None
            crack.state = life.lapsed(has_owner=has_owner, has_answer=has_answer)
            crack.accepted_until = None
            crack.save(update_fields=["state", "accepted_until"])
            _act(crack, Deed.LAPSED, now)
            record(None, "crack.acceptance_ended", _named(crack))
            ended += 1
    return ended


@contextmanager
def _held(user: User, slug: str, at: dt.datetime) -> Iterator[Crack]:
    """Give a crack that a person sees, locked until the block ends.

    Raises:
        Crack.DoesNotExist: If they see no such crack.
        ClosedError: If it is closed.
    """
    with transaction.atomic():
        pk = visible_to(user, at).get(slug=slug).pk
        crack = Crack.objects.select_for_update().get(pk=pk)
        if not crack.is_open:
            raise ClosedError(crack)
        yield crack


def _refuse_unless_steering(user: User, crack: Crack) -> None:
    if not may_steer(user, crack):
        raise NotYoursError(
            f"Crack {crack.slug} is not yours to assign or accept: managers and signers of "
            "the acting side do, never the person whom it is about."
        )


def _check_day(day: dt.date, at: dt.datetime, what: str) -> None:
    today = timezone.localdate(at)
    if day < today:
        raise ActError(f"The {what} {day} is past; name one from {today} on.")
    if day > today + FURTHEST:
        raise ActError(f"The {what} {day} is more than a year off; name an earlier one.")


def _text(text: str, what: str) -> str:
    said = text.strip()
    if not said:
        raise ActError(f"The {what} is empty; say it in a sentence.")
    if "\x00" in said:
        raise ActError(f"The {what} holds characters that cannot be kept.")
    if len(said) > LONGEST_TEXT:
        raise ActError(
            f"The {what} has {len(said):,} characters; at most {LONGEST_TEXT:,} are kept."
        )
    return said


def _act(crack: Crack, deed: Deed, at: dt.datetime, actor: User | None = None, **more: Any) -> None:
    Act.objects.create(crack=crack, life=crack.life, deed=deed, at=at, actor=actor, **more)


def _named(crack: Crack) -> str:
    return f"crack:{crack.slug}"
