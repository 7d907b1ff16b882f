"""Every condition of an agreement: where it stands and whose facts it asks about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.document import (
    Agreement,
    CustomizationRow,
    Exclusion,
    Lever,
    RateTable,
    ValueProposition,
)
from counterpoise.agreement.fields import Scope

_Conditional = ValueProposition | RateTable | Lever | Exclusion | CustomizationRow


@dataclass(frozen=True)
class Asked:
    """A condition with the clause that it stands in and whose facts it asks about."""

    clause: str
    scope: Scope
    condition: Condition
    is_persona: bool = False


def conditions_of(agreement: Agreement) -> Iterator[Asked]:
    """Yield every condition of an agreement that asks for something, in the order of the file."""
    for asked in _conditions(agreement):
        if asked.condition:
            yield asked


def _conditions(agreement: Agreement) -> Iterator[Asked]:
    for name, role in agreement.roles.items():
        yield Asked(f"roles.{name}.people", Scope.PERSON, role.people or Condition())
    for persona in agreement.personas:
        clause = f"personas.{persona.id}.when"
        yield Asked(clause, Scope.DEAL, persona.when, is_persona=True)
    discounts = agreement.discounts
    rows: tuple[tuple[str, tuple[_Conditional, ...]], ...] = (
        ("values", agreement.values),
        ("protected", agreement.protected),
        ("discounts.limits", discounts.limits),
        ("discounts.levers", discounts.levers),
        ("discounts.exclusions", discounts.exclusions),
        ("customizations.limits", agreement.customizations.limits),
        ("exceptions", agreement.exceptions),
    )
    for part, entries in rows:
        for entry in entries:
            yield Asked(f"{part}.{entry.id}.when", Scope.DEAL, entry.when)
    for row in agreement.promotions.limits if agreement.promotions else ():
        yield Asked(f"promotions.limits.{row.id}.when", Scope.PROMOTION, row.when)
    yield Asked("handoff.qualified", Scope.LEAD, agreement.handoff.qualified)
    for team in agreement.handoff.routing.teams:
        yield Asked(f"handoff.routing.teams.{team.id}.when", Scope.LEAD, team.when)
