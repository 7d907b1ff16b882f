"""The floor: the margin below which a deal needs a further yes, or gets none."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from counterpoise.desk.authority import ZERO, Ready
from counterpoise.desk.discount import Asker
from counterpoise.desk.facts import CENT, Case
from counterpoise.desk.outcome import Outcome, granted, needs, refused

CLAUSE = "discounts.floor"


class FloorCheck(NamedTuple):
    """What the floor says: the margin asked (None where it cannot be told) and the answer."""

    outcome: Outcome
    margin: Decimal | None
    floor: Decimal
    is_below: bool = False


def check_floor(case: Case, ready: Ready, asker: Asker) -> FloorCheck | None:
    """Hold a case against the floor; None where the agreement has none or no price is asked."""
    if ready.agreement.discounts.floor is None or not case.units:
        return None
    return floor_of(case.net_amount, case.cost, case.customization_cost, ready, asker)


def floor_of(
    net_amount: Decimal, cost: Decimal | None, customizations: Decimal, ready: Ready, asker: Asker
) -> FloorCheck | None:
    """Hold a price against the floor.

    The margin is (net − cost − customizations) / net; a price of nothing lies below every floor.
    """
    floor = ready.agreement.discounts.floor
    if floor is None:
        return None
    if cost is None:
        return FloorCheck(granted(CLAUSE, floor.margin), None, floor.margin)
    left = net_amount - cost - customizations
    is_below = net_amount <= 0 or left < net_amount * floor.margin
    margin = left / net_amount if net_amount > 0 else ZERO
    if not is_below:
        return FloorCheck(granted(CLAUSE, floor.margin), margin, floor.margin)
    grant = ready.floor_grant
    if grant is None:
        return FloorCheck(refused(CLAUSE, floor.margin), margin, floor.margin, is_below=True)
    if asker.rank >= grant.rank:
        return FloorCheck(granted(CLAUSE, floor.margin), margin, floor.margin, is_below=True)
    return FloorCheck(needs(grant, CLAUSE, floor.margin), margin, floor.margin, is_below=True)


def lowest_net(case: Case, customizations: Decimal, ready: Ready) -> Decimal | None:
    """Return the lowest price in cents that keeps the floor, None where no price could or none is set."""
    floor = ready.agreement.discounts.floor
    if floor is None or case.cost is None or floor.margin >= 1:
        return None
    spent = case.cost + customizations
    if spent <= 0:
        return CENT
    return (spent / (1 - floor.margin)).quantize(CENT, ROUND_CEILING)
