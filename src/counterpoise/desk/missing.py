"""Missing facts: which of them would change the answer, and how.

Where facts are missing the desk answers by the less favourable reading. If the more favourable
one would answer otherwise, it says which fact decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from counterpoise.agreement.binding import BoundTest
from counterpoise.agreement.conditions import Not, Value, holds
from counterpoise.books.schema import Kind
from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import BookFacts
from counterpoise.desk.case import Case
from counterpoise.desk.decision import Reason
from counterpoise.desk.outcome import Outcome, Reading
from counterpoise.desk.predicates import Facts
from counterpoise.desk.terms import serving
from counterpoise.desk.weighing import Burden, Weighing, approvals_of, burden_of, weigh
from counterpoise.desk.wording import (
    NOT_KNOWN_TO_CUSTOMER,
    fact_text,
    listed,
    test_text,
    verdict_text,
)

_ANOTHER = "\0"
"""A word that no agreement names."""


class _Change(NamedTuple):
    """A missing fact, what it would have to be, and the answer then."""

    field: str
    clause: str
    condition: str
    value: Value
    burden: Burden
    outcome: Outcome


def missing_reasons(
    weighing: Weighing, burden: Burden, ready: Ready, books: BookFacts
) -> list[Reason]:
    """Return a reason for each missing fact that would change the answer by itself.

    Where only several together would, one reason names them all.
    """
    if not burden[0] or weighing.is_sure:
        return []
    case = weighing.case
    unknown = list(_unknown_tests(case, ready))
    if not unknown:
        return []
    lenient = weigh(case, ready, books, Reading.LENIENT)
    if burden_of(lenient.outcomes) >= burden:
        return []
    best: dict[str, _Change] = {}
    for clause, bound in unknown:
        for change in _changes(clause, bound, case, ready, books):
            known = best.get(change.field)
            if change.burden < burden and (known is None or change.burden < known.burden):
                best[change.field] = change
    if best:
        return [_reason(change, case.request.asked_by) for change in best.values()]
    fields = list(dict.fromkeys(_name(bound) for _, bound in unknown))
    clause = weighing.strictest.clause
    facts = [fact_text(field) for field in fields]
    facts[1:] = [f"{fact[0].lower()}{fact[1:]}" for fact in facts[1:]]
    are = "is" if len(facts) == 1 else "are"
    says = f"{listed(facts)} {are} not given; the answer is the less favourable one."
    return [Reason(clause, None, None, says, NOT_KNOWN_TO_CUSTOMER)]


def _reason(change: _Change, asked_by: str) -> Reason:
    answer = verdict_text(change.outcome, asked_by)
    says = f"{fact_text(change.field)} is not given; with {change.condition} {answer}."
    return Reason(change.clause, None, None, says, NOT_KNOWN_TO_CUSTOMER)


def _unknown_tests(case: Case, ready: Ready) -> Iterator[tuple[str, BoundTest]]:
    """Yield every test on a missing fact in a clause that is left open by it, with the clause."""
    for facts in [unit.facts for unit in case.units]:
        for row in ready.rows.possible(facts, case.day):
            yield from _open_tests(row.clause, row.predicate.tests, facts)
        for lever in ready.levers.all:
            if lever.predicate.truth(facts) is None:
                yield from _open_tests(lever.clause, lever.predicate.tests, facts)
    for wanted in case.wanted:
        table = ready.customizations.get(wanted.kind)
        for row in table.possible(case.facts, case.day) if table else ():
            yield from _open_tests(row.clause, row.predicate.tests, case.facts)
    if case.facts.get("persona") is None and "persona" in ready.columns:
        for persona, predicate in ready.personas:
            yield from _open_tests(f"personas.{persona.id}", predicate.tests, case.facts)


def _open_tests(
    clause: str, tests: tuple[BoundTest, ...], facts: Facts
) -> Iterator[tuple[str, BoundTest]]:
    for bound in tests:
        if facts.get(bound.field.column) is None and bound.field.column != "persona":
            yield clause, bound


def _changes(
    clause: str, bound: BoundTest, case: Case, ready: Ready, books: BookFacts
) -> Iterator[_Change]:
    """Yield the answers with the fact passing the test, and failing it."""
    for test in (bound.test, Not(bound.test)):
        value = serving([replace(bound, test=test)])
        if value is None and bound.field.kind is Kind.TEXT and holds(test, _ANOTHER):
            value = _ANOTHER
        if value is None:
            continue
        outcomes = weigh(with_fact(case, bound.field.column, value, ready), ready, books).outcomes
        strictest = max(outcomes, key=lambda each: each.weight)
        approvers = tuple(dict.fromkeys(role for role, _ in approvals_of(outcomes)))
        yield _Change(
            _name(bound),
            clause,
            test_text(test),
            value,
            burden_of(outcomes),
            strictest._replace(approvers=approvers),
        )


def with_fact(case: Case, column: str, value: Value, ready: Ready) -> Case:
    """Return a case in which one more fact is known."""
    facts = {column: value, **known(case.facts)}
    if case.request.claims.get("persona") is None:
        facts["persona"] = ready.persona_of(facts)
    if len(case.units) == 1 and case.units[0].line_no is None:
        return case._replace(facts=facts, units=(case.units[0]._replace(facts=facts),))
    units = tuple(
        unit._replace(facts={column: value, **known(unit.facts), "persona": facts["persona"]})
        for unit in case.units
    )
    return case._replace(facts=facts, units=units)


def known(facts: Facts) -> dict[str, object]:
    """Return the facts that are not missing."""
    return {column: fact for column, fact in facts.items() if fact is not None}


def _name(bound: BoundTest) -> str:
    return bound.field.path.removeprefix("deal.")
