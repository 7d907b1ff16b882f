"""Asking the database once which of many things there are any of, before it is asked for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db.models import Exists, QuerySet

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

Signs: TypeAlias = Sequence[QuerySet[Any]]
"""Rows without which there is nothing to tell."""


def any_of(user: User, signs: Mapping[str, Signs]) -> frozenset[str]:
    """Return the names under which there are any rows; one query for all of them.

    Args:
        user: Who asks; a row that is surely there carries the answers.
        signs: By name, rows to look for.
    """
    from counterpoise.web.people.models import User as Users

    rows = [(name, each) for name, found in signs.items() for each in found]
    if not rows:
        return frozenset()
    asked = {f"sign_{at}": Exists(each) for at, (_, each) in enumerate(rows)}
    met: Mapping[str, object] = Users.objects.filter(pk=user.pk).order_by().values(**asked).get()
    return frozenset(name for at, (name, _) in enumerate(rows) if met[f"sign_{at}"])
