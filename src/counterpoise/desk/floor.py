"""The floor: the margin below which a deal needs a further yes, or gets none."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from counterpoise.agreement.document import Floor
from counterpoise.desk.authority import Ready
from counterpoise.desk.case import CENT, ZERO, Case, Wanted
from counterpoise.desk.discount import Asker
from counterpoise.desk.outcome import Outcome, granted, needs, refused

CLAUSE = "discounts.floor"

NO_OBJECTION = granted(CLAUSE)
"""What the floor answers where it is kept, or cannot be checked."""


class FloorCheck(NamedTuple):
    """What the floor says: the margin asked (None where it cannot be told) and the answer."""

    outcome: Outcome
    margin: Decimal | None
    floor: Decimal
    is_below: bool = False


def check_floor(case: Case, ready: Ready, asker: Asker) -> FloorCheck | None:
    """Hold a case against the floor; None where the agreement has none or no price is asked.

    The margin is (net − cost − customizations) / net.
    """
    floor = ready.floor
    if floor is None or not case.units:
        return None
    net_amount, spent = case.net_amount, case.customization_cost
    outcome = floor_outcome(net_amount, case.cost, spent, ready, asker)
    if case.cost is None:
        return FloorCheck(outcome, None, floor.margin)
    margin = (net_amount - case.cost - spent) / net_amount if net_amount > 0 else ZERO
    return FloorCheck(outcome, margin, floor.margin, is_below(net_amount, case.cost, spent, floor))


def is_below(net_amount: Decimal, cost: Decimal, customizations: Decimal, floor: Floor) -> bool:
    """Tell whether a price keeps too little; a price of nothing lies below every floor."""
    left = net_amount - cost - customizations
    return net_amount <= 0 or left < net_amount * floor.margin


def floor_outcome(
    net_amount: Decimal, cost: Decimal | None, customizations: Decimal, ready: Ready, asker: Asker
) -> Outcome:
    """Answer by the floor alone; where there is none, or no cost is known, it does not object."""
    floor = ready.floor
    if floor is None or cost is None or not is_below(net_amount, cost, customizations, floor):
        return NO_OBJECTION
    grant = ready.floor_grant
    if grant is None:
        return refused(CLAUSE, floor.margin)
    return NO_OBJECTION if asker.rank >= grant.rank else needs(grant, CLAUSE, floor.margin)


def lowest_net(case: Case, wanted: tuple[Wanted, ...], ready: Ready) -> Decimal | None:
    """Return the lowest price in cents that keeps the floor, None where none does or is set."""
    floor = ready.floor
    if floor is None or case.cost is None or floor.margin >= 1:
        return None
    spent = case.cost + case.recorded_cost
    if wanted:
        spent += sum(each.asked for each in wanted)
    if spent <= 0:
        return CENT
    return (spent / (1 - floor.margin)).quantize(CENT, ROUND_CEILING)
