"""Real exports are read whole, faults included."""

from pathlib import Path

import pytest

from counterpoise.books.sources import Source
from tests.books.sources.conftest import Open


def text(source: Source, query: str) -> list[tuple[object, ...]]:
    return source.connection.execute(query).fetchall()


@pytest.mark.parametrize(
    ("folder", "rows"),
    [
        ("b2b_martech_discounts", {"data": 1_505}),
        ("bayesm_cheese", {"cheese": 5_555}),
        ("channel_attribution", {"Data": 10_000}),
        ("classicmodels", {"customers": 122, "orderdetails": 2_996, "products": 110}),
        ("complete_journey", {"transactions_sample": 75_000, "promotions_sample": 360_535}),
        ("dominicks_oj", {"oj": 28_947}),
        ("maven_crm_sales", {"accounts": 85, "products": 7, "sales_pipeline": 8_800}),
        ("maven_crm_sales_usdates", {"sales_pipeline": 6_711, "sales_teams": 35}),
        ("northwind", {"order_details": 2_155, "orders": 830, "products": 77}),
        ("olist_funnel", {"olist_closed_deals_dataset": 842}),
        ("salesforce_cpq_demo", {"Pricebook2": 1, "SBQQ__Quote__c": 7}),
        ("salesforce_dataloader", {"accountData": 423, "opportunityData": 38}),
        ("fivetran_hubspot", {}),
        ("fivetran_salesforce", {}),
    ],
)
def test_reads_every_row_of_a_real_set(
    shared: Path, opened: Open, folder: str, rows: dict[str, int]
) -> None:
    source = opened(shared / "data" / folder)
    source.lock()
    assert list(source.rejects) == []
    assert rows.items() <= {name: table.rows for name, table in source.tables.items()}.items()
    for table in source.tables.values():
        ((count,),) = text(source, f"SELECT count(*) FROM {table.relation}")
        assert count == table.rows


def test_reads_a_file_of_carriage_returns_with_padded_headers(shared: Path, opened: Open) -> None:
    source = opened(shared / "data" / "b2b_martech_discounts" / "data.csv")
    assert source.tables["data"].columns == (
        "ID",
        "Close Date",
        "Created Date",
        "New Logo",
        "Type",
        "Stage",
        "Billing Plan",
        "ACV",
        "Discount Amount",
        "Amount",
        "Net Amount",
    )
    assert text(source, 'SELECT "ID", "ACV", "Discount Amount" FROM source.data LIMIT 1') == [
        ("1", "431370", None)
    ]


def test_reads_cp1252_as_it_was_meant(shared: Path, opened: Open) -> None:
    source = opened(shared / "data" / "salesforce_dataloader")
    content = (shared / "data" / "salesforce_dataloader" / "accountData.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        content.decode()
    found = text(source, 'SELECT string_agg(COLUMNS(*)) FROM source."accountData"')
    seen = "".join(str(value) for value in found[0])
    assert "\ufffd" not in seen
    beyond_ascii = {letter for letter in content.decode("cp1252") if not letter.isascii()}
    assert beyond_ascii - {"\u00a0"} <= set(seen)


def test_reads_the_worked_example(shared: Path, opened: Open) -> None:
    source = opened(shared / "golden" / "export")
    assert {"deals", "deal_lines", "people"} <= set(source.tables)
    assert list(source.rejects) == []
