import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from counterpoise.agreement import Agreement
from counterpoise.agreement.conditions import holds
from counterpoise.agreement.linting import LintWarning, lint
from counterpoise.agreement.reading import read_with_lines
from tests.agreement.strategies import COLUMNS, agreements, facts

SOUND: Mapping[str, Any] = {
    "agreement": "counterpoise/v1",
    "title": "Sound",
    "in_force": {"from": "2026-01-01", "until": "2026-12-31"},
    "roles": {
        "rep": {"side": "sales", "default": "true"},
        "manager": {"side": "sales"},
        "pm": {"side": "marketing"},
        "lead": {"side": "both"},
    },
    "promises": {
        "marketing": [{"id": "n", "metric": "campaign_notice", "at_least": "10 working days"}],
        "sales": [{"id": "o", "metric": "lost_offers_recorded", "at_least": "95%"}],
    },
    "discounts": {
        "limits": [
            {
                "id": "big",
                "when": {"list_amount": ">= 50000"},
                "up_to": {"rep": "10%", "manager": "20%", "manager + pm": "25%", "lead": "30%"},
            },
            {"id": "standard", "up_to": {"rep": "5%", "manager": "15%", "lead": "25%"}},
        ],
        "levers": [{"id": "long", "when": {"term_months": ">= 36"}, "adds": "5%"}],
        "lever_cap": "5%",
        "floor": {"margin": "10%", "decides": "lead"},
    },
    "approvals": {"respond_within": "1 working day"},
}


def warnings(**sections: Any) -> dict[str, LintWarning]:
    return {each.clause: each for each in lint(Agreement.model_validate({**SOUND, **sections}))}


def limits(*rows: Mapping[str, Any]) -> dict[str, Any]:
    named = [
        {
            "id": "abcdefgh"[place],
            "up_to": {"rep": "5%", "lead": "9%", "pm": "1%", "manager": "5%"},
            **row,
        }
        for place, row in enumerate(rows)
    ]
    return {**SOUND["discounts"], "limits": named}


def never(*rows: Mapping[str, Any]) -> list[str]:
    """Return the rows of limits that are said never to decide."""
    found = warnings(discounts=limits(*rows))
    return [clause for clause, each in found.items() if "never" in each.says]


def test_has_nothing_to_say_of_a_sound_agreement() -> None:
    assert warnings() == {}


@pytest.mark.parametrize("name", ["industrial", "consumer_goods"])
def test_has_nothing_to_say_of_the_examples(root: Path, name: str) -> None:
    reading = read_with_lines(root / "examples" / "agreements" / f"{name}.yaml")
    assert lint(reading.agreement, line_of=reading.line_of) == ()


def test_says_of_the_usage_policy_that_nobody_decides_below_the_floor(root: Path) -> None:
    reading = read_with_lines(root / "examples" / "agreements" / "usage_pricing.yaml")
    (only,) = lint(reading.agreement, line_of=reading.line_of)
    assert only.clause == "discounts.floor"
    assert only.line is not None


# Rows that can never decide


def test_finds_a_row_behind_one_that_takes_everything() -> None:
    found = warnings(discounts=limits({}, {"when": {"segment": "SMB"}}))
    assert "discounts.limits.a before it takes every deal" in found["discounts.limits.b"].says


@pytest.mark.parametrize(
    "rows",
    [
        ({"when": {"list_amount": ">= 50"}}, {"when": {"list_amount": "[60..90]"}}),
        ({"when": {"segment": ["A", "B"]}}, {"when": {"segment": "A", "employees": 5}}),
        ({"when": {"account.segment": "A"}}, {"when": {"segment": "A"}}),
        ({"when": {"segment": "not(A)"}}, {"when": {"segment": "B"}}),
        ({"when": {"employees": "> 10"}}, {"when": {"employees": ">= 11"}}),
        ({"when": {"segment": "-"}}, {"when": {"segment": None}}),
    ],
)
def test_finds_a_row_behind_a_wider_one(rows: tuple[Mapping[str, Any], ...]) -> None:
    assert never(*rows) == ["discounts.limits.b"]


@pytest.mark.parametrize(
    "rows",
    [
        ({"when": {"list_amount": "> 50"}}, {"when": {"list_amount": "[50..90]"}}),
        ({"when": {"segment": "A"}}, {"when": {"segment": ["A", "B"]}}),
        ({"when": {"segment": "not(A)"}}, {"when": {"segment": ["A", None]}}),
        ({"when": {"segment": "not(A)"}}, {"when": {"segment": None}}),
        ({"when": {"owner.region": "A"}}, {"when": {"account.region": "A"}}),
    ],
)
def test_leaves_a_row_alone_that_some_deal_meets_first(
    rows: tuple[Mapping[str, Any], ...],
) -> None:
    assert never(*rows) == []


def test_finds_a_row_that_several_take_together() -> None:
    rows = (
        {"when": {"kind": ["new", "growth"]}},
        {"when": {"kind": "renewal", "employees": "< 100"}},
        {"when": {"kind": "not(null)", "employees": ">= 100"}},
        {"when": {"kind": "not(null)", "employees": "not(null)"}},
    )
    found = warnings(discounts=limits(*rows, {}))
    assert "the rows before it together" in found["discounts.limits.d"].says
    assert "discounts.limits.c" not in found


def test_finds_a_row_that_an_exclusion_takes() -> None:
    discounts = limits({"when": {"segment": "Charity"}}, {})
    discounts["exclusions"] = [{"id": "x", "when": {"segment": ["Charity", "School"]}}]
    assert "discounts.exclusions.x" in warnings(discounts=discounts)["discounts.limits.a"].says


def test_finds_an_exception_that_another_takes_on_all_its_days() -> None:
    rows = [
        {"id": "one", "from": "2026-01-01", "until": "2026-06-30", "up_to": {"rep": "9%"}},
        {
            "id": "two",
            "when": {"segment": "A"},
            "from": "2026-02-01",
            "until": "2026-03-01",
            "up_to": {"rep": "9%"},
        },
        {
            "id": "three",
            "when": {"segment": "A"},
            "from": "2026-02-01",
            "until": "2026-07-01",
            "up_to": {"rep": "9%"},
        },
    ]
    assert set(warnings(exceptions=rows)) == {"exceptions.two"}


def test_customizations_of_another_kind_stand_in_nobodys_way() -> None:
    rows = [
        {"id": "a", "kind": "label", "up_to": {"rep": 5}},
        {"id": "b", "kind": "colour", "up_to": {"rep": 5}},
        {"id": "c", "kind": "label", "when": {"segment": "A"}, "up_to": {"rep": 5}},
    ]
    assert set(warnings(customizations={"limits": rows})) == {"customizations.limits.c"}


def test_finds_a_condition_that_can_never_hold() -> None:
    found = warnings(discounts=limits({"when": {"segment": "not(-)"}}, {}))
    assert "nothing passes what is asked of segment" in found["discounts.limits.a.when"].says
    discounts = {
        **SOUND["discounts"],
        "levers": [{"id": "l", "when": {"employees": "(5..6)"}, "adds": "1%"}],
    }
    assert "discounts.levers.l.when" in warnings(discounts=discounts)


@given(agreements(), facts())
def test_a_row_that_never_decides_is_never_the_first_that_holds(
    agreement: Agreement, row: dict[str, Any]
) -> None:
    """Hold the sets against single deals: exclusions and protected goods come first."""
    said = {each.clause for each in lint(agreement) if "never decides" in each.says}
    tables = (agreement.discounts.exclusions, agreement.protected, agreement.discounts.limits)
    if any("persona" in each.when.fields for table in tables for each in table):
        return
    for table in tables:
        for each in table:
            tests = each.when.tests
            if all(holds(test.test, row.get(COLUMNS[test.field])) is True for test in tests):
                assert f"discounts.limits.{each.id}" not in said or table is not tables[2]
                return


# Deals that no row decides


@pytest.mark.parametrize(
    ("rows", "example"),
    [
        (({"when": {"segment": "A"}},), "a deal with segment anything but A"),
        (({"when": {"list_amount": ">= 50"}},), "a deal with list_amount 49"),
        (({"when": {"list_amount": ["< 50", "> 50"]}},), "a deal with list_amount 50"),
        (({"when": {"employees": "< 9"}}, {"when": {"employees": "> 10"}}), "employees 9"),
        (({"when": {"kind": ["new", "renewal"]}},), "a deal with kind growth"),
        (({"when": {"segment": "not(null)"}},), "a deal whose segment is not recorded"),
        (({"when": {"employees": ["< 9", ">= 9"]}},), "a deal whose employees is not recorded"),
    ],
)
def test_shows_a_deal_that_no_row_decides(
    rows: tuple[Mapping[str, Any], ...], example: str
) -> None:
    found = warnings(discounts=limits(*rows))
    assert example in found["discounts.limits"].says


@pytest.mark.parametrize(
    "rows",
    [
        ({"when": {"segment": "A"}}, {}),
        ({"when": {"segment": ["not(null)", None]}},),
        ({"when": {"segment": "-"}},),
        ({"when": {"segment": "A"}}, {"when": {"segment": ["not(A)", None]}}),
    ],
)
def test_leaves_a_table_alone_that_decides_every_deal(rows: tuple[Mapping[str, Any], ...]) -> None:
    assert "discounts.limits" not in warnings(discounts=limits(*rows))


def test_says_when_there_is_no_row() -> None:
    discounts = {**SOUND["discounts"], "limits": []}
    assert "there is no row" in warnings(discounts=discounts)["discounts.limits"].says


# Authority, levers, floor


def test_finds_authority_that_falls_along_the_ladder() -> None:
    grants = {"rep": "10%", "manager": "5%", "pm": "1%", "lead": "10%"}
    found = warnings(discounts=limits({"up_to": grants}))
    assert set(found) == {"discounts.limits.a.up_to.manager"}
    assert "rep may grant more than manager" in found["discounts.limits.a.up_to.manager"].says


def test_marketing_may_grant_less_than_sales_below_it() -> None:
    grants = {"rep": "10%", "manager": "10%", "pm": "1%", "lead": "10%"}
    assert warnings(discounts=limits({"up_to": grants})) == {}


def test_finds_a_group_that_may_grant_no_more_than_one_of_it() -> None:
    grants = {"rep": "1%", "manager": "10%", "manager + pm": "10%", "lead": "20%"}
    found = warnings(discounts=limits({"up_to": grants}))
    assert set(found) == {"discounts.limits.a.up_to.manager + pm"}


@pytest.mark.parametrize(
    ("changes", "clause", "says"),
    [
        ({"lever_cap": "0%"}, "discounts.lever_cap", "leaves levers no effect"),
        ({"levers": []}, "discounts.lever_cap", "a cap stands here and no lever"),
        ({"lever_cap": "4%"}, "discounts.levers.long.adds", "no more than 4% counts"),
        (
            {"levers": [{"id": "l", "when": {"term_months": "> 1"}, "adds": 0}]},
            "discounts.levers.l",
            "adds nothing",
        ),
        (
            {"levers": [{"id": "l", "when": {"term_months": "-"}, "adds": "1%"}]},
            "discounts.levers.l",
            "asks for nothing",
        ),
        ({"floor": None}, "discounts.floor", "may sell below cost"),
        ({"floor": {"margin": "5%"}}, "discounts.floor", "nobody can say yes"),
    ],
)
def test_finds_levers_and_floors_without_effect(
    changes: dict[str, Any], clause: str, says: str
) -> None:
    found = warnings(discounts={**SOUND["discounts"], **changes})
    assert set(found) == {clause}
    assert says in found[clause].says


def test_says_how_far_levers_go_without_a_cap() -> None:
    levers = [
        {"id": "a", "when": {"term_months": "> 1"}, "adds": "5%"},
        {"id": "b", "when": {"payment": "upfront"}, "adds": "4%"},
    ]
    discounts = {**SOUND["discounts"], "levers": levers, "lever_cap": None}
    assert "levers add up to 9%" in warnings(discounts=discounts)["discounts.lever_cap"].says


# Both sides


def test_says_when_one_side_alone_is_bound() -> None:
    found = warnings(promises={"sales": SOUND["promises"]["sales"]})
    assert set(found) == {"promises.marketing"}
    assert "binds one side only" in found["promises.marketing"].says
    assert "sales by promises, limits" in found["promises.marketing"].says


def test_says_when_sales_is_the_free_side() -> None:
    discounts = {"floor": SOUND["discounts"]["floor"]}
    found = warnings(promises={"marketing": SOUND["promises"]["marketing"]}, discounts=discounts)
    assert "marketing by promises, sales by nothing" in found["promises.sales"].says


def test_says_when_one_side_alone_promises_or_has_a_budget() -> None:
    budget = {"id": "b", "of": "campaign_spend", "side": "marketing", "every": "year", "amount": 9}
    found = warnings(promises={"sales": SOUND["promises"]["sales"]}, budgets=[budget])
    assert "sales promises something and marketing nothing" in found["promises.marketing"].says
    assert "marketing has a budget and sales has none" in found["budgets"].says


def test_says_when_nobody_answers_for_a_goal() -> None:
    goals = [{"id": "g", "metric": "win_rate", "at_least": "30%"}]
    assert "nobody answers" in warnings(goals=goals)["goals.g"].says


def test_says_when_every_goal_is_one_sides() -> None:
    goals = [{"id": "g", "metric": "win_rate", "at_least": "30%", "owner": "sales"}]
    assert "every goal is sales's" in warnings(goals=goals)["goals"].says


def test_says_when_a_side_has_no_role() -> None:
    roles = {name: role for name, role in SOUND["roles"].items() if name != "pm"}
    found = warnings(roles=roles, discounts=limits({"up_to": {"rep": 0, "manager": 0, "lead": 0}}))
    assert "no role is on the side of marketing" in found["roles"].says


# Upkeep


def test_finds_a_role_without_a_say() -> None:
    roles = {**SOUND["roles"], "intern": {"side": "sales"}}
    assert "no clause gives this role a say" in warnings(roles=roles)["roles.intern"].says


def test_finds_roles_that_nobody_holds() -> None:
    roles = {
        **SOUND["roles"],
        "manager": {"side": "sales", "people": {"role": ["Head", "Boss"]}},
        "pm": {"side": "marketing", "people": {"region": "North"}},
    }
    agreement = Agreement.model_validate({**SOUND, "roles": roles})
    found = {each.clause: each for each in lint(agreement, ["AE", "Sales Lead", "Head of"])}
    assert set(found) == {"roles.manager", "roles.lead"}
    assert "meets its people condition" in found["roles.manager"].says
    assert lint(agreement, ["Boss", "LEAD"]) == ()


def test_finds_a_default_that_is_not_the_lowest() -> None:
    roles = {
        **SOUND["roles"],
        "rep": {"side": "sales"},
        "manager": {"side": "sales", "default": "true"},
    }
    assert "not of rep" in warnings(roles=roles)["roles.manager.default"].says


def test_finds_personas_and_values_that_do_not_meet() -> None:
    found = warnings(
        personas=[{"id": "p", "when": {"segment": "A", "term_months": 5}}],
        values=[{"id": "v", "says": "quiet"}],
    )
    assert set(found) == {"personas.p", "personas.p.when.term_months", "values.v"}


@pytest.mark.parametrize(
    ("start", "until", "says"),
    [
        ("2025-01-01", "2025-12-31", "ended on 2025-12-31, before the agreement starts"),
        ("2027-01-01", "2027-02-01", "starts on 2027-01-01, after the agreement ends"),
        ("2026-05-01", "2027-02-01", "longer than the agreement"),
        ("2026-02-01", "2026-03-31", "it is over since 2026-03-31"),
    ],
)
def test_finds_exceptions_out_of_their_time(start: str, until: str, says: str) -> None:
    row = {
        "id": "e",
        "when": {"account_id": "A1"},
        "from": start,
        "until": until,
        "up_to": {"rep": 0},
    }
    agreement = Agreement.model_validate({**SOUND, "exceptions": [row]})
    (only,) = lint(agreement, on=dt.date(2026, 6, 1))
    assert only.clause == "exceptions.e"
    assert says in only.says


def test_finds_a_reminder_after_the_deadline() -> None:
    found = warnings(
        approvals={"respond_within": "4 working hours", "remind_after": "1 working day"}
    )
    assert set(found) == {"approvals.remind_after"}


def test_finds_two_clauses_that_promise_different_times() -> None:
    promises = {
        **SOUND["promises"],
        "sales": [{"id": "r", "metric": "lead_response", "within": "2 days"}],
    }
    found = warnings(promises=promises, handoff={"first_response_within": "4 working hours"})
    assert set(found) == {"promises.sales.r.within"}


def test_finds_an_agreement_that_starts_before_it_was_signed() -> None:
    signed = [{"side": "sales", "by": "Ana", "at": "2026-01-05T10:00"}]
    assert "was signed on 2026-01-05" in warnings(signed=signed)["in_force.from"].says


@given(agreements())
def test_looks_at_any_agreement_without_trouble(agreement: Agreement) -> None:
    for warning in lint(agreement, ["AE"], on=dt.date(2026, 6, 1)):
        assert warning.clause
        assert warning.says
        assert warning.do
