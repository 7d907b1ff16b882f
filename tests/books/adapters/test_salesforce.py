"""Salesforce is read in every shape in which it comes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.books.adapters.workbench import mapped, pairs, write

_API = {
    "Opportunity.csv": (
        "Id,IsDeleted,AccountId,Name,StageName,Amount,CloseDate,Type,LeadSource,IsClosed,IsWon,"
        "OwnerId,CreatedDate,Region__c\n"
        "O1,false,A1,Pumps,Closed Won,900,2026-02-10,New Business,Web,true,true,"
        "U1,2026-01-05T09:00:00.000Z,North\n"
        "O2,false,A1,Valves,Closed Lost,0,2026-02-20,Existing Business,#N/A,true,false,"
        "U1,2026-01-06T09:00:00.000Z,#N/A\n"
        "O3,false,A1,Seals,Prospecting,500,2026-09-30,Renewal,Web,false,false,"
        "U1,2026-01-07T09:00:00.000Z,South\n"
        "O4,true,A1,Twice,Closed Won,900,2026-02-10,New Business,Web,true,true,"
        "U1,2026-01-05T09:00:00.000Z,North\n"
    ),
    "OpportunityLineItem.csv": (
        "Id,OpportunityId,Product2Id,Quantity,ListPrice,UnitPrice,Discount,IsDeleted\n"
        "L1,O1,P1,2,500,500,10,false\n"
        "L2,O1,P2,1,100,90,,false\n"
        "L3,O1,P2,1,100,90,,true\n"
    ),
    "Product2.csv": "Id,Name,Family\nP1,Pump,GTX\nP2,Valve,GTX\n",
    "Pricebook2.csv": "Id,Name,IsStandard\nB1,List,true\nB2,Partners,false\n",
    "PricebookEntry.csv": (
        "Id,Product2Id,Pricebook2Id,UnitPrice\nE1,P1,B1,500\nE2,P1,B2,400\nE3,P2,B2,100\n"
    ),
    "User.csv": (
        "Id,Name,Email,IsActive,UserRoleId,Title,Department,ManagerId\n"
        "U1,Ana,ana@example.com,true,,Account Executive,Sales,U2\n"
        "U2,Ben,ben@example.com,false,R1,Director,Marketing,\n"
    ),
    "UserRole.csv": "Id,Name\nR1,Marketing Lead\n",
    "Lead.csv": (
        "Id,Name,Email,Status,CreatedDate,LeadSource,OwnerId,IsConverted,ConvertedDate,"
        "ConvertedAccountId,ConvertedOpportunityId\n"
        "W1,Zoe,zoe@example.com,Qualified,2026-01-02T09:00:00.000Z,Web,U1,true,2026-01-05,A1,O1\n"
        "W2,Yan,yan@example.com,Unqualified,2026-01-03T09:00:00.000Z,Fair,U1,false,,,\n"
    ),
}


@pytest.fixture
def api(tmp_path: Path) -> Path:
    return write(tmp_path / "api", _API)


def test_outcomes_come_from_the_flags(api: Path) -> None:
    with mapped(api) as answer:
        assert answer.adapter.name == "salesforce"
        assert answer.rows("deals", "deal_id", "outcome") == [
            ("O1", "won"),
            ("O2", "lost"),
            ("O3", "open"),
            ("O4", "cancelled"),
        ]


def test_an_open_deal_has_not_closed_and_a_zero_is_no_offer(api: Path) -> None:
    with mapped(api) as answer:
        assert answer.rows("deals", "closed_at", "net_amount", "kind") == [
            ("2026-02-10", "900", "new"),
            ("2026-02-20", None, "growth"),
            (None, "500", "renewal"),
            ("2026-02-10", "900", "new"),
        ]


def test_custom_fields_become_attributes_and_words_for_nothing_are_nothing(api: Path) -> None:
    with mapped(api) as answer:
        assert answer.rows("deals", "Region__c", "source") == [
            ("North", "Web"),
            (None, None),
            ("South", "Web"),
            ("North", "Web"),
        ]


def test_a_line_has_the_price_after_its_own_discount(api: Path) -> None:
    with mapped(api) as answer:
        lines = answer.rows("deal_lines", "deal_id", "line_no", "list_price", "net_price")
    assert lines == [("O1", 1, "500", Decimal(450)), ("O1", 2, "100", Decimal(90))]


def test_the_list_price_is_the_standard_one_or_the_only_one(api: Path) -> None:
    with mapped(api) as answer:
        prices = answer.rows("products", "product_id", "list_price")
    assert prices == [("P1", Decimal(500)), ("P2", Decimal(100))]


def test_people_have_a_side_a_role_and_a_manager(api: Path) -> None:
    with mapped(api) as answer:
        assert answer.rows("people", "person_id", "side", "role", "manager_id", "active") == [
            ("U1", "sales", "Account Executive", "U2", True),
            ("U2", "marketing", "Marketing Lead", None, False),
        ]


def test_leads_have_a_verdict_and_nobodys_address(api: Path) -> None:
    with mapped(api) as answer:
        assert answer.rows("leads", "lead_id", "verdict", "verdict_at", "deal_id") == [
            ("W1", "accepted", "2026-01-05", "O1"),
            ("W2", "rejected", None, None),
        ]
        assert not {"Email", "Name"} & set(answer.tables["leads"].columns)


def test_rows_can_be_named_by_their_lines(api: Path) -> None:
    with mapped(api) as answer:
        assert {name for name, table in answer.tables.items() if table.provenance} == {
            "products",
            "leads",
            "deals",
        }


def test_upper_case_headers_are_the_same(tmp_path: Path) -> None:
    text = _API["Opportunity.csv"]
    header, rest = text.split("\n", 1)
    folder = write(tmp_path / "s", {"opportunityData.csv": f"{header.upper()}\n{rest}"})
    with mapped(folder) as answer:
        assert [row[0] for row in answer.rows("deals", "outcome")] == [
            "won",
            "lost",
            "open",
            "cancelled",
        ]


def test_a_report_is_read_by_its_labels(tmp_path: Path) -> None:
    report = (
        "Opportunity Owner,Account Name,Opportunity Name,Stage,Amount,Close Date,Created Date\n"
        'Ana,Acme,Pumps,Closed Won,"1,900.00",1/31/2026,1/5/2026\n'
        "Ben,Acme,Valves,Closed - No Decision,,2/15/2026,1/6/2026\n"
        "Ana,Birch,Seals,Proposal,500.00,9/30/2026,1/7/2026\n"
    )
    with mapped(write(tmp_path / "s", {"report1769900000000.csv": report})) as answer:
        columns = ("deal_id", "account_id", "owner_id", "outcome", "closed_at", "net_amount")
        assert answer.rows("deals", *columns) == [
            ("row 1", "Acme", "Ana", "won", "1/31/2026", "1,900.00"),
            ("row 2", "Acme", "Ben", "lost", "2/15/2026", None),
            ("row 3", "Birch", "Ana", "open", None, "500.00"),
        ]
        assert answer.rows("people", "person_id", "side") == [("Ana", "sales"), ("Ben", "sales")]


def test_a_warehouse_has_old_versions_and_midnights(tmp_path: Path) -> None:
    files = {
        "sf_opportunity_data.csv": (
            "id,name,stage_name,amount,close_date,created_date,is_closed,is_won,is_deleted,"
            "_fivetran_active,_fivetran_synced\n"
            "O1,Pumps,Negotiation,800,2026-02-10 00:00:00,2026-01-05 09:00:00,false,false,false,"
            "false,2026-01-06 00:00:00\n"
            "O1,Pumps,Closed Won,900,2026-02-10 00:00:00,2026-01-05 09:00:00,true,true,false,"
            "true,2026-02-11 00:00:00\n"
        ),
        "sf_account_data.csv": "id,name,industry\nA1,Acme,Manufacturing\n",
        "sf_account_history_data.csv": (
            "id,_fivetran_start,industry,number_of_employees\n"
            "A1,2026-01-05 08:00:00,Retail,40\n"
            "A1,2026-01-05 17:00:00,Manufacturing,40\n"
        ),
    }
    with mapped(write(tmp_path / "s", files)) as answer:
        assert answer.rows("deals", "deal_id", "outcome", "net_amount", "closed_at") == [
            ("O1", "won", "900", "2026-02-10")
        ]
        assert "_fivetran_synced" not in answer.tables["deals"].columns
        history = answer.rows("account_history", "account_id", "industry")
        assert history == [("A1", "Manufacturing")]


def test_quotes_are_offers_and_the_primary_one_gives_lines(tmp_path: Path) -> None:
    files = {
        "Opportunity.csv": "Id,Name,StageName,CloseDate\nO1,Pumps,Closed Won,2026-02-10\n",
        "SBQQ__Quote__c.csv": (
            "Id,SBQQ__Opportunity2__c,SBQQ__Primary__c,CreatedDate\n"
            "Q1,O1,false,2026-01-10T09:00:00.000Z\nQ2,O1,true,2026-01-20T09:00:00.000Z\n"
        ),
        "SBQQ__QuoteLine__c.csv": (
            "Id,SBQQ__Quote__c,SBQQ__Product__c,SBQQ__Quantity__c,SBQQ__ListPrice__c,"
            "SBQQ__NetPrice__c,SBQQ__Bundled__c\n"
            "N1,Q1,P1,2,500,500,false\nN2,Q2,P1,2,500,440,false\nN3,Q2,P2,2,90,0,true\n"
        ),
    }
    with mapped(write(tmp_path / "s", files)) as answer:
        assert answer.rows("offers", "offer_id", "deal_id", "list_amount", "net_amount") == [
            ("Q1", "O1", Decimal(1000), Decimal(1000)),
            ("Q2", "O1", Decimal(1000), Decimal(880)),
        ]
        assert answer.rows("deal_lines", "product_id", "list_price", "net_price") == [
            ("P1", "500", Decimal(440))
        ]


def test_rates_of_exchange_are_turned_round(tmp_path: Path) -> None:
    files = {
        "Opportunity.csv": (
            "Id,Name,StageName,CloseDate,CurrencyIsoCode\nO1,A,Closed Won,2026-02-10,EUR\n"
        ),
        "DatedConversionRate.csv": "Id,IsoCode,ConversionRate,StartDate\n1,EUR,0.8,2026-01-01\n",
    }
    with mapped(write(tmp_path / "s", files)) as answer:
        assert answer.rows("deals", "currency") == [("EUR",)]
        assert answer.rows("exchange_rates", "currency", "rate") == [("EUR", Decimal("1.25"))]


def test_samples_of_the_data_loader_are_38_deals_with_ten_names(shared: Path) -> None:
    with mapped(shared / "data" / "salesforce_dataloader") as answer:
        assert answer.one(
            "SELECT count(*), count(DISTINCT deal_id), count(DISTINCT name) FROM mapped.deals"
        ) == (38, 38, 10)
        outcomes = pairs(answer, "SELECT outcome, count(*) FROM mapped.deals GROUP BY 1")
        assert outcomes == {"won": 8, "open": 30}
        assert answer.one("SELECT count(*) FROM mapped.accounts") == 423


def test_quotes_of_a_demo_have_list_and_net(shared: Path) -> None:
    with mapped(shared / "data" / "salesforce_cpq_demo") as answer:
        outcomes = pairs(answer, "SELECT outcome, count(*) FROM mapped.deals GROUP BY 1")
        assert outcomes == {"won": 202, "lost": 106, "open": 433}
        assert answer.one("SELECT count(*) FROM mapped.offers WHERE net_amount > 0") == 7
        assert answer.one("SELECT count(*) FROM mapped.products WHERE list_price >= 0") == 39
        assert answer.one("SELECT count(*) FROM mapped.deals WHERE source = '#N/A'") == 0


def test_tables_of_a_warehouse_are_those_of_now(shared: Path) -> None:
    with mapped(shared / "data" / "fivetran_salesforce") as answer:
        counts = {
            name: answer.one(f"SELECT count(*) FROM {table.relation}")
            for name, table in answer.tables.items()
        }
    assert counts == {
        "people": 8,
        "accounts": 7,
        "account_history": 10,
        "products": 2,
        "leads": 1,
        "deals": 8,
        "deal_lines": 10,
    }
