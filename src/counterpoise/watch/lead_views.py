"""The other side of what is said about leads: what was sent, and how it was received."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.watch.kind import OtherView, Tested
from counterpoise.watch.leads import leads, per_quarter
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import percent

SHOWN = (
    "lead_id",
    "handed_over_at",
    "campaign_id",
    "source",
    "score",
    "account_id",
    "is_inside",
    "owner_id",
    "first_response_at",
    "verdict",
    "verdict_at",
    "rejection_reason",
)
"""What a reader wants to see of a lead."""


def of_seller(watched: Watched, found: Tested) -> ir.Table:
    """Return the leads of the person, or of the team, that a finding is about."""
    table = leads(watched)
    whose = table.owner__team if found.subject.type == "team" else table.owner_id
    return table.filter(whose == found.subject.id)


def of_maker(watched: Watched, found: Tested) -> ir.Table:
    """Return the leads of the campaign, or of the source, that a finding is about."""
    table = leads(watched)
    whose = table.campaign_id if found.subject.type == "campaign" else table.source
    return table.filter(whose == found.subject.id)


def bad_cases(found: Tested) -> int:
    """Return how many of the cases of a finding were bad."""
    return round(found.observed * found.n)


def bad_rows(
    watched: Watched, found: Tested, bad: ir.Table, worth: ir.FloatingValue | None = None
) -> ir.Table:
    """Return bad cases with their part of the stake: what goes beyond what is allowed.

    Args:
        watched: What is watched.
        found: The finding.
        bad: Its bad cases.
        worth: What each is worth; by default what a lead of its source is.
    """
    beyond = 1.0 - found.expected / found.observed if found.observed > 0 else 0.0
    part = per_quarter(watched, bad.worth if worth is None else worth) * max(0.0, beyond)
    return bad.select(*SHOWN, stake_part=part).order_by("handed_over_at", "lead_id")


def what_was_sent(watched: Watched, found: Tested) -> OtherView:
    """Say what the seller was sent: how much of it inside the personas, and how it scored."""
    own, every = _sent(watched, of_seller(watched, found)), _sent(watched, leads(watched))
    figures = [("Leads handed over to them", f"{round(own['n'] or 0):,}")]
    parts = []
    if own["inside"] is not None and every["inside"] is not None:
        parts.append(
            f"{percent(own['inside'], 0)} of the accounts met a persona "
            f"({percent(every['inside'], 0)} of all leads)"
        )
        figures.append(("Inside the personas", percent(own["inside"], 0)))
        figures.append(("of all leads", percent(every["inside"], 0)))
    if own["score"] is not None and every["score"] is not None:
        parts.append(f"the average score was {_whole(own['score'])} ({_whole(every['score'])})")
        figures.append(("Average score", _whole(own["score"])))
        figures.append(("of all leads", _whole(every["score"])))
    told = " and ".join(parts) or "the books say neither whom they came from nor how they scored"
    return OtherView(f"What they were sent: {told}.", tuple(figures))


def how_it_was_received(watched: Watched, found: Tested) -> OtherView:
    """Say how sales received the leads: answered in time, and turned down for what."""
    own, every = _received(watched, of_maker(watched, found)), _received(watched, leads(watched))
    if own["late"] is None or every["late"] is None:
        return OtherView("How fast sales answered these leads is not on record.")
    kept = (percent(1.0 - own["late"], 0), percent(1.0 - every["late"], 0))
    figures = [("Answered in time", kept[0]), ("of all leads", kept[1])]
    says = f"How sales received them: {kept[0]} were answered in time ({kept[1]} of all leads)"
    if own["reasoned"] is not None:
        reasoned = percent(own["reasoned"], 0)
        says += f", and {reasoned} of the rejections say why"
        figures.append(("Rejections with a reason", reasoned))
    return OtherView(f"{says}.", tuple(figures))


def _sent(watched: Watched, table: ir.Table) -> dict[str, float | None]:
    return _figures(
        watched,
        table.aggregate(
            n=table.count(),
            inside=_share(table.is_inside),
            score=table.score.cast("float64").mean(),
        ),
    )


def _received(watched: Watched, table: ir.Table) -> dict[str, float | None]:
    rejected = table.verdict == "rejected"
    return _figures(
        watched,
        table.aggregate(
            late=_share(table.is_late),
            reasoned=_share(
                rejected.ifelse(table.rejection_reason.notnull(), ibis.null("boolean"))
            ),
        ),
    )


def _figures(watched: Watched, sums: ir.Table) -> dict[str, float | None]:
    row = watched.books.run(sums).to_pylist()[0]
    return {name: None if value is None else float(value) for name, value in row.items()}


def _share(holds: ir.BooleanValue) -> ir.FloatingScalar:
    """Return the share of the rows for which something holds, of those where that is known."""
    found: ir.FloatingScalar = holds.sum().cast("float64") / holds.count().nullif(0)
    return found


def _whole(value: float) -> str:
    return str(round(Decimal(repr(value))))
