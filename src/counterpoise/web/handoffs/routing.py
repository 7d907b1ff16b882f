"""Routing: who takes a lead up, by the agreement, and why.

First who has the account; else a team, by the agreement's rows or by the account's region; in it
who holds the fewest leads without a verdict, and of those who waited longest for a new one. Who is
away or holds as many as the agreement allows is passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from counterpoise.agreement.document import Routing, RoutingRow
from counterpoise.web.handoffs.states import RoutingRule

_CLAUSE = "handoff.routing"
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Seller:
    """Somebody who may take leads up."""

    person_id: str
    team: str = ""
    region: str = ""
    is_taker: bool = True
    """Has a role that takes up leads; who has an account does so in any role."""
    is_away: bool = False
    holds: int = 0
    """Leads without a verdict."""
    last_at: dt.datetime | None = None
    """When they were given a lead last."""


@dataclass(frozen=True)
class Asked:
    """What a route turns on: who has the account, its region, and the row that the lead meets."""

    account_owner: str = ""
    region: str = ""
    row: RoutingRow | None = None


@dataclass(frozen=True)
class Route:
    """Where a lead goes; to nobody where the id is empty."""

    person_id: str
    team: str
    rule: RoutingRule
    why: str
    clause: str = ""


def route(asked: Asked, sellers: Sequence[Seller], rules: Routing) -> Route:
    """Return where a lead goes.

    >>> north = [Seller("R1", "North", "North", holds=3), Seller("R2", "North", "North", holds=1)]
    >>> route(Asked(region="North"), [*north, Seller("R3", "South", "South")], Routing()).person_id
    'R2'
    >>> route(Asked(account_owner="R1", region="North"), north, Routing()).why
    'owner of the account'
    """
    if rules.account_owner and (owner := _owner(asked, sellers)):
        clause = f"{_CLAUSE}.account_owner"
        return Route(
            owner.person_id, owner.team, RoutingRule.ACCOUNT_OWNER, "owner of the account", clause
        )
    takers = [each for each in sellers if each.is_taker and not each.is_away]
    able = [each for each in takers if rules.capacity is None or each.holds < rules.capacity]
    for pool, rule, where, clause in _pools(asked, able):
        if pool:
            first = min(pool, key=_turn)
            return Route(first.person_id, first.team, rule, _why(pool, where), clause)
    if takers:
        says = f"everybody holds as many leads without a verdict as agreed ({rules.capacity})"
        return Route("", "", RoutingRule.NOBODY, says, f"{_CLAUSE}.capacity")
    says = "nobody who takes leads up is there"
    return Route("", "", RoutingRule.NOBODY, says, f"{_CLAUSE}.to" if rules.to else "")


def _owner(asked: Asked, sellers: Sequence[Seller]) -> Seller | None:
    theirs = (each for each in sellers if each.person_id == asked.account_owner)
    return next((each for each in theirs if not each.is_away), None)


def _pools(
    asked: Asked, able: Sequence[Seller]
) -> list[tuple[list[Seller], RoutingRule, str, str]]:
    """Return whom to choose from, the closest first."""
    pools = []
    if asked.row is not None:
        team, clause = asked.row.team, f"{_CLAUSE}.teams.{asked.row.id}"
        pools.append(([each for each in able if each.team == team], RoutingRule.TEAM, team, clause))
    elif asked.region:
        same = [each for each in able if each.region == asked.region]
        pools.append((same, RoutingRule.REGION, f"region {asked.region}", ""))
    return [*pools, (list(able), RoutingRule.CAPACITY, "", "")]


def _turn(seller: Seller) -> tuple[int, dt.datetime, str]:
    return seller.holds, seller.last_at or _NEVER, seller.person_id


def _why(pool: Sequence[Seller], where: str) -> str:
    """Say why this one of a pool."""
    of = f"{where}: " if where else ""
    if len(pool) == 1:
        return f"{of}the only one there who can take it" if where else "the only one who can"
    held = min(each.holds for each in pool)
    same = sum(each.holds == held for each in pool)
    if same == 1:
        return f"{of}fewest open leads ({held})"
    return f"{of}next in turn of {same} with {held} open {'lead' if held == 1 else 'leads'} each"
