"""Measures of the ledger for programs."""

from decimal import Decimal

import pytest

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.people.models import User
from tests.web.api.conftest import MakeCaller

pytestmark = pytest.mark.usefixtures("reviewed")


def test_tells_funnel_and_credit(rep: User, caller_of: MakeCaller) -> None:
    caller = caller_of(rep, TokenScope.READ)
    funnel, credit = (
        caller.get(f"reviews/latest/measures/{name}").json() for name in ("funnel", "credit")
    )
    assert funnel["as_of"] == credit["as_of"] == "2026-06-30"
    assert funnel["figures"]["whole"]["counts"].keys() >= {"lead", "won"}
    apart = credit["figures"]["no_touch"]
    assert Decimal(apart["value"]) + Decimal(credit["figures"]["value"]) == 15620


def test_tells_fit_power_and_what_goes_together(rep: User, caller_of: MakeCaller) -> None:
    caller = caller_of(rep, TokenScope.READ)
    fit, together, power = (
        caller.get(f"reviews/latest/measures/{name}").json()["figures"]
        for name in ("fit", "together", "power")
    )
    assert sum(row["reach"]["deals_won"] for row in [*fit["personas"], fit["outside"]]) == 3
    assert {each["status"] for each in together} == {"refused"}  # a handful of deals
    assert power["usual"] == "sales"


def test_tells_no_other_measure_by_owner(rep: User, caller_of: MakeCaller) -> None:
    answer = caller_of(rep, TokenScope.READ).get("reviews/latest/measures/fit?by=owner")
    assert answer.json()["detail"].startswith("Only the funnel is told by owner")


def test_knows_no_other_measure(rep: User, caller_of: MakeCaller) -> None:
    answer = caller_of(rep, TokenScope.READ).get("reviews/latest/measures/people")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["says"].startswith("unknown word; known: funnel, credit, fit")
