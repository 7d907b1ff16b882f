"""Make the consumer-goods company: its export, its agreements, and the truth about it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa

from counterpoise.books.progress import Progress, Silent
from counterpoise.demo.arrays import Floats
from counterpoise.demo.company import TRUTH, Company
from counterpoise.demo.consumer.calendar import Calendar, make_calendar
from counterpoise.demo.consumer.contract import Terms, write_consumer_contract
from counterpoise.demo.consumer.market import BRANDS, CHAINS, ConsumerRecipe, Market, make_market
from counterpoise.demo.consumer.plants import CONSUMER_FAULTS, FADES, Plant, fade, plant
from counterpoise.demo.consumer.selling import Weeks, earned, sell
from counterpoise.demo.consumer.tables import (
    People,
    account_ids,
    accounts_table,
    campaign_ids,
    campaigns_table,
    make_people,
    people_table,
    products_table,
    promotion_ids,
    promotions_table,
    sell_through_table,
)
from counterpoise.demo.export import Export, Form
from counterpoise.demo.recipe import half_of
from counterpoise.demo.truth import SCHEMA, write_truth
from counterpoise.demo.world import CURRENCY, TIME_ZONE

_NOBODY = Silent()
_YEAR_WEEKS = 52


def make_consumer_company(
    directory: Path,
    *,
    seed: int = 1,
    recipe: ConsumerRecipe | None = None,
    faults: Collection[str] = CONSUMER_FAULTS,
    form: Form = Form.CSV,
    progress: Progress = _NOBODY,
) -> Company:
    """Write the company's books, agreements and truth; the same seed makes the same bytes.

    Args:
        directory: Where to write; it is made if it is not there.
        seed: Decides everything that is drawn.
        recipe: How large it is and what moves volume.
        faults: The kinds of faults that are planted.
        form: How the tables are written.
        progress: Told how many weeks are made.
    """
    market = make_market(recipe or ConsumerRecipe(), seed)
    progress.start("Making weeks", int(np.prod(market.recipe.shape)))
    calendar = make_calendar(market)
    plants = plant(market, calendar, faults)
    if FADES in faults:
        market.plain = market.plain + fade(sell(market, calendar))
    weeks = sell(market, calendar)
    progress.advance(int(np.prod(market.recipe.shape)))
    people = make_people(market)
    with Export(directory / "export", form) as export:
        _write(export, market, calendar, (weeks, people))
    progress.done()
    truth = _truth(market, calendar, weeks, plants) | {"seed": seed}
    write_truth(directory / TRUTH, truth)
    ratified = _agreements(market, calendar, people, directory)
    return Company(
        directory=directory,
        export=directory / "export",
        agreement_file=directory / "agreement.yaml",
        ratified=ratified,
        truth_file=directory / TRUTH,
        currency=CURRENCY,
        time_zone=TIME_ZONE,
        last_on=market.recipe.last_on,
        rows=export.rows,
        truth=truth,
    )


def _write(export: Export, market: Market, calendar: Calendar, sold: tuple[Weeks, People]) -> None:
    weeks, people = sold
    export.add("people", people_table(people))
    export.add("accounts", accounts_table(market))
    export.add("products", products_table(market))
    export.add("campaigns", campaigns_table(market, calendar))
    export.add("promotions", promotions_table(market, calendar))
    export.add("sell_through", sell_through_table(market, weeks))


def _agreements(
    market: Market, calendar: Calendar, people: People, directory: Path
) -> tuple[Path, ...]:
    """Write a version a half-year of the last twelve months; the last one goes on."""
    folder = directory / "agreements"
    folder.mkdir(parents=True, exist_ok=True)
    quarter = _usual_quarter(market, calendar)
    written = []
    for first, last in _spans(market.recipe):
        half = "First" if first.month == 1 else "Second"
        terms = Terms(f"{half} half {first.year}", first, last, quarter)
        text = write_consumer_contract(terms, people.first_of(2), people.first_of(1))
        written.append(folder / f"{first}.yaml")
        written[-1].write_text(text, encoding="utf-8")
    shutil.copyfile(written[-1], directory / "agreement.yaml")
    return tuple(written)


def _spans(recipe: ConsumerRecipe) -> list[tuple[dt.date, dt.date]]:
    """Return the half-years of the last twelve months, the last one until the end of its year.

    >>> for first, last in _spans(ConsumerRecipe.until(dt.date(2026, 9, 4))):
    ...     print(first, last)
    2025-07-01 2025-12-31
    2026-01-01 2026-06-30
    2026-07-01 2026-12-31
    """
    day = recipe.last_on - (_YEAR_WEEKS - 1) * dt.timedelta(weeks=1)
    spans = [half_of(day)]
    while spans[-1][1] < recipe.last_on:
        spans.append(half_of(spans[-1][1] + dt.timedelta(days=1)))
    first, last = spans[-1]
    return [*spans[:-1], (first, last.replace(month=12, day=31))]


def _usual_quarter(market: Market, calendar: Calendar) -> int:
    """Return more than any quarter of promotions was to cost, in units of money."""
    weeks = market.recipe.weeks
    quarter = calendar.first * 7 // 91
    most = int(np.bincount(quarter, calendar.spend).max()) if weeks else 0
    return round(1.5 * most / 100 / 10_000) * 10_000


def _truth(
    market: Market, calendar: Calendar, weeks: Weeks, plants: list[Plant]
) -> dict[str, object]:
    recipe, each = market.recipe, earned(market, calendar, weeks)
    recent = calendar.first >= recipe.weeks - _YEAR_WEEKS
    names = promotion_ids(np.arange(calendar.size)).to_pylist()
    return {
        "schema": SCHEMA,
        "kind": "consumer",
        "first_on": recipe.first_on.isoformat(),
        "last_on": recipe.last_on.isoformat(),
        "currency": CURRENCY,
        "time_zone": TIME_ZONE,
        "faults": [_fault(one, each) for one in plants],
        "volume": asdict(recipe.truth),
        "promotions": {
            "count": calendar.size,
            "earned": round(float(each.sum()) / 100, 2),
            "earned_last_year": {
                names[at]: round(float(each[at]) / 100, 2) for at in np.flatnonzero(recent)
            },
        },
    }


def _fault(one: Plant, each: Floats) -> Mapping[str, object]:
    """Return a fault as plain values, with what it truly lost where it is a promotion."""
    id_, name = _subject(one)
    found: dict[str, object] = {
        "kind": one.kind,
        "variant": one.variant,
        "side": one.side,
        "subject": {"type": one.type, "id": id_, "name": name},
        "says": one.says,
    }
    if one.type == "promotion":
        found["earned"] = round(float(each[one.at]) / 100, 2)
    return found


def _subject(one: Plant) -> tuple[str, str]:
    at = np.array([one.at])
    if one.type == "account":
        return account_ids(at)[0].as_py(), CHAINS[one.at]
    if one.type == "product_family":
        return BRANDS[one.at], BRANDS[one.at]
    made: pa.Array = campaign_ids(at) if one.type == "campaign" else promotion_ids(at)
    return made[0].as_py(), made[0].as_py()
