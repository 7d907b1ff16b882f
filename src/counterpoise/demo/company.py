"""Make the company: its export, its agreements, and the truth about it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from counterpoise.books.progress import Progress, Silent
from counterpoise.demo.accounts import account_history_table, accounts_table
from counterpoise.demo.arrays import Floats
from counterpoise.demo.batch import Numbers, live, true_chances, write, write_extras
from counterpoise.demo.campaigns import campaigns_table
from counterpoise.demo.contract import write_contract
from counterpoise.demo.deals import batch_of
from counterpoise.demo.dirt import soil
from counterpoise.demo.export import Export, Form
from counterpoise.demo.figures import Figures, set_figures
from counterpoise.demo.people import people_table, person_roles_table
from counterpoise.demo.planting import Faults, Planting
from counterpoise.demo.products import (
    exchange_rates_table,
    list_prices_table,
    products_table,
)
from counterpoise.demo.pursuit import pursue
from counterpoise.demo.recipe import Recipe, RecipeError
from counterpoise.demo.stage import Stage
from counterpoise.demo.tally import Tally, make_tally
from counterpoise.demo.tools import tools_table
from counterpoise.demo.trade import promote, promotions_table, sell_through_table
from counterpoise.demo.truth import tell, write_truth
from counterpoise.demo.world import CURRENCY, TIME_ZONE, World, make_world

FEWEST_DEALS = 100
_NOBODY = Silent()
TRUTH = "truth.json"


@dataclass(frozen=True)
class Company:
    """A made-up company on disk.

    `agreement_file` is the latest agreement; `ratified` are all versions, earliest first, each
    with the signatures of both sides in it, to be laid into a workspace.
    """

    directory: Path
    export: Path
    agreement_file: Path
    ratified: tuple[Path, ...]
    truth_file: Path
    currency: str
    time_zone: str
    last_on: dt.date
    rows: Mapping[str, int]
    truth: Mapping[str, object]


def make_company(
    directory: Path,
    *,
    deals: int = 20_000,
    seed: int = 1,
    faults: Faults | None = None,
    recipe: Recipe | None = None,
    progress: Progress = _NOBODY,
) -> Company:
    """Write a company's books, agreements and truth to a directory; the same seed, the same bytes.

    Args:
        directory: Where to write; it is made if it is not there.
        deals: How many deals the company has.
        seed: Decides everything that is drawn.
        faults: What goes wrong; by default a modest set on both sides.
        recipe: Everything else about the company.
        progress: Told how many deals are made.

    Raises:
        RecipeError: If the company would be too small to see anything in.
        UnknownFaultError: If a fault is asked for that there is not.
    """
    if deals < FEWEST_DEALS:
        raise RecipeError("the number of deals", deals, f"{FEWEST_DEALS} or more")
    world = make_world(recipe or Recipe(), seed, deals)
    planting = Planting(world, Faults.default() if faults is None else faults)
    planting.run(Stage.WORLD, world, world)
    tally = make_tally(world)
    rows, planned = _write_books(world, planting, tally, directory, progress)
    figures = set_figures(world.terms, tally, planned, is_under_way=world.recipe.is_under_way)
    planting.run(Stage.AGREED, world, figures)
    is_soiled = world.recipe.dirty and world.recipe.form is Form.CSV
    dirt = soil(directory / "export", world.recipe.first_on) if is_soiled else ()
    truth = tell(world, seed, planting.plants, tally, dirt)
    ratified = _write_agreements(world, figures, directory)
    write_truth(directory / TRUTH, truth)
    return Company(
        directory=directory,
        export=directory / "export",
        agreement_file=directory / "agreement.yaml",
        ratified=ratified,
        truth_file=directory / TRUTH,
        currency=CURRENCY,
        time_zone=TIME_ZONE,
        last_on=world.recipe.last_on,
        rows=rows,
        truth=truth,
    )


def _write_books(
    world: World, planting: Planting, tally: Tally, directory: Path, progress: Progress
) -> tuple[Mapping[str, int], Floats]:
    """Write every table; return the rows of each and what promotions were to cost a quarter."""
    with Export(directory / "export", world.recipe.form) as export:
        _write_deals(world, planting, (export, Numbers(), tally), directory, progress)
        planned = _write_trade(world, planting, export, tally)
        _write_rest(world, export, tally)
    return export.rows, planned


def _write_deals(
    world: World,
    planting: Planting,
    out: tuple[Export, Numbers, Tally],
    directory: Path,
    progress: Progress,
) -> None:
    progress.start("Making deals", world.deals)
    pursuit = pursue(world, planting)
    chances = None
    for first in range(0, pursuit.size, world.recipe.chunk):
        deals = batch_of(pursuit, first, first + world.recipe.chunk)
        leads = live(world, planting, deals)
        write(world, deals, leads, out[0], out[1])
        write_extras(world, planting, deals, leads, out)
        if world.recipe.deal_truth:
            table = true_chances(world, deals)
            chances = chances or pq.ParquetWriter(directory / "truth_deals.parquet", table.schema)
            chances.write_table(table)
        progress.advance(deals.size)
    if chances:
        chances.close()
    progress.done()


def _write_trade(world: World, planting: Planting, export: Export, tally: Tally) -> Floats:
    """Write promotions and sell-through; return what promotions were planned to cost a quarter."""
    promotions = promote(world, world.streams.of("promotions"))
    planned = make_tally(world)
    planned.add_promotions(promotions.starts, promotions.spend)
    planting.run(Stage.TRADED, world, promotions)
    tally.add_promotions(promotions.starts, promotions.spend)
    np.add.at(tally.campaign_cost, promotions.campaign, promotions.spend)
    export.add("promotions", promotions_table(promotions))
    sold = sell_through_table(world, promotions, world.streams.of("sell-through"))
    export.add("sell_through", sold)
    return planned.promoted


def _write_rest(world: World, export: Export, tally: Tally) -> None:
    export.add("people", people_table(world.people, world.last))
    export.add("person_roles", person_roles_table(world.people, world.first))
    export.add("accounts", accounts_table(world.accounts, world.last))
    export.add("account_history", account_history_table(world.accounts))
    export.add("products", products_table(world.products))
    export.add("list_prices", list_prices_table(world.products))
    export.add("tools", tools_table(world.tools))
    export.add("exchange_rates", exchange_rates_table(world.products))
    # What a campaign costs beside its touches, and how far its plan lay above.
    rng = world.streams.of("campaign budgets")
    made = 400_000 + rng.integers(0, 8, world.campaigns.size) * 100_000
    spend = tally.campaign_cost.astype(np.int64) + made
    plan = (spend * rng.uniform(1.01, 1.1, len(spend))).astype(np.int64) // 50_000 * 50_000
    budget = np.maximum(plan, spend // 50_000 * 50_000 + 50_000)
    export.add("campaigns", campaigns_table(world.campaigns, world.ends, budget, spend))


def _write_agreements(world: World, figures: list[Figures], directory: Path) -> tuple[Path, ...]:
    folder = directory / "agreements"
    folder.mkdir(exist_ok=True)
    written = []
    versions = world.terms.versions
    for version, asked in zip(versions, figures, strict=True):
        text = write_contract(world, version, asked, version is versions[-1])
        written.append(folder / f"{version.from_on}.yaml")
        written[-1].write_text(text, encoding="utf-8")
    shutil.copyfile(written[-1], directory / "agreement.yaml")
    return tuple(written)
