"""What the agreements of the company grant, in force half-year by half-year.

The written agreements and the behaviour of the made-up people both come from here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from counterpoise.demo.accounts import CHARITY, ENTERPRISE, MIDSIZE
from counterpoise.demo.arrays import Flags, Ints
from counterpoise.demo.products import FLAGSHIP
from counterpoise.demo.recipe import Recipe, half_of
from counterpoise.demo.worktime import day_number

NO_ROW = -1
# Grades of authority, lowest first: a rep's own, a manager's, the revenue lead's.
REP_GRADE, MANAGER_GRADE, LEAD_GRADE = range(3)
MILLION = 1_000_000


@dataclass(frozen=True)
class Row:
    """A limit row: whom it is about, and what each grade may give, in millionths of list."""

    id: str
    segment: int | None
    list_at_least: int  # cents in workspace currency
    up_to: tuple[int, int, int]
    pair: int | None = None  # what a manager and product marketing may give together


@dataclass(frozen=True)
class Lever:
    """Something that the customer gives back; `adds` is in millionths of list."""

    id: str
    field: str
    test: str
    adds: int


@dataclass(frozen=True)
class Version:
    """One half-year's agreement: when it is in force and its limit rows in order."""

    title: str
    from_on: dt.date
    until_on: dt.date
    rows: tuple[Row, ...]


LEVERS = (
    Lever("three_years", "term_months", ">= 36", 40_000),
    Lever("prepaid", "payment", "upfront", 30_000),
)
LEVER_CAP = 60_000
PROTECTED_UP_TO = 50_000  # by the revenue lead alone
FLOOR_MARGIN = 150_000


def _rows(enterprise: int, midsize: int, standard: int) -> tuple[Row, ...]:
    return (
        Row("enterprise", ENTERPRISE, 5_000_000, (enterprise, 180_000, 300_000), 240_000),
        Row("midsize", MIDSIZE, 0, (midsize, 150_000, 250_000)),
        Row("standard", None, 0, (standard, 120_000, 220_000)),
    )


FORMER_ROWS = _rows(100_000, 70_000, 50_000)
PRESENT_ROWS = _rows(100_000, 80_000, 60_000)


@dataclass(frozen=True)
class Terms:
    """Every version, earliest first, and what each grants to a deal."""

    versions: tuple[Version, ...]

    def row_of(self, day: Ints, segment: Ints, list_cents: Ints) -> Ints:
        """Return which limit row decides each deal; the order is the same in every version."""
        big = list_cents >= self.versions[0].rows[0].list_at_least
        first = (segment == ENTERPRISE) & big
        return np.asarray(np.select([first, segment == MIDSIZE], [0, 1], 2), dtype=np.int64)

    def authority(self, day: Ints, row: Ints, lever: Ints, grade: int) -> Ints:
        """Return what a grade may give, levers included, in millionths of list."""
        starts = np.array([day_number(version.from_on) for version in self.versions])
        table = np.array([[r.up_to[grade] for r in v.rows] for v in self.versions])
        version = np.maximum(np.searchsorted(starts, day, side="right") - 1, 0)
        return np.asarray(table[version, row] + lever, dtype=np.int64)


def levers_of(term_months: Ints, upfront: Flags) -> Ints:
    """Return what the levers of each deal add, capped.

    >>> levers_of(np.array([12, 36, 48]), np.array([True, False, True])).tolist()
    [30000, 40000, 60000]
    """
    earned = np.where(term_months >= 36, LEVERS[0].adds, 0)
    earned = earned + np.where(upfront, LEVERS[1].adds, 0)
    return np.asarray(np.minimum(earned, LEVER_CAP), dtype=np.int64)


def is_excluded(segment: Ints) -> Flags:
    """Tell which deals may have no discount at all."""
    return np.asarray(segment == CHARITY)


def is_protected(main_family: Ints) -> Flags:
    """Tell which deals are of goods that are sold on what they are."""
    return np.asarray(main_family == FLAGSHIP)


def make_terms(recipe: Recipe) -> Terms:
    """Make one version a half-year; the last twelve months have the present limits."""
    versions = []
    for start, end in _halves(recipe.first_on, recipe.last_on):
        half = "First" if start.month == 1 else "Second"
        rows = PRESENT_ROWS if start >= recipe.window_from else FORMER_ROWS
        versions.append(Version(f"{half} half {start.year}", start, end, rows))
    return Terms(tuple(versions))


def _halves(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    halves = []
    start, end = half_of(first)
    while start <= last:
        halves.append((start, end))
        start, end = half_of(end + dt.timedelta(days=1))
    return halves
