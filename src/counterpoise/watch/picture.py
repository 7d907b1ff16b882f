"""The picture of a finding: the subject among its peers, over time, or where values pile up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Axis(StrEnum):
    """What the marks of a picture stand side by side for."""

    PEERS = "peers"
    TIME = "time"
    BINS = "bins"


@dataclass(frozen=True)
class Mark:
    """A value with its 95 % interval. `is_subject` marks whom the finding is about.

    `label` is an id for peers, an ISO day (the first of the span) over time, and the lower end of a
    bin. Without an interval `low` and `high` are None.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    is_subject: bool = False


@dataclass(frozen=True)
class Picture:
    """Marks on an axis and the level that they are held against."""

    axis: Axis
    marks: tuple[Mark, ...]
    expected: float | None = None
    measure: str = ""
    """What the value is, in words: "average discount, at the same mix"."""
