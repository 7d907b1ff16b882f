"""Finding what an address names; an id too large for the database names nothing."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model
from django.http import Http404
from django.shortcuts import get_object_or_404

_LARGEST_ID = 2**63 - 1
_Kept = TypeVar("_Kept", bound=Model)


def found(kind: type[_Kept], pk: int) -> _Kept:
    """Return what an id names.

    Raises:
        Http404: If there is none.
    """
    if pk > _LARGEST_ID:
        raise Http404("no such id")
    return get_object_or_404(kind, pk=pk)
