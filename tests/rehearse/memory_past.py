"""Past deals held in memory, and random ones around the rates at which answers change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, Agreements
from counterpoise.agreement.fields import Fields
from counterpoise.books.facts import View
from counterpoise.books.schema import Kind
from counterpoise.rehearse.deal_arrays import AMOUNTS, GROUPINGS
from counterpoise.rehearse.past import Past, numbered_deals
from tests.agreement.strategies import COLUMNS, YEAR, agreements, facts
from tests.desk.strategies import rates_around

ATTRIBUTES = {"deals": {"tier": Kind.TEXT}}
FIELDS = Fields(attributes=ATTRIBUTES)
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys((*COLUMNS.values(), *GROUPINGS.values()), Kind.TEXT),
    "account__employees": Kind.INTEGER,
    "term_months": Kind.INTEGER,
    **dict.fromkeys(AMOUNTS, Kind.MONEY),
    "deal_id": Kind.TEXT,
    "outcome": Kind.TEXT,
    "day": Kind.DAY,
    "owner__person_id": Kind.TEXT,
    "owner__role": Kind.TEXT,
}
_CENT = Decimal("0.0001")

Deal = dict[str, Any]


def past_of(
    deals: Sequence[Deal], agreements_: Agreements, engine: Any = None, file: Path | None = None
) -> Past:
    """Return deals, given as facts by column, as a past; the engine reads them from a file."""
    rows = _facts(deals)
    if file is not None:
        pq.write_table(rows, file)
    facts = ibis.memtable(rows) if file is None else engine.read_parquet(str(file))
    run = (engine or ibis.duckdb.connect()).to_pyarrow
    books = SimpleNamespace(run=run, all_attributes=ATTRIBUTES)
    past = Past(View(cast(Any, books), YEAR[1]), agreements_)
    past.__dict__["facts"] = numbered_deals(facts)
    return past


def _facts(deals: Sequence[Deal]) -> pa.Table:
    columns = {name: kind for name, kind in _KINDS.items() if name != "persona"}
    schema = ibis.schema({name: kind.dtype for name, kind in columns.items()})
    rows = [
        {name: _stored(deal.get(name), kind) for name, kind in columns.items()} for deal in deals
    ]
    return pa.Table.from_pylist(rows, schema=schema.to_pyarrow())


def deal(deal_id: str, listed: object, net: object, **known: Any) -> Deal:
    """Return a won deal of a rep with list and net."""
    first, last = (None if each is None else Decimal(str(each)) for each in (listed, net))
    gap = None if first is None or last is None else first - last
    return {
        "deal_id": deal_id,
        "outcome": "won",
        "day": dt.date(2026, 3, 4),
        "owner__person_id": "E1",
        "owner__role": "rep",
        "customization_cost": Decimal(0),
        "adjustment_amount": Decimal(0),
        "list_amount": first,
        "net_amount": last,
        "concession": gap and max(gap, Decimal(0)),
        **known,
    }


@st.composite
def past_deals(draw: st.DrawFn, agreement: Agreement) -> list[Deal]:
    """Draw deals around the rates at which an agreement's answers change."""
    rates = rates_around(agreement)
    found = []
    for number in range(draw(st.integers(15, 30))):
        drawn = draw(facts())
        whole = drawn["list_amount"] or Decimal(1000)
        net = (whole * (1 - draw(st.sampled_from(rates)))).quantize(_CENT)
        cost = draw(st.sampled_from((None, Decimal(0), whole / 2, whole * Decimal("0.95"))))
        role = draw(st.sampled_from((*agreement.ladder, None)))
        found.append(
            deal(f"D{number}", whole, net)
            | {name: value for name, value in drawn.items() if name != "list_amount"}
            | {
                "list_amount": whole,
                "cost_amount": cost and cost.quantize(_CENT),
                "customization_cost": draw(st.sampled_from((Decimal(0), Decimal(500)))),
                "day": draw(st.dates(*YEAR)),
                "owner__person_id": None if role is None else f"P-{role}",
                "owner__role": role,
            }
        )
    return found


def plain_agreements() -> st.SearchStrategy[Agreement]:
    """Draw agreements that judge whole deals and take people's roles as they are written."""
    return agreements().map(_plain)


def _plain(agreement: Agreement) -> Agreement:
    roles = {
        name: role.model_copy(update={"people": None, "default": False})
        for name, role in agreement.roles.items()
    }
    discounts = agreement.discounts.model_copy(update={"basis": "deal"})
    return agreement.model_copy(update={"roles": roles, "discounts": discounts})


def _stored(value: Any, kind: Kind) -> Any:
    return int(value) if kind is Kind.INTEGER and value is not None else value
