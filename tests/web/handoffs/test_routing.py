"""Who takes a lead up, rule by rule, and the rule that it says."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement.document import Routing, RoutingRow
from counterpoise.web.handoffs.routing import Asked, Seller, route
from counterpoise.web.handoffs.states import RoutingRule

NINE = dt.datetime(2026, 6, 10, 9, tzinfo=dt.UTC)
ADA = Seller("ADA", "North", "North", holds=2, last_at=NINE)
BEN = Seller("BEN", "North", "North", holds=1, last_at=NINE)
CAI = Seller("CAI", "South", "South", last_at=NINE - dt.timedelta(days=1))
DEE = Seller("DEE", "South", "South", is_taker=False)
EVERYBODY = (ADA, BEN, CAI, DEE)
SOUTH = RoutingRow(id="south", team="South")
RULES = Routing()


@pytest.mark.parametrize(
    ("asked", "rules", "person", "rule", "why", "clause"),
    [
        (
            Asked("ADA", "South", SOUTH),
            RULES,
            "ADA",
            RoutingRule.ACCOUNT_OWNER,
            "owner of the account",
            "handoff.routing.account_owner",
        ),
        (
            Asked("DEE"),
            RULES,
            "DEE",
            RoutingRule.ACCOUNT_OWNER,
            "owner of the account",
            "handoff.routing.account_owner",
        ),
        (
            Asked("ADA", "North"),
            Routing(account_owner=False),
            "BEN",
            RoutingRule.REGION,
            "region North: fewest open leads (1)",
            "",
        ),
        (
            Asked("", "North", SOUTH),
            RULES,
            "CAI",
            RoutingRule.TEAM,
            "South: the only one there who can take it",
            "handoff.routing.teams.south",
        ),
        (Asked("ZED", "West"), RULES, "CAI", RoutingRule.CAPACITY, "fewest open leads (0)", ""),
        (
            Asked("", "North"),
            Routing(capacity=1),
            "CAI",
            RoutingRule.CAPACITY,
            "the only one who can",
            "",
        ),
    ],
)
def test_follows_the_first_rule_that_finds_somebody(
    asked: Asked, rules: Routing, person: str, rule: RoutingRule, why: str, clause: str
) -> None:
    found = route(asked, EVERYBODY, rules)
    assert (found.person_id, found.rule, found.why, found.clause) == (person, rule, why, clause)


def test_takes_turns_among_those_who_hold_as_many() -> None:
    pair = [replace(ADA, holds=1), replace(BEN, last_at=NINE + dt.timedelta(hours=1))]
    found = route(Asked(region="North"), pair, RULES)
    assert (found.person_id, found.why) == (
        "ADA",
        "region North: next in turn of 2 with 1 open lead each",
    )


def test_passes_over_who_is_away_the_owner_too() -> None:
    away = [replace(ADA, is_away=True), BEN]
    assert route(Asked("ADA", "North"), away, RULES).person_id == "BEN"


def test_the_owner_takes_it_however_many_they_hold() -> None:
    assert route(Asked("ADA"), EVERYBODY, Routing(capacity=1)).person_id == "ADA"


def test_says_why_nobody_takes_it() -> None:
    full = route(Asked(), [ADA, BEN], Routing(capacity=1))
    assert (full.person_id, full.why, full.clause) == (
        "",
        "everybody holds as many leads without a verdict as agreed (1)",
        "handoff.routing.capacity",
    )
    assert route(Asked(), [DEE], RULES).why == "nobody who takes leads up is there"


sellers = st.lists(
    st.builds(
        Seller,
        st.sampled_from("ABCDEF"),
        st.sampled_from(["North", "South"]),
        st.sampled_from(["North", "South"]),
        st.booleans(),
        st.booleans(),
        st.integers(0, 3),
        st.sampled_from([None, NINE]),
    ),
    max_size=6,
    unique_by=lambda seller: seller.person_id,
)


@given(sellers, st.sampled_from(["", "A"]), st.sampled_from(["", "North"]), st.data())
def test_never_depends_on_the_order_and_never_goes_to_who_cannot(
    there: list[Seller], owner: str, region: str, data: st.DataObject
) -> None:
    rules, asked = Routing(capacity=3), Asked(owner, region)
    found = route(asked, there, rules)
    assert route(asked, data.draw(st.permutations(there)), rules) == found
    taker = next((each for each in there if each.person_id == found.person_id), None)
    able = [each for each in there if each.is_taker and not each.is_away and each.holds < 3]
    if taker is None:
        assert not able
    else:
        assert not taker.is_away
        assert taker.person_id == owner or taker in able
