"""Acts at the same instant on PostgreSQL: one wins, the other is told, one entry each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import Server


@pytest.mark.postgres
@pytest.mark.slow
def test_acts_at_the_same_instant_hold_on_postgresql(root: Path, postgres: Server) -> None:
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:xdist")
    done = subprocess.run(
        [*command, str(Path(__file__).with_name("racing.py"))],
        cwd=root,
        env=os.environ | {"COUNTERPOISE_TEST_DATABASE": postgres.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
