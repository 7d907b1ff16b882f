"""What a rehearsal says: what would have been answered, what it would have done, how sure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Behaviour(StrEnum):
    """What a seller does whose offer the candidate does not let through."""

    WITHIN_AUTHORITY = "within_authority"
    """The offer is cut to what its owner may grant alone."""
    ESCALATE = "escalate"
    """The offer is cut to the most that anybody on the ladder may grant."""


@dataclass(frozen=True)
class Assumptions:
    """What is assumed of people when an effect is estimated.

    Attributes:
        behaviour: What a seller does whose offer the candidate does not let through.
        recording_attested: A reviewer vouches that whether a rate is on record depends on how the
            deal ended and on nothing else.
    """

    behaviour: Behaviour = Behaviour.WITHIN_AUTHORITY
    recording_attested: bool = False


class EffectStatus(StrEnum):
    """Whether the effect of a candidate is estimated."""

    ESTIMATED = "estimated"
    REFUSED = "refused"


@dataclass(frozen=True)
class Estimate:
    """A total over the period, candidate − actual, with its 95 % interval."""

    estimate: float
    low: float
    high: float

    @property
    def has_evidence(self) -> bool:
        """Tell whether the interval leaves out 0."""
        return not self.low <= 0.0 <= self.high


@dataclass(frozen=True)
class Totals:
    """What the candidate would have changed: deals won, and money in workspace currency.

    `margin` is None where too few deals have a known cost.
    """

    deals_won: Estimate
    net_revenue: Estimate
    margin: Estimate | None


@dataclass(frozen=True)
class Robustness:
    """How strong a cause nobody recorded would have to be to undo the finding.

    `value` and the strengths are partial R²: the share of what is left unexplained of winning and
    of the weights that the cause would have to explain, the same of both; `scale` is what a cause
    of strength 1 could move each figure by. `strongest` names the
    recorded cause that explains most when left out. No such figure detects an unrecorded cause.
    """

    value: float
    strongest_recorded: float
    strongest: str | None
    fragile: bool
    scale: Mapping[str, float] = field(default_factory=dict)

    def bound(self, figure: str, of_winning: float, of_weights: float) -> float:
        """Return by how much a cause could move a figure that explains these shares.

        Args:
            figure: A key of `scale`.
            of_winning: Of what is left unexplained of winning.
            of_weights: Of the variance of the weights.
        """
        return self.scale[figure] * math.sqrt(of_winning * of_weights / (1.0 - of_weights))


@dataclass(frozen=True)
class Placebo:
    """Estimates where the truth is no effect: how far they are from 0, in standard errors.

    `permuted` is the root mean square over estimates with rates permuted within limit row and mix,
    about 1 where intervals are honest; `earlier` puts an outcome that was settled before the offer
    in the place of winning, within ±2 in nineteen cases of twenty; None where the books have none.
    """

    permuted: float
    earlier: float | None
    earlier_is: str | None


@dataclass(frozen=True)
class Loosened:
    """Offers that stood at a limit which the candidate lifts: what lies beyond was never seen.

    `margin_low` and `margin_high` bound what they could add to the margin: from everybody going to
    the new limit and winning nothing by it, to every deal so freed being won.
    """

    deals: int
    list_revenue: float
    margin_low: float
    margin_high: float


@dataclass(frozen=True)
class Effect:
    """What the candidate would have done to deals won, net revenue and margin.

    Attributes:
        status: Whether it is estimated.
        why: In one or two sentences, why it is refused, or what it rests on.
        behaviour: What sellers are taken to do whose offer the candidate does not let through.
        deals: Closed deals with a known rate, on which it rests.
        cut: Those whose rate the candidate cuts.
        totals: The estimate; None where refused.
        outcome_model_only: The same by the outcome model alone, without correction.
        band_check: A doubly robust estimate for the cuts of at most two points; None where there
            are too few.
        effective_sample_share: Kish's effective share of the deals just below a limit, on which
            the band check rests.
        overlap: The share of cut deals whose new rate lies among rates given to their like.
        record_from_now_on: What to record so that a later rehearsal can tell more.
        numbers: The figures behind a refusal.
        attested: Whether a reviewer vouched that recording depends on the outcome alone.
    """

    status: EffectStatus
    why: str
    behaviour: Behaviour
    deals: int
    cut: int
    totals: Totals | None = None
    outcome_model_only: Totals | None = None
    band_check: Totals | None = None
    effective_sample_share: float | None = None
    overlap: float | None = None
    robustness: Robustness | None = None
    placebo: Placebo | None = None
    loosened: Loosened | None = None
    record_from_now_on: tuple[str, ...] = ()
    numbers: Mapping[str, float] | None = None
    attested: bool = False
