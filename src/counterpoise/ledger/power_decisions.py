"""Decisions on requests for approval: who asked, who decided, how long it took, by what right."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Agreements, Version
from counterpoise.books.facts import View, deal_facts, people_over_time
from counterpoise.books.money import narrow
from counterpoise.books.schema import Kind
from counterpoise.books.spans import in_span
from counterpoise.desk.judge import may_decide
from counterpoise.desk.placing import place, role_expr
from counterpoise.desk.rules import Rules, ladders_of
from counterpoise.ledger.handoff import clock_for
from counterpoise.ledger.working_time import Span, took

_RATE = Kind.RATE.dtype
_PLACED = ("version", "ladder_role", "first_row", "last_row", "possible", "levers_high")


def decisions(
    view: View, agreements: Agreements, agreement: Agreement | None, deals: ir.Table
) -> ir.Table:
    """Return every request for approval made by the as-of day, with its answer as of then.

    Grain: an approval. What the books record, and `owner_id` and `campaign_id` of its deal;
    `asker_role` and `decider_role` on the ladder of their day (NULL unknown; of a request that
    waits, the role whose turn it is); `is_waiting`; `hours` of working time until the answer, or
    so far; `has_no_right` (the decider's role stands in no row that may decide the deal),
    `is_above` (what was approved is beyond what that role may grant there, with all levers that
    may hold), both of discounts alone and NULL where a fact is missing; and `is_own` (decided by
    who asked).

    Args:
        view: The books as of a day.
        agreements: Every version; a deal is judged by the one in force on its day.
        agreement: The one whose working time counts.
        deals: One row a deal, as `deal_table` gives them.
    """
    rules = Rules(agreements)
    asked = _asked(view, rules, deals)
    placed = _with_roles(view, asked, rules.versions)
    judged = _with_rights(view.books.keep(placed, "power_asked"), rules)
    return view.books.keep(_timed(view, agreement, judged), "power")


def _asked(view: View, rules: Rules, deals: ir.Table) -> ir.Table:
    """Return requests beside their deals; an answer that came later is not there yet."""
    approvals = view.seen(view.books.table("approvals"), "requested_at")
    unseen = approvals.decided_at >= view.end
    is_decided = approvals.verdict.notnull() & ~ibis.coalesce(unseen, ibis.literal(False))
    approvals = approvals.mutate(
        **{
            name: ibis.ifelse(is_decided, approvals[name], ibis.null(approvals[name].type()))
            for name in ("decided_at", "decided_by", "decided_role", "verdict")
        },
        is_waiting=~is_decided,
    )
    facts = deal_facts(view.books, view.as_of)
    facts = facts.semi_join(approvals, "deal_id")
    fields = Fields(Scope.DEAL, view.books.all_attributes)
    placed = place(facts, rules, fields) if rules.versions else _unplaced(facts)
    known = placed.select(placed_deal="deal_id", **{name: placed[name] for name in _PLACED})
    told = deals.select(
        "owner_id", "campaign_id", "approver", told_deal="deal_id", net="net_amount", day="day"
    )
    joined = approvals.inner_join(known, approvals.deal_id == known.placed_deal)
    joined = joined.inner_join(told, joined.deal_id == told.told_deal)
    return joined.drop("placed_deal", "told_deal")


def _unplaced(facts: ir.Table) -> ir.Table:
    kinds = dict(zip(_PLACED, ("int64", "string", "int64", "int64", "string", _RATE), strict=True))
    return facts.mutate(**{name: ibis.null(kind) for name, kind in kinds.items()})


def _with_roles(view: View, asked: ir.Table, versions: Sequence[Version]) -> ir.Table:
    """Add the ladder roles of who asked and who decided, each as of their day."""
    asked = asked.mutate(
        asked_by=ibis.coalesce(asked.requested_by, asked.owner_id),
        spelt=asked.decided_role.lower(),
        asked_on=asked.requested_at.date(),
        decided_on=asked.decided_at.date(),
    )
    asked = _with_held(view, asked, versions, ("asked_by", "asked_on", "held_by_asker"))
    asked = _with_held(view, asked, versions, ("decided_by", "decided_on", "held_by_decider"))
    ladders = ladders_of(versions).rename(ladder_version="version", spelt_role="role")
    joined = asked.left_join(
        ladders, [asked.version == ladders.ladder_version, asked.spelt == ladders.spelling]
    )
    turn = ibis.ifelse(joined.subject == "discount", joined.approver, ibis.null("string"))
    decided = ibis.coalesce(joined.spelt_role, joined.held_by_decider)
    own = joined.decided_by == joined.asked_by
    return joined.mutate(
        asker_role=ibis.coalesce(joined.held_by_asker, joined.ladder_role),
        decider_role=ibis.ifelse(joined.is_waiting, turn, decided),
        is_own=~joined.is_waiting & ibis.coalesce(own, ibis.literal(False)),
    ).drop("ladder_version", "spelling", "spelt_role", "held_by_asker", "held_by_decider", "spelt")


def _with_held(
    view: View, asked: ir.Table, versions: Sequence[Version], named: tuple[str, str, str]
) -> ir.Table:
    """Add the ladder role that a person held on a day; `named` are person, day and the result."""
    person, day, name = named
    if not versions:
        return asked.mutate(**{name: ibis.null("string")})
    fields = Fields(Scope.DEAL, view.books.all_attributes)
    people = people_over_time(view.books).rename(lambda each: f"owner__{each}")
    held = people.select(
        holder=people.owner__person_id,
        valid_from=people.owner__valid_from,
        valid_until=people.owner__valid_until,
        **{
            f"held_{number}": role_expr(people, each.agreement, fields)
            for number, each in enumerate(versions)
        },
    )
    joined = asked.left_join(held, [asked[person] == held.holder, *in_span(asked[day], held)])
    role = ibis.cases(
        *((joined.version == number, joined[f"held_{number}"]) for number in range(len(versions))),
        else_=ibis.null("string"),
    )
    return joined.mutate(**{name: role}).select(*asked.columns, name)


def _with_rights(asked: ir.Table, rules: Rules) -> ir.Table:
    """Add `has_no_right` and `is_above`: what the rows that may decide the deal give the role."""
    members = rules.members().rename(member_row="row_number", member_role="role")
    beside = asked.inner_join(
        members,
        [
            asked.decider_role == members.member_role,
            members.member_row >= asked.first_row,
            members.member_row <= asked.last_row,
            may_decide(asked.possible, members.place),
        ],
    )
    rate = narrow(beside.rate + beside.levers_high * beside.levers, _RATE)
    reach = (
        beside.mutate(reach=rate)
        .group_by(reached="approval_id")
        .aggregate(reach=ibis._.reach.max())
    )
    joined = asked.left_join(reach, asked.approval_id == reach.reached)
    counts = (
        (joined.subject == "discount")
        & ~joined.is_waiting
        & joined.version.notnull()
        & joined.decider_role.notnull()
    )
    unknown = ibis.null("boolean")
    above = (joined.verdict == "approved") & joined.reach.notnull() & (joined.value > joined.reach)
    return joined.mutate(
        has_no_right=ibis.ifelse(counts, joined.reach.isnull(), unknown),
        is_above=ibis.ifelse(counts, ibis.coalesce(above, ibis.literal(False)), unknown),
    ).drop("reached", "first_row", "last_row", "possible", "levers_high")


def _timed(view: View, agreement: Agreement | None, asked: ir.Table) -> ir.Table:
    """Add `hours`: working time from the request to its answer, or to the end of the day."""
    present = ibis.literal(view.end).cast(Kind.INSTANT.dtype)
    span = Span(
        asked.mutate(until_at=ibis.coalesce(asked.decided_at, present)), "requested_at", "until_at"
    )
    timed = took(clock_for(view, agreement, span), span, working=True)
    hours = timed.took.cast("float64") / 3600.0
    return timed.mutate(hours=hours).drop("took", "until_at", "asked_on", "decided_on", "approver")
