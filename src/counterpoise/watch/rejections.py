"""What the reasons of rejected leads mean: which are agreed on, and which mean the persona."""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from counterpoise.watch.watched import Watched

_PERSONA = re.compile(
    r"\b(personas?|icp|ideal customers?|buyer profile|customer profile|profile|target|"
    r"(wrong|bad|poor|no|not a) (fit|match|segment|industry|audience))\b"
)


def means_persona(reason: str) -> bool:
    """Tell whether a reason says that the account is not one the company is made for.

    It does if it speaks of a persona, an ICP, an ideal customer, a profile or a target, or calls
    fit, match, segment, industry or audience wrong.

    >>> [means_persona(each) for each in ("wrong persona", "Not in ICP", "bad fit", "no budget")]
    [True, True, True, False]
    """
    return bool(_PERSONA.search(re.sub(r"[\W_]+", " ", reason.lower())))


def persona_reasons(watched: Watched) -> tuple[str, ...]:
    """Return the reasons that mean the persona: of the agreement's list, else of the books."""

    def find() -> tuple[str, ...]:
        given = watched.agreement.handoff.reasons or _in_books(watched)
        return tuple(each for each in given if means_persona(each))

    return watched.share("persona reasons", find)


def has_agreed_reason(watched: Watched, table: ir.Table) -> ir.BooleanValue:
    """Tell whether leads carry a reason of the agreement's list; any reason where it has none."""
    reasons = watched.agreement.handoff.reasons
    given: ir.BooleanValue = table.rejection_reason.notnull()
    if not reasons:
        return given
    return ibis.coalesce(_is_one_of(table, reasons), False)


def says_wrong_persona(watched: Watched, table: ir.Table) -> ir.BooleanValue:
    """Tell whether leads were turned down because of the persona."""
    said = _is_one_of(table, persona_reasons(watched))
    found: ir.BooleanValue = (table.verdict == "rejected") & ibis.coalesce(said, False)
    return found


def _is_one_of(table: ir.Table, reasons: tuple[str, ...]) -> ir.BooleanValue:
    found: ir.BooleanValue = table.rejection_reason.lower().isin([each.lower() for each in reasons])
    return found


def _in_books(watched: Watched) -> tuple[str, ...]:
    rows = watched.period.handed_over
    named = rows.filter(rows.rejection_reason.notnull()).select("rejection_reason").distinct()
    return tuple(sorted(watched.books.run(named)["rejection_reason"].to_pylist()))
