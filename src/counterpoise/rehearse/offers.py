"""The offers an effect is estimated from: what was asked of whom, and how it ended.

One row a closed deal. What is taken as a cause is what was known when the offer was made: amounts,
goods, customer, origin, season. Who sold it is kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from counterpoise.rehearse.answering import Answers
from counterpoise.rehearse.counting import Counting
from counterpoise.rehearse.exact import MILLION, UNITS, Flags, Ints
from counterpoise.rehearse.past import Past
from counterpoise.rehearse.results import Behaviour

Floats = npt.NDArray[np.float64]

_CAUSES = (
    "deal.source",
    "deal.campaign_id",
    "deal.kind",
    "deal.term_months",
    "deal.payment",
    "deal.competitor",
    "deal.currency",
    "account.industry",
    "account.segment",
    "account.employees",
    "account.annual_revenue",
    "account.country",
    "account.region",
    "owner.role",
    "owner.team",
    "owner.region",
    "product_family",
)
FIGURES = {Behaviour.WITHIN_AUTHORITY: "authority", Behaviour.ESCALATE: "top"}
"""Up to which figure of a step an offer is cut."""
ENDED = ("won", "lost")
SMALLEST_CUT = 1e-6
"""A rate that falls by less is the same: prices are rounded."""


@dataclass(frozen=True)
class Offers:
    """Closed deals; arrays of one length, money in workspace currency, days since 1970.

    Attributes:
        deal_id: Which deal.
        account: Whose deal it is, as a number; a deal without an account stands alone.
        owner: Whose offer it was, as a number; −1 where nobody knows.
        won: Whether it was won.
        listed: List amount; NaN where unknown.
        cost: What it costs; NaN where unknown.
        rate: The rate that was offered, a fraction of list, below 0 above list; NaN unknown.
        new_rate: The rate that the candidate surely leaves of it.
        limit: Up to where the candidate lets it through; NaN where that cannot be told.
        former_limit: The same under the agreement of its day.
        row: The candidate's row that decides, as a number; −1 where that cannot be told.
        created: When it was created.
        closed: When it was closed.
        causes: What was known beforehand, by field name: numbers as floats (NaN unknown), the
            rest as Python strings (None unknown).
    """

    deal_id: npt.NDArray[Any]
    account: Ints
    owner: Ints
    won: Flags
    listed: Floats
    cost: Floats
    rate: Floats
    new_rate: Floats
    limit: Floats
    former_limit: Floats
    row: Ints
    created: Ints
    closed: Ints
    causes: dict[str, npt.NDArray[Any]]

    def __len__(self) -> int:
        return self.won.size

    def part(self, kept: Flags) -> Offers:
        """Return some of the offers."""
        names = (each.name for each in fields(self) if each.name != "causes")
        causes = {name: values[kept] for name, values in self.causes.items()}
        return replace(self, **{name: getattr(self, name)[kept] for name in names}, causes=causes)


def closed_offers(counting: Counting, behaviour: Behaviour) -> Offers:
    """Return every deal that was won or lost, what it was offered at, and what is left of that.

    Args:
        counting: Past deals under the agreements of their days and under a candidate.
        behaviour: What a seller does whose offer the candidate does not let through.
    """
    past, figure = counting.past, FIGURES[behaviour]
    listed = np.where(past.list_amount > 0, past.list_amount, np.nan)
    rate = np.where(past.priced, past.gap, np.nan) / listed
    known = _known_beforehand(past)
    offers = Offers(
        deal_id=_values(past.table["deal_id"]),
        account=_alone_where_unknown(_numbered(known["account_id"])),
        owner=_numbered(known["owner_id"]),
        won=past.won,
        listed=listed / UNITS,
        cost=np.where(past.has_cost, past.cost, np.nan) / UNITS,
        rate=rate,
        new_rate=rate - counting.now.over(figure, lenient=True) / listed,
        limit=_limit(counting.now, figure),
        former_limit=_limit(counting.was, figure),
        row=_rows(counting.now),
        created=_days(known["created"]),
        closed=_days(known["closed"]),
        causes={name: _values(known[f"cause {name}"]) for name in _causes(past)}
        | {"persona": _values(past.table["persona"])},
    )
    ended = pc.is_in(past.table["outcome"], value_set=pa.array(ENDED))
    return offers.part(ended.to_numpy().astype(np.bool_))


def _known_beforehand(past: Past) -> pa.Table:
    """Read what was known of each deal when it was offered, in the order of the past."""
    facts = past.facts
    causes = {f"cause {name}": facts[past.fields.resolve(name).column] for name in _causes(past)}
    rows = past.view.books.run(
        facts.select(
            "deal_id",
            "account_id",
            "owner_id",
            created=facts.created_at.date(),
            closed=facts.closed_at.date(),
            **causes,
        )
    )
    return rows.take(pc.index_in(past.table["deal_id"], value_set=rows["deal_id"]))


def _causes(past: Past) -> Iterator[str]:
    yield from _CAUSES
    attributes = past.view.books.all_attributes
    for table, prefix in (("deals", "deal"), ("accounts", "account")):
        yield from (f"{prefix}.attr.{name}" for name in attributes[table])


def _limit(answers: Answers, figure: str) -> Floats:
    """Return a rate of each deal's step; of a deal judged by line the mean, by list amount."""
    listed, granted = np.zeros(len(answers.past)), np.zeros(len(answers.past))
    for units, steps in answers.parts:
        rate = steps.of_units([getattr(step, figure)[0] for step in steps.steps])
        np.add.at(listed, units.deal, units.list_amount)
        np.add.at(granted, units.deal, units.list_amount * (rate / MILLION))
    return np.asarray(granted / np.where(listed > 0, listed, np.nan))


def _rows(answers: Answers) -> Ints:
    clauses: dict[str, int] = {}
    table = [
        -1 if told.clause is None else clauses.setdefault(told.clause, len(clauses))
        for told in answers.told
    ]
    return np.array(table, dtype=np.int64)[answers.codes]


def _alone_where_unknown(numbers: Ints) -> Ints:
    unknown = numbers < 0
    further = int(numbers.max(initial=-1)) + np.cumsum(unknown)
    return np.asarray(np.where(unknown, further, numbers))


def _days(column: pa.ChunkedArray) -> Ints:
    days = pc.cast(pc.cast(column, pa.date32()), pa.int32())
    return np.asarray(pc.fill_null(days, 0).to_numpy(), dtype=np.int64)


def _values(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return a column as floats where it has an order, as Python strings where it has none."""
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.string())
    elif pa.types.is_temporal(column.type):
        column = pc.cast(pc.cast(column, pa.timestamp("s")), pa.int64())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)
    return np.asarray(pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False))


def _numbered(column: pa.ChunkedArray) -> Ints:
    """Return each row's place among the different values, −1 for none."""
    indices = column.combine_chunks().dictionary_encode().indices
    return np.array(pc.fill_null(pc.cast(indices, pa.int64()), -1).to_numpy(zero_copy_only=False))
