"""A room of a company that sells through retailers: books without deals, and both sides."""

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.books import Books, Workspace, build_lookup, import_books
from counterpoise.web.people.models import User

_TABLES = {
    "accounts": "account_id,name,segment\nA1,Northside,Discounter\nA2,Harbour,Hypermarket\n",
    "products": "product_id,name,family,list_price,unit_cost\nP1,Orange,Juice,2.00,1.00\n"
    "P2,Apple,Juice,2.00,1.00\nP3,Spring,Water,1.00,0.50\n",
    "people": "person_id,name,side,role\nK1,Kay,sales,key_account_manager\n"
    "K2,Kim,sales,key_account_manager\nB1,Bo,marketing,brand_manager\n",
    "promotions": "promotion_id,account_id,product_id,starts_on,ends_on,kind,rate,trade_spend,"
    "requested_by\nM1,A1,P1,2026-02-02,2026-02-08,price_off,0.2,500,K1\n"
    "M2,A2,P3,2026-02-16,2026-03-01,display,0.1,200,K1\n"
    "M3,A1,P2,2026-02-09,2026-02-15,price_off,0.15,,K1\n",
    "sell_through": "week,account_id,product_id,units,net_price,base_price\n"
    + "".join(f"2026-01-{day:02},A1,P1,100,2.00,2.00\n" for day in (5, 12, 19, 26))
    + "2026-02-02,A1,P1,180,1.60,2.00\n",
}


@pytest.fixture(scope="session")
def trade_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the books of such a company once."""
    root = tmp_path_factory.mktemp("trade")
    source = root / "source"
    source.mkdir()
    for name, text in _TABLES.items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    workspace = Workspace.create(root / "w", "USD", "UTC")
    starter = files("counterpoise.cli").joinpath("consumer_goods.yaml").read_text("utf-8")
    text = starter.replace("{currency}", "USD").replace("{time_zone}", "UTC")
    workspace.agreement_file.write_text(text, encoding="utf-8")
    import_books(workspace, source)
    with Books.open(workspace) as books:
        build_lookup(books)
    return root / "w"


@pytest.fixture
def trade(trade_books: Path, tmp_path: Path, settings: Settings, db: None) -> Workspace:
    """Return a copy that the room shows during the test."""
    root = shutil.copytree(trade_books, tmp_path / "room")
    settings.COUNTERPOISE_WORKSPACE = str(root)
    return Workspace.open(root)


@pytest.fixture
def people(trade: Workspace) -> dict[str, User]:
    """Make two key account managers, a brand manager and a commercial lead."""
    rows = (
        ("kay", "sales", "key_account_manager", "K1"),
        ("kim", "sales", "key_account_manager", "K2"),
        ("bo", "marketing", "brand_manager", "B1"),
        ("lee", "both", "commercial_lead", ""),
    )
    return {
        name: User.objects.create_user(
            f"{name}@example.com", name=name.title(), side=side, role=role, person_id=person
        )
        for name, side, role, person in rows
    }


@pytest.fixture
def as_one(people: dict[str, User]) -> Callable[[str], Client]:
    """Return a client in which a person is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(people[name])
        return client

    return signed_in
