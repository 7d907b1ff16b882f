"""How far to trust a rehearsal: made-up companies whose true answer to a rate is known.

Companies of 12,000 deals, 40 reps and two years are made and imported. Their agreement's limits
are cut to six tenths, and the effect of that is estimated by the product and held against the
truth: the sum of the true chances at the rates that would be left, less that at the rates that
were given. Each company is asked four times, its outcomes drawn anew from the true chances for
each shape of the answer to the rate: *straight*, *saturating*, only above a *threshold*, *none*.
*hidden* are companies in which something that nobody recorded moves both the rate and winning.

Beside the product, on the same deals: the plain logistic model (a straight line in the rate) and
the comparison of win rates by bands of two points, which is what a spreadsheet does.

Every company is one line of the results, written when it is done: stop at any time, run again to
go on, and ask for more companies later.

    python -m benchmarks.rehearse results.jsonl --companies 300
    python -m benchmarks.rehearse results.jsonl --summary
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.rehearse_results import summary
from benchmarks.watch_company import Bench, named_agreements, open_bench
from counterpoise.agreement import Agreement
from counterpoise.books import Workspace, import_books
from counterpoise.demo import Dose, DoseShape, Faults, Form, Recipe, make_company
from counterpoise.rehearse.candidates import Replaying
from counterpoise.rehearse.dose import Dose as Answering
from counterpoise.rehearse.effect import effect_on
from counterpoise.rehearse.estimating import Shift, Surface
from counterpoise.rehearse.logistic import expit
from counterpoise.rehearse.mix import Mix
from counterpoise.rehearse.offers import Floats, Offers, closed_offers
from counterpoise.rehearse.results import Behaviour, Effect

FIRST_SEED = 50_000
"""Seeds below belong to whoever tunes the estimator."""
DEALS, REPS = 12_000, 40
HIDDEN_CAUSE = 0.02
"""Points of rate at one standard deviation of what nobody recorded; 0.5 in log-odds of losing."""
KEPT = Decimal("0.6")
BAND = 0.02


@dataclass(frozen=True)
class Task:
    """A company to make and rehearse on."""

    part: str
    seed: int

    @property
    def recipe(self) -> Recipe:
        """Return what the company is made to be."""
        import datetime as dt

        return Recipe(
            first_on=dt.date(2024, 7, 1),
            last_on=dt.date(2026, 6, 30),
            reps=REPS,
            form=Form.PARQUET,
            deal_truth=True,
            hidden_cause=HIDDEN_CAUSE if self.part == "hidden" else 0.0,
        )

    @property
    def shapes(self) -> tuple[DoseShape, ...]:
        """Return the shapes that are asked of the company."""
        return tuple(DoseShape) if self.part == "shapes" else (DoseShape.STRAIGHT,)


@dataclass(frozen=True)
class Known:
    """What is true of each offer: the log-odds of winning at list, and what nobody recorded."""

    odds: Floats
    hidden: Floats


def rehearse_company(bench: Bench, task: Task) -> dict[str, Any]:
    """Make a company, rehearse a cut of its limits, and hold it against the truth."""
    began = time.process_time()
    with tempfile.TemporaryDirectory(dir=bench.scratch) as name:
        folder = Path(name)
        company = make_company(
            folder / "made",
            deals=DEALS,
            seed=task.seed,
            faults=Faults.none(),
            recipe=task.recipe,
        )
        workspace = Workspace.create(folder / "books", company.currency, company.time_zone)
        import_books(workspace, company.export, adapter="canonical")
        shutil.rmtree(company.export)
        agreements = named_agreements(company)
        with bench.books(workspace) as books:
            replaying = Replaying.of(books, agreements, company.last_on)
            latest = agreements.latest
            assert latest is not None, "a made-up company has agreements"
            counting = replaying.counting(cut(latest.agreement))
            offers = closed_offers(counting, Behaviour.WITHIN_AUTHORITY)
        known = _known(folder / "made" / "truth_deals.parquet", offers)
    asked = {str(shape): _asked(offers, known, shape, task) for shape in task.shapes}
    seconds = round(time.process_time() - began, 2)
    return {**dataclasses.asdict(task), "shapes": asked, "seconds": seconds}


def cut(agreement: Agreement) -> Agreement:
    """Return an agreement whose limits are cut to six tenths, to the tenth of a point."""
    places = Decimal("0.001")
    limits = tuple(
        row.model_copy(
            update={
                "up_to": {who: (most * KEPT).quantize(places) for who, most in row.up_to.items()}
            }
        )
        for row in agreement.discounts.limits
    )
    discounts = agreement.discounts.model_copy(update={"limits": limits})
    return agreement.model_copy(update={"discounts": discounts})


def _known(file: Path, offers: Offers) -> Known:
    import pyarrow as pa

    truth = pq.read_table(file)
    rows = truth.take(pc.index_in(pa.array(offers.deal_id), value_set=truth["deal_id"]))
    return Known(rows["log_odds_at_list"].to_numpy(), rows["hidden"].to_numpy())


def _asked(offers: Offers, known: Known, shape: DoseShape, task: Task) -> dict[str, Any]:
    """Draw the outcomes for a shape, estimate, and tell what is true beside."""
    dose = Dose(shape)
    with_rate = np.isfinite(offers.rate)
    rates = np.where(with_rate, offers.rate, 0.0)
    chance = expit(known.odds + dose.effect(rates))
    drawn = np.random.default_rng((task.seed, list(DoseShape).index(shape)))
    won = np.where(with_rate, drawn.random(len(offers)) < chance, offers.won)
    asked = dataclasses.replace(offers, won=won.astype(np.bool_))
    effect = effect_on(asked)
    seen, odds = asked.part(with_rate), known.odds[with_rate]
    truth = _truth(seen, odds, dose)
    return {
        "refused": effect.why if effect.totals is None else None,
        "fragile": bool(effect.robustness and effect.robustness.fragile),
        "robustness": effect.robustness.value if effect.robustness else None,
        "strongest": effect.robustness.strongest_recorded if effect.robustness else None,
        "permuted": effect.placebo.permuted if effect.placebo else None,
        "truth": truth,
        "estimated": _figures(effect),
        "plain": _plain(seen),
        "by_band": _by_band(seen),
        "bound": _bound(effect, seen, known.hidden[with_rate]) if task.part == "hidden" else None,
    }


def _sums(offers: Offers) -> dict[str, Shift]:
    one = np.ones(len(offers))
    after, before = offers.listed * (1.0 - offers.new_rate), offers.listed * (1.0 - offers.rate)
    return {
        "deals_won": Shift(one, one),
        "margin": Shift(after - offers.cost, before - offers.cost),
    }


def _truth(offers: Offers, odds: Floats, dose: Dose) -> dict[str, float]:
    now, then = (expit(odds + dose.effect(each)) for each in (offers.rate, offers.new_rate))
    return {
        name: float(shift.after @ then - shift.before @ now)
        for name, shift in _sums(offers).items()
    }


def _figures(effect: Effect) -> dict[str, list[float]]:
    if effect.totals is None or effect.totals.margin is None:
        return {}
    told = {"deals_won": effect.totals.deals_won, "margin": effect.totals.margin}
    return {name: [each.estimate, each.low, each.high] for name, each in told.items()}


def _plain(offers: Offers) -> dict[str, float]:
    """Return the sums by a logistic model with a straight line in the rate."""
    surface = _straight(offers)
    return {name: surface.total(shift).model_only for name, shift in _sums(offers).items()}


def _straight(offers: Offers, *, further: Floats | None = None) -> Surface:
    from counterpoise.rehearse.causes import usable_mix

    mix: Mix = usable_mix(offers)[0]
    if further is not None:
        mix = mix.joined("further", further[:, None])
    dose = Answering(float(offers.rate.std()), (), mix.groups[:, :0])
    return Surface(offers, mix, dose, offers.new_rate)


def _by_band(offers: Offers) -> dict[str, float]:
    """Return the sums by the share won in each band of two points, mix left out."""
    first = np.floor(offers.rate.min() / BAND)
    now, then = (
        np.maximum(np.floor(each / BAND) - first, 0).astype(np.int64)
        for each in (offers.rate, offers.new_rate)
    )
    size = int(max(now.max(), then.max())) + 1
    counts = np.bincount(now, minlength=size)
    share = np.bincount(now, offers.won, size) / np.maximum(counts, 1)
    return {
        name: float(shift.after @ share[then] - shift.before @ share[now])
        for name, shift in _sums(offers).items()
    }


def _bound(effect: Effect, offers: Offers, hidden: Floats) -> dict[str, float]:
    """Return how far the hidden cause could move each sum, its true strength put in."""
    if effect.robustness is None:
        return {}
    short, long = _full(offers), _full(offers, hidden)
    one = np.ones(len(offers))
    shift = Shift(one, one)
    more, left = (float(each.residual @ each.residual) for each in (short, long))
    without, moved = short.weights(shift), long.weights(shift) - short.weights(shift)
    of_winning = max(0.0, 1.0 - left / more)
    odds_of_weights = float(moved @ moved) / float(without @ without)
    of_weights = odds_of_weights / (1.0 + odds_of_weights)
    return {
        name: effect.robustness.bound(name, of_winning, of_weights)
        for name in ("deals_won", "margin")
    }


def _full(offers: Offers, hidden: Floats | None = None) -> Surface:
    from counterpoise.rehearse.causes import usable_mix

    mix = usable_mix(offers)[0]
    if hidden is not None:
        mix = mix.joined("hidden", hidden[:, None])
    return Surface(offers, mix, Answering.of(offers.rate, mix.groups), offers.new_rate).settled()


_SPAWNED = multiprocessing.get_context("spawn")
_OPEN = ExitStack()
_BENCHES: list[Bench] = []


def _begin(scratch: Path) -> None:
    _BENCHES.append(_OPEN.enter_context(open_bench(scratch)))


def _rehearse(task: Task) -> dict[str, Any]:
    return rehearse_company(_BENCHES[0], task)


def tasks(companies: int) -> Iterator[Task]:
    """Yield the companies, a third as many with a hidden cause as without."""
    for number in range(companies):
        yield Task("shapes", FIRST_SEED + number)
        if number % 3 == 0:
            yield Task("hidden", FIRST_SEED + 10_000 + number)


def run(file: Path, companies: int, workers: int) -> None:
    """Rehearse what is not in the file yet, adding a line a company."""
    done = {(each["part"], each["seed"]) for each in read(file)}
    left = [each for each in tasks(companies) if (each.part, each.seed) not in done]
    with (
        tempfile.TemporaryDirectory() as scratch,
        file.open("a", encoding="utf-8") as lines,
        ProcessPoolExecutor(workers, _SPAWNED, _begin, (Path(scratch),)) as pool,
    ):
        asked = [pool.submit(_rehearse, task) for task in left]
        try:
            for number, answer in enumerate(as_completed(asked), 1):
                lines.write(json.dumps(answer.result()) + "\n")
                lines.flush()
                if sys.stderr.isatty():
                    print(f"\r{number} of {len(left)}", end="", file=sys.stderr, flush=True)
        finally:
            pool.shutdown(cancel_futures=True)  # who interrupts does not wait for all the rest


def read(file: Path) -> list[dict[str, Any]]:
    """Return the lines that are there, a half-written last one left out."""
    if not file.is_file():
        return []
    text = file.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole, encoding="utf-8")
    return [json.loads(line) for line in whole.splitlines()]


def main() -> None:
    """Run the benchmark, or sum up what it found so far."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path, help="where a line a company is added")
    parser.add_argument("--companies", type=int, default=300)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--summary", action="store_true", help="run nothing")
    options = parser.parse_args()
    if not options.summary:
        run(options.results, options.companies, options.workers)
    print(summary(read(options.results)))


if __name__ == "__main__":
    main()
