"""Whether both sides are bound, and whether what is agreed has somebody to answer for it."""

from __future__ import annotations

from collections.abc import Iterator

from counterpoise.agreement.document import Agreement, Side
from counterpoise.agreement.linting.findings import LintWarning

_SIDES = (Side.SALES, Side.MARKETING)


def check_balance(agreement: Agreement) -> Iterator[LintWarning]:
    """Yield where an agreement binds one side only, or nobody."""
    yield from _bound(agreement)
    yield from _promises(agreement)
    yield from _budgets(agreement)
    yield from _goals(agreement)
    yield from _roles(agreement)


def _bindings(agreement: Agreement, side: Side) -> list[str]:
    """Name the parts of an agreement that bind a side."""
    promises = {Side.SALES: agreement.promises.sales, Side.MARKETING: agreement.promises.marketing}
    binds = ["promises"] if promises[side] else []
    binds += (
        ["budgets"] if any(each.side in (side, Side.BOTH) for each in agreement.budgets) else []
    )
    if side is Side.SALES:
        discounts = agreement.discounts
        binds += ["limits"] if discounts.limits or discounts.exclusions else []
    elif agreement.promotions:
        binds += ["promotions"]
    return binds


def _bound(agreement: Agreement) -> Iterator[LintWarning]:
    free = [side for side in _SIDES if not _bindings(agreement, side)]
    for side in free:
        other = next(each for each in _SIDES if each is not side)
        by = ", ".join(_bindings(agreement, other)) or "nothing"
        says = f"the agreement binds one side only: {other} by {by}, {side} by nothing"
        if len(free) > 1:
            says = "the agreement binds nobody"
        yield LintWarning(
            f"promises.{side}", says, f"say what {side} owes, under promises or budgets"
        )
        if len(free) > 1:
            return


def _promises(agreement: Agreement) -> Iterator[LintWarning]:
    given = dict.fromkeys(_SIDES, 0)
    for side, _ in agreement.promises:
        given[side] += 1
    for side in _SIDES:
        other = next(each for each in _SIDES if each is not side)
        if not given[side] and given[other] and _bindings(agreement, side):
            yield LintWarning(
                f"promises.{side}",
                f"{other} promises something and {side} nothing",
                f"ask what {other} needs from {side}, and promise it",
            )


def _budgets(agreement: Agreement) -> Iterator[LintWarning]:
    sides = {budget.side for budget in agreement.budgets}
    if len(sides) == 1 and Side.BOTH not in sides:
        side = next(iter(sides))
        other = next(each for each in _SIDES if each is not side)
        yield LintWarning(
            "budgets",
            f"{side} has a budget and {other} has none",
            f"say how much {other} may give away or spend, too",
        )


def _goals(agreement: Agreement) -> Iterator[LintWarning]:
    for goal in agreement.goals:
        if not goal.shared and goal.owner is None:
            yield LintWarning(
                f"goals.{goal.id}",
                "nobody answers for this goal",
                "write shared: true, or an owner",
            )
    owners = {goal.owner for goal in agreement.goals if goal.owner in _SIDES}
    if len(owners) == 1 and not any(goal.shared for goal in agreement.goals):
        side = next(iter(owners))
        yield LintWarning(
            "goals", f"every goal is {side}'s", "agree on one that both sides want (shared: true)"
        )


def _roles(agreement: Agreement) -> Iterator[LintWarning]:
    sides = {role.side for role in agreement.roles.values()}
    for side in _SIDES:
        if side not in sides:
            yield LintWarning(
                "roles",
                f"no role is on the side of {side}, so that nobody of {side} can ask or approve",
                f"add a role with side: {side}",
            )
