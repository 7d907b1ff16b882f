"""Ids that the CRM changed: the new one takes the old one's place in what the room keeps.

A feature joins with `remapping.py` in its folder: `remap(kind, old, new) -> int`, called inside
the transaction, returns how many rows it changed. Entries of the trail keep the old id.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction

from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import Remap, User
from counterpoise.web.places import offered


class Kind(StrEnum):
    """What an id names."""

    PERSON = "person"
    ACCOUNT = "account"
    DEAL = "deal"
    PRODUCT = "product"
    CAMPAIGN = "campaign"


class RemapError(CounterpoiseError):
    """An id cannot take another's place."""

    def __init__(self, kind: str, old: str, new: str, why: str) -> None:
        super().__init__(f"{kind} {old} cannot become {new}: {why}")


def remap_id(kind: Kind, old: str, new: str, by: User) -> int:
    """Put a new id in the place of an old one everywhere, and return how many rows changed.

    Raises:
        RemapError: If the ids are the same, the old one was replaced before, the new one leads
            back to it, or both persons have an account.
    """
    with transaction.atomic():
        _refuse(kind, old, new)
        Remap.objects.create(kind=kind, old=old, new=new, by_id=by.pk)
        rows: int = sum(change(kind.value, old, new) for change in offered("remapping", "remap"))
        record(by, "id.remapped", f"{kind}:{old}", {"to": new, "rows": rows})
    return rows


def remap(kind: str, old: str, new: str) -> int:
    """Give a person's account the new id."""
    if kind != Kind.PERSON:
        return 0
    return User.objects.filter(person_id=old).update(person_id=new)


def current_id(kind: Kind, known: str) -> str:
    """Return the id that stands for a known one today; itself unless it was replaced."""
    seen = {known}
    while found := Remap.objects.filter(kind=kind, old=known).values_list("new", flat=True).first():
        if found in seen:
            break
        seen.add(known := found)
    return known


def _refuse(kind: Kind, old: str, new: str) -> None:
    if old == new:
        raise RemapError(kind, old, new, "they are the same")
    if Remap.objects.filter(kind=kind, old=old).exists():
        raise RemapError(kind, old, new, f"it became {current_id(kind, old)} before")
    if current_id(kind, new) == old:
        raise RemapError(kind, old, new, "the new one became the old one before")
    if kind is Kind.PERSON and len(User.objects.filter(person_id__in=[old, new])) > 1:
        raise RemapError(kind, old, new, "both have an account; close and erase one first")
