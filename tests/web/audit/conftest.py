"""A trail of a few entries, and an intruder who can write SQL."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from counterpoise.web.audit import guards
from counterpoise.web.audit.entries import record

Sql = Callable[..., None]


@pytest.fixture
def keys(settings: Settings, tmp_path: Path) -> Path:
    """Return a folder of keys of this test's own."""
    settings.SECRETS_DIR = tmp_path / "secrets"
    return tmp_path / "secrets"


@pytest.fixture
def trail(
    db: None, keys: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Record eight acts."""
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(1, 9):
            record(None, "request.asked", f"request:{number}", {"rate": number / 100})


@pytest.fixture
def intrude(db: None) -> Sql:
    """Return a way to run SQL with the guards lifted, and put back as if nothing had been."""

    def run(statement: str, *values: Any) -> None:
        guards.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        guards.install(connection)

    return run
