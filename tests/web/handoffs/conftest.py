"""A room with small books, six leads and one account a role."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.books import Books, Workspace, build_lookup, import_books
from counterpoise.web.people.models import User
from tests.sharing import made_once
from tests.web.handoffs.company import AGREEMENT, write_export
from tests.web.handoffs.making import Cast, make_people


@pytest.fixture(scope="session")
def lead_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with small books and a draft agreement, for nobody to change."""

    def make(folder: Path) -> None:
        workspace = Workspace.create(folder / "room")
        workspace.agreement_file.write_text(AGREEMENT, encoding="utf-8")
        (folder / "export").mkdir()
        import_books(workspace, write_export(folder / "export"))
        with Books.open(workspace) as books:
            build_lookup(books)

    return made_once(tmp_path_factory, "leads", make) / "room"


@pytest.fixture
def room(db: None, settings: Settings, lead_company: Path, tmp_path: Path) -> Path:
    """Serve the small company in this test."""
    settings.COUNTERPOISE_WORKSPACE = str(lead_company)
    settings.SECRETS_DIR = tmp_path / "secrets"
    return lead_company


@pytest.fixture
def people(room: Path) -> Cast:
    """Make one account a person of the books, and a lead who is not in them."""
    return make_people()


@pytest.fixture
def signed_in(people: Cast) -> Callable[[str], Client]:
    """Return a client in which somebody is signed in."""

    def client(name: str) -> Client:
        opened = Client()
        user: User = getattr(people, name)
        opened.force_login(user)
        return opened

    return client
