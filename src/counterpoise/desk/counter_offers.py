"""Counter-offers: what the desk would grant, or send less far up, instead of what was asked.

Every candidate is weighed by the desk itself before it is offered.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from typing import NamedTuple

from counterpoise.agreement.quantities import RATE_SAID, short_rate
from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import BookFacts
from counterpoise.desk.candidates import Candidate, Candidates, Price
from counterpoise.desk.case import CENT, ZERO
from counterpoise.desk.customization import counter_of, weigh_kind
from counterpoise.desk.decision import CounterOffer, Need
from counterpoise.desk.discount import row_outcome, worst_outcome
from counterpoise.desk.facts import case_of
from counterpoise.desk.floor import floor_outcome
from counterpoise.desk.offers import LINES, apply_offer
from counterpoise.desk.outcome import Outcome, Verdict
from counterpoise.desk.terms import Bundles
from counterpoise.desk.weighing import (
    Burden,
    Weighing,
    approvals_of,
    asker_of,
    burden_of,
    weigh,
)
from counterpoise.desk.wording import offer_text

MOST_OFFERS = 5
"""The most counter-offers that a decision carries."""


class Sources(NamedTuple):
    """What a decision is made from, for whoever has to ask again."""

    ready: Ready
    books: BookFacts
    books_win: bool
    bundles: Bundles


class Found(NamedTuple):
    """A candidate that is better than what was asked, and the desk's answers to it.

    `effort` is how much it asks of the customer.
    """

    candidate: Candidate
    burden: Burden
    outcomes: list[Outcome]
    net_amount: Decimal
    effort: int


def counter_offers(
    weighing: Weighing, burden: Burden, sources: Sources
) -> tuple[CounterOffer, ...]:
    """Return what to offer instead, least concession first, then fewest approvals.

    A granted request needs none.
    """
    return _Search(weighing, burden, sources).offers() if burden[0] else ()


class _Search:
    """The search for the offers of one weighing."""

    def __init__(self, weighing: Weighing, burden: Burden, sources: Sources) -> None:
        case, ready = weighing.case, sources.ready
        self.case = case
        self.ready = ready
        self.sources = sources
        self.burden = burden
        self.list_amount = case.list_amount
        self.by_line = bool(case.units) and case.units[0].line_no is not None
        self.asker = asker_of(case, ready)
        self.candidates = Candidates(weighing, ready, sources.bundles, burden)
        self._net_decides = "net_amount" in ready.columns
        self._is_always_walked = case.exchange is not None or "net_amount" in ready.persona_columns

    def offers(self) -> tuple[CounterOffer, ...]:
        found = [taken for each in self.candidates if (taken := self._found(each))]
        chosen = _chosen(_undominated(found))
        return tuple([self._offer(each) for each in chosen])

    # Weighing a candidate

    def _found(self, candidate: Candidate) -> Found | None:
        """Weigh a candidate; None where it is no better than what was asked."""
        prices = candidate.prices
        if not prices and not candidate.tailoring.wanted:
            return None
        net_amount = prices[0].net_amount if prices else ZERO
        if len(prices) > 1:
            net_amount = sum((price.net_amount for price in prices), ZERO)
        outcomes = self._outcomes(candidate, net_amount)
        burden = burden_of(outcomes)
        if burden >= self.burden:
            return None
        effort = len(candidate.terms.changes)
        if candidate.tailoring.needs:
            effort += sum(2 if need.value is None else 1 for need in candidate.tailoring.needs)
        return Found(candidate, burden, outcomes, net_amount, effort)

    def _outcomes(self, candidate: Candidate, net_amount: Decimal) -> list[Outcome]:
        """Return the desk's answers, by a full walk where a price or term could change facts."""
        if self._is_always_walked or (
            candidate.terms.changes
            and not self.ready.persona_columns.isdisjoint(candidate.terms.changes)
        ):
            request = apply_offer(self.case.request, self._bare_offer(candidate))
            sources = self.sources
            case = case_of(request, self.ready, sources.books, books_win=sources.books_win)
            return weigh(case, self.ready, sources.books).outcomes
        outcomes = []
        wanted = candidate.tailoring.wanted
        if candidate.prices:
            outcomes.append(self._discount(candidate))
            if self.ready.floor is not None:
                case, spent = self.case, self.case.recorded_cost
                if wanted:
                    spent = sum((each.asked for each in wanted), spent)
                outcomes.append(floor_outcome(net_amount, case.cost, spent, self.ready, self.asker))
        return outcomes + self._kinds(candidate, net_amount) if wanted else outcomes

    def _discount(self, candidate: Candidate) -> Outcome:
        """Return the strictest answer to a unit's price."""
        terms, worst = candidate.terms, None
        if len(terms.units) == 1 and len(terms.rows[0]) == 1 and not self._net_decides:
            unit = terms.units[0]
            return row_outcome(
                terms.rows[0][0],
                unit.list_amount,
                unit.list_amount - candidate.prices[0].net_amount,
                self.asker,
                terms.levers[0],
            )
        for at, price in enumerate(candidate.prices):
            unit, rows, levers = terms.units[at], terms.rows[at], terms.levers[at]
            if self._net_decides:
                facts = {**unit.facts, "net_amount": price.net_amount}
                rows = self.ready.rows.possible(facts, self.case.day)
                levers = self.ready.levers.sum(facts)
            concession = unit.list_amount - price.net_amount
            outcome = worst_outcome(rows, unit.list_amount, concession, self.asker, levers)
            if worst is None or outcome.weight > worst.weight:
                worst = outcome
        assert worst is not None
        return worst

    def _kinds(self, candidate: Candidate, net_amount: Decimal) -> list[Outcome]:
        facts = candidate.terms.facts
        if self._net_decides and candidate.prices:
            facts = {**facts, "net_amount": net_amount}
        case = self.case._replace(facts=facts)
        counter = counter_of(self.sources.books, case.day, self.ready)
        return [
            weigh_kind(wanted, case, self.ready, self.asker, counter).outcome
            for wanted in candidate.tailoring.wanted
        ]

    # Writing an offer

    def _offer(self, found: Found) -> CounterOffer:
        candidate, outcomes = found.candidate, found.outcomes
        answer = outcomes[0]
        approvers: tuple[str, ...] = ()
        if found.burden[0]:
            answer = max(outcomes, key=_weight)
            approvers = tuple(dict.fromkeys([role for role, _ in approvals_of(outcomes)]))
        net_amount = self._offered_net(candidate) if candidate.prices else None
        rate = self._rate(found) if candidate.prices else None
        needs = self._needs(candidate)
        says = offer_text(rate, net_amount, needs, approvers, self.case.request.asked_by)
        return CounterOffer(
            says, rate, net_amount, needs, answer.verdict, answer.clause, approvers, self.by_line
        )

    def _bare_offer(self, candidate: Candidate) -> CounterOffer:
        """Return what a candidate offers, without an answer yet."""
        net_amount = self._offered_net(candidate) if candidate.prices else None
        needs = self._needs(candidate)
        return CounterOffer("", None, net_amount, needs, Verdict.REFUSED, "", (), self.by_line)

    def _needs(self, candidate: Candidate) -> tuple[Need, ...]:
        """Return the terms, the choices about customizations, and lines' unit prices."""
        needs = (*candidate.terms.changes.values(), *candidate.tailoring.needs)
        if not self.by_line:
            return needs
        prices = [
            Need(f"{LINES}{unit.line_no}.net_price", price.offered)
            for unit, price in zip(self.case.units, candidate.prices, strict=False)
            if unit.line_no is not None and price.offered is not None
        ]
        return (*needs, *prices)

    def _offered_net(self, candidate: Candidate) -> Decimal:
        first = candidate.prices[0].offered
        if first is not None and not self.by_line:
            return first
        total = sum((price.net_amount for price in candidate.prices), ZERO)
        return (total / (self.case.exchange or 1)).quantize(CENT, ROUND_CEILING)

    def _rate(self, found: Found) -> Decimal:
        """Return the rate of an offer on the step on which rates are said.

        Whole cents make a rate of many digits; the nearest step is said where the desk answers it
        alike, else the one below. Prices of lines are offered by themselves, so theirs is rounded.
        """
        list_amount = self.list_amount
        if list_amount <= 0 or found.net_amount >= list_amount:
            return ZERO
        exact = (list_amount - found.net_amount) / list_amount
        nearest = short_rate(exact)
        if nearest <= exact or self.by_line or self._answers(found, nearest):
            return nearest
        return exact.quantize(RATE_SAID, ROUND_DOWN)

    def _answers(self, found: Found, rate: Decimal) -> bool:
        """Tell whether the desk answers a rate as it answers the price that is offered."""
        net_amount = self.list_amount * (1 - rate)
        price = Price(net_amount, net_amount / (self.case.exchange or 1))
        asked = found.candidate._replace(prices=(price,))
        return burden_of(self._outcomes(asked, net_amount)) == found.burden


def _weight(outcome: Outcome) -> int:
    return outcome.weight


def _undominated(found: list[Found]) -> list[Found]:
    """Drop each offer to which another is preferable in every way; the first of equals stays."""
    if len(found) < 2:
        return found
    kept: list[Found] = []
    for each in sorted(found, key=_most_given):
        for other in kept:
            if _is_preferable(other, each):
                break
        else:
            kept.append(each)
    return kept


def _most_given(found: Found) -> tuple[Decimal, Burden, int]:
    return found.net_amount, found.burden, found.effort


def _is_preferable(one: Found, other: Found) -> bool:
    """Tell whether one that gives no less is also no stricter and needs nothing more."""
    return (
        one.burden <= other.burden
        and one.effort <= other.effort
        and one.candidate.terms.changes.items() <= other.candidate.terms.changes.items()
        and _keeps(one, other)
    )


def _keeps(one: Found, other: Found) -> bool:
    """Tell whether one leaves no less of any customization than the other."""
    if not other.candidate.tailoring.wanted or not one.candidate.tailoring.needs:
        return True
    left = {each.kind: each.asked for each in one.candidate.tailoring.wanted}
    return all(
        left.get(each.kind, Decimal(-1)) >= each.asked for each in other.candidate.tailoring.wanted
    )


def _chosen(found: list[Found]) -> list[Found]:
    """Choose a handful, least concession first, then the least burden.

    Where there are more, they are the most that is granted and what asks least of the customer.
    """
    if len(found) > MOST_OFFERS:
        found.sort(key=lambda each: (each.effort, each.burden, each.net_amount))
        best = min(found, key=lambda each: (each.burden, each.net_amount, each.effort))
        rest = [each for each in found if each is not best]
        found = [best, *rest[: MOST_OFFERS - 1]]
        found.sort(key=_most_given)
    found.sort(key=_net_amount, reverse=True)
    return found


def _net_amount(found: Found) -> Decimal:
    return found.net_amount
