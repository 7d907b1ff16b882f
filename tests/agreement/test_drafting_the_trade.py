"""A draft for a company that sells through retailers, from its own weeks and promotions."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from counterpoise.agreement import parse_agreement
from counterpoise.agreement.drafting import draft, gather_evidence
from counterpoise.agreement.drafting.evidence import Evidence, RoleFound, Sold, Spent, Traded
from counterpoise.agreement.linting import lint
from counterpoise.books import Books, Workspace, import_books

D = Decimal
TRADE = Evidence(
    "Acme",
    "EUR",
    "UTC",
    dt.date(2026, 6, 30),
    roles=(
        RoleFound("Key Account Manager", "sales", 4),
        RoleFound("Sales Director", "sales", 1, 0, ("Key Account Manager",)),
        RoleFound("Brand Manager", "marketing", 5),
        RoleFound("Chief Commercial Officer", "both", 1, 0, ("Brand Manager", "Sales Director")),
    ),
    spent=(Spent("promotion_spend", D(214715), D(415590), 12),),
    traded=Traded(
        74_880,
        dt.date(2023, 7, 3),
        dt.date(2026, 6, 22),
        6_785,
        D("0.919"),
        D("0.353"),
        D("0.0043"),
        (Sold("Alpine", 900, D("0.005")), Sold("Hearth", 900, D("0.3"))),
    ),
)


def test_asks_both_sides_for_a_little_more_than_last_year() -> None:
    goals = parse_agreement(draft(TRADE)).goals
    assert [(each.metric, each.at_least, each.at_most, each.owner) for each in goals] == [
        ("base_price_realization", D("0.92"), None, None),
        ("share_on_deal", None, D("0.35"), "marketing"),
        ("trade_spend_share", None, D("0.005"), "sales"),
    ]


def test_places_who_leads_accounts_and_brands_though_nobody_owns_a_deal() -> None:
    roles = parse_agreement(draft(TRADE)).roles
    named = {name: role.people and role.people.written()["role"] for name, role in roles.items()}
    assert named == {
        "account_manager": "Key Account Manager",
        "sales_manager": "Sales Director",
        "brand_manager": "Brand Manager",
        "commercial_lead": "Chief Commercial Officer",
    }


def test_binds_both_sides_and_protects_what_sells_without_promotion() -> None:
    agreement = parse_agreement(draft(TRADE))
    assert agreement.promises.sales
    assert agreement.promises.marketing
    assert [(each.of, each.side, each.amount) for each in agreement.budgets] == [
        ("promotion_spend", "both", D(220_000))
    ]
    assert [each.id for each in agreement.protected] == ["alpine"]


def test_gives_each_side_the_budget_that_it_spends_where_both_are_on_record() -> None:
    both = replace(TRADE, spent=(*TRADE.spent, Spent("trade_spend", D(90), D(100), 12)))
    budgets = parse_agreement(draft(both)).budgets
    assert {each.of: str(each.side) for each in budgets} == {
        "promotion_spend": "marketing",
        "trade_spend": "sales",
    }


_WEEKS = "week,account_id,product_id,units,net_price,base_price\n" + "".join(
    f"{week},A1,{product},{units},{net},{base}\n"
    for week, product, units, net, base in (
        ("2024-01-01", "P1", 999, "1.00", "2.00"),  # more than a year ago: tells of no goal
        ("2026-01-05", "P1", 100, "2.00", "2.00"),
        ("2026-01-12", "P1", 300, "1.50", "2.00"),
        ("2026-01-05", "P2", 100, "1.00", "1.00"),
    )
)


def test_gathers_the_last_year_of_the_trade(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "sell_through.csv").write_text(_WEEKS)
    (source / "products.csv").write_text("product_id,family\nP1,Juice\nP2,Water\n")
    (source / "promotions.csv").write_text(
        "promotion_id,account_id,product_id,starts_on,ends_on,kind,rate,trade_spend\n"
        "M1,A1,P1,2026-01-12,2026-01-18,price_off,0.25,75\n"
    )
    workspace = Workspace.create(tmp_path / "acme")
    import_books(workspace, source)
    with Books.open(workspace) as books:
        evidence = gather_evidence(books, dt.date(2026, 1, 18))
    # Net of the year 100x2 + 300x1.5 + 100x1 = 750 of 900 at base price; 300 of 500 on deal.
    assert evidence.traded == Traded(
        4,
        dt.date(2024, 1, 1),
        dt.date(2026, 1, 12),
        1,
        D("0.833333"),
        D("0.6"),
        D("0.1"),
        (Sold("Juice", 2, D("0.75")), Sold("Water", 1, D("0"))),
    )
    assert not list(lint(parse_agreement(draft(evidence))))
