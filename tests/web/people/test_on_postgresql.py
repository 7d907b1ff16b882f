"""Two administrators at once on PostgreSQL, where locks are real."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from counterpoise.books import Workspace
from tests.postgres import Server


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_of_two_administrators_who_close_each_other_one_stays(
    root: Path, tmp_path: Path, postgres: Server
) -> None:
    import psycopg

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute('CREATE DATABASE "closing"')
    workspace = Workspace.create(tmp_path / "workspace")
    address = postgres.url.rpartition("/")[0] + "/closing"
    with workspace.settings_file.open("a") as settings:
        settings.write(f'[room]\ndatabase = "{address}"\n')
    names = ("ada@example.com", "bea@example.com")
    for name in names:
        command = ("counterpoise.cli", "-w", str(workspace.root), "administrator", name)
        subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)
    pairs = [names, names[::-1]]
    processes = [_closing(root, workspace, by, whom) for by, whom in pairs]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    said = [process.communicate("go\n")[0] for process in processes]
    assert sorted(said) == ["closed\n", "refused\n"]


def _closing(root: Path, workspace: Workspace, by: str, whom: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(root)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.web.people.closing", str(workspace.root), by, whom],
        cwd=root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
