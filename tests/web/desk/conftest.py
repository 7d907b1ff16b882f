"""A room with books of five deals and one account a role."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.books import Books, Workspace, build_lookup, import_books
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast, make_people
from tests.web.desk.company import AGREEMENT, write_export


@pytest.fixture(scope="session")
def desk_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with small books and a draft agreement."""
    root = tmp_path_factory.mktemp("desk") / "company"
    workspace = Workspace.create(root)
    workspace.agreement_file.write_text(AGREEMENT, encoding="utf-8")
    import_books(workspace, write_export(tmp_path_factory.mktemp("export")))
    with Books.open(workspace) as books:
        build_lookup(books)
    return root


@pytest.fixture
def room(db: None, settings: Settings, desk_company: Path, tmp_path: Path) -> Path:
    """Serve the small company in this test."""
    settings.COUNTERPOISE_WORKSPACE = str(desk_company)
    settings.SECRETS_DIR = tmp_path / "secrets"
    return desk_company


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
