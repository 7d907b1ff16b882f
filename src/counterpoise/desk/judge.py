"""Judge: what the desk would have answered to each deal, as Ibis expressions for any number.

The same reading as `decide`, for deals of the past: where a missing fact could change the answer,
the strict and the lenient answer are both kept, and the verdict is `unjudged` unless they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.books.money import narrow
from counterpoise.books.schema import Kind
from counterpoise.desk.rules import GRANTED, REFUSED, UNKNOWN_ROLE, Rules

_RATE = Kind.RATE.dtype
_NO_RATE = ibis.literal(Decimal(0), _RATE)
_PLACES = 100_000
_CLEAR = 1e-6


@dataclass(frozen=True)
class _Reading:
    """How missing facts are read: unknown levers off and the worst answer, or on and the best."""

    name: str
    levers: str


_STRICT = _Reading("strict", "levers_low")
_LENIENT = _Reading("lenient", "levers_high")


def judge(placed: ir.Table, rules: Rules, key: tuple[str, ...] = ("deal_id",)) -> ir.Table:
    """Add the desk's answer to placed deals or lines.

    Args:
        placed: Facts that `placing.place` has seen, one row a `key`, with list_amount and
            net_amount.
        rules: The versions by which they were placed.
        key: The columns that identify a row.

    Returns:
        The rows with `authority_low` and `authority_high` (rates; NULL without an agreement),
        `strict_code` and `lenient_code` (0 granted, rank + 1 of the route that must approve,
        `REFUSED`; NULL unless priced and under an agreement), `strict_approver` and
        `lenient_approver`, `asker_rank_low` and `_high`, and `clause` (NULL where several rows may
        decide).
    """
    outcomes = rules.outcomes()
    asked = placed.mutate(asker=ibis.coalesce(placed.ladder_role, UNKNOWN_ROLE))
    exact = _codes(_join_exact(asked, outcomes), rules.most_routes)
    doubtful = _codes(_join_doubtful(asked, outcomes, key), rules.most_routes)
    judged = _replaced(exact, _combined(_with_approvers(doubtful, rules), key), key, rules)
    return judged.select(*placed.columns, *ANSWERS)


ANSWERS = (
    "clause",
    "authority_low",
    "authority_high",
    "strict_code",
    "lenient_code",
    "strict_approver",
    "lenient_approver",
    "asker_rank_low",
    "asker_rank_high",
)
"""The columns that `judge` adds."""


def _join_exact(asked: ir.Table, outcomes: ir.Table) -> ir.Table:
    """Join each deal to the one row that decides; doubtful ones are replaced afterwards."""
    wanted = outcomes.rename(outcome_asker="asker")
    sure = wanted.filter(wanted.outcome_asker != UNKNOWN_ROLE)
    return asked.left_join(
        sure, [asked.last_row == sure.row_number, asked.asker == sure.outcome_asker]
    )


def _join_doubtful(asked: ir.Table, outcomes: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Join the deals that a missing fact leaves open to every row that may decide."""
    open_to_doubt = asked.filter((asked.first_row != asked.last_row) | asked.ladder_role.isnull())
    narrow = open_to_doubt.select(
        *key,
        "asker",
        "version",
        "first_row",
        "last_row",
        "possible",
        "levers_low",
        "levers_high",
        "list_amount",
        "net_amount",
    )
    wanted = outcomes.rename(outcome_asker="asker")
    return narrow.inner_join(
        wanted,
        [
            narrow.asker == wanted.outcome_asker,
            wanted.row_number >= narrow.first_row,
            wanted.row_number <= narrow.last_row,
            may_decide(narrow.possible, wanted.place),
        ],
    )


def may_decide(possible: ir.StringValue, place: ir.IntegerValue) -> ir.BooleanValue:
    """Tell whether the row at a place is marked as possible; where nothing is missing it is."""
    return possible.isnull() | (possible.substr((place - 1).cast("int32"), 1) == "1")


def _codes(joined: ir.Table, routes: int) -> ir.Table:
    """Add authority and the codes of both readings; the lenient one only where levers differ.

    Who must approve follows from a code later, past a join: an engine would otherwise work the
    code out again for every column that follows from it.
    """
    low, high = (_authority(joined, reading) for reading in (_STRICT, _LENIENT))
    alike = joined.levers_low == joined.levers_high
    apart = ibis.ifelse(alike, ibis.null("int64"), _code(joined, _LENIENT, routes))
    return joined.mutate(
        authority_low=low,
        authority_high=high,
        asker_rank_low=joined.asker_rank,
        asker_rank_high=joined.asker_rank,
        strict_code=_code(joined, _STRICT, routes),
        lenient_code=apart,
    )


def _with_approvers(coded: ir.Table, rules: Rules) -> ir.Table:
    """Fill the lenient code, and name who must approve by either."""
    lenient = ibis.coalesce(coded.lenient_code, coded.strict_code)
    return coded.mutate(
        lenient_code=lenient,
        strict_approver=_approver(coded, coded.strict_code, _STRICT, rules),
        lenient_approver=_approver(coded, lenient, _LENIENT, rules),
    )


def _approver(
    coded: ir.Table, code: ir.IntegerValue, reading: _Reading, rules: Rules
) -> ir.StringValue:
    """Return who stands on the route that a code names.

    Where two routes of a row rank alike, it is the one that covers the rate.
    """
    nobody = ibis.null("string")
    if not rules.most_routes:
        return nobody
    named = []
    for at in range(rules.most_routes):
        is_it = code == coded[f"route_rank_{at}"] + 1
        if rules.has_ties:
            covers = _covers(coded, coded[f"route_rate_{at}"], _lifted(coded, reading))
            is_it = ibis.ifelse(is_it, covers, ibis.literal(False))
        named.append((is_it, coded[f"route_who_{at}"]))
    return ibis.ifelse(code > GRANTED, ibis.cases(*named, else_=nobody), nobody)


def _authority(joined: ir.Table, reading: _Reading) -> ir.DecimalValue:
    """Return what the asker may grant by itself: 0 where the row does not name the role."""
    granted = narrow(joined.own_rate + _lifted(joined, reading), _RATE)
    named = ibis.ifelse(joined.own_rate >= 0, granted, _NO_RATE)
    return ibis.ifelse(joined.row_number.notnull(), named, ibis.null(_RATE))


def _covers(joined: ir.Table, rate: ir.DecimalValue, lifted: ir.DecimalValue) -> ir.BooleanValue:
    """Tell whether a rate, lifted by levers, covers the gap between list and net.

    Floating point decides where the two lie clearly apart; only close ones take the exact sum and
    product, which cost an engine ten times as much.
    """
    gap = joined.list_amount - joined.net_amount
    asked, listed = gap.cast("float64"), joined.list_amount.cast("float64")
    allowed = listed * (rate.cast("float64") + lifted.cast("float64"))
    is_clear = (asked - allowed).abs() > allowed.abs() * _CLEAR + _CLEAR
    exactly = gap <= joined.list_amount * narrow(rate + lifted, _RATE)
    return ibis.ifelse(is_clear, asked < allowed, exactly)


def _lifted(joined: ir.Table, reading: _Reading) -> ir.DecimalValue:
    """Return what levers add where the row earns them."""
    return ibis.ifelse(joined.levers == 1, joined[reading.levers], _NO_RATE)


def _code(joined: ir.Table, reading: _Reading, routes: int) -> ir.IntegerValue:
    """Return the code of the answer."""
    gap = joined.list_amount - joined.net_amount
    lifted = _lifted(joined, reading)
    granted = (gap <= 0) | ibis.coalesce(
        _covers(joined, joined.own_rate, lifted), ibis.literal(False)
    )
    steps = [
        (_covers(joined, joined[f"route_rate_{at}"], lifted), joined[f"route_rank_{at}"] + 1)
        for at in range(routes)
    ]
    return ibis.cases(
        (gap.isnull() | joined.row_number.isnull(), ibis.null("int64")),
        (granted, GRANTED),
        *steps,
        else_=REFUSED,
    ).cast("int64")


def _combined(doubtful: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Take the worst answer of the strict reading and the best of the lenient, one row a key."""
    worst = doubtful.strict_code * _PLACES - doubtful.place
    best = doubtful.lenient_code * _PLACES + doubtful.place
    return doubtful.group_by(*key).aggregate(
        doubt_clause=ibis.ifelse(
            doubtful.clause.min() == doubtful.clause.max(),
            doubtful.clause.min(),
            ibis.null("string"),
        ),
        doubt_authority_low=doubtful.authority_low.min(),
        doubt_authority_high=doubtful.authority_high.max(),
        doubt_strict_code=doubtful.strict_code.max(),
        doubt_lenient_code=doubtful.lenient_code.min(),
        doubt_strict_approver=doubtful.strict_approver.argmax(worst),
        doubt_lenient_approver=doubtful.lenient_approver.argmin(best),
        doubt_asker_rank_low=doubtful.asker_rank_low.min(),
        doubt_asker_rank_high=doubtful.asker_rank_high.max(),
    )


def _replaced(exact: ir.Table, combined: ir.Table, key: tuple[str, ...], rules: Rules) -> ir.Table:
    """Put the combined answers in the place of those of doubtful rows."""
    right = combined.rename({f"doubt_{name}": name for name in key})
    joined = exact.left_join(right, [exact[name] == right[f"doubt_{name}"] for name in key])
    in_doubt = joined[f"doubt_{key[0]}"].notnull()
    answered = _with_approvers(joined, rules)
    return answered.mutate(
        **{
            name: ibis.ifelse(in_doubt, answered[f"doubt_{name}"], answered[name])
            for name in ANSWERS
        }
    )
