"""The judge: which subjects stand out beyond what chance and blameless differences explain.

One place for every kind of crack. A judgement is a one-sided p-value and a 95 % interval for the
single subject; which of many count is decided for all kinds of a review together (`q_values`).

Peers. Blameless people differ, so the spread between peers belongs to the null. With effects e,
their sampling variances s², and J others, a subject has

    z = (e − m) / √(τ² + s² + (τ² + s̄²) / J)

where m is the trimmed mean of the others (10 % a side), s̄² their mean sampling variance, and
τ² = max(0, W / c − s̄²) with W the others' variance winsorised as far as they are trimmed and c
what that is for a standard normal (1 where nobody is trimmed). The subject is left out of its own
expectation. z is held against Student's t with the degrees of freedom that trimming leaves, h − 1
for h values kept (Tukey & McLaughlin 1963; Yuen 1974). Assumption: blameless effects are
exchangeable, symmetric, and few are not blameless. It fails by missing where more than one in ten
is at fault, and cries wolf where blameless effects have heavy tails.

Few. Fewer than eight subjects have no spread of their own. Groups of people take the median of
their people against the median of the other groups' medians, with the spread of people inside
groups, moderated by what the few groups differ by (`groups_against_groups`); what stands alone
takes its sampling error, clustered by what its rows share (`alone`, and `against_rest` beside
others). Where some subjects stand on far more rows than others, each weighs by how well it tells
(`against_uneven`).

Facts. A promise is broken where the exact binomial rejects that it was kept as often as agreed
(`binomial`; Clopper & Pearson 1934).

Family. Benjamini & Hochberg (1995) over all that a review tests: `q_values`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.watch.distributions import (
    adjusted,
    binomial_at_least,
    drawn_at_least,
    exact_interval,
    normal_density,
    normal_end,
    t_above,
    t_end,
    trimmed_mean,
)
from counterpoise.watch.sample import Floats, Ints, Sample

TRIM = 0.10
"""Share left out, or drawn in, on each side."""
_CAPPED = 3.0
"""Sampling errors from the middle beyond which a deviation counts no further."""
FEWEST_PEERS = 8
"""Subjects without which a spread between them is not told."""
FEWEST_JUMPS = 6
"""Times without which it is not told how much a jump varies."""
FEWEST_ROWS = 30
"""Rows without which a subject is no peer."""
NORMAL_95 = normal_end(0.025)
_MEDIAN = np.pi / 2
"""Variance of a normal sample's median over that of its mean."""


@dataclass(frozen=True)
class Judgement:
    """What the judge found of each subject of a sample, one entry a subject.

    `expected` is the level that peers and mix let expect, in the unit of the measure; `low` and
    `high` hold the subject's own level with 95 %; `p` is one-sided, NaN where nothing was judged.
    """

    expected: Floats
    low: Floats
    high: Floats
    p: Floats

    def turned(self) -> Judgement:
        """Return the judgement of a turned sample in the measure's own direction."""
        return Judgement(-self.expected, -self.high, -self.low, self.p)


def against_peers(sample: Sample, fewest: int = FEWEST_PEERS, rows: int = FEWEST_ROWS) -> Judgement:
    """Judge every subject against the others; high effects stand out.

    Args:
        sample: The subjects.
        fewest: Subjects, at least 3, without which nobody is judged.
        rows: Rows without which a subject is neither judged nor a peer.
    """
    peers = np.flatnonzero(sample.n >= rows)
    shift, p = np.zeros(sample.size), np.full(sample.size, np.nan)
    if len(peers) >= fewest:
        effect, variance = sample.effect[peers], sample.variance[peers]
        others = _others(effect)
        sampling = (variance.sum() - variance) / others.count
        spread = np.maximum(0.0, others.variance - sampling)
        scale = spread + variance + (spread + sampling) / others.count
        shift[:] = trimmed_mean(effect, TRIM)
        shift[peers] = others.level
        p[peers] = _tail(effect - others.level, scale, others.freedom)
    return _judgement(sample, shift, p)


def groups_against_groups(people: Sample, groups: Sample) -> Judgement:
    """Judge a few groups of people, such as teams; high effects stand out.

    The median of a group's people is held against the median of the other groups' medians. What
    a median varies by is the spread of people inside all groups, and what the other groups differ
    by beyond that. So few tell the latter badly, and it is moderated (Smyth 2004): that groups
    differ no more than their people do counts as much as eight groups would, and the tail has the
    degrees of freedom of both together. It cries wolf where groups differ much without fault.

    Args:
        people: The members, each with its group; those with too few rows are left out.
        groups: The same groups pooled, for what is shown.
    """
    steady = people.where(people.n >= FEWEST_ROWS)
    members = [steady.effect[np.array(steady.groups) == id_] for id_ in groups.ids]
    sizes = np.array([len(each) for each in members])
    shift, p = np.zeros(groups.size), np.full(groups.size, np.nan)
    judged = np.flatnonzero(sizes >= 3)
    if len(judged) >= 2:
        medians = np.array([np.median(each) if len(each) else np.nan for each in members])
        inside, freedom = _spread_inside([members[at] for at in judged])
        own = _MEDIAN * inside / np.maximum(sizes, 1)
        for at in judged:
            others = np.array([each for each in judged if each != at])
            shift[at] = np.median(medians[others])
            between = _between(medians[others], own[others])
            scale = own[at] + between + _MEDIAN * (own[others].mean() + between) / len(others)
            known = min(freedom, FEWEST_PEERS + len(others) - 1)
            p[at] = _tail(np.array(medians[at] - shift[at]), np.array(scale), known)
    return _judgement(groups, shift, p)


def against_few(sample: Sample) -> Judgement:
    """Judge a few subjects of one kind, such as segments, by their own sampling errors.

    Each is held against the mean of the others, weighted by precision, where that is above 0, and
    against 0 where it is not: what all have in common accuses nobody, what the others do well
    raises no bar. Where at least three others tell, what they differ by beyond their sampling
    errors (DerSimonian & Laird 1986) belongs to the null. It fails by missing what all do.
    """
    shift, scale = np.zeros(sample.size), sample.variance.copy()
    can_vary = sample.variance > 0
    for at in np.flatnonzero(can_vary):
        others = can_vary & (np.arange(sample.size) != at)
        if others.any():
            level, error, between = _combined(sample.effect[others], sample.variance[others])
            shift[at] = max(0.0, level)
            scale[at] += between + (error if level > 0 else 0.0)
    return _judgement(sample, shift, _tail(sample.effect - shift, scale, np.inf))


def _combined(effect: Floats, variance: Floats) -> tuple[float, float, float]:
    """Return the mean weighted by precision, its variance, and the variance between."""
    weight = 1 / variance
    between = 0.0
    if len(effect) >= 3:
        around = float((weight * (effect - np.average(effect, weights=weight)) ** 2).sum())
        usual = float(weight.sum() - (weight**2).sum() / weight.sum())
        between = max(0.0, (around - len(effect) + 1) / usual)
    weight = 1 / (variance + between)
    return float(np.average(effect, weights=weight)), float(1 / weight.sum()), between


def alone(sample: Sample, freedom: Floats | float = np.inf) -> Judgement:
    """Judge each subject against what its mix lets expect, by its sampling error alone.

    Args:
        sample: With variances clustered by whatever its rows share.
        freedom: Degrees of freedom of each variance, such as clusters less one.
    """
    p = _tail(sample.effect, sample.variance, freedom)
    return _judgement(sample, np.zeros(sample.size), p)


def against_uneven(sample: Sample) -> Judgement:
    """Judge every subject against the others where some stand on far more rows than others.

    The others weigh 1 / (τ² + s²), with τ² by moments (DerSimonian & Laird 1986). Deviations from
    their weighted median are capped at three sampling errors, so that one at fault moves neither
    level nor spread without end. A mean of variances, as `against_peers` takes it, would let the
    smallest drown what the largest tell.
    """
    peers = np.flatnonzero(sample.n >= FEWEST_ROWS)
    shift, scale = np.zeros(sample.size), np.full(sample.size, np.nan)
    if len(peers) >= FEWEST_PEERS and (sample.variance[peers] > 0).all():
        for at in peers:
            others = peers[peers != at]
            shift[at], wider = _weighed(sample.effect[others], sample.variance[others])
            scale[at] = wider + sample.variance[at]
    return _judgement(sample, shift, _tail(sample.effect - shift, scale, len(peers) - 2.0))


def _weighed(effect: Floats, variance: Floats) -> tuple[float, float]:
    """Return the level, and by what another one varies around it beside its own sampling."""
    weight = 1.0 / variance
    order = np.argsort(effect)
    middle = order[np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)]
    reach = _CAPPED * np.sqrt(variance)
    drawn = np.clip(effect, effect[middle] - reach, effect[middle] + reach)
    level = np.average(drawn, weights=weight)
    apart = float(((drawn - level) ** 2 * weight).sum())
    room = weight.sum() - (weight**2).sum() / weight.sum()
    spread = max(0.0, (apart - len(effect) + 1) / float(room))
    weight = 1.0 / (variance + spread)
    return float(np.average(drawn, weights=weight)), spread + float(1.0 / weight.sum())


def against_rest(sample: Sample, freedom: Floats | float = np.inf) -> Judgement:
    """Judge each subject against all the others together, by sampling errors alone.

    For where what subjects differ by is the matter itself, whoever is to blame for it.

    Args:
        sample: With variances clustered by whatever its rows share.
        freedom: Degrees of freedom of each variance.
    """
    weight = sample.n.astype(np.float64)
    rest = np.maximum(weight.sum() - weight, 1.0)
    level = ((weight * sample.effect).sum() - weight * sample.effect) / rest
    squared = weight**2 * sample.variance
    scale = sample.variance + (squared.sum() - squared) / rest**2
    p = _tail(sample.effect - level, scale, freedom)
    return _judgement(sample, level, np.where(weight < weight.sum(), p, np.nan))


@dataclass(frozen=True)
class Jump:
    """By how much a recurring figure jumps, with the 95 % interval and the one-sided p-value."""

    size: float
    low: float
    high: float
    p: float


def past_jumps(jumps: Floats, recent: int) -> Jump | None:
    """Judge the mean of the last jumps by how much the same jump varies from time to time.

    t = mean of the last / √(S / recent), with S the variance of a jump around the mean of its part
    (the last, and those before) and as many degrees of freedom as there are jumps less one a part.
    Assumption: blameless jumps scatter around 0 independently. It fails by missing a jump that is
    as old as the books but comes and goes.

    Args:
        jumps: One each time, earliest first; NaN where nothing tells.
        recent: How many at the end are judged.

    Returns:
        None where fewer than `FEWEST_JUMPS` tell, or one of the last does not.
    """
    last, before = jumps[-recent:], jumps[:-recent]
    before = before[np.isfinite(before)]
    if not np.isfinite(last).all() or len(last) + len(before) < FEWEST_JUMPS:
        return None
    squares = sum(float(((part - part.mean()) ** 2).sum()) for part in (last, before) if len(part))
    freedom = len(last) + len(before) - (2 if len(before) else 1)
    size, error = float(last.mean()), float(np.sqrt(squares / freedom / len(last)))
    half = t_end(0.025, freedom) * error
    p = float(t_above(size / error, freedom)) if error > 0 else float("nan")
    return Jump(size, size - half, size + half, p)


def binomial(bad: Ints, n: Ints, allowed: float) -> Floats:
    """Return the chance of at least so many bad cases of n if the allowed share is true.

    >>> binomial(np.array([0, 10]), np.array([20, 20]), 0.1).round(6).tolist()
    [1.0, 7e-06]
    """
    return binomial_at_least(bad, n, allowed)


def among(bad: int, n: int, all_bad: int, all_n: int) -> float:
    """Return the chance that so many bad cases of all fall on one of several by luck alone.

    Fisher's exact test (1935), one-sided.

    >>> round(among(5, 5, 5, 10), 6)
    0.003968
    """
    return drawn_at_least(bad, n, all_bad, all_n)


def of_several(p: float, size: int) -> float:
    """Return the p-value of one of several of whom any might have stood out (Bonferroni).

    >>> of_several(0.004, 5), of_several(0.5, 5)
    (0.02, 1.0)
    """
    return float(np.minimum(1.0, size * p))


def share_interval(bad: int, n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share.

    >>> [round(end, 4) for end in share_interval(5, 20)]
    [0.0866, 0.491]
    """
    return exact_interval(bad, n)


def either(first: Floats | float, second: Floats | float, share: float = 0.5) -> Floats:
    """Return the p-value of two questions about one subject, either of which may answer yes.

    Bonferroni, weighted (Holm 1979): the least of p₁ / w and p₂ / (1 − w). NaN stands for a
    question that was not asked; the other's p-value then stands as it is.

    Args:
        first: The p-value of the first question.
        second: That of the second.
        share: The weight w of the first, set before anything is known of the answers.

    >>> either(0.01, 0.4).tolist(), either(0.01, 0.4, 0.8).round(4).tolist()
    (0.02, 0.0125)
    >>> either(float("nan"), 0.4, 0.8).tolist()
    0.4
    """
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    both = np.isfinite(one) & np.isfinite(other)
    least = np.fmin(one / np.where(both, share, 1.0), other / np.where(both, 1.0 - share, 1.0))
    return np.asarray(np.minimum(1.0, least), dtype=np.float64)


def q_values(p: Floats) -> Floats:
    """Return Benjamini and Hochberg's adjusted p-values.

    >>> q_values(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    return adjusted(p)


@dataclass(frozen=True)
class _Others:
    """The others of each subject: how many, their level, their variance, its degrees of freedom."""

    count: int
    level: Floats
    variance: Floats
    freedom: int


def _others(effect: Floats) -> _Others:
    """Trim and winsorise the others of every subject, each left out of its own.

    Sums of what is kept come from running sums over all, so that it takes one sorting.
    """
    count = len(effect) - 1
    cut = int(TRIM * count)
    order = np.argsort(effect, kind="stable")
    middle = float(np.median(effect))
    ordered = effect[order] - middle
    rank = np.empty(len(effect), dtype=np.int64)
    rank[order] = np.arange(len(effect))
    first, last = cut + (rank <= cut), count - cut - (rank >= count - cut)
    is_kept = (rank > cut) & (rank < count - cut)
    sums = np.r_[0.0, np.cumsum(ordered)]
    squares = np.r_[0.0, np.cumsum(ordered**2)]
    own = np.where(is_kept, ordered[rank], 0.0)
    kept = sums[last + 1] - sums[first] - own
    ends = ordered[first], ordered[last]
    total = kept + cut * (ends[0] + ends[1])
    square = squares[last + 1] - squares[first] - own**2 + cut * (ends[0] ** 2 + ends[1] ** 2)
    variance = np.maximum(square - total**2 / count, 0.0) / (count - 1)
    held = count - 2 * cut
    return _Others(count, middle + kept / held, variance / _winsorized_normal(cut, count), held - 1)


def _winsorized_normal(cut: int, count: int) -> float:
    """Return the variance of a standard normal with so many of so many drawn in on each side.

    >>> round(_winsorized_normal(1, 10), 4), _winsorized_normal(0, 9)
    (0.6787, 1.0)
    """
    if cut == 0:
        return 1.0
    share = cut / count
    end = normal_end(share)
    return 1 - 2 * share - 2 * end * normal_density(end) + 2 * share * end**2


def _tail(effect: Floats, scale: Floats, freedom: Floats | float) -> Floats:
    """Return the chance of so high an effect; NaN where nothing varies."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = t_above(effect / np.sqrt(scale), freedom)
    return np.where(scale > 0, found, np.nan)


def _spread_inside(members: list[Floats]) -> tuple[float, int]:
    """Return the variance of people around their group's median, and its degrees of freedom."""
    centred = np.concatenate([each - np.median(each) for each in members])
    freedom = len(centred) - len(members)
    cut = int(TRIM * len(centred))
    ordered = np.sort(centred)
    drawn = np.clip(ordered, ordered[cut], ordered[len(centred) - 1 - cut])
    usual = _winsorized_normal(cut, len(centred))
    return float((drawn**2).sum()) / max(freedom, 1) / usual, max(freedom, 1)


def _between(medians: Floats, own: Floats) -> float:
    """Return what groups differ by beyond the people in them, moderated as if eight told of 0."""
    if len(medians) < 2:
        return 0.0
    freedom = len(medians) - 1
    beyond = float(medians.var(ddof=1) - own.mean())
    return max(0.0, beyond) * freedom / (FEWEST_PEERS + freedom)


def _judgement(sample: Sample, shift: Floats, p: Floats) -> Judgement:
    half = NORMAL_95 * np.sqrt(sample.variance)
    return Judgement(
        expected=sample.expected + shift,
        low=sample.observed - half,
        high=sample.observed + half,
        p=p,
    )
