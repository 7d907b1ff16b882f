"""Coverage: the highest rate that valid approvals cover, for each deal.

An approval is valid if it says yes, came by the day of closing, was not given by who asked, is the
last word on its request, and comes from a role, or a group of roles together, whose authority under
the deal's own agreement reaches the rate.
"""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields
from counterpoise.books.facts import View, people_over_time
from counterpoise.books.schema import Kind
from counterpoise.books.spans import in_span
from counterpoise.desk.judge import may_decide
from counterpoise.desk.placing import role_expr
from counterpoise.desk.rules import UNKNOWN_ROLE, Rules

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
    given = _decisions(view, placed, rules, fields)
    rows = placed.select(
        *key, "version", "first_row", "last_row", "possible", "levers_low", "levers_high"
    )
    rows = rows.filter(rows.version.notnull())
    members = rules.members()
    given = given.rename(given_deal="deal_id", given_role="role")
    joined = given.inner_join(rows, given.given_deal == rows.deal_id)
    joined = joined.inner_join(
        members,
        [
            joined.given_role == members.role,
            members.row_number >= joined.first_row,
            members.row_number <= joined.last_row,
            may_decide(joined.possible, members.place),
        ],
    )
    grant = (
        *key,
        "request",
        "row_number",
        "grant_number",
        "size",
        "first_row",
        "last_row",
        "possible",
    )
    by_grant = joined.group_by(*grant).aggregate(
        present=joined.given_role.nunique(),
        sure=joined.is_sure.min(),
        value=joined.value.min(),
        low=(joined.rate + joined.levers_low * joined.levers).cast(_RATE).min(),
        high=(joined.rate + joined.levers_high * joined.levers).cast(_RATE).min(),
    )
    whole = by_grant.filter(by_grant.present == by_grant["size"])
    sure = (whole.sure == 1) & (whole.value <= whole.low)
    maybe = whole.value <= whole.high
    by_row = whole.group_by(
        *key, "request", "row_number", "first_row", "last_row", "possible"
    ).aggregate(
        low=ibis.ifelse(sure, whole.value, _NO_RATE).max(),
        high=ibis.ifelse(maybe, whole.value, _NO_RATE).max(),
    )
    possible_rows = ibis.coalesce(by_row.possible.replace("0", "").length(), 1)
    counted = by_row.mutate(
        rows_there=ibis.ifelse(by_row.first_row == by_row.last_row, 1, possible_rows)
    )
    by_request = counted.group_by(*key, "request").aggregate(
        low=ibis.ifelse(
            counted.row_number.nunique() == counted.rows_there.max(), counted.low.min(), _NO_RATE
        ),
        high=counted.high.max(),
    )
    covered = by_request.group_by(*key).aggregate(
        approved_low=by_request.low.max(), approved_high=by_request.high.max()
    )
    return covered.rename({f"covered_{name}": name for name in key})


def _decisions(view: View, placed: ir.Table, rules: Rules, fields: Fields) -> ir.Table:
    """Return the standing yeses of each request.

    Grain: request × deciding role. Columns: deal_id, request, role (`?` where unknown), value,
    is_sure (0 where a missing fact leaves it open whether it counts).
    """
    approvals = view.seen(view.books.table("approvals"), "decided_at")
    approvals = approvals.filter(approvals.subject == _SUBJECT)
    deals = placed.select(
        asked_deal=placed.deal_id,
        deal_version=placed.version,
        deal_closed_at=placed.closed_at,
        deal_owner=placed.owner_id,
    ).distinct()
    joined = approvals.inner_join(deals, approvals.deal_id == deals.asked_deal)
    requested_by = ibis.coalesce(joined.requested_by, joined.deal_owner)
    by_other = joined.decided_by != requested_by
    in_time = joined.deal_closed_at.isnull() | (joined.decided_at <= joined.deal_closed_at)
    counting = joined.mutate(
        request=ibis.coalesce(joined.requested_by, "").concat(
            "|", ibis.coalesce(joined.requested_at.cast("string"), joined.approval_id)
        ),
        is_sure=ibis.coalesce(by_other & in_time, ibis.literal(False)).cast("int64"),
    ).filter(ibis.coalesce(by_other & in_time, ibis.literal(True)))
    counting = _with_role(view, counting, rules, fields)
    latest = [ibis.desc("decided_at"), ibis.desc("approval_id")]
    of_request = ibis.window(group_by=["deal_id", "request"], order_by=latest)
    of_role = ibis.window(group_by=["deal_id", "request", "role"], order_by=latest)
    counting = counting.mutate(
        last_word=counting.verdict.first().over(of_request), turn=ibis.row_number().over(of_role)
    )
    yes = counting.filter(
        (counting.last_word == "approved") & (counting.verdict == "approved") & (counting.turn == 0)
    )
    return yes.select("deal_id", "request", "role", "value", "is_sure")


def _with_role(view: View, decided: ir.Table, rules: Rules, fields: Fields) -> ir.Table:
    """Add the decider's ladder role: the one recorded, else the one held that day, else `?`."""
    ladders = rules.ladders().rename(ladder_version="version", ladder_role="role")
    decided = decided.mutate(spelt=decided.decided_role.lower())
    named = decided.left_join(
        ladders, [decided.deal_version == ladders.ladder_version, decided.spelt == ladders.spelling]
    )
    held = _held_roles(view, rules, fields)
    joined = named.left_join(
        held,
        [
            named.decided_by == held.holder,
            named.deal_version == held.held_version,
            *in_span(named.decided_at.date(), held),
        ],
    )
    role = ibis.coalesce(joined.ladder_role, joined.held_role, UNKNOWN_ROLE)
    return joined.mutate(role=role).select(*decided.columns, "role")


def _held_roles(view: View, rules: Rules, fields: Fields) -> ir.Table:
    """Return who held which ladder role when, under each version."""
    people = people_over_time(view.books).rename(lambda name: f"owner__{name}")
    parts = [
        people.select(
            holder=people.owner__person_id,
            held_version=ibis.literal(number).cast("int64"),
            held_role=role_expr(people, each.agreement, fields),
            valid_from=people.owner__valid_from,
            valid_until=people.owner__valid_until,
        )
        for number, each in enumerate(rules.versions)
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]
