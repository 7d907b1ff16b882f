"""A campaign that reaches people outside the personas."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.watch.comparing import Question, compare
from counterpoise.watch.kind import Kind, Tested, Unit
from counterpoise.watch.lead_views import SHOWN, how_it_was_received, of_maker
from counterpoise.watch.leads import leads, per_quarter, worth_in_words
from counterpoise.watch.mix import Rows
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import of_few, percent

_SMALLEST = 0.15


def _missing(watched: Watched) -> str:
    return "" if watched.agreement.personas else "the agreement names no persona"


def _test(watched: Watched) -> Iterator[Tested]:
    rows = leads(watched)
    rows = rows.mutate(
        outside=(~rows.is_inside).cast("int32"), base=per_quarter(watched, rows.worth)
    )
    asked = Rows(rows, subject="campaign_id", value="outside", base="base", group="source")
    question = Question(
        side=Side.MARKETING,
        person=("campaign", watched.campaign),
        group=None,
        smallest=_SMALLEST,
        formula="leads outside the personas beyond other campaigns' share, a quarter × "
        f"{worth_in_words(watched)}",
        measure="share of leads from accounts outside the personas",
        peers=1.0,
    )
    yield from compare(watched, watched.cells(asked), question)


def _says(_: Watched, found: Tested) -> str:
    return (
        f"{percent(found.observed, 0)} of the leads from {found.subject.name} come from accounts "
        f"that meet no persona, where other campaigns let expect {percent(found.expected, 0)}."
        f"{of_few(found.n, 'lead')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    names = ", ".join(each.name or each.id for each in watched.agreement.personas)
    return (
        f"Check whom {found.subject.name} is aimed at against the personas of the agreement "
        f"({names}) and narrow its audience, or name the persona that it serves."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = of_maker(watched, found)
    outside = own.filter(~own.is_inside, own.day >= found.since)
    beyond = 1.0 - found.expected / found.observed if found.observed > 0 else 0.0
    part = per_quarter(watched, outside.worth) * max(0.0, beyond)
    return outside.select(*SHOWN, "account__industry", "account__segment", stake_part=part)


KIND = Kind(
    name="persona_miss",
    side=Side.MARKETING,
    counterpart="contradicted_rejection",
    variants=MappingProxyType({"campaign": "campaign"}),
    asks="Does a campaign reach people outside the personas?",
    measure="Share of the leads handed over whose account surely met no persona on that day, "
    "against other campaigns. Leads without a known account do not count, and accounts are not "
    "adjusted for: whom it reaches is what is asked.",
    stake="Leads outside the personas beyond other campaigns' share, a quarter × what a lead of "
    "the same source answered in time brings: the margin of the won deals that came of them, or "
    "net revenue where costs are not on record, over all of them.",
    unit=Unit.POINTS,
    needs=("leads", "accounts"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=how_it_was_received,
    missing=_missing,
)
