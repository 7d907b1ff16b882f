"""Counter-offers: what the desk would grant, or send less far up, instead of what was asked.

Every candidate is weighed by the desk itself before it is offered.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from functools import cached_property
from typing import NamedTuple

from counterpoise.desk.authority import ZERO, Ready
from counterpoise.desk.book_facts import BookFacts
from counterpoise.desk.candidates import Candidate, Candidates, Price
from counterpoise.desk.customization import counter_of, weigh_kind
from counterpoise.desk.decision import CounterOffer, Need
from counterpoise.desk.discount import Weighed, weigh_rows
from counterpoise.desk.facts import CENT, Unit, case_of
from counterpoise.desk.floor import floor_of
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

_RATE_STEP = Decimal("0.000001")


class Sources(NamedTuple):
    """What a decision is made from, for whoever has to ask again."""

    ready: Ready
    books: BookFacts
    books_win: bool
    bundles: Bundles


class Found(NamedTuple):
    """A candidate that is better than what was asked, and the desk's answer to it."""

    candidate: Candidate
    burden: Burden
    outcome: Outcome
    approvers: tuple[str, ...]
    net_amount: Decimal

    @property
    def effort(self) -> int:
        """Return how much the candidate asks of the customer."""
        dropped = sum(1 if need.value is not None else 2 for need in self.candidate.tailoring.needs)
        return len(self.candidate.terms.changes) + dropped


def counter_offers(weighing: Weighing, sources: Sources) -> tuple[CounterOffer, ...]:
    """Return what to offer instead, least concession first, then fewest approvals.

    A granted request needs none.
    """
    if weighing.verdict is Verdict.GRANTED:
        return ()
    return _Search(weighing, sources).offers()


class _Search:
    """The search for the offers of one weighing."""

    def __init__(self, weighing: Weighing, sources: Sources) -> None:
        self.case = weighing.case
        self.sources = sources
        self.ready = sources.ready
        self.asker = asker_of(self.case, self.ready)
        self.burden = burden_of(weighing.outcomes)
        self.candidates = Candidates(weighing, self.ready, sources.bundles, self.burden[0])
        self.counter = counter_of(sources.books, self.case.day, self.ready)

    def offers(self) -> tuple[CounterOffer, ...]:
        found = [taken for each in self.candidates if (taken := self._found(each))]
        chosen = _chosen(_undominated(found))
        chosen.sort(key=lambda each: (-each.net_amount, each.burden, each.effort))
        return tuple(map(self._offer, chosen))

    # Weighing a candidate

    def _found(self, candidate: Candidate) -> Found | None:
        """Weigh a candidate; None where it is no better than what was asked."""
        outcomes = self._outcomes(candidate)
        burden = burden_of(outcomes)
        if burden >= self.burden:
            return None
        outcome = max(outcomes, key=lambda each: each.weight)
        approvers = tuple(dict.fromkeys(role for role, _ in approvals_of(outcomes)))
        net_amount = sum((price.net_amount for price in candidate.prices), ZERO)
        return Found(candidate, burden, outcome, approvers, net_amount)

    def _outcomes(self, candidate: Candidate) -> list[Outcome]:
        """Return the desk's answers, by a full walk where a price or term could change facts."""
        if self.case.exchange is not None or self._changes_persona(candidate):
            request = apply_offer(self.case.request, self._bare_offer(candidate))
            sources = self.sources
            case = case_of(request, self.ready, sources.books, books_win=sources.books_win)
            return weigh(case, self.ready, sources.books).outcomes
        outcomes = []
        if candidate.prices:
            outcomes.append(self._discount(candidate).outcome)
            spent = sum(
                (each.asked for each in candidate.tailoring.wanted), self.case.recorded_cost
            )
            net_amount = sum((price.net_amount for price in candidate.prices), ZERO)
            floor = floor_of(net_amount, self.case.cost, spent, self.ready, self.asker)
            if floor is not None:
                outcomes.append(floor.outcome)
        return outcomes + self._kinds(candidate)

    def _discount(self, candidate: Candidate) -> Weighed:
        terms = candidate.terms
        answers = []
        for at, (unit, price) in enumerate(zip(terms.units, candidate.prices, strict=True)):
            rows, levers = terms.rows[at], terms.levers[at]
            priced = unit._replace(net_amount=price.net_amount)
            if self._net_decides:
                priced = _stating_price(priced)
                rows = self.ready.rows.possible(priced.facts, self.case.day)
                levers = self.ready.levers.sum(priced.facts)
            answers.append(weigh_rows(priced, rows, self.asker, levers))
        return (
            answers[0] if len(answers) == 1 else max(answers, key=lambda each: each.outcome.weight)
        )

    def _kinds(self, candidate: Candidate) -> list[Outcome]:
        facts = candidate.terms.facts
        if self._net_decides and candidate.prices:
            net_amount = sum((price.net_amount for price in candidate.prices), ZERO)
            facts = {**facts, "net_amount": net_amount}
        case = self.case._replace(facts=facts)
        return [
            weigh_kind(wanted, case, self.ready, self.asker, self.counter).outcome
            for wanted in candidate.tailoring.wanted
        ]

    @cached_property
    def _net_decides(self) -> bool:
        return "net_amount" in self.ready.columns

    def _changes_persona(self, candidate: Candidate) -> bool:
        read = self.ready.persona_columns
        return bool(read) and ("net_amount" in read or not read.isdisjoint(candidate.terms.changes))

    # Writing an offer

    def _offer(self, found: Found) -> CounterOffer:
        candidate = found.candidate
        bare = self._bare_offer(candidate)
        rate = self._rate(found.net_amount) if candidate.prices else None
        answer = found.outcome._replace(approvers=found.approvers)
        return bare._replace(
            says=offer_text(rate, bare.net_amount, bare.needs, answer),
            rate=rate,
            verdict=answer.verdict,
            clause=answer.clause,
            approvers=answer.approvers,
        )

    def _bare_offer(self, candidate: Candidate) -> CounterOffer:
        """Return what a candidate offers, without an answer yet."""
        needs = (
            *candidate.terms.changes.values(),
            *candidate.tailoring.needs,
            *self._line_needs(candidate.prices),
        )
        net_amount = self._offered_net(candidate.prices) if candidate.prices else None
        return CounterOffer("", None, net_amount, needs, Verdict.REFUSED, "", ())

    def _line_needs(self, prices: tuple[Price, ...]) -> list[Need]:
        return [
            Need(f"{LINES}{unit.line_no}.net_price", price.offered)
            for unit, price in zip(self.case.units, prices, strict=False)
            if unit.line_no is not None and price.offered is not None
        ]

    def _offered_net(self, prices: tuple[Price, ...]) -> Decimal:
        first = prices[0].offered
        if self.case.units[0].line_no is None and first is not None:
            return first
        total = sum((price.net_amount for price in prices), ZERO)
        return (total / (self.case.exchange or 1)).quantize(CENT, ROUND_CEILING)

    def _rate(self, net_amount: Decimal) -> Decimal:
        """Return the rate of an offer, rounded down so that it is never above what is granted."""
        list_amount = self.case.list_amount
        if list_amount <= 0 or net_amount >= list_amount:
            return ZERO
        return ((list_amount - net_amount) / list_amount).quantize(_RATE_STEP, ROUND_DOWN)


def _stating_price(unit: Unit) -> Unit:
    return unit._replace(facts={**unit.facts, "net_amount": unit.net_amount})


def _undominated(found: list[Found]) -> list[Found]:
    """Drop each offer to which another is preferable in every way; the first of equals stays."""
    kept: list[Found] = []
    for each in found:
        if any(_is_preferable(other, each) for other in kept):
            continue
        kept = [other for other in kept if not _is_preferable(each, other)]
        kept.append(each)
    return kept


def _is_preferable(one: Found, other: Found) -> bool:
    """Tell whether one gives no less, is no stricter, and needs nothing more."""
    return (
        one.net_amount <= other.net_amount
        and one.burden <= other.burden
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
    """Choose a handful: the most that is granted, then what asks least of the customer."""
    found = sorted(found, key=lambda each: (each.effort, each.burden, each.net_amount))
    if len(found) <= MOST_OFFERS:
        return found
    best = min(found, key=lambda each: (each.burden, each.net_amount, each.effort))
    rest = [each for each in found if each is not best]
    return [best, *rest[: MOST_OFFERS - 1]]
