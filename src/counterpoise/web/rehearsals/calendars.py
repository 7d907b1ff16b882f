"""A promotion calendar under a candidate, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.report.calendar import WAYS
from counterpoise.web.rehearsals.effects import Figure
from counterpoise.web.rehearsals.plots import plot_of

_VERDICTS = {
    "granted": "granted",
    "needs_approval": "needs approval",
    "refused": "refused",
    "unjudged": "cannot be judged",
}
_FIGURES = {"units": "Units sold", "margin": "Margin"}


@dataclass(frozen=True)
class MovedVerdict:
    """Promotions that meet another answer."""

    was: str
    would_be: str
    promotions: int


@dataclass(frozen=True)
class WayShown:
    """What becomes of some of the promotions that are newly refused, and what that does.

    `why` says why nobody can tell, empty where it is told.
    """

    label: str
    promotions: int
    figures: tuple[Figure, ...]
    why: str


@dataclass(frozen=True)
class CalendarShown:
    """The promotions of a rehearsal as the command writes it, laid out."""

    found: Mapping[str, Any]
    moves: tuple[MovedVerdict, ...]
    ways: tuple[WayShown, ...]
    whole: WayShown

    @property
    def more(self) -> int:
        """Return how many newly refused promotions are not named."""
        refused = sum(self.found["newly_refused"].values())
        return int(refused - len(self.found["told"]))


def calendar_shown(found: Mapping[str, Any]) -> CalendarShown:
    """Lay out the promotions of a rehearsal."""
    moves = tuple(
        MovedVerdict(_VERDICTS[each["was"]], _VERDICTS[each["would_be"]], each["promotions"])
        for each in found["moves"]
        if each["was"] != each["would_be"]
    )
    refused = found["newly_refused"]
    by_way = found["effect_by_way"]
    ways = tuple(
        _way(label, refused[way], by_way.get(way)) for way, label in WAYS.items() if way in refused
    )
    whole = _way("All of them", sum(refused.values()), found["effect"])
    return CalendarShown(found, moves, ways, whole)


def _way(label: str, count: int, effect: Mapping[str, Any] | None) -> WayShown:
    told = effect or {}
    return WayShown(
        label[0].upper() + label[1:], count, tuple(_figures(told)), str(told.get("why", ""))
    )


def _figures(effect: Mapping[str, Any]) -> Iterator[Figure]:
    for name, label in _FIGURES.items():
        if name in effect:
            ends = effect[name]
            low, middle, high = (float(ends[each]) for each in ("low", "estimate", "high"))
            yield Figure(name, label, middle, low, high, plot_of([(low, middle, high)])[0])
