"""Judge: what the desk would have answered to each deal, as Ibis expressions for any number.

The same reading as `decide`, for deals of the past: where a missing fact could change the answer,
the strict and the lenient answer are both kept, and the verdict is `unjudged` unless they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.books.money import narrow, with_product
from counterpoise.books.schema import Kind
from counterpoise.desk.rules import GRANTED, REFUSED, UNKNOWN_ROLE, Rules, named

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

_NAMING = ("clause", "strict_approver", "lenient_approver")

NUMBERED = tuple(f"{name}_number" if name in _NAMING else name for name in ANSWERS)
"""The columns that `judge_by_number` adds: names as numbers, for as long as nobody reads them."""


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
    judged = judge_by_number(placed, rules, key)
    names = dict.fromkeys(_NAMING, rules.approvers) | {"clause": rules.clauses}
    told = {
        name: named(judged[f"{name}_number"], names[name]) if name in names else judged[name]
        for name in ANSWERS
    }
    return judged.select(*placed.columns, **told)


def judge_by_number(
    placed: ir.Table, rules: Rules, key: tuple[str, ...] = ("deal_id",)
) -> ir.Table:
    """Add what `judge` does, clauses and approvers by their numbers in the rules."""
    exact = judge_sure(placed, rules)
    doubtful = placed.filter(in_doubt(placed))
    coded = _codes(_join_doubtful(doubtful, rules.outcomes(), key), rules.most_routes)
    combined = _combined(_with_approvers(coded, rules), key)
    answers = combined.rename({f"doubt_{name}": name for name in combined.columns})
    # All deals are read, the doubtful ones again: were the sure ones alone asked for, an engine
    # would place every deal twice to find out which those are.
    joined = exact.left_join(answers, [exact[name] == answers[f"doubt_{name}"] for name in key])
    was_in_doubt = joined[f"doubt_{key[0]}"].notnull()
    chosen = {
        name: ibis.ifelse(was_in_doubt, joined[f"doubt_{name}"], joined[name]) for name in NUMBERED
    }
    return joined.select(*placed.columns, **chosen)


def judge_sure(placed: ir.Table, rules: Rules) -> ir.Table:
    """Add what `judge_by_number` does, by the one row that decides; nonsense where in doubt."""
    exact = _codes(_join_exact(placed, rules.outcomes()), rules.most_routes)
    return _with_approvers(exact, rules).select(*placed.columns, *NUMBERED)


def in_doubt(placed: ir.Table) -> ir.BooleanValue:
    """Tell whether a missing fact leaves open who decides."""
    several = (placed.first_row != placed.last_row) | placed.ladder_role.isnull()
    return ibis.coalesce(placed.version.notnull() & several, ibis.literal(False))


def _join_exact(placed: ir.Table, outcomes: ir.Table) -> ir.Table:
    """Join each deal to the one row that decides."""
    wanted = outcomes.rename(outcome_asker="asker")
    sure = wanted.filter(wanted.outcome_asker != UNKNOWN_ROLE)
    return placed.left_join(
        sure, [placed.last_row == sure.row_number, placed.ladder_role == sure.outcome_asker]
    )


def _join_doubtful(doubtful: ir.Table, outcomes: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Join each deal to every row that may decide."""
    narrow = doubtful.select(
        *key,
        "version",
        "first_row",
        "last_row",
        "possible",
        "levers_low",
        "levers_high",
        "list_amount",
        "net_amount",
        asker=ibis.coalesce(doubtful.ladder_role, UNKNOWN_ROLE),
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
    gap = joined.list_amount - joined.net_amount
    listed = joined.list_amount.cast("float64")
    joined = joined.mutate(
        gap=gap, asked=gap.cast("float64") / ibis.ifelse(listed > 0, listed, ibis.null("float64"))
    )
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
        strict_approver_number=_approver(coded, coded.strict_code, _STRICT, rules),
        lenient_approver_number=_approver(coded, lenient, _LENIENT, rules),
    )


def _approver(
    coded: ir.Table, code: ir.IntegerValue, reading: _Reading, rules: Rules
) -> ir.IntegerValue:
    """Return the number of who stands on the route that a code names.

    Where two routes of a row rank alike, it is the one that covers the rate.
    """
    nobody = ibis.null("int16")
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

    Floating point decides where the two rates lie clearly apart; close ones, and deals without a
    list amount to divide by, take the exact product, which costs an engine ten times as much.
    """
    allowed = rate.cast("float64") + lifted.cast("float64")
    is_clear = (joined.asked - allowed).abs() > _CLEAR
    exactly = with_product(
        joined.list_amount, narrow(rate + lifted, _RATE), lambda covered: joined.gap <= covered
    )
    return ibis.ifelse(is_clear, joined.asked < allowed, exactly)


def _lifted(joined: ir.Table, reading: _Reading) -> ir.DecimalValue:
    """Return what levers add where the row earns them."""
    return ibis.ifelse(joined.levers == 1, joined[reading.levers], _NO_RATE)


def _code(joined: ir.Table, reading: _Reading, routes: int) -> ir.IntegerValue:
    """Return the code of the answer."""
    lifted = _lifted(joined, reading)
    granted = (joined.gap <= 0) | ibis.coalesce(
        _covers(joined, joined.own_rate, lifted), ibis.literal(False)
    )
    steps = [
        (_covers(joined, joined[f"route_rate_{at}"], lifted), joined[f"route_rank_{at}"] + 1)
        for at in range(routes)
    ]
    return ibis.cases(
        (joined.gap.isnull() | joined.row_number.isnull(), ibis.null("int64")),
        (granted, GRANTED),
        *steps,
        else_=REFUSED,
    ).cast("int64")


def _combined(doubtful: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """Take the worst answer of the strict reading and the best of the lenient, one row a key."""
    worst = doubtful.strict_code * _PLACES - doubtful.place
    best = doubtful.lenient_code * _PLACES + doubtful.place
    clause = doubtful.clause_number
    return doubtful.group_by(*key).aggregate(
        clause_number=ibis.ifelse(clause.min() == clause.max(), clause.min(), ibis.null("int16")),
        authority_low=doubtful.authority_low.min(),
        authority_high=doubtful.authority_high.max(),
        strict_code=doubtful.strict_code.max(),
        lenient_code=doubtful.lenient_code.min(),
        strict_approver_number=doubtful.strict_approver_number.argmax(worst),
        lenient_approver_number=doubtful.lenient_approver_number.argmin(best),
        asker_rank_low=doubtful.asker_rank_low.min(),
        asker_rank_high=doubtful.asker_rank_high.max(),
    )
