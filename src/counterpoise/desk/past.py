"""Past deals read one by one: both readings of what the desk would have answered.

The plain counterpart of `judge`: where a fact or the owner's role is missing, the strict reading
takes the worst answer that could have been, the lenient one the best.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fields import Fields
from counterpoise.desk.authority import LiveRow, Ready
from counterpoise.desk.case import ZERO, Unit
from counterpoise.desk.discount import NOBODY, Asker, row_outcome
from counterpoise.desk.floor import floor_outcome
from counterpoise.desk.outcome import Outcome, Reading, Verdict
from counterpoise.desk.predicates import DEAL_FIELDS


@dataclass(frozen=True)
class PastDeal:
    """A deal as facts by column, `list_amount` and `net_amount` among them.

    `asked_by` is the owner's role, None where nobody knows it. `lines` are the facts of lines,
    which count where the agreement judges them by themselves. A `persona` among the facts is
    taken as it is, else it is worked out.
    """

    facts: Mapping[str, Any]
    day: dt.date
    asked_by: str | None
    lines: Sequence[Mapping[str, Any]] = ()


class PastOutcome(NamedTuple):
    """What the desk would have answered in one reading.

    `clause` is None where several rows may decide; `authority` is the least that the owner may
    have had in the strict reading, the most in the lenient. `floor_approver` must approve besides
    `approver`.
    """

    verdict: Verdict
    weight: int
    clause: str | None
    approver: str | None
    floor_approver: str | None
    authority: Decimal
    persona: str | None


class _Answer(NamedTuple):
    outcome: Outcome
    clause: str | None
    authority: Decimal
    rank: int


def read_outcome(
    deal: PastDeal, agreement: Agreement, reading: Reading, fields: Fields = DEAL_FIELDS
) -> PastOutcome:
    """Answer for a past deal in one reading, the floor included."""
    ready = Ready(agreement, fields)
    facts = dict(deal.facts)
    if "persona" not in facts:
        facts["persona"] = ready.persona_of(facts)
    answers = [_answer(unit, deal, ready, reading) for unit in _units(deal, facts, ready)]
    answer = max(answers, key=lambda each: each.outcome.weight)
    floor = floor_outcome(
        facts["net_amount"],
        facts.get("cost_amount"),
        facts.get("customization_cost") or ZERO,
        ready,
        Asker(deal.asked_by, answer.rank),
    )
    worst = max(answer.outcome, floor, key=lambda each: each.weight)
    return PastOutcome(
        worst.verdict,
        worst.weight,
        answer.clause,
        answer.outcome.approver,
        floor.approver,
        answer.authority,
        facts["persona"],
    )


def _units(deal: PastDeal, facts: dict[str, Any], ready: Ready) -> list[Unit]:
    rows: Sequence[Mapping[str, Any]] = [{}]
    if ready.by_line and deal.lines:
        rows = deal.lines
    every = [{**facts, **row, "persona": facts["persona"]} for row in rows]
    return [Unit(each, each["list_amount"], each["net_amount"]) for each in every]


def _answer(unit: Unit, deal: PastDeal, ready: Ready, reading: Reading) -> _Answer:
    """Take the worst or best over every row that may decide and every role that may have asked."""
    is_strict = reading is Reading.STRICT
    choose = max if is_strict else min
    rows = ready.rows.possible(unit.facts, deal.day)
    levers = ready.levers.bounds(unit.facts)[0 if is_strict else 1]
    concession = unit.list_amount - unit.net_amount
    pairs = [(row, asker) for row in rows for asker in askers_of(deal.asked_by, row, ready)]
    outcomes = [
        row_outcome(row, unit.list_amount, concession, asker, levers) for row, asker in pairs
    ]
    limits = [outcome.limit or ZERO for outcome in outcomes]
    ranks = [asker.rank for _, asker in pairs]
    clauses = {row.clause for row in rows}
    return _Answer(
        choose(outcomes, key=lambda each: each.weight),
        clauses.pop() if len(clauses) == 1 else None,
        min(limits) if is_strict else max(limits),
        min(ranks) if is_strict else max(ranks),
    )


def askers_of(role: str | None, row: LiveRow, ready: Ready) -> list[Asker]:
    """Return who may have asked: where nobody knows, every role that the row names by itself."""
    if role is not None:
        return [Asker(role, ready.ranks[role])]
    return [Asker(each, ready.ranks[each]) for each in row.own] or [Asker(None, NOBODY)]
