"""Counter-offers: shallower with a display, shorter, another week, another product.

Each is tried at the desk before it is told, and none is told that would not be granted or routed
lower than what was asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from counterpoise.agreement.conditions import Value
from counterpoise.agreement.quantities import format_rate
from counterpoise.agreement.wording import say_day
from counterpoise.desk.book_facts import BookFacts
from counterpoise.desk.decision import Need
from counterpoise.desk.outcome import Outcome, Verdict
from counterpoise.desk.promotion import PromotionReady, PromotionWeighed, weigh_promotion
from counterpoise.desk.promotion_books import PromotionBooks
from counterpoise.desk.promotion_calendar import Days
from counterpoise.desk.promotion_decision import PromotionOffer
from counterpoise.desk.promotion_facts import PromotionCase, promotion_case
from counterpoise.desk.promotion_request import PromotionRequest
from counterpoise.desk.wording import approvers_text, listed

MOST_OFFERS = 5
_LATEST_WEEKS = 26
_MOST_PRODUCTS = 20
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class _Trial:
    """A changed request and the answer to it."""

    request: PromotionRequest
    strictest: Outcome

    @property
    def weight(self) -> int:
        return self.strictest.weight


@dataclass(frozen=True)
class Sources:
    """What counter-offers are tried with."""

    ready: PromotionReady
    books: BookFacts
    on_deal: PromotionBooks


def weigh_all(
    case: PromotionCase, request: PromotionRequest, ready: PromotionReady
) -> list[PromotionWeighed]:
    """Answer each part of a request."""
    role = request.asked_by
    return [weigh_promotion(each, ready, role) for each in case.asked(request)]


def promotion_offers(
    case: PromotionCase, strictest: Outcome, sources: Sources
) -> tuple[PromotionOffer, ...]:
    """Return what could be asked instead, the nearest to what was asked first."""
    if not strictest.weight:
        return ()

    def tried(request: PromotionRequest) -> _Trial:
        outcomes = (
            outcome for each in weigh_all(case, request, sources.ready) for outcome in each.outcomes
        )
        return _Trial(request, max(outcomes, key=lambda outcome: outcome.weight))

    found = [
        *_first_two(_other_days(case), tried, strictest.weight),
        *_first_two(_shorter(case), tried, strictest.weight),
        *_first_two(_shallower(case, sources.ready), tried, strictest.weight),
    ]
    found += _other_goods(case, strictest.weight, sources)
    if not any(each.strictest.verdict is Verdict.GRANTED for each in found):
        found += _both(case, tried, strictest.weight, sources)
    told: dict[str, PromotionOffer] = {}
    for trial in found:
        offer = _offer(case.request, trial)
        told.setdefault(offer.says, offer)
    return tuple(told.values())[:MOST_OFFERS]


_Try = Callable[[PromotionRequest], _Trial]


def _first_two(requests: Iterator[PromotionRequest], tried: _Try, weight: int) -> list[_Trial]:
    """Return the first that is routed lower, and the first that is granted."""
    found: list[_Trial] = []
    for request in requests:
        trial = tried(request)
        if trial.weight < (found[-1].weight if found else weight):
            found.append(trial)
        if not trial.weight:
            break
    return found[-2:]


def _depths(case: PromotionCase, ready: PromotionReady) -> list[Decimal]:
    """Return the depths at which answers change, below what was asked, deepest first."""
    asked = case.asked(case.request)
    rates = {
        grant.rate
        for each in asked
        for row in ready.possible(each.facts)
        for grant in row.rule.grants
    }
    return sorted((rate for rate in rates if 0 < rate < case.request.depth), reverse=True)


def _shallower(case: PromotionCase, ready: PromotionReady) -> Iterator[PromotionRequest]:
    """Yield what is less deep, with a display in its place where none is asked."""
    for depth in _depths(case, ready):
        yield replace(case.request, depth=depth, displayed=True, kind=None)
        yield replace(case.request, depth=depth)


def _other_days(case: PromotionCase) -> Iterator[PromotionRequest]:
    """Yield other weeks, the nearest first, none before the day of asking."""
    request = case.request
    for weeks in range(1, _LATEST_WEEKS + 1):
        for direction in (1, -1):
            moved = weeks * direction * _WEEK
            days = Days(request.days.first + moved, request.days.last + moved)
            if days.first > case.day:
                yield request.moved(days)


def _shorter(case: PromotionCase) -> Iterator[PromotionRequest]:
    request = case.request
    for weeks in range(request.days.weeks - 1, 0, -1):
        last = request.days.first + weeks * _WEEK - dt.timedelta(days=1)
        yield request.moved(Days(request.days.first, last))


def _both(case: PromotionCase, tried: _Try, weight: int, sources: Sources) -> list[_Trial]:
    """Return the first that is granted when depth and days change together."""
    depths = _depths(case, sources.ready)[-1:]
    times = [*_shorter(case), *_other_days(case)]
    requests = (
        replace(time, depth=depth, displayed=True, kind=None) for depth in depths for time in times
    )
    return [each for each in _first_two(requests, tried, weight) if not each.weight]


def _other_goods(case: PromotionCase, weight: int, sources: Sources) -> list[_Trial]:
    """Return the first other product of the family that is routed lower as asked."""
    request = case.request
    if len(case.goods) != 1 or case.goods[0].product_id is None or case.goods[0].family is None:
        return []
    beside = [
        each
        for each in sources.on_deal.family_of(case.goods[0].family)
        if each not in request.products
    ]
    for product_id in beside[:_MOST_PRODUCTS]:
        other = replace(request, products=(product_id,))
        changed = promotion_case(other, sources.ready, sources.books, sources.on_deal)
        weighed = weigh_all(changed, other, sources.ready)
        outcomes = [outcome for each in weighed for outcome in each.outcomes]
        strictest = max(outcomes, key=lambda outcome: outcome.weight)
        if strictest.weight < weight:
            return [_Trial(other, strictest)]
    return []


def _offer(asked: PromotionRequest, trial: _Trial) -> PromotionOffer:
    needs, said = [], []
    for need, says in _changes(asked, trial.request):
        needs.append(need)
        if says:
            said.append(says)
    outcome = trial.strictest
    who = approvers_text(outcome.approvers, asked.asked_by)
    answer = f"{who} must approve" if who else "granted at once"
    text = ", ".join(said)
    return PromotionOffer(
        f"{text[:1].upper()}{text[1:]}: {answer}.",
        tuple(needs),
        outcome.verdict,
        outcome.clause,
        outcome.approvers,
    )


def _changes(asked: PromotionRequest, other: PromotionRequest) -> Iterator[tuple[Need, str | None]]:
    """Yield each field that differs, with words where it says something of its own."""
    if other.products != asked.products:
        said: Value = other.products[0]
        yield Need("product_id", said), f"{listed(other.products)} instead"
    if other.depth != asked.depth:
        with_display = " with a display" if other.displayed and not asked.displayed else ""
        yield Need("rate", other.depth), f"{format_rate(other.depth)} off{with_display}"
    if other.displayed != asked.displayed:
        yield Need("displayed", other.displayed), None
    if other.days != asked.days:
        yield Need("starts_on", other.days.first), _days_text(asked.days, other.days)
        yield Need("ends_on", other.days.last), None


def _days_text(asked: Days, other: Days) -> str:
    weeks = f"{other.weeks} week{'' if other.weeks == 1 else 's'}"
    if other.first == asked.first:
        return f"{weeks} instead of {asked.weeks}"
    return f"{weeks} from {say_day(other.first)}"
