"""The effect of a rehearsal in the terminal: three figures and how far to trust them, or why none.

A refusal is an answer: it says why, with its numbers, and what to record to be able to tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import isfinite

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from counterpoise.rehearse.results import (
    Behaviour,
    Effect,
    EffectStatus,
    Estimate,
    Placebo,
    Robustness,
    Totals,
)
from counterpoise.report.layout import Column, figures, points, table
from counterpoise.report.wording import NOTHING, counted, share, signed

_TITLES = {
    Behaviour.WITHIN_AUTHORITY: "if offers are cut to what their owners may grant alone",
    Behaviour.ESCALATE: "if offers are cut to the most that anybody may grant",
}
_STANDS = "What stands above holds all the same: it assumes nothing."


def effect_parts(effect: Effect) -> Iterator[RenderableType]:
    """Yield what is told of an effect."""
    if effect.status is EffectStatus.REFUSED or effect.totals is None:
        yield from _refused(effect)
    else:
        yield from _estimated(effect, effect.totals)
    advice = [each for each in effect.record_from_now_on if each not in effect.why]
    if advice:
        yield Group(Text("What to record from now on", style="bold"), points(advice))


def _refused(effect: Effect) -> Iterator[RenderableType]:
    head = Text.assemble(("What it would have done", "bold"), ": the books cannot tell.")
    yield Group(head, Text(effect.why), Text(_STANDS, style="dim"))


def _estimated(effect: Effect, totals: Totals) -> Iterator[RenderableType]:
    head = Text.assemble(("What it would have done", "bold"), f", {_TITLES[effect.behaviour]}")
    yield Group(head, Text(effect.why))
    yield _totals(totals)
    yield Group(Text("How far to trust it", style="bold"), points(_trust(effect)))


def _totals(totals: Totals) -> Table:
    """Show the three totals with their intervals."""
    heads = [*figures("candidate − actual", "95 % from", "to"), Column("", is_figure=False)]
    made = table("", heads)
    for name, estimate in _rows(totals):
        told = (estimate.estimate, estimate.low, estimate.high)
        evidence = "" if estimate.has_evidence else "no evidence"
        made.add_row(name, *map(_whole, told), evidence)
    return made


def _rows(totals: Totals) -> Iterator[tuple[str, Estimate]]:
    yield "Deals won", totals.deals_won
    yield "Net revenue", totals.net_revenue
    if totals.margin is not None:
        yield "Margin", totals.margin


def _trust(effect: Effect) -> Iterator[str]:
    """Say what the estimate rests on, and what was held against it."""
    yield (
        f"It rests on {counted(effect.deals, 'deal')} with a known rate; the candidate cuts "
        f"{effect.cut:,} of them."
    )
    if effect.attested:
        yield "A reviewer vouched that whether a rate is on record depends on the outcome alone."
    if effect.overlap is not None:
        yield f"{_share(effect.overlap)} of the new rates lie among rates given to their like."
    if effect.robustness is not None:
        yield _robustness(effect.robustness)
    if effect.outcome_model_only is not None:
        yield f"By the outcome model alone: {_beside(effect.outcome_model_only)}."
    if effect.band_check is not None and effect.effective_sample_share is not None:
        yield (
            f"By another method, cuts of at most two points alone: {_beside(effect.band_check)}; "
            f"{_share(effect.effective_sample_share)} of the deals just below a limit carry that."
        )
    if effect.placebo is not None:
        yield _placebo(effect.placebo)
    lifted = effect.loosened
    if lifted is not None:
        low, high = (_whole(each) for each in (lifted.margin_low, lifted.margin_high))
        yield (
            f"{counted(lifted.deals, 'deal')} stood at a limit that the candidate lifts. Nobody "
            f"has seen what lies beyond it: the margin may change by {low} to {high}, which the "
            "figures leave out."
        )


def _robustness(found: Robustness) -> str:
    strongest = f" ({found.strongest})" if found.strongest else ""
    said = (
        f"A cause that nobody recorded would undo it if it explained {_share(found.value)} of what "
        f"is left open; the strongest on record{strongest} explains "
        f"{_share(found.strongest_recorded)}."
    )
    verdict = "That is fragile." if found.fragile else ""
    return f"{said} {verdict}".rstrip() + " No figure finds a cause that nobody recorded."


def _placebo(found: Placebo) -> str:
    said = (
        "Where the truth is no effect, with rates shuffled among like deals, estimates lie "
        f"{found.permuted:.1f} standard errors from it; about 1 is honest."
    )
    if found.earlier is None:
        return said
    return (
        f"{said} Of {found.earlier_is}, settled before the offer, it is "
        f"{abs(found.earlier):.1f}; up to 2 is chance."
    )


def _beside(totals: Totals) -> str:
    margin = f", {_whole(totals.margin.estimate)} margin" if totals.margin else ""
    return f"{_whole(totals.deals_won.estimate)} deals won{margin}"


def _whole(value: float) -> str:
    """Write a change in whole units; nothing where nothing bounds it."""
    return signed(Decimal(round(value))) if isfinite(value) else NOTHING


def _share(value: float) -> str:
    return share(Decimal(str(value))) or NOTHING
