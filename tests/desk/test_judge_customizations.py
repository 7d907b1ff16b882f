"""One meaning, two forms: customizations are answered alike in Python and in expressions."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, Agreements
from counterpoise.agreement.fields import Fields
from counterpoise.agreement.quantities import Period
from counterpoise.books.schema import Kind
from counterpoise.desk import BooksInMemory, Recorded, decide, read_request
from counterpoise.desk.book_facts import Record
from counterpoise.desk.customization import period_of
from counterpoise.desk.customization_rules import CustomizationRules, QuotaPeriod
from counterpoise.desk.judge_customizations import judge_customizations, place_customizations
from counterpoise.desk.outcome import Reading, Verdict
from counterpoise.desk.past_customization import PastCustomization, read_customization
from counterpoise.desk.rules import GRANTED, REFUSED
from tests.agreement.strategies import ACCOUNTS, COLUMNS, KINDS, YEAR, agreement_trees, facts
from tests.desk.strategies import NAMES

_PERIODS = (Period.MONTH, Period.QUARTER, Period.YEAR)
_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(COLUMNS.values(), Kind.TEXT.dtype),
    "account__employees": Kind.INTEGER.dtype,
    "term_months": Kind.INTEGER.dtype,
    "list_amount": Kind.MONEY.dtype,
    "customization_id": Kind.TEXT.dtype,
    "asked_kind": Kind.TEXT.dtype,
    "day": Kind.DAY.dtype,
    "asker__person_id": Kind.TEXT.dtype,
    "asker__role": Kind.TEXT.dtype,
    "known_cost": Kind.MONEY.dtype,
    "is_costed": Kind.BOOLEAN.dtype,
    **{QuotaPeriod(per, 1).column: Kind.INTEGER.dtype for per in _PERIODS},
}
_FIELDS = Fields(attributes={"deals": {"tier": Kind.TEXT}})
_NOTHING_KNOWN: Record = {}
_COSTS = [Decimal(cost) for cost in ("0", "499", "500", "501", "2000", "2000.01", "8000", "9000")]


@st.composite
def _agreements(draw: st.DrawFn) -> Agreement:
    """Draw an agreement whose roles are held by name alone, some with groups that approve."""
    tree = draw(agreement_trees())
    tree["roles"] = {name: {"side": role["side"]} for name, role in tree["roles"].items()}
    ladder = list(tree["roles"])
    for row in tree["customizations"]["limits"]:
        if draw(st.booleans()):
            row["up_to"] |= {f"{ladder[0]} + {ladder[-1]}": draw(st.sampled_from((500, 8000)))}
    return Agreement.model_validate(tree)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Agreement, list[dict[str, Any]]]:
    agreement = draw(_agreements())
    places = st.lists(st.integers(1, 4), min_size=3, max_size=3).map(
        lambda drawn: dict(zip(_PERIODS, sorted(drawn), strict=True))
    )
    rows = []
    for number in range(draw(st.integers(10, 25))):
        role = draw(st.sampled_from((*agreement.ladder, None)))
        rows.append(
            draw(facts())
            | {
                "customization_id": f"Z{number:02}",
                "asked_kind": draw(st.sampled_from((*KINDS, "bespoke"))),
                "day": draw(st.dates(*YEAR)),
                "asker__person_id": None if role is None else f"P-{role}",
                "asker__role": role,
                "known_cost": draw(st.sampled_from(_COSTS)),
                "is_costed": draw(st.sampled_from((True, True, True, False))),
                "nth": draw(st.one_of(places, st.none())),
            }
        )
    return agreement, rows


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


def _judged(engine: Any, agreement: Agreement, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    schema = ibis.schema(_SCHEMA)
    stored = [{name: _cell(row, name) for name in _SCHEMA} for row in rows]
    table = ibis.memtable(pa.Table.from_pylist(stored, schema=schema.to_pyarrow()), schema=schema)
    rules = CustomizationRules(Agreements.single(agreement))
    judged = judge_customizations(place_customizations(table, rules, _FIELDS), rules)
    answers = engine.to_pyarrow(judged.order_by("customization_id")).to_pylist()
    return [dict(answer) for answer in answers]


def _cell(row: dict[str, Any], name: str) -> Any:
    for per in _PERIODS:
        if name == QuotaPeriod(per, 1).column:
            return row["nth"] and row["nth"][per]
    value = row.get(name)
    is_whole = _SCHEMA[name] == Kind.INTEGER.dtype
    return int(value) if is_whole and value is not None else value


def _verdict(code: int) -> Verdict:
    if code == GRANTED:
        return Verdict.GRANTED
    return Verdict.REFUSED if code == REFUSED else Verdict.NEEDS_APPROVAL


_drawn = settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@_drawn
@given(case=_cases())
def test_both_forms_read_every_customization_alike(
    engine: Any, case: tuple[Agreement, list[dict[str, Any]]]
) -> None:
    agreement, rows = case
    for row, judged in zip(rows, _judged(engine, agreement, rows), strict=True):
        asked = PastCustomization(
            row["asked_kind"],
            row,
            row["day"],
            row["asker__role"],
            row["known_cost"],
            row["is_costed"],
            row["nth"],
        )
        for reading in (Reading.STRICT, Reading.LENIENT):
            plain = read_customization(asked, agreement, reading, _FIELDS)
            assert _verdict(judged[f"{reading.value}_code"]) is plain.verdict
            assert judged[f"{reading.value}_approver"] == plain.approver


@_drawn
@given(case=_cases())
def test_the_strict_reading_is_what_the_desk_answers(
    engine: Any, case: tuple[Agreement, list[dict[str, Any]]]
) -> None:
    agreement, rows = case
    rows = [row for row in rows if row["asker__role"] and row["is_costed"] and row["nth"]]
    for row, judged in zip(rows, _judged(engine, agreement, rows), strict=True):
        decision = decide(_request(row), agreement, _books_before(row))
        assert _verdict(judged["strict_code"]) is decision.verdict
        assert (judged["strict_approver"] or "") == " + ".join(
            approval.role for approval in decision.approvals
        )


def _request(row: dict[str, Any]) -> Any:
    deal = {name: row[column] for column, name in NAMES.items() if row[column] is not None}
    return read_request(
        {
            "deal": deal,
            "asked_by": row["asker__role"],
            "asked_at": dt.datetime.combine(row["day"], dt.time(10)),
            "customizations": [{"kind": row["asked_kind"], "cost": row["known_cost"]}],
        }
    )


def _books_before(row: dict[str, Any]) -> BooksInMemory:
    """Return books with as many of the kind before as the places in the periods say."""
    day, nth = row["day"], row["nth"]
    before = [day] * (nth[Period.MONTH] - 1)
    for inner, outer in pairwise(_PERIODS):
        other = _outside(day, inner, outer)
        before += [other] * (nth[outer] - nth[inner])
    recorded = [Recorded(row["asked_kind"], None, each) for each in before]
    accounts = dict.fromkeys(ACCOUNTS, _NOTHING_KNOWN)
    return BooksInMemory(accounts=accounts, recorded={"others": recorded}, fields=_FIELDS)


def _outside(day: dt.date, inner: Period, outer: Period) -> dt.date:
    """Return a day in the outer period of a day, but not in its inner one."""
    first, last = period_of(day, outer, 1)
    return last if period_of(day, inner, 1)[0] == first else first
