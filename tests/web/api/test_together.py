"""Calls with the same key at the same instant: one is done, the others get its answer."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server
from tests.web.api.calling_together import CALLERS


@pytest.mark.thorough
def test_does_once_what_comes_at_the_same_instant_on_sqlite(
    root: Path, small_company: Path, tmp_path: Path
) -> None:
    _call_together(root, small_company, tmp_path / "room", "")


@pytest.mark.postgres
def test_does_once_what_comes_at_the_same_instant_on_postgresql(
    root: Path, small_company: Path, tmp_path: Path, postgres: Server
) -> None:
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute('CREATE DATABASE "same_key"')
    address = postgres.url.rpartition("/")[0] + "/same_key"
    _call_together(root, small_company, tmp_path / "room", f'[room]\ndatabase = "{address}"\n')


def _call_together(root: Path, company: Path, room: Path, settings: str) -> None:
    shutil.copytree(company, room)
    with (room / "counterpoise.toml").open("a") as file:
        file.write(settings)
    program = [sys.executable, "-m", "tests.web.api.calling_together", str(room)]
    environment = os.environ | {"PYTHONPATH": str(root)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        program, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["answers"]) == CALLERS
    assert {status for status, _ in told["answers"]} == {201}, done.stderr
    assert len({number for _, number in told["answers"]}) == 1
    assert (told["requests"], told["answered"], told["entries"]) == (1, 1, 1)
