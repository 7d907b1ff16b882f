"""How the lists of an agreement differ: what both want, what each owes and may give away."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from counterpoise.agreement.boxes import Space
from counterpoise.agreement.comparing.changes import Change
from counterpoise.agreement.comparing.entries import LOOSER, TIGHTER, Part, compare_entries
from counterpoise.agreement.comparing.sections import (
    BOTH_SIDES,
    compare_floor,
    compare_otherwise,
    compare_values,
)
from counterpoise.agreement.document import Agreement, Budget, Goal, Promotions, Side
from counterpoise.agreement.fields import Scope
from counterpoise.agreement.sentences import (
    say_budget,
    say_customization,
    say_exception,
    say_exclusion,
    say_goal,
    say_lever,
    say_limit,
    say_persona,
    say_promise,
    say_promotion,
    say_proposition,
    say_protected,
)


def compare_aims(old: Agreement, new: Agreement, space: Space) -> Iterator[Change]:
    """Yield how what both want, what each owes, and whom it is for differ."""
    currency = new.company.currency
    goals = Part("goals", partial(say_goal, currency=currency), _of_goal, if_added=TIGHTER)
    yield from compare_entries(goals, old.goals, new.goals, space)
    for side in (Side.MARKETING, Side.SALES):
        say = partial(say_promise, side=side)
        promises = Part(f"promises.{side}", say, side.value, if_added=TIGHTER)
        before, after = (getattr(each.promises, side.value) for each in (old, new))
        yield from compare_entries(promises, before, after, space)
    budgets = Part("budgets", partial(say_budget, currency=currency), _of_budget, if_added=TIGHTER)
    yield from compare_entries(budgets, old.budgets, new.budgets, space)
    personas = Part("personas", partial(say_persona, values=new.values), first_decides=True)
    yield from compare_entries(personas, old.personas, new.personas, space)
    yield from compare_entries(Part("values", say_proposition), old.values, new.values, space)


def _of_goal(goal: Goal) -> str:
    shared = goal.shared or goal.owner in {None, Side.BOTH}
    return BOTH_SIDES if shared else str(goal.owner)


def _of_budget(budget: Budget) -> str:
    return BOTH_SIDES if budget.side is Side.BOTH else str(budget.side)


def compare_rights(old: Agreement, new: Agreement, space: Space) -> Iterator[Change]:
    """Yield how what may be given away differs."""
    protected = Part(
        "protected", say_protected, if_added=TIGHTER, if_wider=TIGHTER, first_decides=True
    )
    yield from compare_entries(protected, old.protected, new.protected, space)
    before, after = old.discounts, new.discounts
    yield from compare_values("discounts", before, after, ("basis", "lever_cap"))
    limits = Part("discounts.limits", say_limit, first_decides=True)
    yield from compare_entries(limits, before.limits, after.limits, space)
    levers = Part("discounts.levers", say_lever, if_added=LOOSER, if_wider=LOOSER)
    yield from compare_entries(levers, before.levers, after.levers, space)
    yield from compare_floor(old, new)
    exclusions = Part("discounts.exclusions", say_exclusion, if_added=TIGHTER, if_wider=TIGHTER)
    yield from compare_entries(exclusions, before.exclusions, after.exclusions, space)
    exceptions = Part("exceptions", say_exception, first_decides=True)
    yield from compare_entries(exceptions, old.exceptions, new.exceptions, space)
    yield from _promotions(old, new)
    yield from _customizations(old, new, space)


def _promotions(old: Agreement, new: Agreement) -> Iterator[Change]:
    before, after = (each.promotions or Promotions() for each in (old, new))
    space = Space.of(old, new, scope=Scope.PROMOTION)
    part = Part("promotions.limits", say_promotion, BOTH_SIDES, first_decides=True)
    yield from compare_entries(part, before.limits, after.limits, space)
    yield from compare_otherwise("promotions", before, after)


def _customizations(old: Agreement, new: Agreement, space: Space) -> Iterator[Change]:
    currency = new.company.currency
    before, after = old.customizations, new.customizations
    part = Part(
        "customizations.limits",
        partial(say_customization, currency=currency),
        first_decides=True,
        in_money=currency,
    )
    yield from compare_entries(part, before.limits, after.limits, space)
    yield from compare_otherwise("customizations", before, after)
