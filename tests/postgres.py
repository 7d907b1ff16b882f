"""A PostgreSQL server of the tests' own, from the system's package."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_ACCOUNT = "postgres"  # the server refuses to run as root


@dataclass(frozen=True)
class Server:
    """Where the server listens and who may come in."""

    port: int
    user: str
    password: str
    database: str = "postgres"
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """Return the address with the password in it."""
        return f"postgresql://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a server with an empty database, or skip the test where PostgreSQL is not installed."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="counterpoise-postgres-"))
    server = Server(free_port(), "counterpoise", secrets.token_hex(8))
    secret = folder / "password"
    secret.write_text(server.password)
    if os.geteuid() == 0:
        for path in (folder, secret):
            shutil.chown(path, _ACCOUNT, _ACCOUNT)
    data = folder / "data"
    options = f"-p {server.port} -c listen_addresses={server.host} -k {folder} -c fsync=off"
    try:
        _run(
            programs / "initdb",
            "-D",
            data,
            "-U",
            server.user,
            "--pwfile",
            secret,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
        )
        _run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        yield server
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if not found:
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    return Path(found).parent


def _run(*command: object) -> None:
    as_account = ("setpriv", f"--reuid={_ACCOUNT}", f"--regid={_ACCOUNT}", "--clear-groups")
    done = subprocess.run(
        [*(as_account if os.geteuid() == 0 else ()), *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
