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
from counterpoise.desk.chain import RANKS_A_RUNG
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
    answered = _answers(_join_exact(asked, outcomes), rules)
    answers = [name for name in answered.columns if name in _ANSWERS]
    exact = answered.select(*placed.columns, *answers)
    doubtful = _answers(_join_doubtful(asked, outcomes, key), rules)
    return _replaced(exact, _combined(doubtful, key), key)


_ANSWERS = (
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


def _answers(joined: ir.Table, rules: Rules) -> ir.Table:
    low, high = (_authority(joined, reading) for reading in (_STRICT, _LENIENT))
    answered = joined.mutate(
        authority_low=low,
        authority_high=high,
        asker_rank_low=joined.asker_rank,
        asker_rank_high=joined.asker_rank,
    )
    strict, lenient = (_outcome(answered, each, rules.most_routes) for each in (_STRICT, _LENIENT))
    answered = answered.mutate(strict_code=strict[0], strict_approver=strict[1])
    alike = answered.levers_low == answered.levers_high
    return answered.mutate(
        lenient_code=ibis.ifelse(alike, answered.strict_code, lenient[0]),
        lenient_approver=ibis.ifelse(alike, answered.strict_approver, lenient[1]),
    )


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


def _outcome(
    joined: ir.Table, reading: _Reading, routes: int
) -> tuple[ir.IntegerValue, ir.StringValue]:
    """Return the code of the answer and, where one must approve, who."""
    gap = joined.list_amount - joined.net_amount
    lifted = _lifted(joined, reading)

    def covered(rate: ir.DecimalValue) -> ir.BooleanValue:
        return _covers(joined, rate, lifted)

    nobody = ibis.null("string")
    granted = (gap <= 0) | ibis.coalesce(covered(joined.own_rate), ibis.literal(False))
    steps = [(covered(joined[f"route_rate_{at}"]), at) for at in range(routes)]
    code = ibis.cases(
        (gap.isnull() | joined.row_number.isnull(), ibis.null("int64")),
        (granted, GRANTED),
        *((holds, joined[f"route_rank_{at}"] + 1) for holds, at in steps),
        else_=REFUSED,
    )
    approver = ibis.cases(
        (gap.isnull() | granted, nobody),
        *((holds, joined[f"route_who_{at}"]) for holds, at in steps),
        else_=nobody,
    )
    return code.cast("int64"), approver


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


def _replaced(exact: ir.Table, combined: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Put the combined answers in the place of those of doubtful rows."""
    right = combined.rename({f"doubt_{name}": name for name in key})
    joined = exact.left_join(right, [exact[name] == right[f"doubt_{name}"] for name in key])
    in_doubt = joined[f"doubt_{key[0]}"].notnull()
    return joined.select(
        *(name for name in exact.columns if name not in _ANSWERS),
        **{name: ibis.ifelse(in_doubt, joined[f"doubt_{name}"], joined[name]) for name in _ANSWERS},
    )


def rank_of(role: str, ladder: tuple[str, ...]) -> int:
    """Return the rank of a role, as the rule tables count it."""
    return ladder.index(role) * RANKS_A_RUNG
