"""Acts at the same instant on PostgreSQL: one wins, the other is told, one entry each."""

from pathlib import Path

import pytest

from tests.again import assert_holds_on_postgresql
from tests.postgres import Server


@pytest.mark.postgres
@pytest.mark.slow
def test_acts_at_the_same_instant_hold_on_postgresql(root: Path, postgres: Server) -> None:
    assert_holds_on_postgresql(root, postgres, Path(__file__).with_name("racing.py"))
