"""Who may grant what: authority along the ladder, levers, and the floor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from counterpoise.agreement.document import Agreement, Side
from counterpoise.agreement.linting.findings import LintWarning
from counterpoise.agreement.quantities import format_rate
from counterpoise.agreement.terms import roles_of

_ALL = Decimal(1)


def check_authority(agreement: Agreement) -> Iterator[LintWarning]:
    """Yield what is odd about grants, levers and the floor."""
    for clause, up_to in _tables(agreement):
        yield from _falling(clause, up_to, agreement)
        yield from _idle_groups(clause, up_to)
    yield from _levers(agreement)
    yield from _cap(agreement)
    yield from _floor(agreement)


def _tables(agreement: Agreement) -> Iterator[tuple[str, Mapping[str, Decimal]]]:
    rows = [
        *((f"protected.{row.id}", row.up_to) for row in agreement.protected),
        *((f"discounts.limits.{row.id}", row.up_to) for row in agreement.discounts.limits),
        *(
            (f"customizations.limits.{row.id}", row.up_to)
            for row in agreement.customizations.limits
        ),
        *((f"exceptions.{row.id}", row.up_to) for row in agreement.exceptions),
    ]
    if agreement.promotions:
        rows += [(f"promotions.limits.{row.id}", row.up_to) for row in agreement.promotions.limits]
    yield from rows


def _falling(
    clause: str, up_to: Mapping[str, Decimal], agreement: Agreement
) -> Iterator[LintWarning]:
    """Find a role that may grant less than a lower one of its side."""
    named = [role for role in agreement.ladder if role in up_to]
    for place, role in enumerate(named):
        side = agreement.roles[role].side
        for lower in named[:place]:
            same_side = side in (Side.BOTH, agreement.roles[lower].side)
            if same_side and up_to[lower] > up_to[role]:
                yield LintWarning(
                    f"{clause}.up_to.{role}",
                    f"authority falls along the ladder: {lower} may grant more than {role}",
                    "let the higher role grant at least as much",
                )
                break


def _idle_groups(clause: str, up_to: Mapping[str, Decimal]) -> Iterator[LintWarning]:
    """Find a group that may grant no more than one of its members alone."""
    for who, granted in up_to.items():
        members = [role for role in roles_of(who) if role != who]
        strongest = max(
            (role for role in members if role in up_to), key=lambda r: up_to[r], default=None
        )
        if strongest is not None and up_to[strongest] >= granted:
            yield LintWarning(
                f"{clause}.up_to.{who}",
                f"{who} together may grant no more than {strongest} alone",
                "let them grant more together, or take the group out",
            )


def _levers(agreement: Agreement) -> Iterator[LintWarning]:
    discounts = agreement.discounts
    earning = (*discounts.limits, *agreement.exceptions)
    for lever in discounts.levers:
        clause = f"discounts.levers.{lever.id}"
        if not lever.adds:
            yield LintWarning(clause, "the lever adds nothing", "let it add a rate, or take it out")
        elif not earning:
            yield LintWarning(
                clause,
                "the lever has no effect, because levers add to limits and exceptions alone",
                "add a row to discounts.limits",
            )
        elif not any(str(test.test) != "-" for test in lever.when.tests):
            yield LintWarning(
                clause,
                "the lever asks for nothing, so that every deal has it",
                "say what the customer gives back, or raise the limits themselves",
            )


def _cap(agreement: Agreement) -> Iterator[LintWarning]:
    levers, cap = agreement.discounts.levers, agreement.discounts.lever_cap
    clause = "discounts.lever_cap"
    total = sum((lever.adds for lever in levers), Decimal(0))
    if cap is None:
        if len(levers) > 1:
            yield LintWarning(
                clause,
                f"levers add up to {format_rate(min(total, _ALL))} and nothing caps them",
                "say how much they may add together",
            )
    elif not levers:
        yield LintWarning(clause, "a cap stands here and no lever", "add levers, or take it out")
    elif not cap:
        yield LintWarning(clause, "the cap of 0% leaves levers no effect", "raise it")
    else:
        for lever in levers:
            if lever.adds > cap:
                yield LintWarning(
                    f"discounts.levers.{lever.id}.adds",
                    f"the lever adds {format_rate(lever.adds)}, and no more than "
                    f"{format_rate(cap)} counts (discounts.lever_cap)",
                    "raise the cap, or lower the lever",
                )


def _floor(agreement: Agreement) -> Iterator[LintWarning]:
    floor = agreement.discounts.floor
    if floor is None:
        yield LintWarning(
            "discounts.floor",
            "no floor is set, so that a discount within limits may sell below cost",
            f"set one, such as {{margin: 10%, decides: {agreement.ladder[-1]}}}",
        )
    elif floor.decides is None:
        yield LintWarning(
            "discounts.floor",
            f"below a margin of {format_rate(floor.margin)} nobody can say yes, whatever the case",
            "name who decides, or leave it if that is what both sides want",
        )
