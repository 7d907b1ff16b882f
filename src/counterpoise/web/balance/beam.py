"""The picture of the product: value held against value given, on a beam that the goal supports.

A beam is level when what weighs on its two ends is to each other as their distances from the
support are, turned round. With the support at the agreed realization, the beam is level exactly
when realization is at the goal; below it the given side sinks, above it the held side does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from counterpoise.web.balance.weighing import Weighing

_STEEPEST = 7.0  # degrees
_DEGREES_A_POINT = 1.6
_NEAREST, _FARTHEST = 0.03, 0.97
_SMALLEST = 0.08
"""The side of the smaller weight as a part of the larger, at least: it must be seen."""


@dataclass(frozen=True)
class Board:
    """The room that a picture has, and how large things are on it."""

    name: str
    width: float
    height: float
    largest: float
    """The side of the larger weight."""
    thickness: float
    ground: float
    """How far the support's foot is from the lower edge."""

    @property
    def support(self) -> float:
        """Return how high the support stands."""
        return self.height * 0.23


WIDE = Board("wide", width=1080, height=236, largest=132, thickness=9, ground=20)
NARROW = Board("narrow", width=358, height=172, largest=84, thickness=7, ground=18)


@dataclass(frozen=True)
class Weight:
    """A square that lies on the beam; places are relative to the support's tip."""

    kind: str
    x: float
    side: float

    @property
    def left(self) -> float:
        """Return its left edge."""
        return round(self.x - self.side / 2, 2)

    @property
    def top(self) -> float:
        """Return its upper edge; the beam's is at 0."""
        return round(-self.side, 2)


@dataclass(frozen=True)
class Beam:
    """Everything that the picture draws, in the board's units."""

    board: Board
    pivot_x: float
    pivot_y: float
    start: float
    """Where the beam begins, relative to the support."""
    length: float
    angle: float
    """In degrees; positive when the given side sinks."""
    held: Weight
    given: Weight
    leaked: float
    """How much of the given weight's height is leakage."""

    @property
    def end(self) -> float:
        """Return where the beam ends, relative to the support."""
        return round(self.start + self.length, 2)

    @property
    def foot(self) -> str:
        """Return the points of the support, from its tip down to the ground."""
        depth = self.board.height - self.board.ground - self.pivot_y
        half = depth * 0.46
        x, y = self.pivot_x, self.pivot_y
        return f"{x:.1f},{y:.1f} {x + half:.1f},{y + depth:.1f} {x - half:.1f},{y + depth:.1f}"

    @property
    def ground(self) -> float:
        """Return how far down the support stands."""
        return self.board.height - self.board.ground

    @property
    def held_label(self) -> tuple[float, float]:
        """Return where the words for what is held stand: right of the weight."""
        return self._turned(self.held.x + self.held.side / 2 + 14, -self.held.side)

    @property
    def given_label(self) -> tuple[float, float]:
        """Return where the words for what is given stand: above the weight, at its right edge."""
        return self._turned(self.given.x + self.given.side / 2, -self.given.side - 12)

    @property
    def goal_x(self) -> float:
        """Return where the words for the goal begin: beside the support."""
        return round(self.pivot_x + self.board.height * 0.14, 1)

    @property
    def goal_y(self) -> float:
        """Return how far down the words for the goal stand: on the ground."""
        return round(self.ground - 7, 1)

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        turn = math.radians(self.angle)
        across = self.pivot_x + x * math.cos(turn) - y * math.sin(turn)
        down = self.pivot_y + x * math.sin(turn) + y * math.cos(turn)
        return round(across, 1), round(down, 1)


def beam_of(weighing: Weighing, board: Board) -> Beam | None:
    """Draw a weighing; None where nothing was held or given.

    Without a goal the support stands where the beam is level.
    """
    whole = weighing.held + weighing.given
    if whole <= 0 or weighing.realization is None:
        return None
    support = weighing.realization if weighing.goal is None else weighing.goal
    support = min(max(support, _NEAREST), _FARTHEST)
    held, given = _sides(weighing, board)
    margin = max(held, given) / 2 + 4
    length = board.width - held / 2 - given / 2 - 8
    left = held / 2 + 4 if held >= given else margin - given / 2 + held / 2
    short = (1 - support) * length
    return Beam(
        board=board,
        pivot_x=round(left + short, 2),
        pivot_y=round(board.height - board.ground - board.support, 2),
        start=round(-short, 2),
        length=round(length, 2),
        angle=_angle(weighing),
        held=Weight("held", round(-short, 2), round(held, 2)),
        given=Weight("given", round(length - short, 2), round(given, 2)),
        leaked=_leaked(weighing, given),
    )


def _sides(weighing: Weighing, board: Board) -> tuple[float, float]:
    """Return the sides of the two weights, whose areas are as the amounts."""
    most = max(weighing.held, weighing.given)
    parts = (math.sqrt(max(each, 0) / most) for each in (weighing.held, weighing.given))
    held, given = (max(part, _SMALLEST) * board.largest for part in parts)
    return held, given


def _angle(weighing: Weighing) -> float:
    gap = weighing.gap or 0.0
    return round(min(max(-gap * 100 * _DEGREES_A_POINT, -_STEEPEST), _STEEPEST), 2)


def _leaked(weighing: Weighing, side: float) -> float:
    if weighing.given <= 0 or weighing.leakage_low <= 0:
        return 0.0
    return round(max(weighing.leakage_low / weighing.given * side, 1.5), 2)
