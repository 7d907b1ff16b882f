"""Which role of the ladder somebody in the books holds, to propose it when they are invited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterpoise.agreement import Agreement
from counterpoise.agreement.fields import Fields, Scope
from counterpoise.books.schema import Kind
from counterpoise.desk.predicates import predicate_of

Attributes = Mapping[str, Mapping[str, Kind]]


def ladder_role(
    person: Mapping[str, Any], agreement: Agreement, attributes: Attributes | None = None
) -> str | None:
    """Return the role of a person: the first whose condition they meet, else the one of its name.

    Args:
        person: Their columns in the books.
        agreement: Whose ladder is meant.
        attributes: The attributes that the books know; any where left out.
    """
    fields = Fields(Scope.PERSON, attributes)
    for name, role in agreement.roles.items():
        if role.people and predicate_of(role.people, fields).truth(person):
            return name
    spelt = str(person.get("role") or "").lower()
    named = [name for name in agreement.ladder if name.lower() == spelt]
    default = [name for name, role in agreement.roles.items() if role.default]
    return next(iter([*named, *default]), None)
