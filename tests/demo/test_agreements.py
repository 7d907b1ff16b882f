"""The agreements of a company are good ones, signed and kept."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from counterpoise.agreement import Agreements, Side, Status, read_agreement, save_ratified
from counterpoise.agreement.linting import lint
from counterpoise.demo import Company, Faults, Recipe
from tests.demo.conftest import Make

_ROLES = (
    "Account Executive",
    "Sales Manager",
    "Product Marketing Manager",
    "Demand Marketer",
    "Chief Revenue Officer",
)


@pytest.fixture(scope="module")
def company(make: Make) -> Company:
    """Return the company of the demo, faults and all."""
    return make()


def test_every_version_reads_and_nothing_in_it_is_odd(company: Company) -> None:
    for path in company.ratified:
        assert lint(read_agreement(path), _ROLES) == (), path.name


def test_both_sides_signed_before_it_came_into_force(company: Company) -> None:
    for path in company.ratified:
        agreement = read_agreement(path)
        assert {signature.side for signature in agreement.signed} == {Side.SALES, Side.MARKETING}
        assert all(signature.at.date() < agreement.in_force.from_ for signature in agreement.signed)


def test_the_versions_cover_every_day_once(company: Company, tmp_path: Path) -> None:
    agreements = [read_agreement(path) for path in company.ratified]
    for agreement in agreements:
        save_ratified(tmp_path, agreement)
    versions = Agreements.of(agreements)
    day = dt.date(2024, 1, 1)
    while day <= company.last_on:
        found = versions.on(day)
        assert found is not None, day
        assert found.status is Status.RATIFIED
        day += dt.timedelta(days=1)
    assert len(list(tmp_path.glob("*.yaml"))) == 5


def test_the_latest_stands_beside_them(company: Company) -> None:
    assert company.agreement_file.read_bytes() == company.ratified[-1].read_bytes()


def test_limits_rose_a_year_before_the_end(company: Company) -> None:
    def rep(path: Path) -> Decimal:
        row = {row.id: row for row in read_agreement(path).discounts.limits}["midsize"]
        return row.up_to["rep"]

    assert [rep(path) for path in company.ratified] == [
        Decimal("0.07"),
        Decimal("0.07"),
        Decimal("0.07"),
        Decimal("0.08"),
        Decimal("0.08"),
    ]


def test_a_planted_gap_lifts_the_goal_and_nothing_else(make: Make) -> None:
    none = make(faults=Faults.none())
    gap = make(faults=Faults.only("goal_gap", "realization"))
    lines = zip(
        none.agreement_file.read_text(encoding="utf-8").splitlines(),
        gap.agreement_file.read_text(encoding="utf-8").splitlines(),
        strict=True,
    )
    changed = [before for before, after in lines if before != after]
    assert len(changed) == 1
    assert "price_realization" in changed[0]
    assert (none.export / "deals.csv").read_bytes() == (gap.export / "deals.csv").read_bytes()


def test_a_firm_of_other_years_has_agreements_of_its_own(make: Make) -> None:
    recipe = Recipe(first_on=dt.date(2022, 4, 1), last_on=dt.date(2024, 2, 29))
    company = make(deals=900, recipe=recipe)
    assert [path.stem for path in company.ratified] == [
        "2022-01-01",
        "2022-07-01",
        "2023-01-01",
        "2023-07-01",
        "2024-01-01",
    ]
    for path in company.ratified:
        assert lint(read_agreement(path), _ROLES) == ()


def test_a_half_year_under_way_is_asked_for_what_the_one_before_brought(make: Make) -> None:
    ends = dt.date(2026, 7, 3)
    company = make(deals=900, faults=Faults.none(), recipe=Recipe.until(ends))
    before, present = (read_agreement(path) for path in company.ratified[-2:])
    assert present.in_force.from_ < ends
    assert present.goals == before.goals
    assert present.promises == before.promises
    assert present.budgets == before.budgets
    assert all(goal.at_least for goal in present.goals)
