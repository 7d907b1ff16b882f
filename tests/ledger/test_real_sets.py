"""Reviews of real exports give the figures that were worked out independently."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View, latest_day
from counterpoise.books.importing import import_books
from counterpoise.books.workspace import Workspace
from counterpoise.ledger import Review, review, review_object
from counterpoise.ledger.ledger import ledger_deals

TODAY = dt.date(2026, 1, 1)
FIELDS = {"b2b_martech_discounts": ("attr.Type", "attr.New Logo", "stage")}
ADAPTERS = {"maven_crm_sales_usdates": "maven_crm_sales"}
SETS = (
    "maven_crm_sales",
    "maven_crm_sales_usdates",
    "b2b_martech_discounts",
    "northwind",
    "classicmodels",
    "olist_funnel",
)


@dataclass(frozen=True)
class RealSet:
    """A real export, imported and reviewed, with the figures that somebody else worked out."""

    books: Books
    review: Review
    told: dict[str, Any]
    facts: dict[str, Any]

    @property
    def ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = self.told["ledger"]
        return found

    def rows(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.books.run(self.books.table(table)).to_pylist()
        return found

    def by_name(self, grouping: str) -> dict[str, dict[str, Any]]:
        return {row["name"]: row for row in self.ledger["by"][grouping]}

    def deals(self) -> list[dict[str, Any]]:
        view = View(self.books, self.review.as_of)
        found: list[dict[str, Any]] = self.books.run(ledger_deals(view, Agreements())).to_pylist()
        return found


@pytest.fixture(scope="module")
def real_set(
    root: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], RealSet]]:
    made: dict[str, RealSet] = {}

    def get(name: str) -> RealSet:
        if name not in made:
            made[name] = _imported(root, shared, name, tmp_path_factory.mktemp(name) / "company")
        return made[name]

    yield get
    for each in made.values():
        each.books.close()


def _imported(root: Path, shared: Path, name: str, folder: Path) -> RealSet:
    workspace = Workspace.create(folder)
    adapter = root / "examples" / "adapters" / ADAPTERS.get(name, name)
    import_books(workspace, shared / "data" / name, adapter=adapter, accept=True)
    books = Books.open(workspace)
    found = review(books, Agreements(), latest_day(books, TODAY), FIELDS.get(name, ()))
    entries = json.loads((shared / "data" / "FACTS.json").read_text(encoding="utf-8"))
    facts = {entry["id"]: entry["value"] for entry in entries if entry["dataset"] == name}
    return RealSet(books, found, review_object(found), facts)


@pytest.fixture
def maven(real_set: Callable[[str], RealSet]) -> RealSet:
    return real_set("maven_crm_sales")


@pytest.fixture
def martech(real_set: Callable[[str], RealSet]) -> RealSet:
    return real_set("b2b_martech_discounts")


@pytest.fixture
def northwind(real_set: Callable[[str], RealSet]) -> RealSet:
    return real_set("northwind")


@pytest.fixture
def classic(real_set: Callable[[str], RealSet]) -> RealSet:
    return real_set("classicmodels")


@pytest.fixture
def olist(real_set: Callable[[str], RealSet]) -> RealSet:
    return real_set("olist_funnel")


@pytest.mark.parametrize("name", SETS)
def test_every_sum_reconciles_with_the_source_rows(
    real_set: Callable[[str], RealSet], name: str
) -> None:
    found = real_set(name)
    net = _net_of_won_deals(found)
    assert found.ledger["net_revenue"] == float(net)
    for grouping, groups in found.ledger["by"].items():
        assert sum(Decimal(str(row["net_revenue"])) for row in groups) == net, grouping
        for figure in ("list_revenue", "conceded", "above_list"):
            money = sum(Decimal(str(row[figure])) for row in groups)
            assert money == Decimal(str(found.ledger[figure])), (grouping, figure)
        if not grouping.startswith("product"):
            won = sum(row["deals_won"] for row in groups)
            assert won == found.ledger["deals_won"], grouping


def _net_of_won_deals(found: RealSet) -> Decimal:
    """Add up what the deal table says, without the program's own sums."""
    won = {
        row["deal_id"]: row["net_amount"] for row in found.rows("deals") if row["outcome"] == "won"
    }
    lines: dict[str, Decimal] = {}
    for row in found.rows("deal_lines"):
        amount = row["quantity"] * (row["net_price"] or Decimal(0))
        lines[row["deal_id"]] = lines.get(row["deal_id"], Decimal(0)) + amount
    return sum((lines.get(deal, net or Decimal(0)) for deal, net in won.items()), Decimal(0))


def test_maven_gives_the_outcomes_and_the_win_rate(maven: RealSet) -> None:
    stages = maven.facts["stage_counts"]
    assert maven.ledger["deals_won"] == stages["Won"]
    assert maven.ledger["deals_lost"] == stages["Lost"]
    assert maven.ledger["deals_open"] == stages["Engaging"] + stages["Prospecting"]
    assert maven.ledger["win_rate"] == maven.facts["win_rate"]


def test_maven_counts_the_deals_of_the_misspelt_product(maven: RealSet) -> None:
    accepted = [
        row for row in maven.told["books"]["problems"] if row["rule"] == "accepted_spelling"
    ]
    assert [row["rows"] for row in accepted] == [maven.facts["unmatched_product_rows"]]
    assert maven.ledger["price_realization"] == maven.facts["realization_won"]
    assert maven.ledger["price_realization"] != maven.facts["realization_won_exact_join_WRONG"]


@pytest.mark.parametrize(
    ("figure", "fact"),
    [
        ("net_revenue", "won_close_value_sum"),
        ("list_revenue", "won_list_sum"),
        ("conceded", "gross_leakage"),
        ("above_list", "gross_premium"),
    ],
)
def test_maven_never_nets_what_is_above_list_against_what_is_below(
    maven: RealSet, figure: str, fact: str
) -> None:
    assert maven.ledger[figure] == maven.facts[fact]


def test_maven_counts_deals_below_above_and_at_list(maven: RealSet) -> None:
    won = [row for row in maven.deals() if row["outcome"] == "won"]
    below = sum(row["concession"] > 0 for row in won)
    above = sum(row["above_list"] > 0 for row in won)
    assert [below, above, len(won) - below - above] == maven.facts["n_below_above_equal"]


def test_maven_tells_realization_and_concessions_of_every_seller(maven: RealSet) -> None:
    sellers = maven.by_name("owner")
    by_rate = sorted(sellers, key=lambda name: sellers[name]["price_realization"])
    lowest, highest = by_rate[0], by_rate[-1]
    assert {lowest: sellers[lowest]["price_realization"]} == maven.facts["rep_realization_lowest"]
    assert {highest: sellers[highest]["price_realization"]} == maven.facts[
        "rep_realization_highest"
    ]
    most = max(sellers, key=lambda name: sellers[name]["conceded"])
    assert {most: sellers[most]["conceded"]} == maven.facts["rep_gross_leakage_top"]
    assert len(sellers) == 30  # five of the 35 never closed a deal


def test_maven_tells_how_long_deals_take(maven: RealSet) -> None:
    assert maven.ledger["cycle"]["median_days"] == {
        "won": maven.facts["median_days_engage_to_close_won"],
        "lost": maven.facts["median_days_engage_to_close_lost"],
    }


def test_maven_has_accounts_missing_on_open_deals_alone(maven: RealSet) -> None:
    missing = [row for row in maven.rows("deals") if row["account_id"] is None]
    assert len(missing) == maven.facts["null_account"]
    assert {row["outcome"] for row in missing} == {"open"}


def test_maven_cannot_tell_what_discounts_do_because_lost_offers_are_not_recorded(
    maven: RealSet,
) -> None:
    effect = maven.ledger["discount_effect"]
    assert effect["status"] == "refused"
    assert effect["why"].startswith("Lost offers are not recorded: 0 of 2,473 lost deals")


def test_both_copies_of_maven_give_the_same_figures(
    maven: RealSet, real_set: Callable[[str], RealSet]
) -> None:
    copy = real_set("maven_crm_sales_usdates")
    for figure in ("deals_won", "deals_lost", "win_rate", "net_revenue", "price_realization"):
        assert copy.ledger[figure] == maven.ledger[figure], figure


def test_martech_gives_win_rate_and_realization(martech: RealSet) -> None:
    ledger = martech.ledger
    assert ledger["deals_won"] + ledger["deals_lost"] == martech.facts["rows"]
    assert ledger["win_rate"] == martech.facts["win_rate"]
    assert ledger["list_revenue"] == martech.facts["won_amount_sum"]
    assert ledger["price_realization"] == martech.facts["won_net_realization"]


def test_martech_concedes_what_its_discounts_say_but_for_rounding(martech: RealSet) -> None:
    # Three rows write a discount that is 1 more than amount less net amount.
    assert martech.ledger["conceded"] == martech.facts["won_discount_sum"] - 3


def test_martech_groups_by_any_attribute(martech: RealSet) -> None:
    types = martech.by_name("attr.Type")
    assert {name: round(row["win_rate"], 4) for name, row in types.items()} == (
        martech.facts["win_by_type"]
    )
    assert {
        name: round(row["conceded"] / row["list_revenue"], 4) for name, row in types.items()
    } == martech.facts["disc_pct_by_type"]
    logos = martech.by_name("attr.New Logo")
    assert {name: round(row["win_rate"], 4) for name, row in logos.items()} == (
        martech.facts["win_by_new_logo"]
    )
    unpaid = martech.by_name("stage")["Closed Won - Not Paid"]["net_revenue"]
    share = round(unpaid / martech.ledger["net_revenue"], 6)
    assert share == martech.facts["not_paid_share_of_won_net"]


def test_martech_tells_cycle_time_and_what_is_odd_about_it(martech: RealSet) -> None:
    cycle = martech.ledger["cycle"]
    won, lost = martech.facts["median_cycle_won_lost"]
    assert cycle["median_days"] == {"won": won, "lost": lost}
    assert cycle["closed_before_created"] == martech.facts["neg_cycle_rows"]


def test_martech_counts_the_deals_without_an_amount(martech: RealSet) -> None:
    # Each of the two columns is blank in 49 rows, both of them in 48; one discount tells a net.
    deals = martech.deals()
    without_list = [row for row in deals if row["list_amount"] is None]
    assert len(without_list) == martech.facts["amount_missing"]
    assert sum(row["net_amount"] is None for row in without_list) == 48


def test_martech_cannot_tell_what_discounts_do_because_zeros_stand_for_not_recorded(
    martech: RealSet,
) -> None:
    effect = martech.ledger["discount_effect"]
    assert effect["status"] == "refused"
    assert "seems to stand for" in effect["why"]


def test_northwind_gives_the_discounts_of_orders_at_their_own_list_price(
    northwind: RealSet,
) -> None:
    assert northwind.ledger["price_realization"] == northwind.facts["discount_realization"]
    sellers = northwind.by_name("owner")
    rates = {
        name.split()[-1]: row["conceded"] / row["list_revenue"] for name, row in sellers.items()
    }
    lowest, highest = min(rates, key=rates.__getitem__), max(rates, key=rates.__getitem__)
    assert {
        lowest: round(rates[lowest], 4),
        highest: round(rates[highest], 4),
    } == northwind.facts["rep_discount_min_max"]


def test_northwind_would_realize_less_against_todays_list(northwind: RealSet) -> None:
    lists = {row["product_id"]: row["list_price"] for row in northwind.rows("products")}
    today = sum(row["quantity"] * lists[row["product_id"]] for row in northwind.rows("deal_lines"))
    net = Decimal(str(northwind.ledger["net_revenue"]))
    assert round(net / today, 6) == Decimal(str(northwind.facts["vs_current_list"]))


def test_classicmodels_gives_realization_against_the_list_over_all_orders(classic: RealSet) -> None:
    # The facts count every order, cancelled and disputed ones too; the ledger those that were won.
    deals = classic.deals()
    net = sum(row["net_amount"] for row in deals)
    assert float(net) == classic.facts["net_sales"]
    listed = sum(row["list_amount"] for row in deals)
    assert float(round(net / listed, 6)) == classic.facts["realization_vs_msrp"]
    won = [row for row in deals if row["outcome"] == "won"]
    assert classic.ledger["net_revenue"] == float(sum(row["net_amount"] for row in won))


def test_classicmodels_gives_the_realization_of_every_seller(classic: RealSet) -> None:
    names = {row["person_id"]: row["name"] for row in classic.rows("people")}
    sums: dict[str, list[Decimal]] = {}
    for row in classic.deals():
        if row["owner_id"]:
            both = sums.setdefault(names[row["owner_id"]], [Decimal(0), Decimal(0)])
            both[0] += row["net_amount"]
            both[1] += row["list_amount"]
    rates = {name: float(round(net / listed, 4)) for name, (net, listed) in sums.items()}
    wanted = classic.facts["rep_min_max"]
    assert {name: rates[name] for name in wanted} == wanted
    assert set(wanted.values()) == {min(rates.values()), max(rates.values())}


def test_olist_tells_how_many_leads_became_deals_and_how_long_it_took(olist: RealSet) -> None:
    leads, won = olist.told["books"]["tables"]["leads"]["rows"], olist.ledger["deals_won"]
    assert round(won / leads, 6) == olist.facts["mql_to_deal"]
    cycle = olist.ledger["cycle"]
    median = olist.facts["median_days_mql_to_won"]
    assert cycle["median_days"]["won"] == pytest.approx(median, abs=0.01)
    assert cycle["closed_before_created"] == olist.facts["won_before_contact"]


def test_olist_tells_cycle_time_by_origin_to_the_day(olist: RealSet) -> None:
    found = {row["key"] or "<null>": row["won"] for row in olist.ledger["cycle"]["by"]["source"]}
    wanted = olist.facts["median_days_by_origin"]
    assert found.keys() == wanted.keys()
    assert found == pytest.approx(wanted, abs=1)


def test_olist_keeps_missing_and_unknown_origins_apart(olist: RealSet) -> None:
    deals = {row["key"]: row["deals_won"] for row in olist.ledger["by"]["source"]}
    share = (deals[None] + deals["unknown"]) / olist.ledger["deals_won"]
    assert round(share, 6) == olist.facts["closed_no_source_share"]


def test_olist_counts_the_deals_of_every_seller(olist: RealSet) -> None:
    most = max(row["deals_won"] for row in olist.ledger["by"]["owner"])
    assert most == olist.facts["top_sr_deals"]


def test_olist_has_no_amounts_and_says_so(olist: RealSet) -> None:
    ledger = olist.ledger
    assert (ledger["net_revenue"], ledger["price_realization"]) == (0.0, None)
    assert ledger["unpriced"] == {"deals": 0, "net_revenue": 0.0, "without_amounts": 842}
