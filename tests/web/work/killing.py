"""A room under load whose processes are killed at random, and what must hold afterwards."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.web.served import Server, serving

_PATIENCE = 180.0  # seconds in which a call must get through
_PREPARE = """
import datetime, json, sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.people.models import User
made = {}
for part in sys.argv[2].split(","):
    user = User.objects.get(email=f"{part}@example.com")
    scopes = frozenset({TokenScope.READ, TokenScope.ASK, TokenScope.APPROVE})
    made[part] = mint(user, Wanted(part, scopes, 30)).secret
from counterpoise.desk import decide, read_request
from counterpoise.desk.lookup_facts import LookupFacts
from counterpoise.web import house
from counterpoise.web.live import live
agreement = house.agreements().latest.agreement
account = next(row for row in live().find_accounts("A", 50) if row["segment"] == "Mid-market")
for product in live().products():
    price = float(product["list_price"] or 0)
    line = {"line_no": 1, "product_id": product["product_id"], "quantity": 10}
    line |= {"list_price": price, "net_price": round(price * 0.88, 2)}
    deal = {"account_id": account["account_id"], "lines": [line]}
    now = datetime.datetime.now().isoformat()
    asked = read_request({"deal": deal, "asked_by": "rep", "asked_at": now})
    if decide(asked, agreement, LookupFacts(live())).verdict.value == "needs_approval":
        break
print(json.dumps({"tokens": made, "deal": deal}))
"""
_COUNT = """
import json, sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from django.db.models import Count
from counterpoise.web.audit.verifying import verify
from counterpoise.web.desk.models import Answer, Request
from counterpoise.web.work.models import Job
decided = Answer.objects.values("step").annotate(n=Count("id")).filter(n__gt=1).count()
print(json.dumps({
    "requests": Request.objects.count(),
    "notes": sorted(Request.objects.values_list("note", flat=True)),
    "decided_twice": decided,
    "audit_is_whole": verify().is_whole,
    "jobs": [[job.kind, job.state, job.failure] for job in Job.objects.all()],
}))
"""


@dataclass
class Outcome:
    """What clients were told while processes died."""

    asked: dict[str, int] = field(default_factory=dict)
    """The number of each request by the note that was sent with it."""
    answered: dict[int, int] = field(default_factory=dict)
    """The status that each answered request's approver got at last."""
    killed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Storm:
    """How much is asked, and how often a process is killed."""

    clients: int
    requests: int
    kills: int
    pause: float
    """Seconds between two kills, on average."""
    seed: int


def run_storm(root: Path, storm: Storm) -> Outcome:
    """Ask and approve from several clients while web processes and workers are killed."""
    prepared = script(_PREPARE, root, "rep,manager,lead")
    outcome = Outcome()
    numbers = iter(range(storm.requests))
    with serving(root, workers=2) as server:
        is_over = threading.Event()
        killer = threading.Thread(target=_kill, args=(server, storm, outcome, is_over))
        killer.start()
        with ThreadPoolExecutor(storm.clients) as clients:
            list(clients.map(lambda number: _ask(server, prepared, number, outcome), numbers))
        is_over.set()
        killer.join()
        _wait_until_idle(root)
    return outcome


def count(root: Path) -> dict[str, Any]:
    """Return what the workspace holds afterwards."""
    return script(_COUNT, root)


def _ask(server: Server, prepared: dict[str, Any], number: int, outcome: Outcome) -> None:
    """Put a request on record and have it answered by two people at once, whatever it takes."""
    note = f"storm-{number}"
    tokens, deal = prepared["tokens"], prepared["deal"]
    line = deal["lines"][0] | {"quantity": 10 + number}
    body = {"request": {"deal": deal | {"lines": [line]}}, "note": note}
    _, made = _call(server, tokens["rep"], "requests", note, body)
    outcome.asked[note] = made["id"]
    if made["state"] != "open":
        return
    said = {"said": "approved" if number % 2 else "refused", "comment": "as agreed"}
    for part in ("manager", "lead"):
        key = f"{note}-{part}"
        status, _ = _call(server, tokens[part], f"approvals/{made['id']}", key, said)
        outcome.answered[made["id"]] = status


def _call(
    server: Server, token: str, path: str, key: str, body: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    """Call until there is an answer; the key makes the same call one act."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
            with contextlib.closing(connection):
                connection.request("POST", f"/api/v1/{path}", json.dumps(body), headers)
                answer = connection.getresponse()
                told = json.loads(answer.read())
            if answer.status not in {429, 500, 503}:
                return answer.status, told
        time.sleep(0.05)
    raise AssertionError(f"no answer to {path} {key}")


def _kill(server: Server, storm: Storm, outcome: Outcome, is_over: threading.Event) -> None:
    """Kill web processes and workers, one at a time, by a seeded choice."""
    chance = random.Random(storm.seed)
    while len(outcome.killed) < storm.kills and not is_over.wait(
        chance.uniform(0.3, 1.7) * storm.pause
    ):
        victims = list(_children(server.process.pid))
        if victims:
            name, process = chance.choice(sorted(victims))
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                outcome.killed.append(name)


def kill_pages(server: Server, former: frozenset[int] = frozenset()) -> frozenset[int]:
    """Kill all processes that answer pages, once one is there that was not before."""
    until = time.monotonic() + _PATIENCE
    while True:
        found = {pid for name, pid in _children(server.process.pid) if name == "web"} - former
        if found:
            break
        assert server.process.poll() is None, "the room closed"
        assert time.monotonic() < until, "nothing answers pages"
        time.sleep(0.05)
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return former | found


def is_answered(address: str) -> bool:
    """Tell whether an address answers before patience ends."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=30):
            return True
        time.sleep(0.1)
    return False


def _children(parent: int) -> Iterator[tuple[str, int]]:
    """Yield the processes that a server started, and whether each answers pages or works."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            state = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text()
            if int(state[1]) != parent or state[0] == "Z" or "resource_tracker" in command:
                continue
            yield ("worker" if "worker" in command else "web"), int(folder.name)


def _wait_until_idle(root: Path) -> None:
    """Wait until no job is waiting or running."""
    until = time.monotonic() + _PATIENCE
    while any(state in {"waiting", "running"} for _, state, _ in count(root)["jobs"]):
        assert time.monotonic() < until, "a job never ends"
        time.sleep(1)


def script(text: str, *arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", text, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
