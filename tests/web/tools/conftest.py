"""A room with small books, an agreement that promises answers, and one account a role."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.books import Books, Workspace, build_lookup, import_books
from counterpoise.web.people.models import User
from counterpoise.web.tools.models import Tool
from tests.sharing import made_once
from tests.web.desk.asking import Cast, make_people
from tests.web.desk.company import AGREEMENT, write_export
from tests.web.tools.making import made

PROMISES = """\
promises:
  marketing:
    - {id: tools, metric: tool_request_answered, within: 5 working days}
    - {id: words, metric: question_answered, within: 2 working days}
"""


@pytest.fixture(scope="session")
def tools_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with small books and a draft agreement, for nobody to change."""

    def make(folder: Path) -> None:
        workspace = Workspace.create(folder / "company")
        workspace.agreement_file.write_text(AGREEMENT + PROMISES, encoding="utf-8")
        export = folder / "export"
        export.mkdir()
        import_books(workspace, write_export(export))
        with Books.open(workspace) as books:
            build_lookup(books)

    return made_once(tmp_path_factory, "tools", make) / "company"


@pytest.fixture
def room(db: None, settings: Settings, tools_company: Path, tmp_path: Path) -> Path:
    """Serve the small company in this test."""
    settings.COUNTERPOISE_WORKSPACE = str(tools_company)
    settings.SECRETS_DIR = tmp_path / "secrets"
    return tools_company


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


@pytest.fixture
def card(people: Cast) -> Tool:
    """Return a tool of Kira's for pumps against Delta."""
    return made(people.kira)
