"""The replay answers as the desk does: deal by deal, in both readings, under either agreement."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, Agreements
from counterpoise.desk import PastDeal, PastOutcome, Reading, Verdict, read_outcome
from counterpoise.rehearse.answering import Answers
from counterpoise.rehearse.candidates import Replaying, replay_many
from counterpoise.rehearse.replay import Answer
from counterpoise.rehearse.replay import Verdict as Said
from tests.agreement.strategies import YEAR
from tests.rehearse.memory_past import FIELDS, Deal, past_deals, past_of, plain_agreements

drawn = settings(
    max_examples=14,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Agreement, Agreement, list[Deal]]:
    candidate = draw(plain_agreements())
    return candidate, draw(plain_agreements()), draw(past_deals(candidate))


@drawn
@given(case=_cases())
def test_every_deal_is_answered_as_the_desk_answers_it(
    engine: Any, case: tuple[Agreement, Agreement, list[Deal]]
) -> None:
    candidate, former, deals = case
    counting = Replaying(past_of(deals, Agreements.single(former), engine)).counting(candidate)
    now, was = (_by_deal(each) for each in (counting.now, counting.was))
    within = dict(zip(_ids(counting.now), counting.now.within.tolist(), strict=True))
    for deal in deals:
        key = deal["deal_id"]
        assert was[key] == _plainly(deal, former)
        assert now[key] == _plainly(deal, candidate)
        assert Decimal(within[key]).scaleb(-4) == _granted_alone(deal, candidate)


@settings(drawn, max_examples=5)
@given(case=_cases())
def test_what_is_in_force_as_a_candidate_changes_nothing(
    engine: Any, case: tuple[Agreement, Agreement, list[Deal]]
) -> None:
    candidate, _, deals = case
    replaying = Replaying(past_of(deals, Agreements.single(candidate), engine))
    (found,) = replay_many(replaying, [candidate])
    assert found.moves == found.first_answers == ()
    assert found.was == found.now


def _ids(answers: Answers) -> list[str]:
    found: list[str] = answers.past.table["deal_id"].to_pylist()
    return found


def _by_deal(answers: Answers) -> dict[str, Answer]:
    codes = answers.codes.tolist()
    return {key: answers.told[code].answer for key, code in zip(_ids(answers), codes, strict=True)}


def _outcomes(deal: Deal, agreement: Agreement) -> tuple[PastOutcome, PastOutcome]:
    known = {name: value for name, value in deal.items() if name != "persona"}
    past = PastDeal(known, deal["day"], _role(deal, agreement))
    strict, lenient = (read_outcome(past, agreement, each, FIELDS) for each in Reading)
    return strict, lenient


def _role(deal: Deal, agreement: Agreement) -> str | None:
    role = deal["owner__role"]
    return role if role in agreement.ladder else None


def _plainly(deal: Deal, agreement: Agreement) -> Answer:
    """Answer by the desk in plain Python, on the days on which the agreement counts."""
    if not YEAR[0] <= deal["day"] <= YEAR[1]:
        return Answer(Said.NO_AGREEMENT)
    strict, lenient = _outcomes(deal, agreement)
    if (strict.weight, strict.approver) != (lenient.weight, lenient.approver):
        return Answer(Said.UNJUDGED)
    if strict.verdict is not Verdict.NEEDS_APPROVAL:
        return Answer(Said(strict.verdict.value))
    approvers = tuple(strict.approver.split(" + ")) if strict.approver else ()
    return Answer(Said.NEEDS_APPROVAL, approvers, strict.floor_approver)


def _granted_alone(deal: Deal, agreement: Agreement) -> Decimal:
    strict, _ = _outcomes(deal, agreement)
    gap: Decimal = deal["list_amount"] - deal["net_amount"]
    covered: Decimal = (deal["list_amount"] * strict.authority).quantize(
        Decimal("0.0001"), ROUND_HALF_UP
    )
    over = max(Decimal(0), gap - covered).quantize(Decimal("0.01"), ROUND_HALF_UP)
    conceded = max(gap, Decimal(0))
    return conceded - min(conceded, over)
