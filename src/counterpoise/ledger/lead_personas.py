"""Which leads come from accounts that the company is made for."""

from __future__ import annotations

import functools
import operator

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.books.schema import TABLES
from counterpoise.books.spans import in_span, overlay
from counterpoise.desk.expressions import condition_expr
from counterpoise.ledger.period import Period


def meets_a_persona(period: Period) -> tuple[ir.Table, ir.BooleanValue]:
    """Return the leads handed over in a period, and whether the account meets any persona.

    Grain: a lead. The account is that of the day of the hand-over; unknown where a fact is.
    """
    leads = _with_account(period)
    fields = Fields(Scope.LEAD, period.view.books.all_attributes)
    personas = [
        condition_expr(persona.when, leads, fields) for persona in period.agreement.personas
    ]
    return leads, functools.reduce(operator.or_, personas, ibis.literal(value=False))


def _with_account(period: Period) -> ir.Table:
    books = period.view.books
    dated = tuple(
        name for name in TABLES["account_history"].names if name not in ("account_id", "valid_from")
    )
    over_time = overlay(
        books.table("accounts"), books.table("account_history"), "account_id", dated
    )
    facts = {
        f"account__{name}": over_time[name]
        for name in over_time.columns
        if name not in ("valid_from", "valid_until")
    }
    accounts = over_time.select("valid_from", "valid_until", **facts)
    leads = period.handed_over
    day = leads.handed_over_at.date()
    return leads.left_join(
        accounts, [leads.account_id == accounts.account__account_id, *in_span(day, accounts)]
    )
