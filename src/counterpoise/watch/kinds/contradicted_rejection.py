"""Leads turned down as the wrong persona though their account meets one."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, Tested, Unit
from counterpoise.watch.lead_views import bad_cases, bad_rows, of_seller, what_was_sent
from counterpoise.watch.leads import leads, per_quarter, worth_in_words
from counterpoise.watch.mix import Rows
from counterpoise.watch.rejections import persona_reasons, says_wrong_persona
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent


def _missing(watched: Watched) -> str:
    if not watched.agreement.personas:
        return "the agreement names no persona"
    if not persona_reasons(watched):
        return "no reason for a rejection means the persona"
    return ""


def _rejected_inside(watched: Watched) -> ir.Table:
    table = leads(watched)
    return table.filter(table.is_inside, table.verdict == "rejected")


def _test(watched: Watched) -> Iterator[Tested]:
    due = _rejected_inside(watched)
    due = due.mutate(
        bad=says_wrong_persona(watched, due).cast("int32"),
        base=per_quarter(watched, due.worth_accepted),
    )
    rows = Rows(due, subject="owner_id", value="bad", base="base", group="owner__team")
    promise = Promise(
        side=Side.SALES,
        person=("rep", watched.person),
        group=("team", watched.team),
        formula="leads inside a persona turned down as outside, beyond the share that the "
        f"agreement lets pass, a quarter × {worth_in_words(watched)}, per accepted lead",
        measure="share of rejected leads inside a persona that were called the wrong one",
    )
    yield from kept(watched, watched.cells(rows), promise)


def _says(watched: Watched, found: Tested) -> str:
    word = persona_reasons(watched)[0]
    return (
        f"{found.subject.name} turned down {found.n:,} leads whose accounts meet a persona and "
        f'said "{word}" of {counted(bad_cases(found), "of them", "of them")}: '
        f"{percent(found.observed, 0)}, where the agreement lets {percent(found.expected, 0)} pass."
        f"{of_few(found.n, 'lead')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    names = " or ".join(each.name or each.id for each in watched.agreement.personas)
    return (
        f"Go through five of these accounts with {found.subject.name} beside the personas of the "
        f"agreement ({names}): either take the leads back up, or sharpen the persona together."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = of_seller(watched, found)
    own = own.filter(own.is_inside, says_wrong_persona(watched, own))
    return bad_rows(watched, found, own, own.worth_accepted)


KIND = Kind(
    name="contradicted_rejection",
    side=Side.SALES,
    counterpart="persona_miss",
    variants=MappingProxyType({"team": "team", "rep": "person"}),
    asks='Does anyone say "wrong persona" of accounts that meet one?',
    measure="Of the rejected leads whose account surely met a persona on the day of the hand-over, "
    "the share turned down because of the persona; held against the share that the agreement lets "
    "pass. A reason means the persona if it speaks of a persona, an ICP, an ideal customer, a "
    "profile or a target, or calls fit, match, segment, industry or audience wrong; reasons are "
    "those of the agreement's list, or of the books where it has none.",
    stake="Such leads beyond what the agreement lets pass, a quarter × what an accepted lead of "
    "the same source brings: the margin of the won deals that came of its leads, or net revenue "
    "where costs are not on record, over the accepted ones.",
    unit=Unit.POINTS,
    needs=("leads", "accounts"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=what_was_sent,
    missing=_missing,
)
