"""HubSpot is read from its exports and from a warehouse."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.books.adapters.workbench import mapped, write

_EXPORT = {
    "hubspot-crm-exports-all-deals-2026-03-01.csv": (
        "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Create Date,"
        "Deal Type,Associated Company,Associated Company IDs,Closed Lost Reason\n"
        "101,Pumps,Closed won,2026-02-10 14:30,Ana,900,Sales,2026-01-05 09:00,"
        "New Business,Acme,501,\n"
        "102,Valves,Closed lost,2026-02-20 10:00,Ben,0,Sales,2026-01-06 09:00,"
        "Existing Business,Birch,,Price\n"
        "103,Seals,Contract sent,2026-09-30 10:00,Ana,500,Sales,2026-01-07 09:00,,Cedar,,\n"
    ),
    "hubspot-crm-exports-all-companies-2026-03-01.csv": (
        "Record ID,Company name,Industry,Number of Employees,Phone Number\n"
        "501,Acme,Manufacturing,400,555\n502,Birch,Retail,20,555\n"
    ),
    "hubspot-crm-exports-all-line-items-2026-03-01.csv": (
        "Record ID,Associated Deal IDs,Product ID,Quantity,Unit price,Unit discount,"
        "Discount Percentage\n"
        "901,101,P1,2,500,50,\n902,101,P2,1,100,,10\n"
    ),
    "hubspot-crm-exports-all-contacts-2026-03-01.csv": (
        "Record ID,First Name,Email,Contact owner,Lead Status,Lifecycle Stage,Create Date,"
        "Original Source,Became a Marketing Qualified Lead Date,"
        "Became a Sales Qualified Lead Date,Associated Deal IDs\n"
        "701,Zoe,zoe@example.com,Ana,Open deal,Customer,2026-01-01 09:00,Paid Search,"
        "2026-01-02 09:00,2026-01-03 09:00,101;103\n"
        "702,Yan,yan@example.com,Ben,Unqualified,Lead,2026-01-02 09:00,Direct Traffic,,,\n"
    ),
}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write(tmp_path / "export", _EXPORT)


def test_outcomes_come_from_the_stage(export: Path) -> None:
    with mapped(export) as answer:
        assert answer.adapter.name == "hubspot/export"
        columns = ("deal_id", "outcome", "closed_at", "net_amount", "kind", "loss_reason")
        assert answer.rows("deals", *columns) == [
            ("101", "won", "2026-02-10 14:30", "900", "new", None),
            ("102", "lost", "2026-02-20 10:00", None, "growth", "Price"),
            ("103", "open", None, "500", None, None),
        ]


def test_a_company_is_found_by_its_id_or_its_name(export: Path) -> None:
    with mapped(export) as answer:
        accounts = [row[0] for row in answer.rows("deals", "account_id")]
    assert accounts == ["501", "502", "Cedar"]


def test_owners_are_people_by_name(export: Path) -> None:
    with mapped(export) as answer:
        assert answer.rows("people", "person_id", "side") == [("Ana", "sales"), ("Ben", "sales")]


def test_a_line_has_the_price_after_its_own_discount(export: Path) -> None:
    with mapped(export) as answer:
        lines = answer.rows("deal_lines", "deal_id", "line_no", "list_price", "net_price")
    assert lines == [("101", 1, "500", Decimal(450)), ("101", 2, "100", Decimal(90))]


def test_contacts_are_leads_without_their_addresses(export: Path) -> None:
    with mapped(export) as answer:
        columns = ("lead_id", "source", "qualified_at", "verdict", "deal_id")
        assert answer.rows("leads", *columns) == [
            ("701", "Paid Search", "2026-01-02 09:00", "accepted", "101"),
            ("702", "Direct Traffic", None, "rejected", None),
        ]
        assert not {"First Name", "Email"} & set(answer.tables["leads"].columns)
        assert "Phone Number" not in answer.tables["accounts"].columns


def test_rows_can_be_named_by_their_lines(export: Path) -> None:
    with mapped(export) as answer:
        named = {name for name, table in answer.tables.items() if table.provenance}
    assert named == {"accounts", "leads", "deals", "deal_lines"}


def test_a_lone_file_of_any_name_will_do(tmp_path: Path) -> None:
    text = "Deal Name,Deal Stage,Amount\nPumps,Closed won (Sales),900\nValves,Lost,5\n"
    with mapped(write(tmp_path / "s", {"mine.csv": text})) as answer:
        assert answer.rows("deals", "deal_id", "outcome") == [("row 1", "won"), ("row 2", "lost")]


def test_a_warehouse_knows_stages_companies_and_teams(tmp_path: Path) -> None:
    files = {
        "deal.csv": (
            "deal_id,is_deleted,deal_pipeline_stage_id,owner_id,property_dealname,"
            "property_amount,property_closedate,property_createdate,_fivetran_synced\n"
            "1,false,S1,7,Pumps,900,2026-02-10 14:30:00,2026-01-05 09:00:00,2026-03-01\n"
            "2,false,S2,7,Valves,0,2026-02-20 10:00:00,2026-01-06 09:00:00,2026-03-01\n"
            "3,false,S3,7,Seals,500,2026-09-30 10:00:00,2026-01-07 09:00:00,2026-03-01\n"
            "4,true,S1,7,Twice,900,2026-02-10 14:30:00,2026-01-05 09:00:00,2026-03-01\n"
        ),
        "deal_pipeline_stage.csv": (
            "stage_id,label,closed_won,is_closed\n"
            "S1,Won,TRUE,TRUE\nS2,Lost,FALSE,TRUE\nS3,Sent,FALSE,FALSE\n"
        ),
        "deal_company.csv": "deal_id,company_id,type_id\n1,52,341\n1,51,5\n2,52,341\n",
        "company.csv": "id,property_name\n51,Acme\n52,Birch\n",
        "owner.csv": "owner_id,first_name,last_name,email\n7,Ana,Horvat,ana@example.com\n",
        "owner_team.csv": "owner_id,team_id,is_team_primary\n7,8,false\n7,9,true\n",
        "team.csv": "id,name\n8,South\n9,North\n",
    }
    with mapped(write(tmp_path / "s", files)) as answer:
        assert answer.adapter.name == "hubspot/warehouse"
        assert answer.rows("deals", "deal_id", "stage", "outcome", "account_id") == [
            ("1", "Won", "won", "51"),
            ("2", "Lost", "lost", "52"),
            ("3", "Sent", "open", None),
            ("4", "Won", "cancelled", None),
        ]
        assert answer.rows("deals", "net_amount") == [("900",), (None,), ("500",), ("900",)]
        people = answer.rows("people", "person_id", "name", "team")
        assert people == [("7", "Ana Horvat", "North")]


def test_scrambled_tables_of_a_warehouse_are_read(shared: Path) -> None:
    with mapped(shared / "data" / "fivetran_hubspot") as answer:
        counts = {
            name: answer.one(f"SELECT count(*) FROM {table.relation}")
            for name, table in answer.tables.items()
        }
        assert counts == {"people": 100, "accounts": 24, "leads": 22, "deals": 44}
        assert answer.one("SELECT count(*) FROM mapped.deals WHERE outcome = 'open'") == 44
