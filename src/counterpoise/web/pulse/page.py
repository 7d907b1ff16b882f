"""What the page of the pulse shows: figures that were counted, side by side and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from counterpoise.errors import CounterpoiseError
from counterpoise.web.pulse.answering import ASKED
from counterpoise.web.pulse.bands import HIGHEST_SCORE, LOWEST_SCORE, Band, band_of
from counterpoise.web.pulse.groups import Group
from counterpoise.web.pulse.items import ITEMS, Matter
from counterpoise.web.pulse.models import Figure, Pulse
from counterpoise.web.pulse.scoring import Difference, Score, difference

_SCALE = 20
_PULSES = 24


class GroupNotShownError(CounterpoiseError):
    """A group was asked for that is not shown; the message tells why without telling its size."""

    def __init__(self, group: Group, smallest: int) -> None:
        name = group.team or group.side
        super().__init__(
            f"{name} is not shown: fewer than {smallest} answered in it, or in what is left of its "
            "side without it, so that answers could be worked out by subtraction."
        )


@dataclass(frozen=True)
class Column:
    """A group as a page shows it."""

    title: str
    look: str
    """The side's name, for its colour."""
    figure: Figure

    @property
    def band(self) -> Band:
        """Return the band of its score."""
        return band_of(self.figure.mean)

    @property
    def places(self) -> dict[str, str]:
        """Return where its score and its interval lie on the scale, as shares of 100."""
        found = {name: _along(getattr(self.figure, name)) for name in ("mean", "low", "high")}
        found["length"] = found["high"] - found["low"]
        return {name: f"{place:.2f}" for name, place in found.items()}


@dataclass(frozen=True)
class Ahead:
    """Which of two columns scores higher, and by how much, the interval beside it."""

    title: str
    points: str
    says: str


@dataclass(frozen=True)
class Spread:
    """How a group rated one sentence."""

    mean: float
    parts: tuple[tuple[int, str, str], ...]
    """Each rating that was given, where its stretch begins, and how long it is, of 100."""
    told: str
    """The same in words."""


@dataclass(frozen=True)
class Line:
    """A sentence, or a matter, and what each column says of it."""

    says: str
    cells: tuple[Spread | float, ...]
    difference: float | None


@dataclass(frozen=True)
class Part:
    """A matter with its sentences."""

    title: str
    whole: Line
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Page:
    """A counted pulse."""

    pulse: Pulse
    columns: tuple[Column, ...]
    unseen: tuple[str, ...]
    """Sides of which too few answered."""
    gap: Difference | None
    parts: tuple[Part, ...]
    teams: tuple[Group, ...]
    """Teams that can be looked at."""
    team: Group | None

    @property
    def ahead(self) -> Ahead | None:
        """Return which column scores higher; of a team, which lies in its side, no interval."""
        if self.gap is None:
            return None
        sign = -1 if self.gap.value < 0 else 1
        title = self.columns[0 if sign > 0 else 1].title
        low, high = sorted((sign * self.gap.low, sign * self.gap.high))
        between = "" if self.team else f", between {_points(low)} and {_points(high)}"
        return Ahead(title, _points(abs(self.gap.value)), f"{title} higher{between}")


def counted() -> list[Pulse]:
    """Return the pulses that are closed, the latest first."""
    return list(Pulse.objects.exclude(closed_on=None)[:_PULSES])


def page_of(pulse: Pulse, asked: str = "") -> Page:
    """Return the page of a counted pulse, for both sides or for a team beside its side.

    Raises:
        GroupNotShownError: If that group is not shown.
    """
    figures = {Group(each.side, each.team): each for each in pulse.figures.all()}
    team = Group.of(asked) if asked else None
    if team is not None and (team not in figures or not team.team):
        raise GroupNotShownError(team, pulse.smallest)
    groups = [Group(side) for side in ASKED] if team is None else [Group(team.side), team]
    columns = tuple(_column(group, figures[group]) for group in groups if group in figures)
    return Page(
        pulse=pulse,
        columns=columns,
        unseen=tuple(side for side in ASKED if Group(side) not in figures),
        gap=gap_of(columns) if len(columns) == 2 else None,
        parts=tuple(_part(matter, columns) for matter in Matter) if columns else (),
        teams=tuple(group for group in figures if group.team),
        team=team,
    )


def gap_of(columns: Sequence[Column]) -> Difference:
    """Return how much higher the first of two columns scores than the second."""
    one, other = (_score(column.figure) for column in columns)
    return difference(one, other)


def _column(group: Group, figure: Figure) -> Column:
    return Column(group.team or group.side.capitalize(), group.side, figure)


def _score(figure: Figure) -> Score:
    named = ("n", "mean", "spread", "low", "high", "ratings")
    return Score(**{name: getattr(figure, name) for name in named})


def _part(matter: Matter, columns: Sequence[Column]) -> Part:
    items = [item for item in ITEMS if item.matter is matter]
    lines = []
    for item in items:
        cells = tuple(_spread(column.figure.ratings[item.id]) for column in columns)
        lines.append(Line(item.says, cells, _apart([cell.mean for cell in cells])))
    means = tuple(
        fmean(_mean(column.figure.ratings[item.id]) for item in items) * _SCALE
        for column in columns
    )
    return Part(matter.heading, Line(matter.heading, means, _apart(means)), tuple(lines))


def _apart(means: Sequence[float]) -> float | None:
    return means[0] - means[1] if len(means) == 2 else None


def _mean(counts: Sequence[int]) -> float:
    return sum(rating * n for rating, n in enumerate(counts, 1)) / sum(counts)


def _spread(counts: Sequence[int]) -> Spread:
    whole, begin, parts = sum(counts), 0, []
    for rating, n in enumerate(counts, 1):
        if n:
            parts.append((rating, f"{begin / whole * 100:.2f}", f"{n / whole * 100:.2f}"))
        begin += n
    told = ", ".join(f"{n} × {rating}" for rating, n in enumerate(counts, 1) if n)
    return Spread(_mean(counts), tuple(parts), told)


def _points(value: float) -> str:
    """Write points; below zero with a minus sign, never as nothing below zero.

    >>> _points(-0.2), _points(-3.4), _points(9.0)
    ('0', '−3', '9')
    """
    return f"{round(value)}".replace("-", "−")


def _along(score: float) -> float:
    return (score - LOWEST_SCORE) / (HIGHEST_SCORE - LOWEST_SCORE) * 100
