"""Deciding about a promotion: from a request and an agreement to an explained decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.quantities import Period
from counterpoise.agreement.versions import Agreements
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts
from counterpoise.desk.deciding import basis_on
from counterpoise.desk.decision import Approval
from counterpoise.desk.facts import local_time
from counterpoise.desk.promotion import (
    PromotionReady,
    PromotionWeighed,
    budgets_left,
)
from counterpoise.desk.promotion_books import NO_PROMOTIONS, PromotionBooks
from counterpoise.desk.promotion_calendar import Calendar
from counterpoise.desk.promotion_decision import OnDeal, PromotionDecision
from counterpoise.desk.promotion_facts import PromotionCase, promotion_case
from counterpoise.desk.promotion_offers import Sources, promotion_offers, weigh_all
from counterpoise.desk.promotion_reasons import promotion_reasons
from counterpoise.desk.promotion_request import PromotionRequest, read_promotion
from counterpoise.desk.weighing import approvals_of


def decide_promotion(
    request: PromotionRequest,
    agreement: Agreement | Agreements,
    books: BookFacts = NO_BOOKS,
    on_deal: PromotionBooks = NO_PROMOTIONS,
) -> PromotionDecision:
    """Answer a request about a promotion.

    Args:
        request: What is asked.
        agreement: An agreement, by which it is answered as if it were in force, or all versions,
            of which the one in force on the day of asking counts.
        books: What is on record of accounts and products.
        on_deal: What is on record of promotions.

    Returns:
        The decision, the same for the same arguments.

    Raises:
        RequestError: If the request names what nobody knows.
        NoAgreementError: If no version is in force on its day.
    """
    live, basis = basis_on(request.asked_at, agreement, books)
    ready = PromotionReady(live)
    case = promotion_case(request, ready, books, on_deal)
    weighed = weigh_all(case, request, ready)
    outcomes = list(dict.fromkeys(each for part in weighed for each in part.outcomes))
    strictest = max(outcomes, key=lambda outcome: outcome.weight)
    due_at = _due_at(request, ready)
    return PromotionDecision(
        verdict=strictest.verdict,
        approvals=tuple(Approval(role, clause, due_at) for role, clause in approvals_of(outcomes)),
        reasons=tuple(promotion_reasons(case, weighed, ready)),
        calendar=_on_deal(weighed, ready),
        budgets=budgets_left(weighed[0].asked, ready.agreement),
        last_ones=tuple(on_deal.last_ones(request.account_id, _products(case), request.days.first)),
        counter_offers=promotion_offers(case, strictest, Sources(ready, books, on_deal)),
        agreement=basis,
    )


def answer_promotion(
    written: object,
    agreement: Agreement | Agreements,
    books: BookFacts = NO_BOOKS,
    on_deal: PromotionBooks = NO_PROMOTIONS,
    *,
    now: dt.datetime | None = None,
) -> PromotionDecision:
    """Read a request and answer it; the arguments are those of `decide_promotion`.

    Raises:
        RequestError: If the request cannot be read, or names what nobody knows.
        NoAgreementError: If no version is in force on its day.
    """
    return decide_promotion(read_promotion(written, now), agreement, books, on_deal)


def _products(case: PromotionCase) -> Sequence[str]:
    return [goods.product_id for goods in case.goods if goods.product_id]


def _due_at(request: PromotionRequest, ready: PromotionReady) -> dt.datetime | None:
    """Return when an answer is due, with the zone where the request states one."""
    span, asked_at = ready.agreement.approvals.respond_within, request.asked_at
    if span is None:
        return None
    due_at = ready.ready.calendar.due_at(local_time(asked_at, ready.ready), span)
    return due_at if asked_at.tzinfo is None else due_at.replace(tzinfo=ready.ready.zone)


def _on_deal(weighed: Sequence[PromotionWeighed], ready: PromotionReady) -> OnDeal:
    """Return the calendar of the goods that are most on deal."""
    found = []
    for each in weighed:
        rule = each.by_row.row.rule
        most = rule.weeks_on_deal
        starts = ready.agreement.company.fiscal_year_starts
        calendar = Calendar(each.asked.booked, each.asked.others, starts)
        fullness = calendar.fullness(most.per if most else Period.YEAR)
        found.append(
            OnDeal(
                fullness.weeks_on_deal,
                most.at_most if most else None,
                most.per if most else None,
                fullness.gap_days,
                rule.gap_weeks,
            )
        )
    return max(found, key=lambda each: each.weeks)
