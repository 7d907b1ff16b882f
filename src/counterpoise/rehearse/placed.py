"""Placed: past deals on the chain of an agreement, ordered by what decides and by what they need.

Placing reads the facts once, on any engine. Agreements that differ in rates alone share it, so
that a hundred of them are answered in the time in which the engine reads the deals once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.fields import Fields
from counterpoise.desk.authority import Ready
from counterpoise.desk.chain import chain_of
from counterpoise.desk.expressions import condition_expr
from counterpoise.desk.placing import place
from counterpoise.desk.rules import Rules
from counterpoise.rehearse.exact import Ints
from counterpoise.rehearse.patterns import LEVER_OFF, LEVER_ON, LEVER_UNKNOWN, Pattern, Stair, Step

_STATES = 3
_LEVERS_A_COLUMN = 30
_WIDEST = 1 << 60
_ROOM = 42
"""Bits that a rate in millionths takes, `NEVER` included."""

PATTERN, POSSIBLE = "pattern", "possible"


def shape_of(agreement: Agreement) -> object:
    """Return all that placing asks of an agreement; two that share it differ in rates alone."""
    return (
        agreement.ladder,
        tuple((name, role.people, role.default) for name, role in agreement.roles.items()),
        tuple((each.id, each.when) for each in agreement.personas),
        tuple((row.kind, row.condition, row.days) for row in chain_of(agreement)),
        tuple(each.when for each in agreement.discounts.levers),
        agreement.discounts.basis,
    )


def placed_expr(facts: ir.Table, rules: Rules, fields: Fields) -> ir.Table:
    """Add to facts where they stand on the chain, and which levers hold.

    Grain kept. Adds what `place` does, and `pattern`, a number for the first and the last row that
    may decide with the role, NULL where no version is in force; `levers_N`: the states of thirty
    levers as a number to the base of three (0 surely not, 1 unknown, 2 surely).
    """
    placed = place(facts, rules, fields)
    states = {
        f"levers_{at}": _lever_states(placed, rules, fields, at)
        for at in range(_lever_columns(rules))
    }
    return placed.mutate(pattern=_pattern_number(placed, rules), **states)


def places(rules: Rules) -> tuple[str, ...]:
    """Return the columns that tell where a deal stands under versions."""
    return (PATTERN, POSSIBLE, *(f"levers_{at}" for at in range(_lever_columns(rules))))


def _lever_columns(rules: Rules) -> int:
    most = max((len(each.agreement.discounts.levers) for each in rules.versions), default=0)
    return -(-most // _LEVERS_A_COLUMN)


def _roles(rules: Rules) -> tuple[str, ...]:
    """Return the roles of all ladders; their places number them, the end stands for unknown."""
    ladders = (each.agreement.ladder for each in rules.versions)
    return tuple(dict.fromkeys(role for ladder in ladders for role in ladder))


def _pattern_number(placed: ir.Table, rules: Rules) -> ir.IntegerValue:
    roles = _roles(rules)
    if not roles:
        return ibis.null("int64")
    numbers = [(placed.ladder_role == role, number) for number, role in enumerate(roles)]
    role_number = ibis.cases(*numbers, else_=len(roles)).cast("int64")
    rows = placed.first_row * len(rules.rows) + placed.last_row
    return rows * (len(roles) + 1) + role_number


def _lever_states(placed: ir.Table, rules: Rules, fields: Fields, at: int) -> ir.IntegerValue:
    branches = []
    first = at * _LEVERS_A_COLUMN
    for number, version in enumerate(rules.versions):
        states = ibis.literal(0, "int64")
        levers = version.agreement.discounts.levers[first : first + _LEVERS_A_COLUMN]
        for exponent, lever in enumerate(levers):
            holds = condition_expr(lever.when, placed, fields)
            state = ibis.ifelse(holds, LEVER_ON, LEVER_OFF)
            known = ibis.ifelse(holds.isnull(), LEVER_UNKNOWN, state)
            states = states + known.cast("int64") * _STATES**exponent
        branches.append((placed.version == number, states))
    return ibis.cases(*branches, else_=ibis.null("int64"))


@dataclass(frozen=True)
class Placed:
    """Units (deals, or lines where lines are judged by themselves) by pattern and needed rate.

    Attributes:
        patterns: The patterns that there are.
        order: The places of the units in the arrays that they come from, by pattern, then rate.
        starts: Where each pattern starts in that order, and the end.
        needed: The rate that each unit needs, in that order.
    """

    patterns: tuple[Pattern, ...]
    order: Ints
    starts: Ints
    needed: Ints

    @classmethod
    def of(cls, rows: pa.Table, needed: Ints, rules: Rules) -> Placed:
        """Order units by what `placed_expr` says of them and by the rate that they need."""
        codes, patterns = _patterns(rows, rules)
        order = np.argsort((codes << _ROOM) | needed)
        counts = np.bincount(codes, minlength=len(patterns))
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        return cls(patterns, order, starts, needed[order])

    def answered(self, ready: Sequence[Ready]) -> Steps:
        """Answer every unit.

        Args:
            ready: The agreements, by the number of their version.
        """
        steps: list[Step] = []
        numbers, lengths = [], []
        for at, pattern in enumerate(self.patterns):
            start, end = self.starts[at], self.starts[at + 1]
            stair = Stair(pattern, ready[pattern.version])
            cuts = np.searchsorted(self.needed[start:end], stair.ends, side="right")
            reach = np.diff(cuts, prepend=0, append=end - start)
            for taken in np.flatnonzero(reach):
                numbers.append(len(steps))
                lengths.append(reach[taken])
                steps.append(stair.step(int(taken)))
        codes = np.empty(len(self.order), np.int64)
        codes[self.order] = np.repeat(np.array(numbers, np.int64), lengths)
        return Steps(tuple(steps), codes)


@dataclass(frozen=True)
class Steps:
    """The steps on which units stand, and for each unit the place of its step among them."""

    steps: tuple[Step, ...]
    codes: Ints

    def of_units(self, figures: Sequence[int]) -> Ints:
        """Return what stands at each unit's step in a list of figures, one a step."""
        return np.array(figures, np.int64)[self.codes]


def _patterns(rows: pa.Table, rules: Rules) -> tuple[Ints, tuple[Pattern, ...]]:
    """Number the patterns of rows; return each row's number, and the patterns."""
    names = places(rules)
    codes = np.zeros(len(rows), np.int64)
    width = 1
    for name in names:
        column, values = numbered(rows[name])
        if width * len(values) > _WIDEST:
            codes, width = _renumbered(codes)
        codes = codes * len(values) + column
        width *= max(len(values), 1)
    codes, _ = _renumbered(codes)
    picked = rows.select(names).take(pa.array(_first_places(codes))).to_pylist()
    return codes, tuple(_pattern(row, rules) for row in picked)


def numbered(column: pa.ChunkedArray | pa.Array) -> tuple[Ints, list[object]]:
    """Number the values of a column; return each row's number, and the values, NULL as None."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.dictionary_encode()
    values: list[object] = encoded.dictionary.to_pylist()
    numbers = encoded.indices.fill_null(len(values)).to_numpy().astype(np.int64)
    return numbers, [*values, None] if whole.null_count else values


def _renumbered(codes: Ints) -> tuple[Ints, int]:
    dense, values = numbered(pa.array(codes))
    return dense, len(values)


def _first_places(codes: Ints) -> Ints:
    """Return for each of the numbers 0, 1, … where it stands first."""
    places = np.empty(codes.max() + 1 if len(codes) else 0, np.int64)
    places[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return places


def _pattern(row: dict[str, Any], rules: Rules) -> Pattern:
    roles = _roles(rules)
    between, role_number = divmod(row[PATTERN], len(roles) + 1)
    first, last = divmod(between, len(rules.rows))
    version = rules.rows[last].version
    marks = row[POSSIBLE]
    levers = rules.versions[version].agreement.discounts.levers
    return Pattern(
        version,
        tuple(
            each.place - 1
            for each in rules.rows[first : last + 1]
            if marks is None or marks[each.place - 1] == "1"
        ),
        roles[role_number] if role_number < len(roles) else None,
        tuple(_state(row, at) for at in range(len(levers))),
    )


def _state(row: dict[str, Any], lever: int) -> int:
    column, exponent = divmod(lever, _LEVERS_A_COLUMN)
    found: int = row[f"levers_{column}"] // _STATES**exponent % _STATES
    return found
