"""How far to trust what promotions are said to have done: made-up panels whose truth is known.

Retail panels of 100 accounts, 20 goods and 104 weeks are made and measured by the product, and
held against the truth: what was sold on deal beyond what the same weeks would have sold without,
what the weeks after lost, what neighbours lost, and the three together. It prints the error of the
total (root mean square over panels) and how often the 95 % intervals hold the truth.

    python -m benchmarks.promotions --panels 25
    python -m benchmarks.promotions --losers 5        panels with planted losing promotions
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from benchmarks.trade_panels import Panel as Made
from benchmarks.trade_panels import Truth, make_panel, offers_of, write_books
from counterpoise.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.earned import earned
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.lift import Lift, lift
from counterpoise.ledger.promotion_earned import PromotionBook, promotion_book
from counterpoise.ledger.promotion_volume import Volume, volumes
from counterpoise.ledger.promotion_weeks import AFTER, NEIGHBOURS, Panel, panel
from counterpoise.ledger.within import Refused
from counterpoise.watch.judge import q_values

FIRST_SEED = 20_000
"""Seeds from here on were used for nothing else."""
END = dt.date(2030, 12, 31)
PLANTED = 0.02
"""Share of promotions that are planted to lose."""
PARTS = ("gained", "dipped", "taken", "net")


@dataclass(frozen=True)
class Held:
    """One figure of one panel beside its truth."""

    name: str
    truth: float
    found: Estimate

    @property
    def error(self) -> float:
        """Return the error as a part of the truth."""
        return self.found.value / self.truth - 1

    @property
    def covers(self) -> bool:
        """Tell whether the interval holds the truth."""
        return self.found.low <= self.truth <= self.found.high


class RefusedError(RuntimeError):
    """The product refused a panel that can tell."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.why)


@contextmanager
def measured(made: Made) -> Iterator[tuple[Books, Panel]]:
    """Open a made-up panel as the product sees it."""
    with (
        tempfile.TemporaryDirectory(prefix="promotions-") as folder,
        Books.open(write_books(made, Path(folder) / "space")) as books,
    ):
        found = panel(View(books, END))
        if isinstance(found, Refused):
            raise RefusedError(found)
        yield books, found


def hold(seed: int) -> list[Held]:
    """Measure one panel and hold it against its truth."""
    made = make_panel(seed)
    with measured(made) as (books, weeks):
        found = lift(books, weeks)
        if isinstance(found, Refused):
            raise RefusedError(found)
        (whole,) = volumes(books, weeks, found)
        made_money = earned(View(books, END), weeks, found)
        if isinstance(made_money, Refused):
            raise RefusedError(made_money)
        money = Held("earned", float(made.earned.sum()), made_money[0].earned)
        return [*_totals(made, whole), money, *_slopes(found, Truth())]


def _totals(made: Made, whole: Volume) -> list[Held]:
    truths = {name: float(getattr(made, name).sum()) for name in PARTS[:-1]}
    truths["net"] = float(made.incremental.sum())
    return [Held(name, truth, getattr(whole, name)) for name, truth in truths.items()]


def _slopes(found: Lift, truth: Truth) -> list[Held]:
    known = {
        "depth": truth.depth,
        "featured": truth.featured,
        "displayed": truth.displayed,
        "after_1": truth.after[0],
        "after_2": truth.after[1],
        "neighbours": truth.neighbours,
    }
    mean, given = found.fit, found.within
    slopes = {
        name: (given if name in (*AFTER, *NEIGHBOURS) else mean).slope(name) for name in known
    }
    return [Held(f"slope {name}", known[name], slope) for name, slope in slopes.items() if slope]


def summary(held: list[Held]) -> str:
    """Tell errors and coverage, figure by figure."""
    lines = [f"{'figure':<18} {'panels':>6} {'rms error':>10} {'bias':>8} {'covered':>8}"]
    for name in dict.fromkeys(each.name for each in held):
        errors = np.array([each.error for each in held if each.name == name])
        covers = np.mean([each.covers for each in held if each.name == name])
        rms = float(np.sqrt(np.mean(errors**2)))
        lines.append(
            f"{name:<18} {len(errors):>6} {rms:>10.2%} {errors.mean():>8.2%} {covers:>8.1%}"
        )
    covered = np.mean([each.covers for each in held])
    lines.append(f"all intervals: {covered:.1%} of {len(held)} hold the truth")
    return "\n".join(lines)


@dataclass(frozen=True)
class Losers:
    """Promotions of one panel that were planted to lose, and those that are said to have lost."""

    planted: int
    found: int
    named: int
    wrong: int


def losers(seed: int) -> Losers:
    """Pay for one promotion in fifty so much that it loses, and look for those that surely lost.

    Each is planted to lose twice what a usual promotion earns or loses. Named is what the false
    discovery rate of a review lets through (Benjamini & Hochberg at 10 %); wrong are those named
    that truly earned something.
    """
    made = make_panel(seed)
    offers = offers_of(made)
    rng = np.random.default_rng(seed)
    is_planted = rng.random(len(offers.ids)) < PLANTED
    size = np.abs(offers.earned)
    typical = float(np.median(size))
    spend = np.where(is_planted, np.maximum(offers.earned, 0.0) + 2 * typical, 0.0)
    truth = dict(zip(offers.ids, offers.earned - spend, strict=True))
    planted = {id_ for id_, own in zip(offers.ids, is_planted, strict=True) if own}
    with (
        tempfile.TemporaryDirectory(prefix="promotions-") as folder,
        Books.open(write_books(made, Path(folder) / "space", offers, spend)) as books,
    ):
        view = View(books, END)
        weeks = panel(view)
        assert isinstance(weeks, Panel)
        found = lift(books, weeks)
        assert isinstance(found, Lift)
        book = promotion_book(view, weeks, found)
        assert isinstance(book, PromotionBook)
        each = book.earned()
    p = [stats.t.cdf(one.earned.value / one.earned.error, one.earned.freedom) for one in each]
    named = {one.key for one, q in zip(each, q_values(np.array(p)), strict=True) if q <= 0.1}
    wrong = {id_ for id_ in named if truth[id_] >= 0}
    return Losers(len(planted), len(planted & named), len(named), len(wrong))


def losers_summary(found: list[Losers]) -> str:
    """Tell how many planted losers were found, and how many of those named were none."""
    planted, hit, named, wrong = (
        sum(getattr(each, name) for each in found)
        for name in ("planted", "found", "named", "wrong")
    )
    return (
        f"{len(found)} panels: {hit:,} of {planted:,} planted losers found ({hit / planted:.1%}); "
        f"{wrong:,} of {named:,} named earned something ({wrong / max(named, 1):.1%})"
    )


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--panels", type=int, default=25)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--losers", type=int, metavar="PANELS")
    asked = parser.parse_args()
    if asked.losers:
        seeds = range(asked.first_seed, asked.first_seed + asked.losers)
        print(losers_summary([losers(seed) for seed in seeds]))
        return
    held: list[Held] = []
    for seed in range(asked.first_seed, asked.first_seed + asked.panels):
        held += hold(seed)
        print(f"\r{seed}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(summary(held))


if __name__ == "__main__":
    main()
