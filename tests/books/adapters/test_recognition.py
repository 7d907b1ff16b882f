"""A source is recognised by its tables and headers, or it is said what each adapter lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterpoise.books.adapters import (
    AdapterFitError,
    AmbiguousSourceError,
    UnrecognisedSourceError,
    find_adapter,
)
from counterpoise.books.sources import open_source
from tests.books.adapters.workbench import DEALS, SQL, TOML, mapped, write


def _name(folder: Path, adapter: Path | str | None = None) -> str:
    with open_source(folder) as source:
        return find_adapter(source, adapter).name


def _refusal(folder: Path, adapter: Path | str | None = None) -> str:
    with (
        open_source(folder) as source,
        pytest.raises((AdapterFitError, UnrecognisedSourceError)) as caught,
    ):
        find_adapter(source, adapter)
    return str(caught.value)


@pytest.mark.parametrize(
    ("file", "header", "name"),
    [
        ("deals", "deal_id,outcome,created_at", "canonical"),
        ("Deals", "Deal ID,Outcome,Created At", "canonical"),
        ("leads", "lead_id,created_at", "canonical"),
        ("closed 2026", "deal_id,outcome,created_at", "canonical"),
        ("Opportunity", "Id,Name,StageName,CloseDate", "salesforce"),
        ("opportunityData", "ID,NAME,STAGENAME,CLOSEDATE", "salesforce"),
        ("sf_opportunity_data", "id,name,stage_name,close_date", "salesforce"),
        ("report1700000000", "Opportunity Name,Stage,Amount,Close Date", "salesforce"),
        ("Lead", "Id,Status,CreatedDate", "salesforce"),
        ("hubspot-crm-exports-all-deals-2026-01-31", "Deal Name,Deal Stage", "hubspot/export"),
        ("anything", "Deal Name,Deal Stage,Amount", "hubspot/export"),
        ("deal_data", "deal_id,property_dealname,is_deleted", "hubspot/warehouse"),
    ],
)
def test_a_source_is_recognised(tmp_path: Path, file: str, header: str, name: str) -> None:
    row = ",".join("x" for _ in header.split(","))
    assert _name(write(tmp_path / "s", {f"{file}.csv": f"{header}\n{row}\n"})) == name


def test_what_was_found_and_what_each_adapter_lacks_is_said(tmp_path: Path) -> None:
    told = _refusal(
        write(tmp_path / "s", {"invoices.csv": "number,sum\n1,2\n", "stock.csv": "sku,n\na,1\n"})
    )
    assert "No adapter recognises" in told
    assert "(tables found: invoices, stock)" in told
    assert "canonical: none of the tables deals, leads, sell_through" in told
    assert "salesforce: no table Opportunity" in told
    assert "--adapter" in told


def test_a_misspelt_table_is_named_with_the_nearest(tmp_path: Path) -> None:
    told = _refusal(write(tmp_path / "s", {"deal.csv": "a,b\n1,2\n"}), "canonical")
    assert "did you mean deal?" in told


def test_a_misspelt_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    told = _refusal(
        write(tmp_path / "s", {"deals.csv": DEALS.replace("outcome", "outcom")}), "canonical"
    )
    assert "table deals has no column outcome; did you mean outcom?" in told


def test_an_adapter_that_is_asked_for_says_what_is_missing(tmp_path: Path) -> None:
    adapter = write(tmp_path / "mine", {"adapter.toml": TOML, "deals.sql": SQL})
    told = _refusal(write(tmp_path / "s", {"deals.csv": "deal_id,outcome\nD1,won\n"}), adapter)
    assert "does not fit the adapter mine: table deals has no column created_at" in told


def test_an_adapter_of_ones_own_is_used_when_it_is_asked_for(tmp_path: Path) -> None:
    adapter = write(tmp_path / "mine", {"adapter.toml": TOML, "deals.sql": SQL})
    source = write(tmp_path / "s", {"deals.csv": DEALS})
    assert _name(source, adapter) == "mine"
    assert _name(source) == "canonical"


def test_variants_that_fit_equally_well_are_not_chosen_between(tmp_path: Path) -> None:
    for variant in ("one", "two"):
        files = {"adapter.toml": TOML.replace("mine", variant), "deals.sql": SQL}
        write(tmp_path / "mine" / variant, files)
    folder = write(tmp_path / "s", {"deals.csv": DEALS})
    with open_source(folder) as source, pytest.raises(AmbiguousSourceError, match="one and two"):
        find_adapter(source, tmp_path / "mine")


def test_the_variant_that_knows_more_of_the_source_is_chosen(tmp_path: Path) -> None:
    more = TOML.replace("mine", "two") + 'uses = ["amount"]\n'
    write(tmp_path / "mine" / "one", {"adapter.toml": TOML, "deals.sql": SQL})
    write(tmp_path / "mine" / "two", {"adapter.toml": more, "deals.sql": SQL})
    folder = write(
        tmp_path / "s", {"deals.csv": "deal_id,outcome,created_at,amount\nD1,won,2026-01-10,5\n"}
    )
    assert _name(folder, tmp_path / "mine") == "two"


def test_a_table_is_found_by_a_pattern_of_its_name(tmp_path: Path) -> None:
    toml = TOML.replace("[tables.deals]", '[tables.deals]\nnames = ["export_*_deals"]')
    adapter = write(tmp_path / "mine", {"adapter.toml": toml, "deals.sql": SQL})
    source = write(tmp_path / "s", {"Export 2026 Deals.csv": DEALS})
    with mapped(source, adapter) as answer:
        assert answer.rows("deals", "deal_id") == [("D1",), ("D2",)]


def test_a_table_of_any_name_is_found_by_its_columns(tmp_path: Path) -> None:
    toml = TOML.replace("[tables.deals]", "[tables.deals]\nany_name = true")
    adapter = write(tmp_path / "mine", {"adapter.toml": toml, "deals.sql": SQL})
    source = write(tmp_path / "s", {"data.csv": DEALS, "other.csv": "a,b\n1,2\n"})
    assert _name(source, adapter) == "mine"
