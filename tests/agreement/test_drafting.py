import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, parse_agreement
from counterpoise.agreement.drafting import draft, gather_evidence
from counterpoise.agreement.drafting.evidence import (
    Evidence,
    GroupWon,
    Kept,
    KindMade,
    LeverFound,
    RatesGiven,
    RoleFound,
    Spent,
    Totals,
)
from counterpoise.agreement.linting import lint
from counterpoise.books import Books, Workspace, import_books

D = Decimal
NOTHING = Evidence("Acme", "EUR", "Europe/Zagreb", dt.date(2026, 6, 30))
PLENTY = replace(
    NOTHING,
    totals=Totals(
        deals=1000,
        won=400,
        lost=500,
        first_day=dt.date(2024, 1, 3),
        last_day=dt.date(2026, 6, 30),
        priced=380,
        realization=D("0.914"),
        margin_rate=D("0.47"),
        tenth_margin=D("0.23"),
    ),
    roles=(
        RoleFound("Account Executive", "sales", 20, 900),
        RoleFound("CCO", "sales", 1, 0, ("Sales Manager",)),
        RoleFound("Product Marketing", "marketing", 3),
        RoleFound("Sales Manager", "sales", 4, 30, ("Account Executive",)),
    ),
    rates=RatesGiven(None, None, 380, 300, D("0.042"), D("0.118"), D("0.183")),
    rates_by_segment=(
        RatesGiven("segment", "Food, Drink", 200, 150, D("0.08"), D("0.15"), D("0.2")),
        RatesGiven("segment", "SMB", 180, 150, D("0.042"), D("0.118"), D("0.183")),
    ),
    rates_by_family=(
        RatesGiven("product_family", "Orion", 60, 40, D("0.01"), D("0.01"), D("0.02")),
        RatesGiven("product_family", "GTX", 300, 250, D("0.05"), D("0.1"), D("0.2")),
    ),
    groups=(
        GroupWon("industry", "Steel", 120, 80, 50, 900),
        GroupWon("industry", "Retail", 60, 200),
    ),
    levers=(
        LeverFound("term_of_36_months", "term_months", ">= 36", 90, D("0.09"), D("0.05")),
        LeverFound("term_of_24_months", "term_months", ">= 24", 120, D("0.08"), D("0.05")),
        LeverFound("payment", "payment", "upfront", 40, D("0.06"), D("0.045")),
        LeverFound("payment", "payment", "monthly", 200, D("0.04"), D("0.05")),
    ),
    kept=(
        Kept("lost_offers_recorded", D("0.62"), 500),
        Kept("lead_response", D("3.1"), 800),
        Kept("lead_verdict", D(60), 800),
        Kept("qualified_leads", D("84.5"), 2000),
        Kept("lead_acceptance", D("0.63"), 800),
    ),
    spent=(
        Spent("concessions", D(241300), D(390000), 10),
        Spent("campaign_spend", D(88000), D(120000), 10),
    ),
    kinds=(KindMade("private label", 45, D(900), D(4200)),),
    rejection_reasons=("no need", "wrong: persona"),
    qualifying_score=D("61.5"),
)


def warnings(text: str) -> list[str]:
    return [warning.clause for warning in lint(parse_agreement(text))]


def test_without_evidence_proposes_with_care_and_says_so() -> None:
    text = draft(NOTHING)
    agreement = parse_agreement(text)
    assert {who: str(rate) for who, rate in agreement.discounts.limits[0].up_to.items()} == {
        "rep": "0.05",
        "sales_manager": "0.1",
        "sales_manager + product_marketing": "0.15",
        "revenue_lead": "0.2",
    }
    assert "too few to" in text
    assert "the books do not tell it yet" in text
    assert warnings(text) == []


def test_a_draft_with_evidence_has_nothing_odd() -> None:
    assert warnings(draft(PLENTY)) == []


def test_measures_the_past_from_the_first_deal_on() -> None:
    in_force = parse_agreement(draft(PLENTY)).in_force
    assert in_force.from_ == dt.date(2024, 1, 3)
    assert in_force.measured_against


def test_places_roles_by_name_where_the_books_do_not_tell_who_manages_whom() -> None:
    found = (
        RoleFound("Account Manager", "sales", 9, 200),
        RoleFound("Sales Manager", "sales", 2, 30),
    )
    roles = parse_agreement(draft(replace(PLENTY, roles=found))).roles
    assert [str(roles[name].people) for name in ("rep", "sales_manager")] == [
        "role: Account Manager",
        "role: Sales Manager",
    ]
    head = (found[0], RoleFound("Head of Sales", "sales", 1, 0))
    roles = parse_agreement(draft(replace(PLENTY, roles=head))).roles
    assert str(roles["sales_manager"].people) == "role: Head of Sales"
    alone = parse_agreement(draft(replace(PLENTY, roles=found[1:]))).roles
    assert (str(alone["rep"].people), alone["sales_manager"].people) == (
        "role: Sales Manager",
        None,
    )


def test_places_roles_by_what_they_own_and_whom_they_manage() -> None:
    roles = parse_agreement(draft(PLENTY)).roles
    assert {name: str(role.people) for name, role in roles.items()} == {
        "rep": "role: Account Executive",
        "sales_manager": "role: Sales Manager",
        "product_marketing": "role: Product Marketing",
        "revenue_lead": "role: CCO",
    }
    assert roles["rep"].default


def test_proposes_limits_at_quantiles_of_what_was_given() -> None:
    text = draft(PLENTY)
    food, standard = parse_agreement(text).discounts.limits
    assert str(food.when) == 'segment: "Food, Drink"'
    assert {who: str(rate) for who, rate in food.up_to.items()} == {
        "rep": "0.08",
        "sales_manager": "0.15",
        "sales_manager + product_marketing": "0.175",
        "revenue_lead": "0.2",
    }
    # Up to the next half point: 4.2 %, 11.8 % and 18.3 %, and halfway between the last two.
    assert {who: str(rate) for who, rate in standard.up_to.items()} == {
        "rep": "0.045",
        "sales_manager": "0.12",
        "sales_manager + product_marketing": "0.155",
        "revenue_lead": "0.185",
    }
    assert "150 of 200 won deals had a discount; half of them up to 8.0%" in text


def test_proposes_levers_that_went_with_higher_rates() -> None:
    discounts = parse_agreement(draft(PLENTY)).discounts
    assert [(each.id, str(each.when), str(each.adds)) for each in discounts.levers] == [
        ("term_of_36_months", "term_months: >= 36", "0.04"),
        ("payment_upfront", "payment: upfront", "0.015"),
    ]
    assert str(discounts.lever_cap) == "0.04"


def test_proposes_personas_from_who_is_won_more_often() -> None:
    text = draft(PLENTY)
    (persona,) = parse_agreement(text).personas
    assert str(persona.when) == "industry: Steel; employees: [50..900]"
    assert "120 of 200 won (60.0%), against 44.4% of all" in text


def test_proposes_to_protect_what_is_sold_at_list_anyway() -> None:
    (row,) = parse_agreement(draft(PLENTY)).protected
    assert str(row.when) == "product_family: Orion"


def test_proposes_promises_of_both_sides_from_what_is_kept() -> None:
    text = draft(PLENTY)
    promises = parse_agreement(text).promises
    marketing = {each.id: each for each in promises.marketing}
    sales = {each.id: each for each in promises.sales}
    assert str(marketing["leads"].at_least) == "84"
    assert str(marketing["acceptance"].at_least) == "0.6"
    assert str(sales["offers"].at_least) == "0.95"
    assert str(sales["response"].within) == "4 working hours"
    assert str(sales["verdict"].within) == "3 working days"
    assert "62.0% of 500 today; what is not recorded cannot be learned from" in text


def test_proposes_budgets_of_both_sides_or_of_neither() -> None:
    budgets = parse_agreement(draft(PLENTY)).budgets
    assert [(each.id, str(each.amount)) for each in budgets] == [
        ("concessions", "250000"),
        ("campaign_spend", "88000"),
    ]
    alone = replace(PLENTY, spent=PLENTY.spent[:1])
    assert parse_agreement(draft(alone)).budgets == ()


def test_proposes_goals_a_little_above_today_and_a_floor_below() -> None:
    agreement = parse_agreement(draft(PLENTY))
    assert {each.id: str(each.at_least) for each in agreement.goals} == {
        "realization": "0.92",
        "margin": "0.47",
        "wins": "0.44",
    }
    assert agreement.discounts.floor is not None
    assert str(agreement.discounts.floor.margin) == "0.2"


def test_every_entry_stands_under_its_evidence() -> None:
    lines = draft(PLENTY).splitlines()
    for before, line in pairwise(lines):
        if line.lstrip().startswith("- {"):
            assert before.lstrip().startswith("# ")


def test_fits_on_a_page() -> None:
    comments = [line for line in draft(PLENTY).splitlines() if line.lstrip().startswith("#")]
    assert max(len(line) for line in comments) <= 100


names = st.text(min_size=1, max_size=15).map(lambda text: " ".join(text.split())).filter(bool)
some_rates = st.lists(st.decimals(0, 1, places=4), min_size=3, max_size=3).map(sorted)


def _rates(field: str) -> st.SearchStrategy[tuple[RatesGiven, ...]]:
    one = st.builds(
        lambda value, rates: RatesGiven(field, value, 90, 60, *rates), names, some_rates
    )
    return st.lists(one, max_size=3, unique_by=lambda rates: rates.value).map(tuple)


@given(
    _rates("segment"),
    _rates("product_family"),
    st.lists(names, max_size=3, unique=True),
    some_rates,
)
def test_any_names_and_rates_make_a_draft_that_can_be_read(
    segments: tuple[RatesGiven, ...],
    families: tuple[RatesGiven, ...],
    found: list[str],
    overall: list[Decimal],
) -> None:
    evidence = replace(
        PLENTY,
        rates=RatesGiven(None, None, 900, 600, *overall),
        rates_by_segment=segments,
        rates_by_family=families,
        roles=tuple(RoleFound(name, "sales", 1, 5) for name in found),
        groups=tuple(GroupWon("industry", name, 50, 1) for name in found),
        kinds=tuple(KindMade(name, 5, D(1), D(2)) for name in found),
        rejection_reasons=tuple(found),
    )
    agreement = parse_agreement(draft(evidence))
    assert isinstance(agreement, Agreement)
    assert [persona.name for persona in agreement.personas] == sorted(found)


@pytest.fixture
def golden_books(shared: Path, tmp_path: Path) -> Workspace:
    workspace = Workspace.create(tmp_path / "acme")
    import_books(workspace, shared / "golden" / "export")
    return workspace


def test_gathers_what_the_books_tell(golden_books: Workspace) -> None:
    with Books.open(golden_books) as books:
        evidence = gather_evidence(books, dt.date(2026, 6, 30))
    totals = evidence.totals
    assert (totals.deals, totals.won, totals.lost, totals.priced) == (21, 18, 1, 17)
    assert totals.realization is not None
    assert round(totals.realization, 6) == D("0.899603")
    assert evidence.company == "acme"
    roles = {role.name: role for role in evidence.roles}
    assert roles["Account Executive"].deals == 20
    assert (evidence.rates.deals, evidence.rates.discounted) == (17, 16)
    assert [(kind.kind, kind.made) for kind in evidence.kinds] == [("private_label", 1)]
    assert warnings(draft(evidence)) == []
