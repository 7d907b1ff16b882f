"""Facts by index say what facts by scan say."""

import datetime as dt
from pathlib import Path

import pytest

from counterpoise.books import Books, Lookup, Workspace, build_lookup, import_books
from counterpoise.demo import make_company
from counterpoise.desk.lookup_facts import LookupFacts
from counterpoise.desk.snapshot_facts import SnapshotFacts

DAYS = (dt.date(2024, 1, 1), dt.date(2025, 7, 1), dt.date(2026, 6, 30))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    folder: Path = tmp_path_factory.mktemp("lookup")
    company = make_company(folder / "company", deals=200, seed=5)
    workspace = Workspace.create(folder / "workspace", "USD", "America/Chicago")
    import_books(workspace, company.export)
    return Books.open(workspace)


@pytest.fixture(scope="module")
def both(books: Books) -> tuple[LookupFacts, SnapshotFacts]:
    build_lookup(books)
    lookup = Lookup.open(books.workspace, books.manifest.snapshot)
    return LookupFacts(lookup), SnapshotFacts(books)


def _some(books: Books, table: str, key: str) -> list[str]:
    rows = books.run(books.table(table).select(key).distinct().order_by(key))
    ids: list[str] = rows.column(key).to_pylist()
    return [*ids[:: max(1, len(ids) // 12)], "nobody knows this"]


Both = tuple[LookupFacts, SnapshotFacts]


@pytest.mark.parametrize(
    ("name", "table", "key"),
    [
        ("account", "accounts", "account_id"),
        ("person", "people", "person_id"),
        ("product", "products", "product_id"),
    ],
)
def test_dated_facts_are_the_same(
    books: Books, both: Both, name: str, table: str, key: str
) -> None:
    one, other = both
    for each in _some(books, table, key):
        for day in DAYS:
            assert getattr(one, name)(each, day) == getattr(other, name)(each, day)


@pytest.mark.parametrize("name", ["deal", "lines", "customizations"])
def test_facts_of_deals_are_the_same(books: Books, both: Both, name: str) -> None:
    one, other = both
    for each in _some(books, "deals", "deal_id"):
        assert _plain(getattr(one, name)(each)) == _plain(getattr(other, name)(each))


def _plain(found: object) -> object:
    return list(found) if isinstance(found, list | tuple) else found


def test_counts_and_rates_are_the_same(books: Books, both: Both) -> None:
    one, other = both
    for kind in _some(books, "customizations", "kind"):
        span = (kind, DAYS[0], DAYS[1])
        assert one.customizations_between(*span) == other.customizations_between(*span)
    for day in DAYS:
        assert one.exchange_rate("EUR", day) == other.exchange_rate("EUR", day)


def test_fields_and_nearest_ids_are_the_same(both: Both) -> None:
    one, other = both
    assert one.fields.attributes == other.fields.attributes
    assert one.nearest_account("A-00001") == other.nearest_account("A-00001")
    assert one.nearest_product("PRD1") == other.nearest_product("PRD1")
