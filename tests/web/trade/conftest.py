"""A room of a company that sells through eight retail accounts, with its review kept."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import ibis
import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace, build_lookup, import_books
from counterpoise.books.facts import View, latest_day
from counterpoise.web.people.models import User
from counterpoise.web.results.keeping import ABOUT, CRACKS, LATEST, REVIEW, Occasion, reviews_dir
from counterpoise.web.results.measured import Measured
from counterpoise.web.results.promoted import measure_promoted
from counterpoise.web.results.shelf import measure_shelf
from counterpoise.web.results.trade import PROMOTED, SHELF
from tests.sharing import made_once
from tests.web.conftest import MAKE_CAST
from tests.web.served import Server, serving

FIRST = dt.date(2025, 7, 7)
WEEKS = 44
_NAMES = "Northside Harbour Larder Basket Corner Quay Union Saffron".split()
KAYS = ("A1", "A2", "A3", "A4")
"""The accounts for which Kay asks; Kim asks for the others."""
AS_OF = dt.date(2026, 5, 31)
_ACCOUNTS = {f"A{at}": f"{name} stores" for at, name in enumerate(_NAMES, 1)}
_GOODS = {"P1": ("Orange", "Juice"), "P2": ("Apple", "Juice"), "P3": ("Spring", "Water")}
_PEOPLE = (
    "person_id,name,side,role,team,manager_id\nK1,Kay,sales,key_account_manager,North,\n"
    "K2,Kim,sales,key_account_manager,North,\nB1,Bo,marketing,brand_manager,Brands,\n"
)
_EVERY = 9
_OFFER = (
    "promotion_id campaign_id account_id product_id starts_on ends_on kind rate trade_spend "
    "requested_by"
).split()


def _offers() -> Iterator[tuple[str, str, int]]:
    """Yield account, product and week of each promotion."""
    for at, account in enumerate(_ACCOUNTS):
        for number, product in enumerate(_GOODS):
            for week in range(6 + at + 3 * number, WEEKS - 2, _EVERY):
                yield account, product, week


def _rows() -> tuple[list[str], list[str]]:
    chance = random.Random(7)
    deals = set(_offers())
    weeks = ["week,account_id,product_id,units,net_price,base_price,featured,displayed"]
    for at, account in enumerate(_ACCOUNTS):
        for number, product in enumerate(_GOODS):
            for week in range(WEEKS):
                on_deal = (account, product, week) in deals
                level = 200 * (1 + at) * (3 - number)
                units = round(level * (1.7 if on_deal else 1.0) * chance.uniform(0.95, 1.05))
                price = "1.60" if on_deal else "2.00"
                day = FIRST + dt.timedelta(weeks=week)
                weeks.append(f"{day},{account},{product},{units},{price},2.00,false,false")
    offers = [",".join(_OFFER)]
    for number, (account, product, week) in enumerate(sorted(deals), 1):
        first = FIRST + dt.timedelta(weeks=week)
        asks = "K1" if account in KAYS else "K2"
        campaign = "C1" if product == "P1" else ""
        kind = "display" if number == 1 else "price_off"
        last = first + dt.timedelta(days=6)
        offers.append(
            f"M{number:02},{campaign},{account},{product},{first},{last},{kind},0.2,50,{asks}"
        )
    return weeks, offers


def _make(folder: Path) -> None:
    source = folder / "source"
    source.mkdir()
    weeks, offers = _rows()
    tables = {
        "accounts": "account_id,name,segment\n"
        + "".join(f"{key},{name},Discounter\n" for key, name in _ACCOUNTS.items()),
        "products": "product_id,name,family,list_price,unit_cost\n"
        + "".join(f"{key},{name},{brand},2.00,0.80\n" for key, (name, brand) in _GOODS.items()),
        "people": _PEOPLE,
        "campaigns": "campaign_id,name,owner_id,kind,product_family,started_at\n"
        "C1,Orange summer,B1,promotion,Juice,2025-07-01\n",
        "sell_through": "\n".join(weeks) + "\n",
        "promotions": "\n".join(offers) + "\n",
    }
    for name, text in tables.items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    workspace = Workspace.create(folder / "room", "USD", "UTC")
    starter = files("counterpoise.cli").joinpath("consumer_goods.yaml").read_text("utf-8")
    text = starter.replace("{currency}", "USD").replace("{time_zone}", "UTC")
    workspace.agreement_file.write_text(text, encoding="utf-8")
    import_books(workspace, source)
    with Books.open(workspace) as books:
        build_lookup(books)
        _review(books)


def _review(books: Books) -> None:
    """Keep what a review leaves behind about the trade; the rest of it is not asked for."""
    view, agreements = View(books, AS_OF), load_agreements(books.workspace.root)
    measured = Measured(view, agreements, ibis.table({"x": "int64"}))
    snapshot = books.manifest.snapshot
    day = latest_day(books, AS_OF)  # that a worker would choose, so that none makes it anew
    key = Occasion.of(snapshot, agreements, day, None).key
    folder = reviews_dir(books.workspace) / key
    folder.mkdir(parents=True)
    for name, compute in ((SHELF, measure_shelf), (PROMOTED, measure_promoted)):
        outcome = compute(measured)
        for table, rows in outcome.tables.items():
            books.write(rows, folder / f"{table}.parquet")
        (folder / f"{name}.json").write_text(json.dumps(outcome.figures), encoding="utf-8")
    said = dict.fromkeys(("promises", "budgets", "cracks", "not_watched"), ())
    of_books = {"books": {"tables": {"deals": {"rows": 0, "set_aside": 0}}}}
    (folder / REVIEW).write_text(json.dumps(said | of_books), encoding="utf-8")
    (folder / CRACKS).write_text('{"questions": 0, "watched": [], "cracks": []}')
    about = {
        "key": key,
        "snapshot": snapshot,
        "as_of": AS_OF.isoformat(),
        "made_at": "2026-06-01T06:00:00+00:00",
        "fiscal_year_starts": 1,
    }
    (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    (folder.parent / LATEST).write_text(f"{key}\n", encoding="ascii")


@pytest.fixture(scope="session")
def shelf_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the company's room once, for nobody to change."""
    return made_once(tmp_path_factory, "shelf", _make) / "room"


@pytest.fixture
def shelf_server(shelf_workspace: Path, tmp_path: Path) -> Iterator[Server]:
    """Serve a copy of the room by the real command, with a cast."""
    root = shutil.copytree(shelf_workspace, tmp_path / "room")
    subprocess.run([sys.executable, "-c", MAKE_CAST, str(root)], check=True, timeout=240)
    with serving(root) as served:
        yield served


@pytest.fixture
def shelf_room(shelf_workspace: Path, tmp_path: Path, settings: Settings, db: None) -> Workspace:
    """Return a copy that the room shows during the test."""
    root = shutil.copytree(shelf_workspace, tmp_path / "room")
    settings.COUNTERPOISE_WORKSPACE = str(root)
    return Workspace.open(root)


@pytest.fixture
def shelf_people(shelf_room: Workspace) -> dict[str, User]:
    """Make key account managers, a brand manager, a commercial lead, and one not in the books."""
    rows = (
        ("kay", "sales", "key_account_manager", "K1"),
        ("kim", "sales", "key_account_manager", "K2"),
        ("bo", "marketing", "brand_manager", "B1"),
        ("lee", "both", "commercial_lead", ""),
        ("sam", "sales", "key_account_manager", ""),
    )
    return {
        name: User.objects.create_user(
            f"{name}@example.com", name=name.title(), side=side, role=role, person_id=person
        )
        for name, side, role, person in rows
    }


@pytest.fixture
def as_one(shelf_people: dict[str, User]) -> Callable[[str], Client]:
    """Return a client in which a person is signed in: `as_one("kay")`."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(shelf_people[name])
        return client

    return signed_in
