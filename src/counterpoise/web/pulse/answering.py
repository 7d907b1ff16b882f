"""Taking part: a ballot into the urn, or words to both leads where the side is too small."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.web.live import live
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.pulse.items import HIGHEST, ITEMS, LOWEST
from counterpoise.web.pulse.models import Participation, Pulse, Words
from counterpoise.web.pulse.scoring import Ballot
from counterpoise.web.pulse.sealing import LostUrnError, seal, unseal

ASKED = (Side.SALES.value, Side.MARKETING.value)
"""The sides that are asked; who stands above both is not."""


class AnswerError(CounterpoiseError):
    """An answer cannot be taken; the message says why."""


@dataclass(frozen=True)
class Standing:
    """What an open pulse wants of a person."""

    pulse: Pulse
    has_answered: bool
    side_size: int
    """How many of their side are in the room."""

    @property
    def is_small(self) -> bool:
        """Tell whether the side is too small to be shown ever, and so to be asked."""
        return self.side_size < self.pulse.smallest


def open_pulse() -> Pulse | None:
    """Return the pulse that takes answers."""
    return Pulse.objects.filter(closed_on=None).order_by("-first_on").first()


def standing(user: User) -> Standing | None:
    """Return what the open pulse wants of a person; None where it asks them nothing."""
    pulse = open_pulse() if user.side in ASKED else None
    if pulse is None:
        return None
    took_part = Participation.objects.filter(pulse=pulse, user=user).exists()
    return Standing(pulse, took_part, size_of(user.side))


def size_of(side: str) -> int:
    """Return how many people of a side are in the room."""
    return User.objects.filter(side=side, is_active=True).count()


def answer(user: User, pulse_id: int, ratings: Sequence[int]) -> None:
    """Put a person's ratings into the urn.

    Raises:
        AnswerError: If the pulse is closed, they took part, or their side is too small.
    """
    if len(ratings) != len(ITEMS) or not all(LOWEST <= each <= HIGHEST for each in ratings):
        raise AnswerError("Rate every sentence from 1 to 5.")
    person = live().person(user.person_id) if user.person_id else None
    ballot = Ballot(user.side, (person or {}).get("team") or "", tuple(ratings))
    with transaction.atomic():
        pulse = _taking(user, pulse_id)
        if size_of(user.side) < pulse.smallest:
            raise AnswerError("Your side is too small to be asked: nothing of it could be shown.")
        ballots = _ballots(pulse)
        if Participation.objects.filter(pulse=pulse, user=user).exists():
            raise AnswerError("You took part already; nobody can find your answer to change it.")
        Participation.objects.create(pulse=pulse, user=user)
        pulse.urn = seal([*ballots, ballot], settings.SECRETS_DIR, pulse.key_name)
        pulse.save(update_fields=["urn"])


def write(user: User, pulse_id: int, text: str, now: dt.datetime) -> Words:
    """Send a person's words to those who sign for either side.

    Raises:
        AnswerError: If the pulse is closed, or their side is large enough to be asked.
    """
    with transaction.atomic():
        pulse = _taking(user, pulse_id)
        if size_of(user.side) >= pulse.smallest:
            raise AnswerError("Your side is large enough to be asked without names.")
        words, _ = Words.objects.update_or_create(
            pulse=pulse, user=user, defaults={"text": text, "at": now}
        )
        for lead in leads():
            if lead.pk != user.pk:
                key = f"pulse:{pulse.pk}:words:{user.pk}"
                says = "Somebody of a side too small for the pulse wrote to you."
                notify(lead, "Words about working together", says, reverse("pulse:pulse"), key=key)
    return words


def leads() -> list[User]:
    """Return those who sign for either side."""
    return list(User.objects.filter(may_sign=True, is_active=True))


def words_for(user: User, pulse: Pulse) -> list[Words]:
    """Return what was written that opens to a person: to a lead all, else their own."""
    found = Words.objects.filter(pulse=pulse).exclude(text="").select_related("user")
    return list(found if user.may_sign else found.filter(user=user))


def _taking(user: User, pulse_id: int) -> Pulse:
    """Return a pulse that takes this person's answer, with its urn held until the end."""
    pulse = Pulse.objects.select_for_update().filter(pk=pulse_id, closed_on=None).first()
    if pulse is None:
        raise AnswerError("This pulse is closed; the next one asks again.")
    if user.side not in ASKED:
        raise AnswerError("Only sales and marketing are asked; you stand above both.")
    return pulse


def _ballots(pulse: Pulse) -> list[Ballot]:
    """Return what lies in the urn; of a lost one nothing, and everybody is asked again."""
    try:
        return unseal(bytes(pulse.urn), settings.SECRETS_DIR, pulse.key_name)
    except LostUrnError:
        Participation.objects.filter(pulse=pulse).delete()
        return []
