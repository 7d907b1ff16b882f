"""The rehearsal as JSON and on the terminal where an effect is estimated."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from rich.console import Console

from counterpoise.agreement import Agreements
from counterpoise.rehearse import Behaviour, Rehearsal, Replaying
from counterpoise.rehearse.break_even import break_even_of
from counterpoise.rehearse.rehearsal_json import rehearsal_json
from counterpoise.rehearse.results import (
    Effect,
    EffectStatus,
    Estimate,
    Loosened,
    Placebo,
    Robustness,
    Totals,
)
from counterpoise.report import print_rehearsal
from tests.rehearse.memory_past import past_of
from tests.rehearse.test_replay import CANDIDATE, DEALS, THEN

TOTALS = Totals(
    deals_won=Estimate(-2.25, -6.5, 2.0),
    net_revenue=Estimate(-1500.0, -2500.0, -500.0),
    margin=Estimate(1200.4, 200.6, 2200.2),
)
EFFECT = Effect(
    status=EffectStatus.ESTIMATED,
    why="Estimated on 7 deals.",
    behaviour=Behaviour.WITHIN_AUTHORITY,
    deals=7,
    cut=5,
    totals=TOTALS,
    outcome_model_only=TOTALS,
    effective_sample_share=0.4,
    overlap=0.97,
    robustness=Robustness(0.12, 0.2, "segment", fragile=True),
    placebo=Placebo(0.3, None, None),
    loosened=Loosened(3, 3000.0, -100.0, float("inf")),
    record_from_now_on=("What was offered on deals that are lost.",),
    numbers={"lost_without_offer": 12.0},
)


@pytest.fixture(scope="module")
def rehearsal() -> Rehearsal:
    counting = Replaying(past_of(DEALS, Agreements.of([THEN]))).counting(CANDIDATE)
    return Rehearsal(
        deals=8,
        from_=dt.date(2025, 12, 1),
        until=dt.date(2026, 3, 9),
        replay=counting.replay(counting.groups({})),
        effect=EFFECT,
        break_even=break_even_of(counting.now, Behaviour.WITHIN_AUTHORITY),
        as_of=dt.date(2026, 6, 30),
        currency="USD",
        title="By hand",
        fingerprint="f" * 64,
    )


@pytest.fixture(scope="module")
def told(rehearsal: Rehearsal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rehearsal_json(rehearsal))
    return found


def test_writes_estimates_with_their_intervals(told: dict[str, Any]) -> None:
    effect = told["effect"]
    assert effect["deals_won"] == {"estimate": -2.25, "low": -6.5, "high": 2.0}
    assert effect["outcome_model_only"]["margin"]["estimate"] == 1200.4
    assert effect["band_check"] is None
    strength = {name: effect["robustness"][name] for name in ("value", "strongest", "fragile")}
    assert strength == {"value": 0.12, "strongest": "segment", "fragile": True}
    assert effect["placebo"] == {"permuted": 0.3, "earlier": None, "earlier_is": None}
    assert effect["numbers"] == {"lost_without_offer": 12}


def test_what_nothing_bounds_is_null(told: dict[str, Any]) -> None:
    assert told["effect"]["loosened"]["margin_high"] is None


def test_writes_the_replay_of_both(told: dict[str, Any]) -> None:
    replay = told["replay"]
    assert replay["verdicts_changed"] == 3
    assert replay["approvals_per_week"]["manager"] == pytest.approx(2 / 15, abs=1e-6)
    assert replay["approvals"][1] == {
        "role": "manager",
        "deals": 2,
        "a_week": pytest.approx(2 / 15, abs=1e-6),
        "busiest_week": "2026-03-02",
        "busiest": 1,
    }
    assert replay["agreement_of_the_day"]["no_agreement"] == 1
    assert replay["excluded"] == {"deals": 1, "newly": 1, "no_longer": 0}
    assert replay["first_answers"][0]["now"] == {
        "verdict": "needs_approval",
        "approvers": ["lead"],
        "floor": None,
        "says": "approval by lead",
    }


def test_is_printed_with_its_intervals_and_how_far_to_trust_them(rehearsal: Rehearsal) -> None:
    console = Console(file=io.StringIO(), width=80, color_system=None, highlight=False)
    print_rehearsal(rehearsal, console)
    assert isinstance(console.file, io.StringIO)
    said = [line.rstrip() for line in console.file.getvalue().splitlines()]
    assert max(map(len, said)) <= 80
    text = " ".join(" ".join(said).split())
    assert "Deals won −2 −6 +2 no evidence" in text
    assert "Margin +1,200 +201 +2,200" in text
    assert "1 deal would be newly excluded from discounts, 0 no longer." in text
    assert "the strongest on record (segment) explains 20.0%. That is fragile." in text
    assert "on days without agreement would be" in text
