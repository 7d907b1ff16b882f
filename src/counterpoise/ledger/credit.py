"""Credit: the value of won deals, shared between the touches that came before, by every rule.

Credit is accounting, not effect: no rule says what a touch brought about, and how far the rules
part says how far they disagree, not how sure they are. Credit ranks no people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from counterpoise.books.facts import View
from counterpoise.ledger.credit_paths import BY, COLUMNS, transition_counts, transitions
from counterpoise.ledger.credit_rules import (
    CREDITS,
    OF_PATHS,
    SHARES,
    Rule,
    credits_of,
    shares,
)
from counterpoise.ledger.journeys import journeys_of, placed, steps_of
from counterpoise.ledger.markov import Removal, removal_effects
from counterpoise.ledger.totals import ZERO
from counterpoise.ledger.touched import Touched

OUTCOMES = ("won", "lost", "open", "cancelled")

_CENT = Decimal("0.01")
_PART = Decimal("0.0001")


@dataclass(frozen=True)
class CreditRow:
    """What one channel or campaign is credited with, and the deals that it touched.

    `value` and `deals` are credit by rule: of the value of won deals, and of their number.
    `touched` counts deals by outcome; a deal counts for each channel that touched it.
    """

    key: str | None
    value: dict[Rule, Decimal]
    deals: dict[Rule, float]
    touched: dict[str, int]
    touches: int
    lost_value: Decimal
    """What the lost deals that it touched were worth, where that is known."""
    removal: float | None = None
    """The share of conversions that would be lost if it led nowhere; None for a part of paths."""

    @property
    def spread(self) -> Decimal:
        """Return by how much the rules part over its credit."""
        return max(self.value.values()) - min(self.value.values())


@dataclass(frozen=True)
class Apart:
    """Deals that no rule shares: how many, and the value of those that were won."""

    deals: int = 0
    value: Decimal = ZERO


@dataclass(frozen=True)
class Credit:
    """The value of won deals by every rule, over channels and over campaigns.

    By every rule and either grouping the rows add up to `value`, and to `deals` won.
    """

    value: Decimal
    deals: int
    by: dict[str, tuple[CreditRow, ...]]
    no_touch: Apart
    """Won deals of which no touch is known."""
    lost: Apart
    open: Apart
    cancelled: Apart
    rejected_leads: int
    """Leads that sales rejected before there was a deal: they end paths, too."""
    conversion: float | None
    """The chance of a path that ended to have won; None for a part of the deals."""


@dataclass(frozen=True)
class Shared:
    """Credit with the rows behind it.

    `parts`: grain deal × channel × campaign, with `deal_id`, `outcome`, `touches`, `first_at`,
    `last_at`, a share and a credit a rule.
    """

    credit: Credit
    parts: ir.Table


@dataclass(frozen=True)
class Chains:
    """What the chains of all paths say: removal effects by grouping, and rejected leads."""

    removals: Mapping[str, Removal]
    rejected_leads: int


def credit(view: View, deals: ir.Table, touched: Touched) -> Shared:
    """Share the value of won deals by every rule.

    Args:
        view: The books as of a day.
        deals: One row a deal as of then, with `deal_id`, `outcome`, `account_id`, `created_at`,
            `closed_at`, `net_amount`.
        touched: As `touches_known` gives them.
    """
    books, points = view.books, touched.points
    journeys = books.keep(journeys_of(deals), "journeys")
    steps = books.keep(placed(steps_of(view, journeys, touched)), "credit_steps")
    shared = books.keep(shares(steps.filter(steps.journey > 0)), "credit_shares")
    worth = deals.filter((deals.outcome == "won") & deals.net_amount.notnull())
    worth = worth.inner_join(journeys.select("deal_id", "journey"), "deal_id")
    found = credits_of(shared, worth)
    parts = books.keep_to_write(_told(found, journeys, points), "credit_parts", ("deal_id",))
    rejected = steps.filter((steps.journey < 0) & (steps.place == 1)).count().name("n").as_table()
    counts = {by: books.run(transition_counts(steps, points, by)).to_pylist() for by in BY}
    chains = Chains(
        {by: removal_effects(transitions(rows)) for by, rows in counts.items()},
        books.run(rejected).to_pylist()[0]["n"],
    )
    return Shared(credit_of(books.run, parts, deals, chains), parts)


def _told(found: ir.Table, journeys: ir.Table, points: ir.Table) -> ir.Table:
    """Name the deals and points behind numbers."""
    named = found.inner_join(points.select("point", "channel", "campaign_id"), "point")
    named = named.inner_join(journeys.select("journey", "deal_id", "outcome"), "journey")
    first = ("deal_id", "outcome", "channel", "campaign_id")
    rest = [name for name in found.columns if name not in ("journey", "point")]
    return named.select(*first, *rest)


def credit_of(
    run: Callable[[ir.Table], pa.Table],
    parts: ir.Table,
    deals: ir.Table,
    chains: Chains | None = None,
) -> Credit:
    """Add up the credit of some deals; without chains, which know no part, by the other rules.

    Args:
        run: What runs a query.
        parts: As `Shared` has them, of these deals.
        deals: One row a deal, with `deal_id`, `outcome`, `net_amount`.
        chains: Of all paths, where these are all deals.
    """
    wholes = {
        (row["outcome"], row["is_known"]): row for row in run(_wholes(parts, deals)).to_pylist()
    }

    def apart(outcome: str, *known: bool) -> Apart:
        rows = [wholes[outcome, each] for each in known if (outcome, each) in wholes]
        return Apart(
            sum(row["deals"] for row in rows), sum((row["value"] or ZERO for row in rows), ZERO)
        )

    shared = apart("won", True)
    by = {name: _by(run, parts, deals, COLUMNS[name]) for name in BY}
    removals = chains.removals if chains else {}
    return Credit(
        value=shared.value,
        deals=shared.deals,
        by={name: _rows(by[name], COLUMNS[name], removals.get(name), shared) for name in BY},
        no_touch=apart("won", False),
        lost=apart("lost", True, False),
        open=apart("open", True, False),
        cancelled=apart("cancelled", True, False),
        rejected_leads=chains.rejected_leads if chains else 0,
        conversion=removals["channel"].conversion if chains else None,
    )


def _by(
    run: Callable[[ir.Table], pa.Table], parts: ir.Table, deals: ir.Table, column: str
) -> list[dict[str, Any]]:
    """Add up credit by channel or campaign, and count deals, each once for each."""
    counted = {row[column]: row for row in run(_deals_by(parts, deals, column)).to_pylist()}
    added = run(_sums_by(parts, column)).to_pylist()
    return [{**row, **counted[row[column]]} for row in added]


def _sums_by(parts: ir.Table, column: str) -> ir.Table:
    won = parts.outcome == "won"
    return parts.group_by(column).aggregate(
        touches=parts.touches.sum().cast("int64"),
        **{name: parts[name].sum().cast("int64") for name in CREDITS.values()},
        **{name: parts[name].sum(where=won).cast("float64") for name in SHARES.values()},
    )


def _deals_by(parts: ir.Table, deals: ir.Table, column: str) -> ir.Table:
    once = parts.select(column, "deal_id", "outcome").distinct()
    worth = deals.filter(deals.outcome == "lost", deals.net_amount.notnull())
    worth = worth.select(worth_deal="deal_id", worth="net_amount")
    once = once.left_join(worth, once.deal_id == worth.worth_deal)
    return once.group_by(column).aggregate(
        lost_value=once.worth.sum(),
        **{name: (once.outcome == name).sum().cast("int64") for name in OUTCOMES},
    )


def _wholes(parts: ir.Table, deals: ir.Table) -> ir.Table:
    """Count deals by outcome and by whether a touch is known of them."""
    met = parts.select(met_deal="deal_id").distinct()
    rows = deals.left_join(met, deals.deal_id == met.met_deal)
    known = rows.met_deal.notnull()
    return rows.group_by("outcome", is_known=known).aggregate(
        deals=rows.count(), value=rows.net_amount.sum()
    )


def _rows(
    rows: list[dict[str, Any]], column: str, removal: Removal | None, shared: Apart
) -> tuple[CreditRow, ...]:
    """Lay Markov's share of the whole beside what the engine added up.

    What only leads met that became no deal may have a part of it, too.
    """
    markov = {key: each for key, each in removal.shares.items() if each} if removal else {}
    value = divided(shared.value, markov)
    known = {row[column]: row for row in rows}
    found = []
    for key in dict.fromkeys([*known, *markov]):
        row = _row(key, known.get(key, _NOTHING))
        if removal:
            credits_ = row.value | {Rule.MARKOV: value.get(key, ZERO)}
            deals = row.deals | {Rule.MARKOV: markov.get(key, 0.0) * shared.deals}
            row = replace(row, value=credits_, deals=deals, removal=removal.effects.get(key, 0.0))
        found.append(row)
    return tuple(sorted(found, key=lambda row: (-row.deals[Rule.LINEAR], row.key or "")))


_NOTHING: Mapping[str, Any] = {
    **dict.fromkeys(CREDITS.values(), 0),
    **dict.fromkeys(SHARES.values(), 0.0),
    **dict.fromkeys(OUTCOMES, 0),
    "touches": 0,
    "lost_value": None,
}


def _row(key: str | None, row: Mapping[str, Any]) -> CreditRow:
    return CreditRow(
        key=key,
        value={rule: row[CREDITS[rule]] * _PART for rule in OF_PATHS},
        deals={rule: row[SHARES[rule]] or 0.0 for rule in OF_PATHS},
        touched={name: row[name] for name in OUTCOMES},
        touches=row["touches"],
        lost_value=row["lost_value"] or ZERO,
    )


def divided(whole: Decimal, shares_of: Mapping[str | None, float]) -> dict[str | None, Decimal]:
    """Divide an amount by shares in whole cents, by largest remainder; the parts add up to it.

    What the amount has below a cent goes with the largest remainder.

    >>> divided(Decimal("1.00"), {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    {'a': Decimal('0.34'), 'b': Decimal('0.33'), 'c': Decimal('0.33')}
    """
    if not shares_of:
        return {}
    exact = {key: whole * Decimal(share) for key, share in shares_of.items()}
    found = {key: each.quantize(_CENT, ROUND_FLOOR) for key, each in exact.items()}
    order = sorted(exact, key=lambda key: (found[key] - exact[key], key or ""))
    left = whole - sum(found.values(), ZERO)
    for key in order:
        more = min(_CENT, left) if left > 0 else ZERO
        found[key] += more
        left -= more
    found[order[0]] += left
    return found
