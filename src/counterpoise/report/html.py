"""The review as one page: no script, nothing loaded from anywhere, fit for print and mail."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise import __version__
from counterpoise.books.durable import replace_text
from counterpoise.errors import CounterpoiseError
from counterpoise.ledger import Review
from counterpoise.report import charts
from counterpoise.report.wording import GROUPINGS, STEPS, days, money, share, standing

if TYPE_CHECKING:
    from jinja2 import Environment

_PAGE = files("counterpoise.report").joinpath("page")
_MOST_ROWS = 25
_PEOPLE = ("owner",)
"""Groupings of persons: they are not ranked on a page that goes round."""


class PageFileError(CounterpoiseError):
    """The page cannot be written where it was asked for."""

    def __init__(self, file: Path, reason: str | None) -> None:
        super().__init__(f"{file}: the page cannot be written: {reason}; name another place")


@dataclass(frozen=True)
class Balance:
    """Value held against value given as shares of 100, and where the goal puts the fulcrum."""

    held: float
    given: float
    goal: float | None


def write_html(review: Review, file: Path) -> None:
    """Write a review as a page that needs nothing beside it.

    Raises:
        PageFileError: If the file cannot be written; what was there stays.
    """
    text = html(review)
    try:
        replace_text(file, text)
    except OSError as error:
        raise PageFileError(file, error.strerror) from error


def html(review: Review) -> str:
    """Return a review as a page."""
    style = _PAGE.joinpath("review.css").read_text(encoding="utf-8")
    drawn = (
        charts.balance_over_time(review),
        charts.realization_over_time(review),
        charts.waterfall(review),
    )
    return (
        _environment()
        .get_template("review.html")
        .render(
            review=review,
            ledger=review.ledger,
            totals=review.ledger.totals,
            parts=review.ledger.concessions,
            balance=balance(review),
            standing=standing(review),
            over_time=drawn[0],
            realization=drawn[1],
            waterfall=drawn[2],
            groupings=_groupings(review),
            most_rows=_MOST_ROWS,
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            version=__version__,
        )
    )


def balance(review: Review) -> Balance | None:
    """Return the balance of a review; None where nothing was held or given."""
    totals = review.ledger.totals
    whole = totals.value_held + totals.value_given
    if whole <= 0:
        return None
    given = float(totals.value_given / whole * 100)
    goals = [goal.target for goal in review.goals if goal.metric == "price_realization"]
    return Balance(100 - given, given, float(goals[0] * 100) if goals else None)


def _groupings(review: Review) -> list[tuple[str, object]]:
    return [
        (GROUPINGS.get(name, name), rows)
        for name, rows in review.ledger.by.items()
        if name not in _PEOPLE and any(row.key is not None for row in rows)
    ]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("counterpoise.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(money=money, share=share, days=days, figure=_figure)
    environment.globals.update(STEPS=STEPS)
    return environment


def _figure(value: Decimal | None) -> str:
    return share(value) if value is not None and abs(value) <= 1 else money(value)
