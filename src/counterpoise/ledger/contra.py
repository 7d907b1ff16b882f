"""Contra-effects: what one side's work goes with on the other's, told as association.

Three questions: are deals that marketing touched before they began won more often, are they sold at
shallower discounts, and does a discount go with a deeper one at the customer's next deal? Each is a
regression over deals of the same mix, with errors by account. None tells a cause by itself: who is
touched, and who is given a discount, was somebody's choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import ibis.expr.types as ir
import numpy as np

from counterpoise.books.facts import View
from counterpoise.ledger.contra_deals import BEFORE, PRICED, Deals, read_deals
from counterpoise.ledger.contra_next import Steps, next_step
from counterpoise.ledger.contra_regression import Floats, mix_of, slope
from counterpoise.ledger.discount_effect import MATERIAL_DIFFERENCE
from counterpoise.ledger.estimate import Estimate

FEWEST_DEALS = 50
FEWEST_ACCOUNTS = 20
"""Deals and accounts on a side without which nothing is told."""
LITTLE_ALIKE = 0.5
"""Share of touched deals with an untouched one like them, below which a warning stands."""
RECORD_TOUCHES = "Record every touch with the account or the lead that it reached."
TOO_ALIKE = (
    "What a customer got before says too little of what it got later to tell anything: rates "
    "hardly vary from deal to deal of the same customer."
)
SAME_MIX = "Touched and untouched deals have no mix in common, so they cannot be compared."
RATES_OF_LOST = (
    "Rates are on record for won deals far more often than for lost ones; what is told holds for "
    "deals on record."
)
_WORDS = MappingProxyType(
    {
        "segment": "segment",
        "industry": "industry",
        "kind": "kind of deal",
        "is_outside": "inside or outside the personas",
        "team": "team",
        "repeat": "deals before",
        "quarter": "quarter",
        "clause": "limit row",
        "size_band": "size",
        "product_family": "product family",
        "term_band": "term",
        "payment": "payment",
        "is_contested": "competitor or none",
    }
)
"""How people call what is adjusted for."""


class Question(StrEnum):
    """What is asked."""

    TOUCHED_WINS = "touched_wins"
    TOUCHED_RATE = "touched_rate"
    NEXT_RATE = "next_rate"


@dataclass(frozen=True)
class Association:
    """What goes with what, among deals of the same mix.

    Attributes:
        question: What was asked.
        estimate: The difference of shares or rates, or the points that follow one point at the
            deal before; None where the books cannot tell.
        why: Why they cannot; "" where they can.
        sides: How many there are on each side, by word.
        beside: Other estimates of the same, by what is different about them.
        method: How it was reckoned.
        assumptions: What has to hold for it to mean what it says.
        warnings: What stands against it in these books.
    """

    question: Question
    estimate: Estimate | None
    why: str = ""
    sides: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    beside: Mapping[str, Estimate] = field(default_factory=lambda: MappingProxyType({}))
    method: str = ""
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def contra_effects(view: View, table: ir.Table) -> tuple[Association, ...]:
    """Tell the three associations.

    Args:
        view: The books as of a day.
        table: One row a deal, as `compared` gives them.
    """
    found = read_deals(view, table)
    return (touched_wins(found), touched_rate(found), next_rate(found))


def touched_wins(deals: Deals) -> Association:
    """Compare how often deals are won that marketing touched before, with others alike."""
    return _touched(Question.TOUCHED_WINS, deals, deals.won.astype(np.float64), BEFORE)


def touched_rate(deals: Deals) -> Association:
    """Compare the rates of priced deals that marketing touched before, with others alike."""
    priced = deals.part(np.isfinite(deals.rate) & deals.negotiated)
    lacking = (RATES_OF_LOST,) if _lacks_lost_rates(deals) else ()
    return _touched(Question.TOUCHED_RATE, priced, priced.rate, PRICED, lacking)


def next_rate(deals: Deals) -> Association:
    """Tell what a point more discount goes with at the next deal of the same customer."""
    priced = deals.part(np.isfinite(deals.rate) & deals.negotiated)
    steps = Steps.of(priced.account, priced.rate, priced.mix(PRICED))
    why = _few_steps(steps)
    within, plain = (None, None) if why else next_step(steps)
    return Association(
        question=Question.NEXT_RATE,
        estimate=within,
        why=why or ("" if within else TOO_ALIKE),
        sides=MappingProxyType({"repeat deals": len(steps), "customers": steps.customers}),
        beside=MappingProxyType({"customers held against each other": plain} if plain else {}),
        method="Slope of a deal's rate on that of the customer's deal before, beyond what the mix "
        "explains; each customer held against its own later deals (forward orthogonal deviations "
        "with the earlier rate as instrument; Arellano & Bover 1995), errors by account.",
        assumptions=(
            "What makes a customer dear or cheap stays the same from deal to deal.",
            "Nothing that nobody recorded moves both a discount and the next one.",
            "The mix shifts every customer's rate alike.",
        ),
        warnings=(RATES_OF_LOST,) if _lacks_lost_rates(deals) else (),
    )


def _touched(
    question: Question,
    deals: Deals,
    y: Floats,
    names: tuple[str, ...],
    warnings: tuple[str, ...] = (),
) -> Association:
    """Compare touched deals with untouched ones of the same mix."""
    touched = deals.touched
    sides = {"touched": int(touched.sum()), "untouched": int((~touched).sum())}
    why = _few_touched(deals)
    mix, x = deals.mix(names), touched.astype(np.float64)
    found = None if why else slope(x, y, mix, deals.account)
    alike = _alike(deals) if found else 1.0
    beside: dict[str, Estimate] = {}
    if found:
        plain = slope(x, y, mix_of((), len(deals)), deals.account)
        sourced = slope(x, y, deals.mix((*names, "source")), deals.account)
        beside |= {"as they are, the mix left aside": plain} if plain else {}
        beside |= {"deals of the same source": sourced} if sourced else {}
    return Association(
        question=question,
        estimate=found,
        why=why or ("" if found else SAME_MIX),
        sides=MappingProxyType(sides),
        beside=MappingProxyType(beside),
        method="Difference between deals that marketing touched in the year before they began and "
        "others, by least squares with a shift for each level of "
        + ", ".join(_WORDS[name] for name in names)
        + "; errors by account.",
        assumptions=(
            "Whom marketing touches depends, beyond this mix, on nothing that moves the outcome.",
            "The mix shifts touched and untouched deals alike.",
            "Touches are on record for every account alike.",
        ),
        warnings=warnings if alike >= LITTLE_ALIKE else (*warnings, _little_alike(alike)),
    )


def _few_touched(deals: Deals) -> str:
    """Say which side has too few deals or accounts; "" where both have enough."""
    for flags, word in ((deals.touched, "touched"), (~deals.touched, "untouched")):
        count, accounts = int(flags.sum()), len(np.unique(deals.account[flags]))
        if count < FEWEST_DEALS or accounts < FEWEST_ACCOUNTS:
            return (
                f"Too few {word} deals to compare: {count:,} of {accounts:,} accounts, and fewer "
                f"than {FEWEST_DEALS} of {FEWEST_ACCOUNTS} tell nothing. {RECORD_TOUCHES}"
            )
    return ""


def _few_steps(steps: Steps) -> str:
    if steps.customers >= FEWEST_ACCOUNTS and len(steps) >= FEWEST_DEALS:
        return ""
    return (
        f"Too few customers with three priced deals or more: {steps.customers:,}, and fewer than "
        f"{FEWEST_ACCOUNTS} tell nothing. Record the last offer of every deal, lost ones too."
    )


def _alike(deals: Deals) -> float:
    """Return the share of touched deals with an untouched one of their segment, industry, kind."""
    key = np.zeros(len(deals), dtype=np.int64)
    for name in ("segment", "industry", "kind"):
        codes = deals.factors[name]
        key = key * (int(codes.max(initial=0)) + 1) + codes
    return float(np.isin(key[deals.touched], key[~deals.touched]).mean())


def _little_alike(alike: float) -> str:
    return (
        f"Only {alike:.0%} of touched deals have an untouched one of their segment, industry and "
        "kind; the rest are compared by what the mix shifts elsewhere."
    )


def _lacks_lost_rates(deals: Deals) -> bool:
    """Tell whether rates are on record for won deals far more often than for lost ones."""
    known = np.isfinite(deals.rate)
    won, lost = known[deals.won], known[~deals.won]
    return bool(len(won) and len(lost) and won.mean() - lost.mean() > MATERIAL_DIFFERENCE)
