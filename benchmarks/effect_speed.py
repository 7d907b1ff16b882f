"""How long the effect takes, beside DoubleML on the same deals, in the same run.

Made-up deals with the causes that books usually have. Ours is the whole answer: choosing causes,
outcome model, weights, three sums, objections, band check, robustness, placebos. DoubleML's is one
estimate for one figure, its interactive regression model (what deals above the limit would have
come to below it) with logistic models for winning and for standing above, the same columns made
beforehand, the same five folds by account.

The two do not answer the same question, so their figures are not compared; where they do, for
cuts of at most two points, `tests/rehearse/test_band.py` holds them to be equal.

DoubleML and what it brings are no part of the development requirements (half a gigabyte):

    pip install doubleml==0.11.4
    python -m benchmarks.effect_speed --deals 200000
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from counterpoise.rehearse.causes import usable_mix
from counterpoise.rehearse.effect import effect_on
from counterpoise.rehearse.estimating import FOLDS
from counterpoise.rehearse.logistic import expit
from counterpoise.rehearse.offers import Floats, Offers

LIMIT = 0.12
_LEVELS = {
    "account.segment": 3,
    "account.industry": 15,
    "account.region": 8,
    "account.country": 40,
    "deal.source": 6,
    "deal.kind": 3,
    "deal.payment": 4,
    "deal.competitor": 10,
    "owner.team": 6,
    "product_family": 8,
    "deal.attr.channel": 12,
    "persona": 5,
}


def made_offers(deals: int, seed: int = 1) -> Offers:
    """Make closed deals whose segment, source and size move both the rate and winning."""
    rng = np.random.default_rng(seed)
    accounts = deals // 10
    account, owner = rng.integers(0, accounts, deals), rng.integers(0, 200, deals)
    codes = {name: rng.integers(0, levels, deals) for name, levels in _LEVELS.items()}
    segment, source = codes["account.segment"], codes["deal.source"]
    rate: Floats = 0.09 + 0.02 * segment - 0.01 * (source == 0)
    rate = np.clip(rate + 0.06 * rng.standard_normal(deals), 0.0, 0.5).round(4)
    odds = -1.2 - 0.3 * segment + 0.3 * (source == 1)
    odds = odds + 0.4 * rng.standard_normal(accounts)[account] + 10.0 * rate
    size = 9.0 + 0.3 * segment + 0.6 * rng.standard_normal(deals)
    listed: Floats = np.exp(size).round(2)
    created = np.sort(rng.integers(19_000, 19_730, deals))
    limit = np.full(deals, LIMIT)
    causes: dict[str, Any] = {
        name: np.array([f"{name} {at}" for at in range(_LEVELS[name])], dtype=object)[values]
        for name, values in codes.items()
    }
    causes["account.employees"] = np.exp(3.0 + segment + rng.standard_normal(deals))
    causes["deal.term_months"] = rng.choice([12.0, 24.0, 36.0, np.nan], deals)
    return Offers(
        deal_id=np.array([f"D{at}" for at in range(deals)], dtype=object),
        account=account,
        owner=owner,
        won=rng.random(deals) < expit(odds),
        listed=listed,
        cost=0.6 * listed,
        rate=rate,
        new_rate=np.minimum(rate, limit),
        limit=limit,
        former_limit=np.full(deals, 0.2),
        row=np.minimum(segment, 1),
        created=created,
        closed=created + 30,
        causes=causes,
    )


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Return wall and processor seconds."""
    wall, spent = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": round(time.perf_counter() - wall, 2),
        "processor_seconds": round(time.process_time() - spent, 2),
    }


def peak_mib() -> int:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def doubleml_on(offers: Offers) -> Callable[[], object]:
    """Return the work of DoubleML: its data are made, what it fits is not."""
    import pandas as pd

    doubleml = importlib.import_module("doubleml")
    logistic = importlib.import_module("sklearn.linear_model").LogisticRegression
    columns = usable_mix(offers)[0].columns[:, 1:]
    names = [f"x{at}" for at in range(columns.shape[1])]
    frame = pd.DataFrame(columns, columns=names)
    frame["won"], frame["above"] = offers.won.astype(float), (offers.rate > LIMIT).astype(float)
    data = doubleml.DoubleMLData(frame, "won", "above", names)
    fold = np.random.default_rng(1).integers(0, FOLDS, int(offers.account.max()) + 1)
    of_deal = fold[offers.account]
    split = [(np.flatnonzero(of_deal != at), np.flatnonzero(of_deal == at)) for at in range(FOLDS)]

    def work() -> object:
        model = doubleml.DoubleMLIRM(
            data,
            logistic(max_iter=200),
            logistic(max_iter=200),
            n_folds=FOLDS,
            score="ATTE",
            draw_sample_splitting=False,
        )
        model.set_sample_splitting([split])
        return model.fit()

    return work


def main() -> None:
    """Print what was measured as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--deals", type=int, default=200_000)
    options = parser.parse_args()
    offers = made_offers(options.deals)
    before = peak_mib()
    ours = timed(lambda: effect_on(offers))
    found: dict[str, Any] = {
        "deals": options.deals,
        "columns": usable_mix(offers)[0].columns.shape[1],
        "effect": {**ours, "peak_mib": peak_mib(), "peak_mib_of_the_deals": before},
    }
    if importlib.util.find_spec("doubleml"):
        found["doubleml"] = timed(doubleml_on(offers))
        ratio = ours["seconds"] / found["doubleml"]["seconds"]
        found["effect_by_doubleml"] = round(ratio, 2)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
