"""Taking in what a review measured: a sighting a crack, and the life of each moved on.

All of it is one transaction, and the same books, day and agreements are taken in once. A review of
an earlier day than the last changes nothing, nor does a kind that these books could not show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.crypto import get_random_string
from pydantic import JsonValue

from counterpoise.web.audit.entries import record
from counterpoise.web.cracks import life
from counterpoise.web.cracks.life import CrackState, Deed
from counterpoise.web.cracks.models import PERSON, Act, Crack, Round, Sighting
from counterpoise.web.cracks.working_days import two_working_days_after
from counterpoise.web.results.reading import KeptReview

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_FIGURES = ("observed", "expected", "low", "high", "n", "q_value")
_TOLD = ("asks", "says", "next_step", "stake_formula", "unit", "group", "picture", "other_view")


@dataclass(frozen=True)
class Taken:
    """What one review did: the ids of cracks by what happened to them."""

    round: Round
    happened: Mapping[str, Deed]


def open_ids() -> list[str]:
    """Return the ids of the cracks that are open: the next review keeps them until they close."""
    return list(Crack.objects.filter(state__in=life.OPEN).values_list("crack_id", flat=True))


def take_in(kept: KeptReview, now: dt.datetime | None = None) -> Taken | None:
    """Take in what a review measured; None where it was taken in before, or a later day was."""
    at = now or timezone.now()
    if not kept.watch["watched"] or _is_old(kept):
        return None
    try:
        with transaction.atomic():
            return _taken(kept, at)
    except IntegrityError:
        if Round.objects.filter(**_identity(kept)).exists():
            return None  # another worker took it in at the same instant
        raise


def _is_old(kept: KeptReview) -> bool:
    if Round.objects.filter(**_identity(kept)).exists():
        return True
    latest = Round.objects.aggregate(day=Max("as_of"))["day"]
    return latest is not None and kept.as_of < latest


def _identity(kept: KeptReview) -> dict[str, Any]:
    return {"snapshot": kept.snapshot, "as_of": kept.as_of, "measured_by": kept.measured_by}


def _taken(kept: KeptReview, at: dt.datetime) -> Taken:
    found = {each["id"]: each for each in kept.watch["cracks"]}
    told = kept.watch
    taken = Round.objects.create(
        **_identity(kept),
        review=kept.key,
        at=at,
        watched=told["watched"],
        questions=told["questions"],
    )
    no_longer = {each["id"]: each for each in told.get("no_longer", ())}
    happened = {**_found(found, taken), **_not_found(found.keys(), no_longer, taken)}
    counts = {deed.value: list(happened.values()).count(deed) for deed in set(happened.values())}
    detail: dict[str, JsonValue] = {"as_of": kept.as_of.isoformat(), "found": len(found), **counts}
    record(None, "cracks.measured", f"review:{kept.key}", detail)
    return Taken(taken, happened)


def _found(found: Mapping[str, Mapping[str, Any]], taken: Round) -> dict[str, Deed]:
    known = {each.crack_id: each for each in _locked(crack_id__in=found)}
    happened = {}
    for id_, said in found.items():
        crack = known.get(id_)
        deed: Deed | None
        if crack is None:
            crack, deed = _new(id_, said, taken), Deed.FOUND
        else:
            deed = _reopened(crack, taken)
        _see(crack, said, taken)
        if deed:
            _tell(crack, deed, taken)
            happened[id_] = deed
    return happened


def _not_found(
    found: Collection[str], no_longer: Mapping[str, Mapping[str, Any]], taken: Round
) -> dict[str, Deed]:
    """Close what was open, could have been seen and was not; what could not be seen stays."""
    happened = {}
    for crack in _locked(state__in=life.OPEN, kind__in=taken.watched):
        if crack.crack_id in found:
            continue
        measured = no_longer.get(crack.crack_id, {})  # a plain fact that is over has no figures
        Sighting.objects.create(
            crack=crack,
            round=taken,
            is_found=False,
            stake=_cents(measured.get("stake", 0.0)),
            **{name: measured[name] for name in _FIGURES if name in measured},
        )
        state, deed = life.measured(CrackState(crack.state), is_found=False)
        assert deed is not None
        crack.state, crack.closed_at, crack.accepted_until = state, taken.at, None
        crack.save(update_fields=["state", "closed_at", "accepted_until"])
        _tell(crack, deed, taken)
        happened[crack.crack_id] = deed
    return happened


def _locked(**which: object) -> Iterator[Crack]:
    yield from Crack.objects.select_for_update().filter(**which).order_by("pk")


def _new(id_: str, said: Mapping[str, Any], taken: Round) -> Crack:
    subject = said["subject"]
    return Crack.objects.create(
        crack_id=id_,
        slug=_slug(id_, said),
        kind=said["kind"],
        variant=said["variant"],
        side=said["side"],
        subject_type=subject["type"],
        subject_id=subject["id"],
        opened_at=taken.at,
        opened_on=taken.as_of,
        shown_at=_shown_at(subject["type"], taken.at),
    )


def _slug(id_: str, said: Mapping[str, Any]) -> str:
    if said["subject"]["type"] != PERSON:
        return id_
    return f"{said['kind']}-{said['variant']}-{get_random_string(10, _LETTERS)}"


def _reopened(crack: Crack, taken: Round) -> Deed | None:
    state, deed = life.measured(CrackState(crack.state), is_found=True)
    if deed is None:
        return None
    crack.state, crack.life = state, crack.life + 1
    crack.opened_at, crack.opened_on, crack.closed_at = taken.at, taken.as_of, None
    crack.shown_at = _shown_at(crack.subject_type, taken.at)
    crack.owner, crack.due_on, crack.reminded_on = None, None, None
    return deed


def _shown_at(subject_type: str, at: dt.datetime) -> dt.datetime:
    return two_working_days_after(at) if subject_type == PERSON else at


def _see(crack: Crack, said: Mapping[str, Any], taken: Round) -> None:
    crack.side = said["side"]
    crack.stake = _cents(said["stake"])
    crack.seen = Sighting.objects.create(
        crack=crack,
        round=taken,
        is_found=True,
        stake=crack.stake,
        told={name: said[name] for name in _TOLD} | {"subject": said["subject"]},
        **{name: said[name] for name in _FIGURES},
        since=dt.date.fromisoformat(said["since"]),
    )
    crack.save()


def _cents(money: float) -> Decimal:
    return Decimal(repr(money)).quantize(Decimal("0.01"))


def _tell(crack: Crack, deed: Deed, taken: Round) -> None:
    Act.objects.create(crack=crack, life=crack.life, deed=deed, at=taken.at, round=taken)
