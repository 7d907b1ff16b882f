"""What the home page shows of a review, as plain values, seen from a side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from counterpoise.agreement import Agreements, Side, Version
from counterpoise.ledger import standing
from counterpoise.report import wording
from counterpoise.web.balance.beam import NARROW, WIDE, Beam, beam_of
from counterpoise.web.balance.charts import Drawing, realization_over_time
from counterpoise.web.balance.opening import deals_behind
from counterpoise.web.balance.path import Path, budget_paths, goal_paths, promise_paths
from counterpoise.web.balance.trade import TradeBalance
from counterpoise.web.balance.weighing import Review, Span, Weighing, spans, weigh
from counterpoise.web.shell.templatetags import figures

_SPAN_NAMES = {
    Span.AGREEMENT: "This agreement",
    Span.QUARTER: "3 months",
    Span.YEAR: "12 months",
    Span.ALL: "All books",
}


@dataclass(frozen=True)
class Figure:
    """One of the figures that matter."""

    label: str
    value: str
    note: str
    url: str
    """Where the deals behind it are listed; empty where the ledger cannot select them."""


@dataclass(frozen=True)
class Choice:
    """A span that the page offers."""

    label: str
    url: str
    is_taken: bool


@dataclass(frozen=True)
class Owed:
    """What a side promised, and how the page calls it from where the viewer stands."""

    heading: str
    side: str
    paths: list[Path]


@dataclass(frozen=True)
class Page:
    """The part of the home page that a review tells."""

    as_of: str
    measured_by: str
    weighing: Weighing
    beams: tuple[Beam, ...]
    says: str
    choices: list[Choice]
    figures: list[Figure]
    drawing: Drawing | None
    goals: list[Path]
    owed: list[Owed]
    budgets: list[Path]
    done_for_us: list[str]
    is_trade: bool = False
    """Whether the trade is what is weighed, and not deals."""


def page_of(
    review: Review,
    agreements: Agreements,
    asked: str,
    viewer: Side,
    trade: TradeBalance | None = None,
) -> Page:
    """Lay out what a review tells.

    Args:
        review: The latest review.
        agreements: Every version in the workspace.
        asked: The span that the address asks for; an unknown one is the first offered.
        viewer: The side from which the page is seen.
        trade: What was sold through retailers, where that is weighed and not deals.
    """
    if trade is not None:
        review = trade.as_review(review)
    version = standing(agreements, dt.date.fromisoformat(review["as_of"]))
    starts_on = version.from_ if version else None
    offered = spans(review, starts_on)
    span = next((each for each in offered if each.value == asked), offered[0])
    weighing = weigh(review, span, starts_on)
    beams = (beam_of(weighing, board) for board in (WIDE, NARROW))
    starts = version.agreement.company.fiscal_year_starts if version else 1
    return Page(
        as_of=review["as_of"],
        measured_by=_measured_by(review),
        weighing=weighing,
        beams=tuple(beam for beam in beams if beam),
        says=_says(weighing).replace(" of list,", " of base,") if trade else _says(weighing),
        choices=[Choice(_SPAN_NAMES[each], f"?over={each}", each is span) for each in offered],
        figures=[Figure(*each, reverse("trade:home")) for each in trade.figures(weighing)]
        if trade
        else _figures(review, weighing, viewer, deals_behind(review, weighing, starts)),
        drawing=realization_over_time(review, starts),
        goals=_own_first(goal_paths(review, version), viewer),
        owed=_owed(review, version, viewer),
        budgets=_own_first(budget_paths(review), viewer),
        done_for_us=done_for(review, viewer),
        is_trade=trade is not None,
    )


def _measured_by(review: Review) -> str:
    agreement = review["agreement"]
    if agreement["title"] is None:
        return "no agreement yet, so nothing is above authority and nothing within"
    said = f"{agreement['title']}, {wording.STATUSES[agreement['status']]}"
    return said if agreement["in_force"] else f"{said}; not in force on that day"


def _says(weighing: Weighing) -> str:
    """Say what the picture shows."""
    if weighing.realization is None:
        return "No won deal has both list and net known, so nothing can be weighed."
    if weighing.gap is None or weighing.goal is None:
        return "No realization was agreed on, so the beam lies level."
    goal = figures.percent(weighing.goal)
    worth = figures.short_money(weighing.gap_amount)
    by = f"{figures.points(weighing.gap)[1:]}, {worth} of list,"
    if abs(weighing.gap) < _LEVEL:
        return f"Held and given are in balance: realization is at the goal of {goal}."
    if weighing.gap < 0:
        return f"Given outweighs held: realization is {by} below the goal of {goal}."
    return f"Held outweighs given: realization is {by} above the goal of {goal}."


_LEVEL = 0.0005


def _figures(
    review: Review, weighing: Weighing, viewer: Side, behind: Mapping[str, str]
) -> list[Figure]:
    """Return the five figures; the last is the one nearest to the viewer's side."""
    won = behind["won"]
    deals = f"net over list, {wording.counted(weighing.won, 'won deal')}"
    above = f"{figures.short_money(weighing.above_list)} of it above list"
    given = f"{figures.percent(weighing.given_rate)} of list"
    leaked = _leakage(review, weighing)
    return [
        Figure("Price realization", figures.percent(weighing.realization), deals, won),
        Figure("Value held", figures.short_money(weighing.held), above, won),
        Figure("Value given", figures.short_money(weighing.given), given, won),
        Figure("Leakage", leaked, "above authority, not approved", behind["leakage"]),
        _fit(review) if viewer is Side.MARKETING else _wins(weighing, behind["closed"]),
    ]


def _leakage(review: Review, weighing: Weighing) -> str:
    if review["agreement"]["title"] is None:
        return wording.NOTHING
    low = figures.short_money(weighing.leakage_low)
    high = figures.short_money(weighing.leakage_high)
    return low if low == high else f"{low} to {high}"


def _wins(weighing: Weighing, url: str) -> Figure:
    note = f"{figures.count(weighing.won)} won, {figures.count(weighing.lost)} lost"
    return Figure("Win rate", figures.percent(weighing.win_rate), note, url)


def _fit(review: Review) -> Figure:
    fit = review["ledger"]["fit"]
    share = figures.percent(fit["share_of_net"])
    note = f"won deals in a persona, {share} of net; all books"
    return Figure("Fit", figures.percent(fit["share_of_won"]), note, "")


def _owed(review: Review, version: Version | None, viewer: Side) -> list[Owed]:
    """Return what each side promised: what the viewer is owed first, then what they owe."""
    promised = promise_paths(review, version)
    if viewer is Side.BOTH:
        order, headings = [Side.SALES, Side.MARKETING], ("Sales owes", "Marketing owes")
    else:
        other = Side.MARKETING if viewer is Side.SALES else Side.SALES
        order, headings = [other, viewer], (f"{other.capitalize()} owes us", "We owe")
    return [
        Owed(heading, side.value, promised[side])
        for heading, side in zip(headings, order, strict=True)
        if promised[side]
    ]


def done_for(review: Review, viewer: Side) -> list[str]:
    """Say what the other side did for the viewer's; for both, what each did for the other."""
    said = []
    handoff = review["handoff"]
    if viewer is not Side.MARKETING and handoff["handed_over"]:
        leads = wording.counted(handoff["handed_over"], "qualified lead")
        taken = handoff["accepted"] + handoff["rejected"]
        good = f", {figures.percent(handoff['accepted'] / taken)} of them accepted" if taken else ""
        said.append(f"Marketing handed {leads} over to sales{good}.")
    if viewer is not Side.SALES and handoff["within_sla"] is not None:
        share = figures.percent(handoff["within_sla"])
        typical = figures.hours(handoff["median_response_hours"])
        said.append(
            f"Sales answered {share} of leads in the promised time, typically in {typical}."
        )
    return said


def _own_first(paths: list[Path], viewer: Side) -> list[Path]:
    if viewer is Side.BOTH:
        return paths
    return sorted(paths, key=lambda path: path.side not in {viewer.value, Side.BOTH.value})
