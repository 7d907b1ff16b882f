"""One meaning, two forms: the desk in plain Python and in expressions give the same answers."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, Agreements
from counterpoise.agreement.fields import Fields
from counterpoise.books.schema import Kind
from counterpoise.desk.judge import judge
from counterpoise.desk.margin_floor import with_floor
from counterpoise.desk.outcome import Reading, Verdict
from counterpoise.desk.past import PastDeal, read_outcome
from counterpoise.desk.placing import place
from counterpoise.desk.rules import GRANTED, REFUSED, Rules
from tests.agreement.strategies import COLUMNS, YEAR, agreements, facts
from tests.desk.strategies import rates_around

_KINDS = dict.fromkeys(COLUMNS.values(), Kind.TEXT) | {
    "account__employees": Kind.INTEGER,
    "term_months": Kind.INTEGER,
    "list_amount": Kind.MONEY,
    "net_amount": Kind.MONEY,
    "cost_amount": Kind.MONEY,
    "customization_cost": Kind.MONEY,
    "deal_id": Kind.TEXT,
    "day": Kind.DAY,
    "owner__person_id": Kind.TEXT,
    "owner__role": Kind.TEXT,
}
_FIELDS = Fields(attributes={"deals": {"tier": Kind.TEXT}})


@st.composite
def _past_deals(draw: st.DrawFn, agreement: Agreement) -> list[dict[str, Any]]:
    """Draw deals around the rates at which answers change, each a row of facts."""
    rates = rates_around(agreement)
    deals = []
    for number in range(draw(st.integers(15, 30))):
        drawn = draw(facts())
        whole = drawn["list_amount"] or Decimal(1000)
        net = (whole * (1 - draw(st.sampled_from(rates)))).quantize(Decimal("0.0001"))
        cost = draw(st.sampled_from((None, Decimal(0), whole / 2, whole * Decimal("0.95"))))
        role = draw(st.sampled_from((*agreement.ladder, None)))
        deals.append(
            drawn
            | {
                "deal_id": f"D{number}",
                "list_amount": whole,
                "net_amount": net,
                "cost_amount": cost and cost.quantize(Decimal("0.0001")),
                "customization_cost": draw(st.sampled_from((Decimal(0), Decimal(500)))),
                "day": draw(st.dates(*YEAR)),
                "owner__person_id": None if role is None else f"P-{role}",
                "owner__role": role,
            }
        )
    return deals


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Agreement, list[dict[str, Any]]]:
    agreement = draw(agreements())
    agreement = agreement.model_copy(
        update={
            "roles": {
                name: role.model_copy(update={"people": None, "default": False})
                for name, role in agreement.roles.items()
            },
            "discounts": agreement.discounts.model_copy(update={"basis": "deal"}),
        }
    )
    return agreement, draw(_past_deals(agreement))


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


def _judged(engine: Any, agreement: Agreement, deals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    schema = ibis.schema({name: kind.dtype for name, kind in _KINDS.items()})
    rows = [
        {name: _stored(deal.get(name), kind) for name, kind in _KINDS.items()} for deal in deals
    ]
    table = ibis.memtable(pa.Table.from_pylist(rows, schema=schema.to_pyarrow()), schema=schema)
    rules = Rules(Agreements.single(agreement))
    judged = with_floor(judge(place(table, rules, _FIELDS), rules), rules)
    answers: list[dict[str, Any]] = engine.to_pyarrow(judged.order_by("deal_id")).to_pylist()
    return answers


def _stored(value: Any, kind: Kind) -> Any:
    return int(value) if kind is Kind.INTEGER and value is not None else value


def _verdict(code: int) -> Verdict:
    if code == GRANTED:
        return Verdict.GRANTED
    return Verdict.REFUSED if code == REFUSED else Verdict.NEEDS_APPROVAL


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(case=_cases())
def test_both_forms_read_every_deal_alike(
    engine: Any, case: tuple[Agreement, list[dict[str, Any]]]
) -> None:
    agreement, deals = case
    by_id = {row["deal_id"]: row for row in _judged(engine, agreement, deals)}
    for deal in deals:
        row = by_id[deal["deal_id"]]
        past = PastDeal(deal, deal["day"], deal["owner__role"])
        for reading in (Reading.STRICT, Reading.LENIENT):
            plain = read_outcome(past, agreement, reading, _FIELDS)
            assert _verdict(row[f"{reading.value}_code"]) is plain.verdict
            assert row[f"{reading.value}_approver"] == plain.approver
        strict = read_outcome(past, agreement, Reading.STRICT, _FIELDS)
        lenient = read_outcome(past, agreement, Reading.LENIENT, _FIELDS)
        assert row["authority_low"] == strict.authority
        assert row["authority_high"] == lenient.authority
        assert row["floor_approver"] == strict.floor_approver
        assert row["persona"] == strict.persona


def test_a_day_outside_every_version_has_no_answer(engine: Any) -> None:
    agreement = Agreement.model_validate(
        {
            "agreement": "counterpoise/v1",
            "title": "A year",
            "in_force": {"from": YEAR[0], "until": YEAR[1]},
            "roles": {"rep": {"side": "sales"}},
            "discounts": {"limits": [{"id": "all", "up_to": {"rep": "5%"}}]},
        }
    )
    deal = {
        "deal_id": "D1",
        "list_amount": Decimal(100),
        "net_amount": Decimal(90),
        "day": YEAR[0] - dt.timedelta(days=1),
        "owner__person_id": "P1",
        "owner__role": "rep",
    }
    (row,) = _judged(engine, agreement, [deal])
    assert row["version"] is None
    assert row["strict_code"] is None
    assert row["authority_low"] is None


def test_of_two_groups_that_rank_alike_the_one_that_covers_approves(engine: Any) -> None:
    agreement = Agreement.model_validate(
        {
            "agreement": "counterpoise/v1",
            "title": "Two groups",
            "in_force": {"from": YEAR[0], "until": YEAR[1]},
            "roles": {
                "rep": {"side": "sales"},
                "manager": {"side": "sales"},
                "marketing": {"side": "marketing"},
            },
            "discounts": {
                "limits": [
                    {
                        "id": "all",
                        "up_to": {
                            "rep": "1%",
                            "rep + marketing": "5%",
                            "manager + marketing": "9%",
                        },
                    }
                ]
            },
        }
    )
    deal = {
        "deal_id": "D1",
        "list_amount": Decimal(100),
        "net_amount": Decimal(92),
        "day": YEAR[0],
        "owner__person_id": "P1",
        "owner__role": "rep",
    }
    (row,) = _judged(engine, agreement, [deal])
    assert row["strict_approver"] == "manager + marketing"
