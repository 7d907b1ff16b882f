from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given

from counterpoise.agreement import Agreement
from counterpoise.agreement.coherence import check_fields
from counterpoise.agreement.references import find_flaws
from counterpoise.books.schema import Kind
from tests.agreement.strategies import agreements

BASE: Mapping[str, Any] = {
    "agreement": "counterpoise/v1",
    "title": "Test",
    "in_force": {"from": "2026-01-01"},
    "roles": {
        "rep": {"side": "sales"},
        "manager": {"side": "sales"},
        "pm": {"side": "marketing"},
    },
}


def flaws(**sections: Any) -> dict[str, str]:
    agreement = Agreement.model_validate({**BASE, **sections})
    return {flaw.clause: flaw.says for flaw in find_flaws(agreement)}


def limit(**row: Any) -> dict[str, Any]:
    return {"limits": [{"id": "a", "up_to": {"rep": "5%"}, **row}]}


def where(**when: Any) -> dict[str, str]:
    return flaws(discounts=limit(when=when))


@given(agreements())
def test_finds_nothing_in_a_valid_agreement(agreement: Agreement) -> None:
    assert find_flaws(agreement) == ()


@pytest.mark.parametrize(
    ("sections", "clause", "nearest"),
    [
        ({"discounts": limit(up_to={"reps": "5%"})}, "discounts.limits.a.up_to.reps", "'rep'"),
        (
            {"discounts": limit(up_to={"rep + managr": "5%"})},
            "discounts.limits.a.up_to.rep + managr",
            "'manager'",
        ),
        (
            {"protected": [{"id": "p", "up_to": {"mananger": "1%"}}]},
            "protected.p.up_to.mananger",
            "'manager'",
        ),
        (
            {
                "exceptions": [
                    {"id": "e", "from": "2026-01-01", "until": "2026-02-01", "up_to": {"x": 0}}
                ]
            },
            "exceptions.e.up_to.x",
            "known: 'rep', 'manager', 'pm'",
        ),
        (
            {"customizations": {"limits": [{"id": "c", "kind": "k", "up_to": {"rap": 5}}]}},
            "customizations.limits.c.up_to.rap",
            "'rep'",
        ),
        (
            {"promotions": {"limits": [{"id": "m", "up_to": {"pn": "5%"}}]}},
            "promotions.limits.m.up_to.pn",
            "'pm'",
        ),
        (
            {"discounts": {"floor": {"margin": 0, "decides": "mangr"}}},
            "discounts.floor.decides",
            "'manager'",
        ),
        ({"approvals": {"escalate_to": "mangr"}}, "approvals.escalate_to", "'manager'"),
        (
            {
                "personas": [{"id": "p", "when": {"segment": "A"}, "values": ["uptme"]}],
                "values": [{"id": "uptime", "says": "x"}],
            },
            "personas.p.values",
            "'uptime'",
        ),
        ({"company": {"currency": "EURO"}}, "company.currency", "'EUR'"),
        ({"company": {"time_zone": "Europe/Zagrep"}}, "company.time_zone", "'Europe/Zagreb'"),
        (
            {"company": {"working_time": {"holidays": "DE-BZ"}}},
            "company.working_time.holidays",
            "region of DE",
        ),
    ],
)
def test_names_the_clause_and_the_nearest_word(
    sections: dict[str, Any], clause: str, nearest: str
) -> None:
    found = flaws(**sections)
    assert list(found) == [clause]
    assert nearest in found[clause]


@pytest.mark.parametrize(
    ("goal", "key", "says"),
    [
        ({"metric": "win_ratio", "at_least": "30%"}, "metric", "'win_rate'"),
        ({"metric": "win_rate", "at_least": 30}, "at_least", "write a share like 92%"),
        ({"metric": "win_rate", "at_least": "2 days"}, "at_least", "win_rate is a share"),
        ({"metric": "net_revenue", "at_least": "2 days"}, "at_least", "write it like 250000"),
        ({"metric": "cycle_time", "at_most": 45}, "at_most", "write it like 5 working days"),
    ],
)
def test_refuses_a_goal_that_cannot_be_measured(goal: dict[str, Any], key: str, says: str) -> None:
    found = flaws(goals=[{"id": "g", "shared": "true", **goal}])
    assert list(found) == [f"goals.g.{key}"]
    assert says in found[f"goals.g.{key}"]


@pytest.mark.parametrize(
    ("side", "promise", "clause", "says"),
    [
        ("sales", {"metric": "leads", "at_least": 5}, ".metric", "unknown metric"),
        ("sales", {"metric": "campaign_notice", "at_least": "9 days"}, ".metric", "of marketing"),
        ("marketing", {"metric": "lead_response", "within": "1 day"}, ".metric", "of sales"),
        ("sales", {"metric": "lead_response", "at_least": "1 day"}, ".at_least", "with within"),
        ("marketing", {"metric": "qualified_leads", "at_least": 9}, "", "add every"),
        ("sales", {"metric": "tools_used", "at_least": "9 days"}, ".at_least", "is a share"),
    ],
)
def test_refuses_a_promise_that_cannot_be_kept(
    side: str, promise: dict[str, Any], clause: str, says: str
) -> None:
    found = flaws(promises={side: [{"id": "p", **promise}]})
    assert list(found) == [f"promises.{side}.p{clause}"]
    assert says in found[f"promises.{side}.p{clause}"]


@pytest.mark.parametrize(
    ("field", "test", "says"),
    [
        ("segmnt", "A", "the nearest is 'segment'"),
        ("owner.regon", "A", "the nearest is 'owner.region'"),
        ("employees", "large", "is a whole number; 'large' is not"),
        ("list_amount", True, "is an amount; 'true' is not"),
        ("segment", ">= 5", "has no more or less"),
        ("created_at", "soon", "is a day or a time; 'soon' is not"),
        ("outcome", "wonn", "the nearest is 'won'"),
        ("deal.kind", ["new", "renewel"], "the nearest is 'renewal'"),
        ("owner.active", "yes", "is true or false; 'yes' is not"),
        ("persona", "maker", "no persona is declared"),
    ],
)
def test_refuses_a_test_that_no_fact_can_meet(field: str, test: object, says: str) -> None:
    found = where(**{field: test})
    assert list(found) == [f"discounts.limits.a.when.{field}"]
    assert says in found[f"discounts.limits.a.when.{field}"]


@pytest.mark.parametrize(
    ("field", "test"),
    [
        ("account_id", 1001),
        ("employees", '"50"'),
        ("owner.region", ["North", None]),
        ("closed_at", ">= 2026-01-01"),
        ("attr.anything at all", "x"),
        ("account.attr.tier", ">= 2"),
        ("product.family", "-"),
        ("owner.active", "true"),
    ],
)
def test_accepts_a_test_that_a_fact_can_meet(field: str, test: object) -> None:
    assert where(**{field: test}) == {}


def test_names_only_personas_that_are_declared() -> None:
    personas = [{"id": "maker", "when": {"segment": "A"}}]
    found = flaws(personas=personas, discounts=limit(when={"persona": ["maker", "makr"]}))
    assert "the nearest is 'maker'" in found["discounts.limits.a.when.persona"]


def test_refuses_to_test_a_persona_for_missing() -> None:
    personas = [{"id": "maker", "when": {"segment": "A"}}]
    found = flaws(personas=personas, discounts=limit(when={"persona": None}))
    assert "write not(maker)" in found["discounts.limits.a.when.persona"]


def test_a_persona_cannot_ask_for_a_persona() -> None:
    found = flaws(personas=[{"id": "maker", "when": {"persona": "maker"}}])
    assert list(found) == ["personas.maker.when.persona"]
    assert "a persona cannot ask for a persona" in found["personas.maker.when.persona"]


def test_reads_fields_in_the_scope_of_their_clause() -> None:
    roles = {**BASE["roles"], "lead": {"side": "both", "people": {"segment": "A"}}}
    found = flaws(
        roles=roles,
        handoff={"qualified": {"score": ">= 60", "list_amount": 5}},
        promotions={
            "limits": [
                {"id": "m", "when": {"depth": "<= 20%", "term_months": 1}, "up_to": {"pm": 0}}
            ]
        },
    )
    assert set(found) == {
        "roles.lead.people.segment",
        "handoff.qualified.list_amount",
        "promotions.limits.m.when.term_months",
    }


def test_refuses_a_rate_written_as_a_whole_number() -> None:
    found = flaws(
        promotions={"limits": [{"id": "m", "when": {"depth": "> 20"}, "up_to": {"pm": 0}}]}
    )
    assert "write a rate like 20%" in found["promotions.limits.m.when.depth"]


def test_an_attribute_is_a_number_or_a_text_and_not_both() -> None:
    rows = [
        {"id": "a", "when": {"attr.tier": 1}, "up_to": {"rep": 0}},
        {"id": "b", "when": {"attr.tier": "gold"}, "up_to": {"rep": 0}},
        {"id": "c", "when": {"attr.size": [1, "large"]}, "up_to": {"rep": 0}},
    ]
    found = flaws(discounts={"limits": rows})
    assert set(found) == {"discounts.limits.b.when.attr.tier", "discounts.limits.c.when.attr.size"}
    assert "(discounts.limits.a.when.attr.tier)" in found["discounts.limits.b.when.attr.tier"]


def test_allows_one_default_role() -> None:
    roles = {name: {**role, "default": "true"} for name, role in BASE["roles"].items()}
    assert set(flaws(roles=roles)) == {"roles.manager.default", "roles.pm.default"}


@pytest.mark.parametrize(
    ("weeks", "key"),
    [({"per": "year", "at_most": 54}, "at_most"), ({"per": "day", "at_most": 1}, "per")],
)
def test_counts_weeks_in_periods_that_have_them(weeks: dict[str, Any], key: str) -> None:
    rows = [{"id": "m", "up_to": {"pm": "5%"}, "weeks_on_deal": weeks}]
    assert list(flaws(promotions={"limits": rows})) == [f"promotions.limits.m.weeks_on_deal.{key}"]


def test_holds_attributes_against_those_of_the_books() -> None:
    sections = {"discounts": limit(when={"attr.tier": "gold", "account.attr.size": "> 5"})}
    agreement = Agreement.model_validate({**BASE, **sections})
    books = {"deals": {"tier": Kind.TEXT}, "accounts": {"size": Kind.NUMBER}}
    assert check_fields(agreement, books) == ()
    other = {"deals": {"tiers": Kind.TEXT}, "accounts": {"size": Kind.TEXT}}
    first, second = check_fields(agreement, other)
    assert "the nearest is 'attr.tiers'" in first.says
    assert "has no more or less" in second.says
