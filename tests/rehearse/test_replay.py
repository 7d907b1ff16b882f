"""Eight past deals under two agreements, every figure by hand."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import ibis
import pytest

from counterpoise.agreement import Agreement, Agreements
from counterpoise.rehearse import Behaviour, Behind, Replay, Replaying, deals_behind, told_deals
from counterpoise.rehearse.break_even import break_even_of
from counterpoise.rehearse.counting import Counting
from counterpoise.rehearse.replay import Answer, Counts, Sums, Verdict
from tests.rehearse.memory_past import deal, past_of

MONDAY = dt.date(2026, 3, 2)
NEXT = dt.date(2026, 3, 9)


def _agreement(limits: dict[str, str], **discounts: Any) -> Agreement:
    ladder = {"rep": "sales", "manager": "sales", "marketing": "marketing", "lead": "both"}
    return Agreement.model_validate(
        {
            "agreement": "counterpoise/v1",
            "title": "By hand",
            "in_force": {"from": "2026-01-01", "until": "2026-12-31"},
            "roles": {role: {"side": side} for role, side in ladder.items()},
            "discounts": {"limits": [{"id": "all", "up_to": limits}], **discounts},
        }
    )


THEN = _agreement({"rep": "5%", "manager": "15%", "lead": "25%"})
CANDIDATE = _agreement(
    {"rep": "3%", "manager + marketing": "10%", "lead": "20%"},
    exclusions=[{"id": "charity", "when": {"segment": "Charity"}}],
)
MANAGER = Answer(Verdict.NEEDS_APPROVAL, ("manager",))
PAIR = Answer(Verdict.NEEDS_APPROVAL, ("manager", "marketing"))
LEAD = Answer(Verdict.NEEDS_APPROVAL, ("lead",))
GRANTED, REFUSED = Answer(Verdict.GRANTED), Answer(Verdict.REFUSED)
COST = {"cost_amount": Decimal(500)}
MID = {"account__segment": "Mid"}
SMALL = {"account__segment": "Small"}
DEALS = [
    deal("D1", 1000, 970, day=MONDAY, **MID),
    deal("D2", 1000, 950, day=MONDAY, **SMALL, **COST),
    deal("D3", 1000, 900, day=NEXT, **SMALL, **COST),
    deal("D4", 1000, 800, day=MONDAY + dt.timedelta(days=2), **MID, **COST),
    deal("D5", 1000, 700, day=NEXT, **COST),  # excluded or not, nobody may grant 30 %
    deal("D6", 1000, 980, day=NEXT, account__segment="Charity"),
    deal("D7", None, 980, day=NEXT),
    deal("D8", 1000, 850, day=dt.date(2025, 12, 1), outcome="lost", **MID),
]


@pytest.fixture(scope="module")
def counting() -> Counting:
    return Replaying(past_of(DEALS, Agreements.of([THEN]))).counting(CANDIDATE)


@pytest.fixture(scope="module")
def replay(counting: Counting) -> Replay:
    return counting.replay(counting.groups({"segment": {"Small": "Small firms"}}))


def test_tells_which_verdicts_change_and_what_the_deals_are_worth(replay: Replay) -> None:
    moves = {(move.was, move.now): move.sums for move in replay.moves}
    assert moves == {
        (GRANTED, PAIR): Sums(1, Decimal(1000), Decimal(950), Decimal(50)),
        (MANAGER, PAIR): Sums(1, Decimal(1000), Decimal(900), Decimal(100)),
        (GRANTED, REFUSED): Sums(1, Decimal(1000), Decimal(980), Decimal(20)),
    }
    assert replay.changed == Sums(3, Decimal(3000), Decimal(2830), Decimal(170))


def test_counts_verdicts_under_both(replay: Replay) -> None:
    was = Counts(granted=3, needs_approval=2, refused=1, unpriced=1, no_agreement=1)
    assert replay.was.counts == was
    assert replay.now.counts == Counts(granted=1, needs_approval=4, refused=2, unpriced=1)


def test_a_day_without_agreement_is_told_apart(replay: Replay) -> None:
    (first,) = replay.first_answers
    assert (first.was.verdict, first.now, first.sums.deals) == (Verdict.NO_AGREEMENT, LEAD, 1)


def test_counts_approvals_a_week_and_a_pair_for_both(replay: Replay) -> None:
    assert replay.weeks == 15
    loads = {load.role: load for load in replay.now.loads}
    assert list(loads) == ["rep", "manager", "marketing", "lead"]
    assert [load.deals for load in loads.values()] == [0, 2, 2, 2]
    assert loads["manager"].a_week == Fraction(2, 15)
    assert (loads["manager"].busiest_week, loads["manager"].busiest) == (MONDAY, 1)
    assert (loads["lead"].busiest_week, loads["lead"].busiest) == (dt.date(2025, 12, 1), 1)
    assert (loads["rep"].busiest_week, loads["rep"].busiest) == (None, 0)
    was = {load.role: load.deals for load in replay.was.loads}
    assert was == {"rep": 0, "manager": 1, "marketing": 0, "lead": 1}


def test_counts_who_is_newly_excluded(replay: Replay) -> None:
    assert (replay.now.excluded, replay.newly_excluded, replay.no_longer_excluded) == (1, 1, 0)


def test_adds_up_what_owners_may_give_alone_on_wins(replay: Replay) -> None:
    # Then 5 % of 1,000 on D2 to D5, all of D1 and D6; now 3 %, and nothing where excluded: D6,
    # and perhaps D5.
    assert replay.was.within_authority == 30 + 4 * 50 + 20
    assert replay.now.within_authority == 30 + 3 * 30


def test_tells_where_it_changes(replay: Replay) -> None:
    groups = {group.name: (group.deals, group.changed.deals) for group in replay.by["segment"]}
    assert groups == {
        "Small firms": (2, 2),
        "Charity": (1, 1),
        "Mid": (3, 0),
        "(none)": (2, 0),
    }
    assert [group.key for group in replay.by["quarter"]] == ["FY2025-Q4", "FY2026-Q1"]


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Behind(), "D1 D2 D3 D4 D5 D6 D7 D8"),
        (Behind(changed=True), "D2 D3 D6"),
        (Behind(was="granted", now="approval by manager + marketing"), "D2"),
        (Behind(now_verdict="needs_approval", was_verdict="needs_approval"), "D3 D4"),
        (Behind(asks="manager"), "D2 D3"),
        (Behind(asks="lead", week=MONDAY), "D4"),
        (Behind(asked="manager"), "D3"),
        (Behind(asks="man"), ""),
        (Behind(newly_excluded=True), "D6"),
        (Behind(cut=Behaviour.ESCALATE), "D5 D6"),
        (Behind(cut=Behaviour.WITHIN_AUTHORITY), "D2 D3 D4 D5 D6 D8"),
        (Behind(newly_excluded=False), ""),
        (Behind(newly_stopped=True), ""),
        (Behind(group=("segment", "Small")), "D2 D3"),
        (Behind(group=("segment", None), changed=False), "D5 D7"),
        (Behind(group=("quarter", "FY2025-Q4")), "D8"),
    ],
)
def test_every_figure_has_its_deals(counting: Counting, figure: Behind, expected: str) -> None:
    found = deals_behind(told_deals(counting), figure).order_by("deal_id")
    rows = ibis.duckdb.connect().to_pyarrow(found.select("deal_id"))
    assert rows["deal_id"].to_pylist() == expected.split()


def test_breaks_even_where_lost_wins_take_what_is_cut(counting: Counting) -> None:
    # Above 3 %: D2 20, D3 70, D4 170, D5 270, or all 300 where it is excluded; all 20 of D6, whose
    # cost is unknown. The four leave 450 + 400 + 300 + 200 as sold, so 4 × 530 / (1,350 + 530) =
    # 1.1 of them pay for the cut.
    found = break_even_of(counting.now, Behaviour.WITHIN_AUTHORITY)
    assert (found.deals, found.cut, found.cut_high) == (5, 550, 580)
    assert (found.costed_deals, found.costed_cut, found.margin) == (4, 530, 1350)
    assert found.wins_to_lose == 1
    assert found.says == (
        "5 won deals gave away more than their owners may grant alone; kept to that, they would "
        "have brought 550 more, had all been won the same. Up to 1 of the 4 whose cost is known "
        "could be lost before that costs margin."
    )


def test_breaks_even_at_the_most_that_anybody_may_grant(counting: Counting) -> None:
    found = break_even_of(counting.now, Behaviour.ESCALATE)
    assert (found.deals, found.cut, found.costed_cut, found.margin) == (2, 120, 100, 200)
    assert found.wins_to_lose == 0


def test_breaks_even_nowhere_without_costs() -> None:
    counting = Replaying(past_of(DEALS[5:6], Agreements.of([THEN]))).counting(CANDIDATE)
    found = break_even_of(counting.now, Behaviour.WITHIN_AUTHORITY)
    assert (found.deals, found.margin, found.wins_to_lose) == (1, None, None)
    assert "record unit costs" in found.says


def test_no_deals_and_no_agreements_are_no_trouble() -> None:
    empty = Replaying(past_of([], Agreements.of([THEN]))).counting(CANDIDATE)
    assert empty.replay(empty.groups({})).deals == 0
    bare = Replaying(past_of(DEALS, Agreements())).counting(CANDIDATE).replay()
    assert bare.was.counts == Counts(unpriced=1, no_agreement=7)
    assert bare.changed == Sums()
    assert sum(move.sums.deals for move in bare.first_answers) == 7
