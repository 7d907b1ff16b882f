"""A room with books of five deals, a person a role, and tokens of theirs."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Silent, Workspace, import_books
from counterpoise.books.lookup_file import build_lookup
from counterpoise.web.api import authentication
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.people.models import User
from counterpoise.web.results.keeping import keep_review
from tests.web.api.calling import Caller
from tests.web.api.company import AGREEMENT, write_export

MakeCaller = Callable[..., Caller]


@pytest.fixture(scope="session")
def small_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with small books and a draft agreement."""
    root = tmp_path_factory.mktemp("small") / "company"
    workspace = Workspace.create(root)
    workspace.agreement_file.write_text(AGREEMENT, encoding="utf-8")
    import_books(workspace, write_export(tmp_path_factory.mktemp("export")))
    with Books.open(workspace) as books:
        build_lookup(books)
    return root


@pytest.fixture
def room(db: None, settings: Settings, small_company: Path, tmp_path: Path) -> Path:
    """Serve the small company in this test."""
    settings.COUNTERPOISE_WORKSPACE = str(small_company)
    settings.SECRETS_DIR = tmp_path / "secrets"
    authentication.buckets.cache_clear()
    return small_company


@pytest.fixture
def rep(room: Path) -> User:
    """Return a seller."""
    return User.objects.create_user(
        "rep@example.com", name="Rhea", side="sales", role="rep", person_id="R1"
    )


@pytest.fixture
def analyst(room: Path) -> User:
    """Return an administrator above both sides."""
    return User.objects.create_user(
        "analyst@example.com", name="Ana", side="both", role="revenue_lead", is_administrator=True
    )


@pytest.fixture
def caller_of(room: Path) -> MakeCaller:
    """Return a maker of callers whose token has these scopes."""

    def make(user: User, *scopes: TokenScope, is_program: bool = False) -> Caller:
        wanted = Wanted("A program", frozenset(scopes), 30, is_program)
        return Caller(mint(user, wanted).secret)

    return make


@pytest.fixture(scope="session")
def reviewed_company(small_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small company with its review kept."""
    root = tmp_path_factory.mktemp("reviewed") / "company"
    shutil.copytree(small_company, root)
    with Books.open(Workspace.open(root)) as books:
        made_at = dt.datetime(2026, 7, 1, 6, 0, tzinfo=dt.UTC)
        keep_review(books, load_agreements(root), dt.date(2026, 6, 30), made_at, Silent())
    return root


@pytest.fixture
def reviewed(room: Path, reviewed_company: Path, settings: Settings) -> Path:
    """Serve the reviewed company in this test."""
    settings.COUNTERPOISE_WORKSPACE = str(reviewed_company)
    return reviewed_company
