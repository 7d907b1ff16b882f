"""The review as one page: no script, nothing loaded from anywhere, fit for print and mail."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
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
from counterpoise.ledger.groups import Group
from counterpoise.ledger.trade import Trade, TradeGroup
from counterpoise.report import charts
from counterpoise.report.bars import Balance, balance, group_bars, step_bars
from counterpoise.report.sheets import sheet_of
from counterpoise.report.trade import (
    MOST_ROWS,
    TRADE_GROUPINGS,
    extent,
    is_trade_alone,
    share_on_deal,
    spent,
    trade_doubts,
    trade_figures,
    trade_steps,
)
from counterpoise.report.watch_wording import SIDES, asked, by_side, silent, together
from counterpoise.report.wording import (
    GROUPINGS,
    STEPS,
    agreed_days,
    counted,
    doubts,
    goal_figure,
    leakage,
    money,
    share,
    standing,
    step_amount,
    weighed,
    words,
)

if TYPE_CHECKING:
    from jinja2 import Environment

    from counterpoise.watch.evidence import Evidence

_PAGE = files("counterpoise.report").joinpath("page")
_MOST_ROWS = 12
_IN_TIME = "quarter"
_PEOPLE = ("owner",)
"""Groupings of persons: they are not ranked on a page that goes round."""


class PageFileError(CounterpoiseError):
    """The page cannot be written where it was asked for."""

    def __init__(self, file: Path, reason: str | None) -> None:
        super().__init__(f"{file}: the page cannot be written: {reason}; name another place")


@dataclass(frozen=True)
class Grouping:
    """A table of groups, each with its balance, and how many more there are."""

    title: str
    rows: Sequence[tuple[Group, Balance | None]]
    left_out: int


def write_html(review: Review, file: Path, evidence: Sequence[Evidence] = ()) -> None:
    """Write a review as a page that needs nothing beside it.

    Args:
        review: What it tells.
        file: Where to.
        evidence: What stands behind the cracks, most money first.

    Raises:
        PageFileError: If the file cannot be written; what was there stays.
    """
    text = html(review, evidence)
    try:
        replace_text(file, text)
    except OSError as error:
        raise PageFileError(file, error.strerror) from error


def html(review: Review, evidence: Sequence[Evidence] = ()) -> str:
    """Return a review as a page."""
    style = _PAGE.joinpath("review.css").read_text(encoding="utf-8")
    drawn = (charts.balance_over_time(review), charts.realization_over_time(review))
    return (
        _environment()
        .get_template("review.html")
        .render(
            review=review,
            ledger=review.ledger,
            totals=review.ledger.totals,
            leakage=leakage(review),
            balance=balance(review),
            standing=standing(review.agreement),
            doubts=() if is_trade_alone(review) else doubts(review),
            trade=_trade(review.trade) if review.trade else None,
            deals=not is_trade_alone(review),
            agreed_days=agreed_days(review.agreement),
            charts=[chart for chart in drawn if chart],
            steps=step_bars(review),
            groupings=_groupings(review),
            by_side=by_side(review),
            sheets={each.crack.id: sheet_of(each) for each in evidence},
            silent=silent(review),
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            version=__version__,
        )
    )


@dataclass(frozen=True)
class TradeSection:
    """What a page shows of the weeks of sell-through."""

    extent: str
    figures: Sequence[tuple[str, str, str]]
    steps: Sequence[tuple[str, Decimal, str]]
    groupings: Sequence[TradeGrouping]
    doubts: Sequence[str]


@dataclass(frozen=True)
class TradeGrouping:
    """A table of groups of the trade, and how many more there are."""

    title: str
    rows: Sequence[TradeGroup]
    left_out: int


def _trade(trade: Trade) -> TradeSection:
    return TradeSection(
        extent=extent(trade),
        figures=trade_figures(trade),
        steps=trade_steps(trade),
        groupings=[
            TradeGrouping(title, trade.by[name][:MOST_ROWS], len(trade.by[name]) - MOST_ROWS)
            for name, title in TRADE_GROUPINGS.items()
        ],
        doubts=trade_doubts(trade),
    )


def _groupings(review: Review) -> list[Grouping]:
    """Return the groupings that tell apart, time first."""
    by = review.ledger.by
    names = sorted(by, key=lambda name: name != _IN_TIME)
    return [
        _grouping(name, by[name])
        for name in names
        if name not in _PEOPLE and any(row.key is not None for row in by[name])
    ]


def _grouping(name: str, rows: Sequence[Group]) -> Grouping:
    shown = rows[-_MOST_ROWS:] if name == _IN_TIME else rows[:_MOST_ROWS]
    return Grouping(GROUPINGS.get(name, name), group_bars(shown), len(rows) - len(shown))


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
    environment.filters.update(money=money, share=share, counted=counted, words=words)
    environment.globals.update(
        STEPS=STEPS,
        SIDES=SIDES,
        goal_figure=goal_figure,
        step_amount=step_amount,
        weighed=weighed,
        asked=asked,
        together=together,
        share_on_deal=share_on_deal,
        spent=spent,
    )
    return environment
