"""The judge: which subjects stand out beyond what chance and blameless differences explain.

One place for every kind of crack. A judgement is a one-sided p-value and a 95 % interval for the
single subject; which of many count is decided for all kinds of a review together (`q_values`).

Peers. Blameless people differ, so the spread between peers belongs to the null. With effects e,
their sampling variances s², and J others, a subject has

    z = (e − m) / √(τ² + s² + (τ² + s̄²) / J)

where m is the trimmed mean of the others (10 % a side), s̄² their mean sampling variance, and
τ² = max(0, W / c − s̄²) with W the others' variance winsorised 10 % a side and c what that is for
a standard normal. The subject is left out of its own expectation. z is held against Student's t
with the degrees of freedom that trimming leaves, h − 1 for h values kept (Tukey & McLaughlin
1963; Yuen 1974). Assumption: blameless effects are exchangeable, symmetric, and few are not
blameless. It fails by missing where more than one in ten is at fault.

Few. Fewer than eight subjects have no spread of their own. Groups of people take the median of
their people against the median of the other groups' medians, with the spread of people inside
groups (`groups_against_groups`); what stands alone takes its sampling error (`alone`).

Facts. A promise is broken where the exact binomial rejects that it was kept as often as agreed
(`binomial`; Clopper & Pearson 1934).

Family. Benjamini & Hochberg (1995) over all that a review tests: `q_values`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from counterpoise.watch.sample import Floats, Ints, Sample

TRIM = 0.10
"""Share left out, or drawn in, on each side."""
WINSORIZED_NORMAL = 0.67865
"""Variance of a standard normal, winsorised by a tenth on each side."""
FEWEST_PEERS = 8
"""Subjects without which a spread between them is not told."""
FEWEST_ROWS = 30
"""Rows without which a subject is no peer."""
NORMAL_95 = float(stats.norm.ppf(0.975))
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


def against_peers(sample: Sample) -> Judgement:
    """Judge every subject against the others; high effects stand out.

    A subject with fewer than `FEWEST_ROWS` rows is neither judged nor a peer; with fewer than
    `FEWEST_PEERS` subjects left nobody is judged.
    """
    peers = np.flatnonzero(sample.n >= FEWEST_ROWS)
    shift, p = np.zeros(sample.size), np.full(sample.size, np.nan)
    if len(peers) >= FEWEST_PEERS:
        effect, variance = sample.effect[peers], sample.variance[peers]
        shift[:] = trimmed_mean(effect)
        for place, subject in enumerate(peers):
            others = np.delete(effect, place)
            found = _peer(effect[place], variance[place], others, np.delete(variance, place))
            shift[subject], p[subject] = found
    return _judgement(sample, shift, p)


def groups_against_groups(people: Sample, groups: Sample) -> Judgement:
    """Judge a few groups of people, such as teams; high effects stand out.

    The median of a group's people is held against the median of the other groups' medians. What
    a median varies by is the spread of people inside all groups, and whatever the other groups
    differ by beyond that.

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
            p[at] = stats.t.sf((medians[at] - shift[at]) / np.sqrt(scale), freedom)
    return _judgement(groups, shift, p)


def alone(sample: Sample, freedom: Floats | float = np.inf) -> Judgement:
    """Judge each subject against what its mix lets expect, by its sampling error alone.

    Args:
        sample: With variances clustered by whatever its rows share.
        freedom: Degrees of freedom of each variance, such as clusters less one.
    """
    scale = np.sqrt(sample.variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(scale > 0, stats.t.sf(sample.effect / scale, freedom), np.nan)
    return _judgement(sample, np.zeros(sample.size), p)


def binomial(bad: Ints, n: Ints, allowed: float) -> Floats:
    """Return the chance of at least so many bad cases of n if the allowed share is true.

    >>> binomial(np.array([0, 10]), np.array([20, 20]), 0.1).round(6).tolist()
    [1.0, 7e-06]
    """
    return np.asarray(stats.binom.sf(bad - 1, n, allowed), dtype=np.float64)


def share_interval(bad: int, n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a share.

    >>> [round(end, 4) for end in share_interval(5, 20)]
    [0.0866, 0.491]
    """
    found = stats.binomtest(bad, n).proportion_ci(0.95, "exact")
    return float(found.low), float(found.high)


def either(first: Floats, second: Floats) -> Floats:
    """Return the p-value of two questions about one subject, either of which may answer yes.

    Bonferroni; where one was not asked, the other's stands.
    """
    both = np.isfinite(first) & np.isfinite(second)
    least = np.fmin(first, second)
    return np.where(both, np.minimum(1.0, 2 * least), least)


def q_values(p: Floats) -> Floats:
    """Return Benjamini and Hochberg's adjusted p-values.

    >>> q_values(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    return np.asarray(stats.false_discovery_control(p), dtype=np.float64) if len(p) else p


def trimmed_mean(values: Floats) -> float:
    """Return the mean of what is left when a tenth is cut off on each side."""
    return float(stats.trim_mean(values, TRIM))


def winsorized_variance(values: Floats) -> float:
    """Return the variance with a tenth drawn in on each side, normal-consistent."""
    cut = int(TRIM * len(values))
    ordered = np.sort(values)
    drawn = np.clip(ordered, ordered[cut], ordered[len(values) - 1 - cut])
    return float(drawn.var(ddof=1)) / WINSORIZED_NORMAL


def _peer(effect: float, variance: float, others: Floats, theirs: Floats) -> tuple[float, float]:
    """Return the level of the others and the p-value of one subject beside them."""
    level, sampling = trimmed_mean(others), float(theirs.mean())
    spread = max(0.0, winsorized_variance(others) - sampling)
    scale = spread + variance + (spread + sampling) / len(others)
    freedom = len(others) - 2 * int(TRIM * len(others)) - 1
    if scale <= 0:
        return level, float("nan")
    return level, float(stats.t.sf((effect - level) / np.sqrt(scale), freedom))


def _spread_inside(members: list[Floats]) -> tuple[float, int]:
    """Return the variance of people around their group's median, and its degrees of freedom."""
    centred = np.concatenate([each - np.median(each) for each in members])
    freedom = len(centred) - len(members)
    cut = int(TRIM * len(centred))
    ordered = np.sort(centred)
    drawn = np.clip(ordered, ordered[cut], ordered[len(centred) - 1 - cut])
    return float((drawn**2).sum()) / max(freedom, 1) / WINSORIZED_NORMAL, max(freedom, 1)


def _between(medians: Floats, own: Floats) -> float:
    """Return what groups differ by beyond the people in them; 0 where too few tell."""
    if len(medians) < 3:
        return 0.0
    return max(0.0, float(medians.var(ddof=1) - own.mean()))


def _judgement(sample: Sample, shift: Floats, p: Floats) -> Judgement:
    half = NORMAL_95 * np.sqrt(sample.variance)
    return Judgement(
        expected=sample.expected + shift,
        low=sample.observed - half,
        high=sample.observed + half,
        p=p,
    )
