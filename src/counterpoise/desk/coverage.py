"""Coverage: the highest rate that valid approvals cover, for each deal.

An approval is valid if it says yes, came by the day of closing, was not given by who asked, is the
last word on its request, and comes from a role, or a group of roles together, whose authority under
the deal's own agreement reaches the rate. One that does not say to what rate may be to any that its
role may grant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields
from counterpoise.agreement.versions import Version
from counterpoise.books.facts import View, people_over_time
from counterpoise.books.money import narrow
from counterpoise.books.schema import Kind
from counterpoise.books.spans import in_span
from counterpoise.desk.judge import may_decide
from counterpoise.desk.placing import role_expr
from counterpoise.desk.rules import UNKNOWN_ROLE, Rules, ladders_of

_RATE = Kind.RATE.dtype
_NO_RATE = ibis.literal(Decimal(0), _RATE)
_SUBJECT = "discount"


def covered_rates(
    view: View, placed: ir.Table, rules: Rules, fields: Fields, key: tuple[str, ...]
) -> ir.Table:
    """Return the rates that approvals cover, with certainty and at most.

    Grain: `key`, only of deals with a valid approval. Columns: the key behind `covered_`,
    `approved_low` and `approved_high` (rates). They differ where a missing fact leaves it open
    whether an approval counts.
    """
    given = _decisions(view, placed, rules, fields, key).rename(
        given_deal="deal_id", given_role="role"
    )
    reach = _reach(given, placed, rules, key)
    members = rules.members().rename(member_row="row_number", member_role="role")
    joined = reach.inner_join(
        members, [reach.row_number == members.member_row, reach.given_role == members.member_role]
    )
    grant = (*key, "request", "row_number", "rows_there", "grant_number", "size")
    by_grant = joined.group_by(*grant).aggregate(
        present=joined.given_role.nunique(),
        sure=joined.is_sure.min(),
        value=joined.value.min(),
        is_valued=ibis.ifelse(joined.value.notnull(), 1, 0).min(),
        low=narrow(joined.rate + joined.levers_low * joined.levers, _RATE).min(),
        high=narrow(joined.rate + joined.levers_high * joined.levers, _RATE).min(),
    )
    whole = by_grant.filter(by_grant.present == by_grant["size"])
    sure = (whole.sure == 1) & (whole.is_valued == 1) & (whole.value <= whole.low)
    most = ibis.coalesce(whole.value, whole.high)
    maybe = most <= whole.high
    by_row = whole.group_by(*key, "request", "row_number", "rows_there").aggregate(
        low=ibis.ifelse(sure, whole.value, _NO_RATE).max(),
        high=ibis.ifelse(maybe, most, _NO_RATE).max(),
    )
    everywhere = by_row.row_number.nunique() == by_row.rows_there.max()
    by_request = by_row.group_by(*key, "request").aggregate(
        low=ibis.ifelse(everywhere, by_row.low.min(), _NO_RATE), high=by_row.high.max()
    )
    covered = by_request.group_by(*key).aggregate(
        approved_low=by_request.low.max(), approved_high=by_request.high.max()
    )
    return covered.rename({f"covered_{name}": name for name in key})


def _reach(given: ir.Table, placed: ir.Table, rules: Rules, key: tuple[str, ...]) -> ir.Table:
    """Lay every decision beside each row that may decide its deal, and count those rows.

    Most deals have one, found by equality; only those in doubt take a join on a range.
    """
    rows = placed.filter(placed.version.notnull()).select(
        *key, "first_row", "last_row", "possible", "levers_low", "levers_high"
    )
    asked = given.inner_join(rows, given.given_deal == rows.deal_id)
    one = asked.filter(asked.first_row == asked.last_row)
    one = one.mutate(row_number=one.last_row, rows_there=ibis.literal(1).cast("int64"))
    some = asked.filter(asked.first_row != asked.last_row)
    numbers = rules.numbers()
    some = some.inner_join(
        numbers,
        [
            numbers.row_number >= some.first_row,
            numbers.row_number <= some.last_row,
            may_decide(some.possible, numbers.place),
        ],
    )
    marked = some.possible.replace("0", "").length()
    some = some.mutate(rows_there=ibis.coalesce(marked, 1).cast("int64"))
    return one.union(some.select(*one.columns))


def _decisions(
    view: View, placed: ir.Table, rules: Rules, fields: Fields, key: tuple[str, ...]
) -> ir.Table:
    """Return the standing yeses to discounts on each deal, as `standing_yeses` does."""
    deals = placed.select("deal_id", "version", "closed_at", asker_id=placed.owner_id)
    if key != ("deal_id",):
        deals = deals.distinct()
    approvals = view.seen(view.books.table("approvals"), "decided_at")
    approvals = approvals.filter(approvals.subject == _SUBJECT)
    asked = deals.rename(lambda name: f"asked_{name}")
    joined = approvals.inner_join(asked, approvals.deal_id == asked.asked_deal_id)
    joined = joined.mutate(asked_is_sure=ibis.literal(True))
    roles = Deciders(view, rules.versions, ladders_of(rules.versions), fields)
    return standing_yeses(joined, roles, ("deal_id",))


@dataclass(frozen=True)
class Deciders:
    """Where it is told which ladder role a decider held: the versions, their ladders, the books."""

    view: View
    versions: Sequence[Version]
    ladders: ir.Table
    fields: Fields


def standing_yeses(joined: ir.Table, deciders: Deciders, key: tuple[str, ...]) -> ir.Table:
    """Return the yeses that are the last word on their request and may count.

    Args:
        joined: Approvals beside what they are about: `asked_version`, `asked_closed_at`,
            `asked_asker_id`, who asked where the approval does not say, and `asked_is_sure`,
            whether that is surely what they are about.
        deciders: Where roles are told.
        key: The columns that identify what they are about.

    Returns:
        Grain: key × request × deciding role. Columns: the key, request, role (`?` where unknown),
        value, is_sure (0 where a missing fact leaves it open whether it counts).
    """
    requested_by = ibis.coalesce(joined.requested_by, joined.asked_asker_id)
    by_other = joined.decided_by != requested_by
    in_time = joined.asked_closed_at.isnull() | (joined.decided_at <= joined.asked_closed_at)
    counting = joined.mutate(
        request=ibis.coalesce(joined.requested_by, "").concat(
            "|", ibis.coalesce(joined.requested_at.cast("string"), joined.approval_id)
        ),
        is_sure=ibis.ifelse(by_other & in_time & joined.asked_is_sure, 1, 0),
    ).filter(ibis.coalesce(by_other & in_time, ibis.literal(True)))
    counting = _with_role(counting, deciders)
    latest = [ibis.desc("decided_at"), ibis.desc("approval_id")]
    of_request = ibis.window(group_by=[*key, "request"], order_by=latest)
    of_role = ibis.window(group_by=[*key, "request", "role"], order_by=latest)
    counting = counting.mutate(
        last_word=counting.verdict.first().over(of_request), turn=ibis.row_number().over(of_role)
    )
    yes = counting.filter(
        (counting.last_word == "approved") & (counting.verdict == "approved") & (counting.turn == 0)
    )
    return yes.select(*key, "request", "role", "value", "is_sure")


def _with_role(decided: ir.Table, deciders: Deciders) -> ir.Table:
    """Add the decider's ladder role: the one recorded, else the one held that day, else `?`.

    Whether somebody may approve whose role nobody knows is open.
    """
    ladders = deciders.ladders.rename(ladder_version="version", ladder_role="role")
    decided = decided.mutate(spelt=decided.decided_role.lower())
    named = decided.left_join(
        ladders,
        [decided.asked_version == ladders.ladder_version, decided.spelt == ladders.spelling],
    )
    held = _held_roles(deciders)
    joined = named.left_join(
        held,
        [
            named.decided_by == held.holder,
            named.asked_version == held.held_version,
            *in_span(named.decided_at.date(), held),
        ],
    )
    role = ibis.coalesce(joined.ladder_role, joined.held_role, UNKNOWN_ROLE)
    is_sure = ibis.ifelse(role == UNKNOWN_ROLE, 0, joined.is_sure)
    return joined.mutate(role=role, is_sure=is_sure).select(*decided.columns, "role")


def _held_roles(deciders: Deciders) -> ir.Table:
    """Return who held which ladder role when, under each version."""
    people = people_over_time(deciders.view.books).rename(lambda name: f"owner__{name}")
    parts = [
        people.select(
            holder=people.owner__person_id,
            held_version=ibis.literal(number).cast("int64"),
            held_role=role_expr(people, each.agreement, deciders.fields),
            valid_from=people.owner__valid_from,
            valid_until=people.owner__valid_until,
        )
        for number, each in enumerate(deciders.versions)
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]
