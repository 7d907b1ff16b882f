"""Run tests a second time, with the room's database on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import Server

# What fuzzes forms is repeated with a few of its examples.
_OPTIONS = ("-p", "no:randomly", "-p", "no:xdist", "--hypothesis-profile=again")


def assert_holds_on_postgresql(root: Path, server: Server, *files: Path) -> None:
    """Fail with what pytest printed unless every test in these files and folders passes there."""
    environment = os.environ | {"COUNTERPOISE_TEST_DATABASE": server.url}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *_OPTIONS, *files],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
