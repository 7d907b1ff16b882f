"""Discounts that jump in the last ten days of the fiscal quarter."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterpoise.watch import Watched, kind
from counterpoise.watch.judge import past_jumps
from counterpoise.watch.kinds.quarter_end import KIND
from counterpoise.watch.quarters import quarters_of
from tests.watch.fact_books import agreed, asked_of, in_memory
from tests.watch.fit_books import small_company
from tests.watch.price_books import AGREEMENT, deal, person, quarterly

ENDS = [
    dt.date(2024, 9, 30),
    dt.date(2024, 12, 31),
    dt.date(2025, 3, 31),
    dt.date(2025, 6, 30),
    dt.date(2025, 9, 30),
    dt.date(2025, 12, 31),
    dt.date(2026, 3, 31),
    dt.date(2026, 6, 30),
]
TEAMS = ("East", "North", "West")
PEOPLE = [person(f"{team}{at}", team) for team in TEAMS for at in range(4)]


def deals(jumps: dict[str, float]) -> Iterator[dict[str, Any]]:
    """Every person closes three deals in the last ten days of a quarter and six before them."""
    for turn, end in enumerate(ENDS):
        for number, each in enumerate(PEOPLE):
            for at in range(9):
                is_late = at < 3
                back = at * 4 if is_late else 15 + at * 5
                noise = ((at + number) % 3 - 1) * 0.01 + is_late * (turn % 2 - 0.5) * 0.004
                noise += is_late * (number * 5 % 4 - 1.5) * 0.004
                rate = 0.10 + noise + (jumps[str(each["team"])] if is_late else 0.0)
                yield deal(
                    f"{turn}-{number:02}-{at}",
                    rate,
                    end - dt.timedelta(days=back),
                    owner_id=each["person_id"],
                    account_id=f"A{at}",
                )


@contextmanager
def company(folder: Path, jumps: dict[str, float]) -> Iterator[Watched]:
    tables = {"people": PEOPLE, "deals": deals(jumps)}
    with small_company(folder / "c", tables, AGREEMENT) as opened:
        yield opened


def p_of(found: kind.Tested) -> float:
    assert found.p is not None
    return found.p


def test_names_the_company_where_every_team_jumps(tmp_path: Path) -> None:
    with company(tmp_path, dict.fromkeys(TEAMS, 0.05)) as watched:
        found = asked_of(KIND, watched)
        whole = found["company"]
        assert p_of(whole) < 1e-4
        assert whole.observed - whole.expected == pytest.approx(0.05, abs=0.002)
        assert whole.observed == pytest.approx(0.15, abs=0.002)
        assert whole.n == 4 * 12 * 3
        assert whole.p_without is not None
        assert whole.p_without < 1e-4
        assert min(p_of(each) for id_, each in found.items() if id_ != "company") > 0.05
        jump = whole.observed - whole.expected
        assert float(whole.stake) == pytest.approx(quarterly(144, jump), rel=1e-3)
        rows = watched.books.run(KIND.rows(watched, whole)).to_pylist()
        assert len(rows) == 144
        assert sum(row["stake_part"] for row in rows) == pytest.approx(float(whole.stake), abs=0.02)
        assert KIND.says(watched, whole).startswith("We give 5")


def test_names_the_team_that_jumps_and_lays_the_company_at_its_door(tmp_path: Path) -> None:
    with company(tmp_path, dict.fromkeys(TEAMS, 0.0) | {"North": 0.06}) as watched:
        found = asked_of(KIND, watched)
        assert p_of(found["North"]) < 1e-3
        assert min(p_of(found["East"]), p_of(found["West"])) > 0.05
        assert (found["North"].group, found["company"].member) == ("company", "North")
        without = found["company"].p_without
        assert without is not None
        assert without > 0.05
        assert "North gives 6" in KIND.says(watched, found["North"])
        assert "open deals of North" in KIND.next_step(watched, found["North"])
        assert "100%" in KIND.other_view(watched, found["North"]).says


def test_is_silent_where_the_last_days_are_like_the_others(tmp_path: Path) -> None:
    with company(tmp_path, dict.fromkeys(TEAMS, 0.0)) as watched:
        assert min(p_of(each) for each in KIND.test(watched)) > 0.05


def test_follows_the_fiscal_year_of_the_agreement() -> None:
    starts = AGREEMENT + "company: {fiscal_year_starts: 2}\n"
    quarters = quarters_of(in_memory(agreed(starts), []))
    ending, last = quarters[-1].ending, quarters[-1].last
    assert (ending, last) == (dt.date(2026, 4, 21), dt.date(2026, 4, 30))
    assert quarters[-2].last == dt.date(2026, 1, 31)


class TestPastJumps:
    def test_judges_the_last_by_how_much_the_jump_varies(self) -> None:
        found = past_jumps(np.array([0.0, 2.0, 0.0, 2.0, 4.0, 6.0, 4.0, 6.0]), 4)
        # Means 1 and 5, squares 4 + 4 around them, six degrees of freedom: variance 8 / 6.
        # The mean of the last four has an error of √(8 / 6 / 4) = 0.57735, so t = 8.66.
        assert found is not None
        assert found.size == 5.0
        assert found.p == pytest.approx(6.6e-5, rel=0.02)
        assert (found.low, found.high) == pytest.approx((5 - 1.4127, 5 + 1.4127), abs=1e-3)

    def test_needs_six_that_tell(self) -> None:
        nothing = float("nan")
        assert past_jumps(np.array([1.0, 1.0, 2.0, 1.0, 2.0]), 4) is None
        assert past_jumps(np.array([nothing, nothing, nothing, 1.0, 1.0, 2.0, 1.0, 2.0]), 4) is None

    def test_accuses_the_blameless_as_seldom_as_it_says(self) -> None:
        rng = np.random.default_rng(8)
        found = [past_jumps(rng.normal(0.0, 1.0, 8), 4) for _ in range(4000)]
        p = np.array([each.p for each in found if each])
        assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.012)
        assert (p < 0.005).mean() < 0.009
