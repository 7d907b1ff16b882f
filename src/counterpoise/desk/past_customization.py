"""Past customizations read one by one: both readings of what the desk would have answered.

The plain counterpart of `judge_customizations`, as `past` is that of `judge`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fields import Fields
from counterpoise.agreement.quantities import Period
from counterpoise.desk.authority import Ready
from counterpoise.desk.case import Wanted
from counterpoise.desk.customization import answers_to_kind
from counterpoise.desk.outcome import Outcome, Reading
from counterpoise.desk.past import askers_of
from counterpoise.desk.predicates import DEAL_FIELDS

_ANY_COST = Decimal("Infinity")
_ANY_COUNT = 10**9


@dataclass(frozen=True)
class PastCustomization:
    """A customization on record, with the facts of its deal by column.

    `known_cost` is what the kind has cost the deal so far, as far as known, and `is_costed` whether
    that is all of it. `nth` tells which of its kind it was in each period, None where nobody knows
    when it was asked. `asked_by` is the asker's role, None where nobody knows it.
    """

    kind: str
    facts: Mapping[str, Any]
    day: dt.date
    asked_by: str | None
    known_cost: Decimal
    is_costed: bool = True
    nth: Mapping[Period, int] | None = None


class _Before(NamedTuple):
    """Count how many of the kind came before, in one reading."""

    asked: PastCustomization
    reading: Reading

    def used(self, kind: str, per: Period) -> int:
        if self.asked.nth is not None:
            return self.asked.nth.get(per, 1) - 1
        return _ANY_COUNT if self.reading is Reading.STRICT else -_ANY_COUNT


def read_customization(
    asked: PastCustomization, agreement: Agreement, reading: Reading, fields: Fields = DEAL_FIELDS
) -> Outcome:
    """Answer for a past customization in one reading."""
    ready = Ready(agreement, fields)
    facts = dict(asked.facts)
    facts["persona"] = ready.persona_of(facts)
    is_strict = reading is Reading.STRICT
    cost = _ANY_COST if is_strict and not asked.is_costed else asked.known_cost
    wanted = Wanted(asked.kind, cost, 1)
    counter = _Before(asked, reading)
    answers = answers_to_kind(
        wanted, facts, asked.day, ready, lambda row: askers_of(asked.asked_by, row, ready), counter
    )
    choose = max if is_strict else min
    return choose((answer.outcome for answer in answers), key=lambda each: each.weight)
