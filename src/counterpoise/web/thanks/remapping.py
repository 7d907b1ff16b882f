"""Ids that the CRM changed: what was told and thanked for follows, so that it is not told again."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from counterpoise.web.thanks.models import Thank, Told

_PARTS = {"deal": "deal:{}:", "lead": "lead:{}:"}


def remap(kind: str, old: str, new: str) -> int:
    """Put a new id in the place of an old one, and return how many rows changed."""
    if kind not in _PARTS:
        return 0
    before, after = (_PARTS[kind].format(id_) for id_ in (old, new))
    return sum(_moved(rows, before, after) for rows in (Thank.objects.all(), Told.objects.all()))


def _moved(rows: QuerySet[Thank] | QuerySet[Told], before: str, after: str) -> int:
    changed = 0
    for row in rows.filter(key__startswith=before):
        key = after + row.key.removeprefix(before)
        owner = {"giver": row.giver} if isinstance(row, Thank) else {"user": row.user}
        model: type[Model] = type(row)
        if not model._default_manager.filter(key=key, **owner).exists():  # noqa: SLF001
            changed += model._default_manager.filter(pk=row.pk).update(key=key)  # noqa: SLF001
    return changed
