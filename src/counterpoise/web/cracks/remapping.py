"""Ids that the CRM changed: a crack about a person or campaign goes on under the new one."""

from __future__ import annotations

from counterpoise.watch.watching import crack_id
from counterpoise.web.cracks.models import PERSON, Crack

_TYPES = {"person": PERSON, "account": "account", "campaign": "campaign"}


def remap(kind: str, old: str, new: str) -> int:
    """Put a new id in the place of an old one, and return how many rows changed.

    Where a crack of the new id is there already, the old one stays, to be closed by measurement.
    """
    subject_type = _TYPES.get(kind)
    if subject_type is None:
        return 0
    changed = 0
    for crack in Crack.objects.filter(subject_type=subject_type, subject_id=old):
        id_ = crack_id(crack.kind, crack.variant, subject_type, new)
        if Crack.objects.filter(crack_id=id_).exists():
            continue
        crack.subject_id, crack.crack_id = new, id_
        if subject_type != PERSON:
            crack.slug = id_
        crack.save(update_fields=["subject_id", "crack_id", "slug"])
        changed += 1
    return changed
