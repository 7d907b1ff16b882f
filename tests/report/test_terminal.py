"""What a person reads in the terminal."""

import datetime as dt
from pathlib import Path

import pytest

from counterpoise.agreement import Status
from counterpoise.ledger.review import AgreementState
from counterpoise.report.wording import agreed_days, standing
from tests.cli.running import done


@pytest.fixture(scope="module")
def said(company: Path) -> str:
    return done("-w", company, "review", "--by", "employees")


def test_begins_with_the_five_figures(said: str) -> None:
    # Won: 1000 → 950, 2000 → 1800, 1000 → 1000.
    assert said.splitlines()[:9] == [
        "Review as of 2026-05-20, in USD",
        "Measured by First half, as if: a draft that nobody has signed",
        "",
        "held ██████████████████████████████████████░░ given",
        "",
        "Price realization     93.8%  net over list, 3 won deals with both known",
        "Value held            3,750  sold at its value, and above list",
        "Value given             250  conceded from list",
        "Leakage            0 to 100  above authority and without approval",
    ]


def test_says_what_was_not_judged_and_why(said: str) -> None:
    # D2 gives 200, of which 100 is above authority; the books hold no approvals.
    assert "· 100 conceded on 1 deal is unjudged: above authority" in said
    assert "The effect of discounts on winning is refused. Lost offers are not" in said


def test_says_over_which_days_goals_are_measured() -> None:
    days = (dt.date(2026, 1, 1), dt.date(2026, 5, 20))
    state = AgreementState("H1", "f" * 64, Status.RATIFIED, in_force=True, measured=days)
    assert agreed_days(state) == (
        "Goals and promises are measured over the agreement's days so far, 2026-01-01 to "
        "2026-05-20; the figures above over all days in the books."
    )


@pytest.mark.parametrize(
    ("lapsed_on", "says"),
    [
        (dt.date(2026, 3, 31), "H1, signed by both sides; lapsed, its last day was 2026-03-31"),
        (None, "H1, signed by both sides; not yet in force on this day"),
    ],
)
def test_says_of_an_agreement_out_of_its_days_why(lapsed_on: dt.date | None, says: str) -> None:
    state = AgreementState("H1", "f" * 64, Status.RATIFIED, in_force=False, lapsed_on=lapsed_on)
    assert standing(state) == says


def test_counts_one_as_one(said: str) -> None:
    assert "1 deals" not in said
    assert "1 rows" not in said


def test_sets_tables_apart(said: str) -> None:
    lines = said.splitlines()
    titles = [at for at, line in enumerate(lines) if line.startswith(("By ", "From list"))]
    assert len(titles) > 3
    assert all(lines[at - 1] == "" for at in titles)


def test_groups_by_what_is_asked_for_and_ranks_no_persons(said: str) -> None:
    assert "By employees" in said
    assert "By owner" not in said
    assert "Ana" not in said
