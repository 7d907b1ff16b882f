"""Credit by removal: how many conversions would be lost if a channel led nowhere.

A path is a first-order Markov chain: from its start through channels to a conversion or to none
(Anderl, Becker, von Wangenheim & Schumann 2016, "Mapping the customer journey", International
Journal of Research in Marketing 33:457-474). Channel c is removed by sending whoever comes to it to
the end without a conversion; its removal effect is the share of conversions that this costs.

With Q the transitions between the start and channels, N = (I - Q)⁻¹ and h the chance to convert
from a state, a path visits c with probability N[s, c] / N[c, c] and then converts with h[c], so

    effect(c) = N[s, c] / N[c, c] · h[c] / h[s]

for every channel from one inverse (a rank-one update of the chain without c). A channel visited by
no path has none. The chain knows only the channel before: it is a description, not a cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_DENSE = 2_500
"""States up to which the chain is inverted; beyond, its sparse factors are solved."""
_AT_A_TIME = 256
_START = 0


@dataclass(frozen=True)
class Transition:
    """How many paths went from one state to the next. A state of None is a channel without name."""

    count: int
    to: str | None = None
    """The channel that was met; without meaning where the path ends."""
    origin: str | None = None
    """The channel before; without meaning where the path starts."""
    starts: bool = False
    ends: str | None = None
    """`won` or `lost` where the path ends after `to`; then this row counts ends, not steps."""


@dataclass(frozen=True)
class Removal:
    """What the chain says: the chance of a path to convert, and each channel's removal effect."""

    conversion: float
    effects: Mapping[str | None, float]

    @property
    def shares(self) -> dict[str | None, float]:
        """Return the effects as shares of their sum; nothing where none has an effect."""
        whole = sum(self.effects.values())
        return {key: each / whole for key, each in self.effects.items()} if whole else {}


def removal_effects(transitions: Iterable[Transition]) -> Removal:
    """Return the removal effect of every channel.

    Args:
        transitions: Counts over all paths that ended; rows of the same states are added.
    """
    counts = list(transitions)
    channels = list(dict.fromkeys(each.to for each in counts))
    place = {key: at for at, key in enumerate(channels, 1)}
    if not place:
        return Removal(0.0, {})
    chain, won = _chain(counts, place)
    visits, returns, converts = _solve(chain, won)
    chance = float(converts[_START])
    effects = visits / returns * converts / (chance or 1.0)
    return Removal(chance, {key: float(effects[at]) for key, at in place.items()})


def _chain(counts: Iterable[Transition], place: Mapping[str | None, int]) -> tuple[Any, Array]:
    """Return the transitions between states as a sparse matrix, and the chance to convert next."""
    import numpy as np
    from scipy.sparse import coo_array

    size = len(place) + 1
    won, left = np.zeros(size), np.zeros(size)
    rows, columns, values = [], [], []
    for each in counts:
        if each.ends is None:
            origin = _START if each.starts else place[each.origin]
            rows.append(origin)
            columns.append(place[each.to])
            values.append(float(each.count))
        else:
            origin = place[each.to]
            won[origin] += each.count if each.ends == "won" else 0
        left[origin] += each.count
    left[left == 0] = 1.0
    weights = np.array(values) / left[rows] if rows else np.array(values)
    return coo_array((weights, (rows, columns)), shape=(size, size)).tocsc(), won / left


def _solve(chain: Any, won: Array) -> tuple[Array, Array, Array]:
    """Return the expected visits from the start, those from each state to itself, and h."""
    import numpy as np
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import splu

    size = chain.shape[0]
    if size <= _DENSE:
        inverse = np.linalg.inv(np.eye(size) - chain.toarray())
        return inverse[_START], np.diagonal(inverse).copy(), inverse @ won
    leaving = (eye_array(size) - chain).tocsc()
    factors, turned = splu(leaving), splu(leaving.T.tocsc())
    start = np.zeros(size)
    start[_START] = 1.0
    returns = np.empty(size)
    for first in range(0, size, _AT_A_TIME):
        at = np.arange(first, min(first + _AT_A_TIME, size))
        units = np.zeros((size, len(at)))
        units[at, at - first] = 1.0
        returns[at] = factors.solve(units)[at, at - first]
    return turned.solve(start), returns, factors.solve(won)
