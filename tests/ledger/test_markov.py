"""Removal effects are those that one finds by taking channels out one by one."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.ledger import markov
from counterpoise.ledger.markov import Transition, removal_effects

Path = tuple[tuple[str, ...], bool]


def _transitions(paths: list[Path]) -> list[Transition]:
    found = []
    for channels, is_won in paths:
        found.append(Transition(1, to=channels[0], starts=True))
        pairs = itertools.pairwise(channels)
        found += [Transition(1, to=to, origin=origin) for origin, to in pairs]
        found.append(Transition(1, to=channels[-1], ends="won" if is_won else "lost"))
    return found


def _chance(paths: list[Path], without: str | None = None) -> Fraction:
    """Follow the chain exactly: solve h = P h by elimination, a removed channel never converts."""
    states = sorted({each for channels, _ in paths for each in channels} - {without})
    follow: dict[str, dict[str, int]] = {state: {} for state in ("", *states)}
    for channels, is_won in paths:
        way = ("", *channels, "+" if is_won else "-")
        for origin, to in itertools.pairwise(way):
            if origin != without:
                own = follow[origin]
                own[to] = own.get(to, 0) + 1
    rows = []
    for state in states:
        whole = sum(follow[state].values())
        row = [Fraction(-follow[state].get(to, 0), whole) for to in states]
        row[states.index(state)] += 1
        rows.append([*row, Fraction(follow[state].get("+", 0), whole)])
    for at in range(len(rows)):
        pivot = next(r for r in range(at, len(rows)) if rows[r][at])
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(len(rows)):
            if other != at and rows[other][at]:
                factor = rows[other][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    chances = {state: row[-1] for state, row in zip(states, rows, strict=True)}
    whole = sum(follow[""].values())
    return sum(
        (Fraction(n, whole) * chances.get(to, Fraction(0)) for to, n in follow[""].items()),
        Fraction(0),
    )


def test_agrees_with_a_chain_worked_out_by_hand() -> None:
    """Of a>b won, a lost, b won: h(b) = 1, h(a) = 1/2, so 2/3 convert from the start.

    Without a only the third path converts; without b none does.
    """
    paths: list[Path] = [(("a", "b"), True), (("a",), False), (("b",), True)]
    found = removal_effects(_transitions(paths))
    assert found.conversion == pytest.approx(2 / 3)
    assert found.effects == pytest.approx({"a": 0.5, "b": 1.0})
    assert found.shares == pytest.approx({"a": 1 / 3, "b": 2 / 3})


_PATHS = st.lists(
    st.tuples(st.lists(st.sampled_from("abcde"), min_size=1, max_size=6).map(tuple), st.booleans()),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("dense", [100, 1])
@settings(max_examples=30, deadline=None)
@given(paths=_PATHS)
def test_agrees_with_taking_channels_out_one_by_one(paths: list[Path], dense: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markov, "_DENSE", dense)
        patch.setattr(markov, "_AT_A_TIME", 2)
        found = removal_effects(_transitions(paths))
    whole = _chance(paths)
    assert found.conversion == pytest.approx(float(whole))
    for channel, effect in found.effects.items():
        wanted = 1 - _chance(paths, channel) / whole if whole else Fraction(0)
        assert effect == pytest.approx(float(wanted), abs=1e-9)


def test_nothing_comes_of_nothing() -> None:
    assert removal_effects([]).shares == {}
