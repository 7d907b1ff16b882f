"""How a share turned from before to the last half-year, beside how such shares do."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.watch.mix import Cells
from counterpoise.watch.turns import Halves, turns

HALVES = 5
JITTER = (0.0, 0.02, -0.02, 0.01, -0.01)


def cells(shares: dict[str, tuple[float, ...]], n: int = 100) -> Cells:
    """Return one cell a subject and half-year, the last first; the spans stand for half-years."""
    rows = [(at, half) for at in range(len(shares)) for half in range(HALVES)]
    total = [n * share for own in shares.values() for share in own]
    size = len(rows)
    return Cells(
        subjects=tuple(shares),
        groups=tuple(str(half * 7) for half in range(HALVES)),
        subject=np.array([at for at, _ in rows]),
        group=np.array([half for _, half in rows]),
        slice=np.zeros(size, dtype=np.int64),
        n=np.full(size, n),
        total=np.array(total),
        expected=np.full(size, n * 0.6),
        base=np.full(size, 1000.0),
        sigma2=0.24,
    )


def steady(at: int) -> tuple[float, ...]:
    return tuple(0.6 + JITTER[(at + half) % 5] for half in range(HALVES))


def test_finds_the_one_that_fell() -> None:
    shares = {f"C{at}": steady(at) for at in range(9)} | {"X": (0.3, 0.6, 0.6, 0.6, 0.6)}
    found = turns(Halves.of(cells(shares)))
    p = dict(zip(found.sample.ids, found.judged.p, strict=True))
    assert p["X"] < 1e-4
    assert min(each for id_, each in p.items() if id_ != "X") > 0.05
    at = found.sample.ids.index("X")
    assert found.before[at] == pytest.approx(0.6)
    assert found.judged.expected[at] == pytest.approx(0.6, abs=0.03)
    assert found.sample.observed[at] == pytest.approx(0.3)


def test_takes_off_what_befell_all() -> None:
    shares = {f"C{at}": (0.4, *steady(at)[1:]) for at in range(9)}
    found = turns(Halves.of(cells(shares)))
    assert found.judged.p.min() > 0.05
    assert found.judged.expected == pytest.approx(np.full(9, 0.4), abs=0.05)


def test_needs_some_turns_to_know_what_is_usual() -> None:
    shares = {"X": (0.3, 0.6, 0.6, 0.6, 0.6), "Y": steady(1)}
    found = turns(Halves.of(cells(shares)))  # two subjects, four turns each
    assert found.sample.size == 2
    few = turns(Halves.of(cells({"X": (0.3, 0.6, 0.6, 0.6, 0.6)})))
    assert (few.sample.size, len(few.judged.p), len(few.before)) == (0, 0, 0)


def test_a_member_can_be_taken_off() -> None:
    sources = Halves.of(cells({"Web": (0.45, 0.6, 0.6, 0.6, 0.6)}, 200))
    campaigns = Halves.of(cells({"X": (0.3, 0.6, 0.6, 0.6, 0.6), "Y": (0.6,) * 5}))
    left = sources.less("Web", campaigns, "X")
    assert (left.total[0] / left.n[0]).tolist() == pytest.approx([0.6] * 5)
    assert campaigns.fall("X") == pytest.approx(30)
