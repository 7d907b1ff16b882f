"""The fields that a condition may name, and where their facts stand.

A bare name is looked for in the deal, the account, the product and the owner, in that order; any
other is qualified (`owner.region`). Attributes are `attr.NAME`. Every field has one column name,
the same in a request's facts and in the table of deal facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from counterpoise.books.schema import TABLES, Kind, attribute_column
from counterpoise.books.spelling import nearest
from counterpoise.errors import CounterpoiseError


class Scope(StrEnum):
    """Whose facts a condition is about."""

    DEAL = "deal"
    PERSON = "person"
    LEAD = "lead"
    PROMOTION = "promotion"


@dataclass(frozen=True)
class Field:
    """A fact: how conditions name it in full, its column, and its kind.

    The kind is None for an attribute while no books are at hand; the test then decides it.
    """

    path: str
    column: str
    kind: Kind | None


class UnknownFieldError(CounterpoiseError, ValueError):
    """A condition names a field that nothing has."""

    def __init__(self, name: str, candidates: tuple[str, ...]) -> None:
        """Name the field and the nearest one there is."""
        found = nearest(name, candidates)
        hint = f"the nearest is {found!r}" if found else "an attribute is written attr.NAME"
        super().__init__(f"no field is called {name!r}; {hint}")


# An entity's prefix in paths and columns, and the table that its fields come from; the first
# entity of a scope is written without a prefix.
_ENTITIES = {
    Scope.DEAL: (
        ("deal", "deals"),
        ("account", "accounts"),
        ("product", "products"),
        ("owner", "people"),
    ),
    Scope.PERSON: (("person", "people"),),
    Scope.LEAD: (
        ("lead", "leads"),
        ("account", "accounts"),
        ("campaign", "campaigns"),
        ("owner", "people"),
    ),
    Scope.PROMOTION: (
        ("promotion", "promotions"),
        ("account", "accounts"),
        ("product", "products"),
    ),
}
_DERIVED = {
    Scope.DEAL: {"product_family": Kind.TEXT, "persona": Kind.TEXT},
    Scope.PERSON: {},
    Scope.LEAD: {"persona": Kind.TEXT},
    Scope.PROMOTION: {
        "depth": Kind.RATE,
        "weeks": Kind.INTEGER,
        "featured": Kind.BOOLEAN,
        "displayed": Kind.BOOLEAN,
    },
}


@dataclass(frozen=True)
class Fields:
    """The fields of a scope; with books also their attributes, else any attribute is allowed.

    `attributes` maps a table's name to its attributes and their kinds, as `Books.attributes`
    gives them.
    """

    scope: Scope = Scope.DEAL
    attributes: Mapping[str, Mapping[str, Kind]] | None = None
    _known: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the names out once, so that resolving is a look-up."""
        object.__setattr__(self, "_known", MappingProxyType(dict(self._lay_out())))

    def resolve(self, name: str) -> Field:
        """Return the field that a condition's name stands for.

        Raises:
            UnknownFieldError: If there is none, with the nearest name.

        >>> Fields().resolve("segment").column, Fields().resolve("owner.region").column
        ('account__segment', 'owner__region')
        """
        if found := self._known.get(name):
            return found
        if self.attributes is None and (attribute := self._unseen_attribute(name)):
            return attribute
        raise UnknownFieldError(name, tuple(self._known))

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name that resolves, attributes included where they are known."""
        return tuple(self._known)

    def _lay_out(self) -> dict[str, Field]:
        bare: dict[str, Field] = {}
        full: dict[str, Field] = {}
        for at, (entity, table) in enumerate(_ENTITIES[self.scope]):
            prefix = f"{entity}__" if at else ""
            kinds: dict[str, tuple[str, Kind]] = {
                column.name: (column.name, column.kind) for column in TABLES[table].columns
            }
            for name, kind in (self.attributes or {}).get(table, {}).items():
                kinds[f"attr.{name}"] = (attribute_column(name), kind)
            for name, (column, kind) in kinds.items():
                found = Field(f"{entity}.{name}", prefix + column, kind)
                full[found.path] = found
                bare.setdefault(name, found)
            if not at:
                for name, kind in _DERIVED[self.scope].items():
                    bare[name] = Field(name, name, kind)
        return full | bare

    def _unseen_attribute(self, name: str) -> Field | None:
        for at, (entity, _) in enumerate(_ENTITIES[self.scope]):
            prefix = f"{entity}__" if at else ""
            for lead in (f"{entity}.attr.", *(() if at else ("attr.",))):
                if name.startswith(lead) and len(name) > len(lead):
                    return Field(name, prefix + attribute_column(name[len(lead) :]), None)
        return None
