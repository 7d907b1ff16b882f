"""The life of a crack on PostgreSQL, at the same instant too."""

from pathlib import Path

import pytest

from tests.again import assert_holds_on_postgresql
from tests.postgres import Server


@pytest.mark.postgres
@pytest.mark.slow
def test_life_holds_on_postgresql(root: Path, postgres: Server) -> None:
    files = (Path(__file__).with_name(name) for name in ("racing.py", "test_measuring.py"))
    assert_holds_on_postgresql(root, postgres, *files)
