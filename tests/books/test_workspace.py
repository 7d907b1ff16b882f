"""The folder of a workspace and its settings."""

from pathlib import Path

import pytest

from counterpoise.books.workspace import PeopleShown, Workspace, WorkspaceError


def test_opens_as_it_was_created(tmp_path: Path) -> None:
    created = Workspace.create(tmp_path / "firm", currency="EUR", time_zone="Europe/Zagreb")
    assert Workspace.open(tmp_path / "firm") == created
    assert (created.currency, created.time_zone) == ("EUR", "Europe/Zagreb")


def test_creates_its_settings_and_empty_folders_alone(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "firm")
    made = sorted(path.name for path in (tmp_path / "firm").rglob("*"))
    assert made == ["agreements", "books", "counterpoise.toml"]


def test_knows_where_its_parts_lie(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    assert workspace.settings_file == tmp_path / "counterpoise.toml"
    assert workspace.agreement_file == tmp_path / "agreement.yaml"
    assert workspace.agreements_dir == tmp_path / "agreements"
    assert workspace.books_dir == tmp_path / "books"
    assert workspace.database_file == tmp_path / "counterpoise.sqlite3"


def test_is_not_created_over_anything(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(WorkspaceError, match=r"is not empty \(it holds notes.txt\)"):
        Workspace.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_is_not_created_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WorkspaceError, match="is a file"):
        Workspace.create(tmp_path / "file")


def test_is_not_created_with_an_unknown_currency(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="unknown currency 'EURO'; the nearest is 'EUR'"):
        Workspace.create(tmp_path / "firm", currency="EURO")
    assert not (tmp_path / "firm").exists()


def test_does_not_open_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no workspace here"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('curency = "USD"', "unknown setting 'curency'; the nearest is 'currency'"),
        ('currency = "usd"', "unknown currency 'usd'; the nearest is 'USD'"),
        ('time_zone = "Europe/Zagrab"', "the nearest is 'Europe/Zagreb'"),
        ('time_zone = "new york"', "the nearest is 'America/New_York'"),
        ("currency = 5", "is not text; put it in quotes"),
        ("currency = ", "cannot be read as TOML"),
        ('engine = "duckdb"', "is not an address"),
        ('approvals_from = "1 July"', "approvals_from = '1 July' is not a day"),
        ('people = "pseudonym"', "unknown way to show people 'pseudonym'"),
    ],
)
def test_refuses_settings(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "counterpoise.toml").write_text(text)
    with pytest.raises(WorkspaceError, match=says) as error:
        Workspace.open(tmp_path)
    assert str(tmp_path / "counterpoise.toml") in str(error.value)


def test_has_defaults_for_what_is_not_set(tmp_path: Path) -> None:
    (tmp_path / "counterpoise.toml").write_text("")
    workspace = Workspace.open(tmp_path)
    assert (workspace.currency, workspace.time_zone, workspace.engine) == (
        "USD",
        "UTC",
        "duckdb://",
    )
    assert workspace.people is PeopleShown.NAMES
    assert workspace.approvals_from is None
