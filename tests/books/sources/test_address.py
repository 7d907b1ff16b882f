"""A database's URL holds no secret, and says plainly what is wrong with it."""

import pytest

from counterpoise.books.sources import SourceError
from counterpoise.books.sources.address import Address


def test_reads_every_part() -> None:
    address = Address.parse(
        "postgresql+psycopg://ann%40x:${CRM_PASSWORD}@db.local:5433/crm%20x?schema=sales&tables=a,%20b"
    )
    assert (address.kind, address.user, address.host, address.port) == (
        "postgresql",
        "ann@x",
        "db.local",
        5433,
    )
    assert (address.database, address.options["schema"]) == ("crm x", "sales")
    assert address.tables == ("a", "b")
    assert address.password_variable == "CRM_PASSWORD"
    assert address.shown == "postgresql://ann@x@db.local:5433/crm x"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///crm.db", "crm.db"),
        ("sqlite:////data/my%20crm.db", "/data/my crm.db"),
        ("sqlite:///C:/data/crm.db", "C:/data/crm.db"),
    ],
)
def test_reads_the_path_of_a_sqlite_file(url: str, path: str) -> None:
    assert Address.parse(url).database == path


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:hunter2@db/crm",
        "postgresql://ann:x${hunter2}@db/crm",
        "postgresql://ann:$hunter2@db/crm",
        "postgresql://ann@db/crm?password=hunter2",
        "postgresql://ann@db/crm?PassWord=hunter2",
        "postgresql://ann@db/crm?sslpassword=hunter2",
    ],
)
def test_refuses_a_password_and_does_not_repeat_it(url: str) -> None:
    with pytest.raises(SourceError, match=r"a password stands in it.*\$\{PGPASSWORD\}") as refusal:
        Address.parse(url)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://ann:hunter2@db/crm", "unknown kind of database 'mysql'"),
        ("postgresqll://ann:hunter2@db/crm", "the nearest is 'postgresql'"),
        ("postgresql:///crm", "the host is missing"),
        ("postgresql://ann:${HUNTER2}@db:port/crm", "host or port cannot be read"),
        ("postgresql://db/crm?shcema=sales", "unknown option 'shcema'; the nearest is 'schema'"),
        ("sqlite://crm.db", "a path follows three slashes"),
        ("sqlite:///", "the path of the SQLite file is missing"),
    ],
)
def test_says_what_is_wrong_with_a_url(
    url: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGHOST", raising=False)
    with pytest.raises(SourceError) as refusal:
        Address.parse(url)
    assert says in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_asks_for_the_variable_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_PASSWORD", raising=False)
    with pytest.raises(SourceError, match="the environment variable CRM_PASSWORD is not set"):
        Address.parse("postgresql://ann:${CRM_PASSWORD}@db/crm").password()
