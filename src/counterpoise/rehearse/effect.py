"""The effect: what a candidate would have done to deals won, net revenue and margin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from counterpoise.books.progress import Progress, Silent
from counterpoise.rehearse.band import band_of, checked
from counterpoise.rehearse.beyond import loosened
from counterpoise.rehearse.causes import usable_mix
from counterpoise.rehearse.counting import Counting
from counterpoise.rehearse.dose import Dose
from counterpoise.rehearse.estimating import NORMAL_95, Estimated, Shift, Surface
from counterpoise.rehearse.exact import Flags
from counterpoise.rehearse.offers import SMALLEST_CUT, Offers, closed_offers
from counterpoise.rehearse.overlap import supported
from counterpoise.rehearse.placebo import placebo
from counterpoise.rehearse.refusal import Refusal, after_estimating, before_estimating
from counterpoise.rehearse.results import (
    Assumptions,
    Effect,
    EffectStatus,
    Estimate,
    Totals,
)
from counterpoise.rehearse.trust import robustness

NOTHING_CUT = (
    "The candidate lets every offer through that was made, so nothing that was seen would have "
    "changed. What sellers would do with more room was never seen: it is bounded, not estimated."
)
PRICE_ALONE = (
    "There is no evidence that winning answers to these cuts: what changes in revenue and margin "
    "is the price alone, with the uncertainty of the wins."
)
ON_A_WORD = (
    "A reviewer attested that whether a rate is on record depends on how the deal ended alone; "
    "the estimate rests on that word."
)

_Found = TypeVar("_Found")

LEAST_COSTED = 0.8
"""Margin is told where the cost of so many deals is known."""


def effect_of(
    counting: Counting, assumptions: Assumptions | None = None, progress: Progress | None = None
) -> Effect:
    """Estimate what a candidate would have done over the closed deals, or say why nobody can.

    Args:
        counting: Past deals under the agreements of their days and under the candidate.
        assumptions: What is assumed of people; by default that sellers stay within authority.
        progress: Told which step begins.
    """
    steps, assumed = progress or Silent(), assumptions or Assumptions()
    steps.start("Reading the offers")
    closed = closed_offers(counting, assumed.behaviour)
    steps.done()
    return effect_on(closed, assumed, steps)


def effect_on(
    closed: Offers, assumptions: Assumptions | None = None, progress: Progress | None = None
) -> Effect:
    """Estimate the effect over closed deals that were read before."""
    return _Work(closed, assumptions or Assumptions(), progress or Silent()).effect()


@dataclass(frozen=True)
class _Work:
    """One estimate on its way."""

    closed: Offers
    assumed: Assumptions
    progress: Progress

    def effect(self) -> Effect:
        """Return the effect, or a refusal."""
        known = np.isfinite(self.closed.rate)
        offers = self.closed.part(known)
        refused = self._stopped(
            before_estimating(self.closed, attested=self.assumed.recording_attested), offers
        )
        if refused:
            return refused
        if not _is_cut(offers).any():
            return self._nothing_cut(offers)
        self.progress.start("Fitting who wins at which rate")
        mix, left_out = usable_mix(offers)
        new_rate, overlap = supported(offers)
        surface = Surface(
            offers, mix, Dose.of(offers.rate, mix.groups), new_rate, self._tilt(known)
        ).settled()
        totals = _totals(surface)
        self.progress.done()
        refused = self._stopped(after_estimating(surface, totals["deals_won"], overlap), offers)
        if refused:
            return refused
        return self._estimated(surface, totals, overlap, left_out)

    def _tilt(self, known: Flags) -> tuple[float, float]:
        """Return the share of won and of lost deals whose rate is on record, where attested."""
        if not self.assumed.recording_attested:
            return 1.0, 1.0
        won = self.closed.won
        return float(known[won].mean()), float(known[~won].mean())

    def _stopped(self, refusal: Refusal | None, offers: Offers) -> Effect | None:
        if refusal is None:
            return None
        numbers = dict(refusal.numbers)
        if refusal.is_about_recording:
            numbers |= _worst_case(self.closed)
        return Effect(
            EffectStatus.REFUSED,
            refusal.why,
            self.assumed.behaviour,
            deals=len(offers),
            cut=int(_is_cut(offers).sum()),
            record_from_now_on=refusal.record,
            numbers=numbers,
            loosened=loosened(offers),
        )

    def _nothing_cut(self, offers: Offers) -> Effect:
        nothing = Estimate(0.0, 0.0, 0.0)
        return Effect(
            EffectStatus.ESTIMATED,
            NOTHING_CUT,
            self.assumed.behaviour,
            deals=len(offers),
            cut=0,
            totals=Totals(nothing, nothing, nothing),
            loosened=loosened(offers),
            attested=self.assumed.recording_attested,
        )

    def _estimated(
        self, surface: Surface, totals: Mapping[str, Estimated], overlap: float, left_out: list[str]
    ) -> Effect:
        self.progress.start("Checking how far to trust it")
        band = band_of(surface)
        shifts = _shifts(surface)
        effect = Effect(
            EffectStatus.ESTIMATED,
            self._why(surface, totals, left_out),
            self.assumed.behaviour,
            deals=len(surface.offers),
            cut=int(_is_cut(surface.offers).sum()),
            totals=_told(totals, _interval),
            outcome_model_only=_told(totals, _model_only),
            band_check=None
            if band is None
            else _told(
                {name: checked(surface, band, shift) for name, shift in shifts.items()},
                lambda each: each,
            ),
            effective_sample_share=band.effective_share if band else None,
            overlap=overlap,
            robustness=robustness(surface, totals),
            placebo=placebo(surface),
            loosened=loosened(surface.offers),
            attested=self.assumed.recording_attested,
        )
        self.progress.done()
        return effect

    def _why(self, surface: Surface, totals: Mapping[str, Estimated], no_causes: list[str]) -> str:
        """Say what the estimate rests on, and what it is where winning does not answer."""
        offers = surface.offers
        told = [
            (
                f"Estimated from {len(offers):,} closed deals with a known rate, "
                f"{int(offers.won.sum()):,} of them won, like compared with like by "
                f"{len(surface.mix.named)} recorded causes."
            ),
            _not_estimated(surface),
            None if _interval(totals["deals_won"]).has_evidence else PRICE_ALONE,
            _left_out(no_causes),
            ON_A_WORD if self.assumed.recording_attested else None,
        ]
        return " ".join(each for each in told if each)


def _left_out(no_causes: list[str]) -> str | None:
    if not no_causes:
        return None
    fields = ", ".join(no_causes)
    return f"Left out, because price or outcome seems to have written them: {fields}."


def _shifts(surface: Surface) -> dict[str, Shift]:
    """Return what is summed for each figure; a deal of unknown cost adds nothing to margin."""
    offers = surface.offers
    one = np.ones(len(offers))
    net = Shift(offers.listed * (1.0 - surface.new_rate), offers.listed * (1.0 - offers.rate))
    shifts = {"deals_won": Shift(one, one), "net_revenue": net}
    costed = np.isfinite(offers.cost)
    if costed.mean() >= LEAST_COSTED:
        cost = np.where(costed, offers.cost, 0.0)
        shifts["margin"] = Shift((net.after - cost) * costed, (net.before - cost) * costed)
    return shifts


def _totals(surface: Surface) -> dict[str, Estimated]:
    return {name: surface.total(shift) for name, shift in _shifts(surface).items()}


def _told(found: Mapping[str, _Found], tell: Callable[[_Found], Estimate]) -> Totals:
    margin = found.get("margin")
    return Totals(
        deals_won=tell(found["deals_won"]),
        net_revenue=tell(found["net_revenue"]),
        margin=None if margin is None else tell(margin),
    )


def _interval(total: Estimated) -> Estimate:
    return _around(total.estimate, total.error)


def _model_only(total: Estimated) -> Estimate:
    return _around(total.model_only, total.error)


def _around(middle: float, error: float) -> Estimate:
    return Estimate(middle, middle - NORMAL_95 * error, middle + NORMAL_95 * error)


def _is_cut(offers: Offers) -> Flags:
    return offers.rate - offers.new_rate > SMALLEST_CUT


def _worst_case(closed: Offers) -> dict[str, float]:
    """Bound the change of deals won, nothing assumed: any deal that is or may be cut may turn."""
    known = np.isfinite(closed.rate)
    touched = ~known | (known & (closed.rate - closed.new_rate > SMALLEST_CUT))
    return {
        "deals_won_at_worst": -float((touched & closed.won).sum()),
        "deals_won_at_best": float((touched & ~closed.won).sum()),
    }


def _not_estimated(surface: Surface) -> str | None:
    """Say which cuts are left out of the estimate, and what they might do at worst."""
    offers = surface.offers
    left: Flags = (offers.rate > offers.new_rate) & (surface.new_rate == offers.rate)
    if not left.any():
        return None
    cut = int((offers.rate > offers.new_rate).sum())
    return (
        f"{int(left.sum()):,} of the {cut:,} deals to be cut have no like at the rate that the "
        "candidate leaves. They are taken as they were, and what cutting them would do is not "
        f"estimated: at worst the {int(offers.won[left].sum()):,} won ones among them are lost."
    )
