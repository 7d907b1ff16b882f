"""How long people wait for the room: fifty of them reading, programs deciding, filters made up.

It makes a company (or takes a workspace), keeps a review, serves the room on this machine alone,
asks it for a while, prints a table and ends, server and all. Nothing leaves the machine.

    python -m benchmarks.room_load                     # the demo company, 20,000 deals
    python -m benchmarks.room_load --made-up 1000000   # synthetic books of any size
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.review_books import make_books
from counterpoise.books import Workspace

if TYPE_CHECKING:
    from counterpoise.books import Lookup

HOST = "127.0.0.1"
PEOPLE = 50
THINKING = 2.0
"""Seconds between two pages of a person, on average."""
_PATIENCE = 300
_PAGES = (
    "/",
    "/agreement/",
    "/desk/",
    "/ledger/",
    "/ledger/?by=segment",
    "/ledger/?by=product_family",
    "/ledger/?by=quarter",
    "/ledger/?by=campaign&points=3",
    "/search/?q=D0",
)


@dataclass(frozen=True)
class Prepared:
    """A workspace that is ready: sessions of its people, a token, and requests to decide."""

    workspace: Workspace
    cookies: tuple[str, ...]
    token: str
    requests: tuple[bytes, ...]
    deals: tuple[str, ...]


@dataclass
class Waits:
    """Seconds that askers waited, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def row(self, name: str, bar: str) -> str:
        """Return a row of the table."""
        waits = sorted(self.seconds)
        told = " | ".join(f"{_quantile(waits, share) * 1000:,.0f}" for share in (0.5, 0.95, 0.99))
        return f"| {name} | {len(waits):,} | {told} | {bar} | {len(self.failed)} |"


def main() -> None:
    """Run the load test."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="counterpoise-load-") as scratch:
        root = asked.workspace or Path(scratch) / "room"
        prepared = prepare(root, asked.deals, asked.made_up)
        with _served(prepared.workspace) as port:
            _run(prepared, port, asked.seconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=20_000, help="deals of the demo company")
    parser.add_argument("--made-up", type=int, default=0, help="synthetic deals in its place")
    parser.add_argument("--workspace", type=Path, help="make the company here and keep it")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each part runs")
    return parser.parse_args()


def _run(prepared: Prepared, port: int, seconds: float) -> None:
    print(f"| what | asked | p50 ms | p95 ms | p99 ms | aim | failed |\n|---|{'---:|' * 6}")
    reading = Reading(prepared, port)
    _together(1, 3, lambda asker, _: reading.every_page(asker))
    waits = _together(PEOPLE, seconds, reading.person)
    print(waits.row(f"pages that read results, {PEOPLE} people", "p95 100"))
    deciding = Deciding(prepared, port)
    _together(1, 2, deciding.caller)
    print(_together(1, seconds / 2, deciding.caller).row("decide, one caller", "p95 10"))
    print(_together(4, seconds / 2, deciding.caller).row("decide, four callers", ""))
    filtering = Filtering(prepared, port)
    print(_together(2, seconds / 2, filtering.asker).row("free filters, two at a time", "1,000"))
    done = threading.Event()
    background = threading.Thread(target=_ask_until, args=(filtering, done), daemon=True)
    background.start()
    waits = _together(PEOPLE, seconds, reading.person)
    done.set()
    background.join(_PATIENCE)
    print(waits.row(f"pages, {PEOPLE} people, while filters run", ""))
    for failure in [*reading.failures, *deciding.failures, *filtering.failures][:5]:
        print(failure, file=sys.stderr)


def _ask_until(filtering: Filtering, done: threading.Event) -> None:
    waits = Waits()
    draw = random.Random(99)
    while not done.is_set():
        filtering.once(draw, waits)


def _together(
    askers: int, seconds: float, ask: Callable[[int, Callable[[], bool]], Waits | None]
) -> Waits:
    """Let askers ask at once for some seconds, each in a thread of its own."""
    found: list[Waits] = []
    until = time.perf_counter() + seconds

    def one(number: int) -> None:
        waits = ask(number, lambda: time.perf_counter() < until)
        if waits is not None:
            found.append(waits)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Waits([s for each in found for s in each.seconds], [f for w in found for f in w.failed])


class Asker:
    """Asks the room over a connection that stays open."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port, self._headers = port, headers
        self._connection = HTTPConnection(HOST, port, timeout=60)

    def ask(self, waits: Waits, path: str, body: bytes | None = None) -> None:
        """Ask once and note how long the answer took."""
        start = time.perf_counter()
        try:
            self._connection.request("POST" if body else "GET", path, body, self._headers)
            answer = self._connection.getresponse()
            answer.read()
        except OSError as error:
            waits.failed.append(f"{path}: {error}")
            self._connection = HTTPConnection(HOST, self._port, timeout=60)
            return
        if answer.status == 200:
            waits.seconds.append(time.perf_counter() - start)
        else:
            waits.failed.append(f"{path}: {answer.status}")


class Reading:
    """People who read pages, with time to think between them."""

    def __init__(self, prepared: Prepared, port: int) -> None:
        self.prepared, self.port = prepared, port
        self.failures: list[str] = []

    def person(self, number: int, goes_on: Callable[[], bool]) -> Waits:
        """Read pages until time is up."""
        draw, waits = random.Random(number), Waits()
        asker = Asker(self.port, {"Cookie": self.prepared.cookies[number]})
        time.sleep(draw.random() * THINKING)
        while goes_on():
            asker.ask(waits, draw.choice(_PAGES))
            time.sleep(draw.expovariate(1 / THINKING))
        self.failures += waits.failed
        return waits

    def every_page(self, number: int) -> None:
        """Open every page once in each process, as a room that is in use has had it opened."""
        for _ in range(6):
            asker = Asker(self.port, {"Cookie": self.prepared.cookies[number]})
            for page in _PAGES:
                asker.ask(Waits(), page)


class Deciding:
    """Programs that decide, one call after the other."""

    def __init__(self, prepared: Prepared, port: int) -> None:
        self.prepared, self.port = prepared, port
        self.failures: list[str] = []

    def caller(self, number: int, goes_on: Callable[[], bool]) -> Waits:
        """Call until time is up."""
        draw, waits = random.Random(number), Waits()
        sent = {
            "Authorization": f"Bearer {self.prepared.token}",
            "Content-Type": "application/json",
        }
        asker = Asker(self.port, sent)
        while goes_on():
            asker.ask(waits, "/api/v1/decide", draw.choice(self.prepared.requests))
        self.failures += waits.failed
        return waits


class Filtering:
    """People who make filters up, so that nothing is kept of them yet."""

    def __init__(self, prepared: Prepared, port: int) -> None:
        self.prepared, self.port = prepared, port
        self.failures: list[str] = []

    def asker(self, number: int, goes_on: Callable[[], bool]) -> Waits:
        """Ask with filters that nobody asked with before."""
        draw, waits = random.Random(1000 + number), Waits()
        while goes_on():
            self.once(draw, waits)
        return waits

    def once(self, draw: random.Random, waits: Waits) -> None:
        """Ask once."""
        low = draw.randrange(0, 30_000) / 1000
        by = draw.choice(["team", "segment", "source", "persona", "industry"])
        path = f"/ledger/?rate_from={low}&rate_to={low + draw.randrange(1, 20)}&by={by}"
        Asker(self.port, {"Cookie": self.prepared.cookies[0]}).ask(waits, path)
        self.failures += waits.failed[len(self.failures) :]


def prepare(root: Path, deals: int, made_up: int) -> Prepared:
    """Make the company, its people and its review, unless the workspace is there already."""
    is_new = not (root / "counterpoise.toml").exists()
    workspace = _company(root, deals, made_up) if is_new else Workspace.open(root)
    if is_new:
        with workspace.settings_file.open("a") as settings:
            settings.write("\n[room]\ncalls_a_minute = 10000000\n")
        workspace = Workspace.open(root)
    from counterpoise.web.setup import set_up

    set_up(workspace)
    return _inside(workspace)


def _company(root: Path, deals: int, made_up: int) -> Workspace:
    if made_up:
        return make_books(root, made_up)
    from counterpoise.agreement import read_agreement, save_ratified
    from counterpoise.books import import_books
    from counterpoise.demo import Recipe, make_company
    from counterpoise.demo.world import CURRENCY, TIME_ZONE

    workspace = Workspace.create(root, CURRENCY, TIME_ZONE)
    made = root.with_name(f"{root.name}-company")
    company = make_company(made, deals=deals, seed=1, recipe=Recipe())
    for file in company.ratified:
        save_ratified(workspace.agreements_dir, read_agreement(file))
    shutil.copyfile(company.agreement_file, workspace.agreement_file)
    import_books(workspace, company.export)
    return workspace


def _inside(workspace: Workspace) -> Prepared:
    """Do what needs the room's own database: people, sessions, a token, and the review."""
    from django.core.management import call_command

    from counterpoise.books import Books, Silent, build_lookup
    from counterpoise.books.facts import latest_day
    from counterpoise.web import house
    from counterpoise.web.live import live
    from counterpoise.web.results.keeping import keep_review

    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    with Books.open(workspace) as books:
        build_lookup(books)
        day = latest_day(books, dt.date(2100, 1, 1))
        keep_review(books, house.agreements(), day, dt.datetime.now(dt.UTC), Silent())
    print(f"look-up and review made in {time.perf_counter() - start:,.0f} s", file=sys.stderr)
    cookies, token = _people(live())
    deals = [row["deal_id"] for row in live().find_deals("D", 200)]
    return Prepared(workspace, cookies, token, _requests(live()), tuple(deals))


def _people(lookup: Lookup) -> tuple[tuple[str, ...], str]:
    """Make fifty people, sign them in, and mint the token of a program."""
    from django.conf import settings
    from django.test import Client

    from counterpoise.web import house
    from counterpoise.web.api.scopes import TokenScope
    from counterpoise.web.api.tokens import Wanted, mint
    from counterpoise.web.people.models import User

    agreement = house.agreements().latest
    assert agreement is not None
    role = agreement.agreement.ladder[0]
    sellers = [row["person_id"] for row in lookup.people() if row["side"] == "sales"]
    cookies = []
    lead = None
    for number in range(PEOPLE):
        is_above = number % 10 == 0
        person = "" if is_above else sellers[number % len(sellers)]
        side = "both" if is_above else "sales"
        email = f"load-{time.time_ns()}-{number}@example.com"
        taken = User.objects.filter(person_id=person).exclude(person_id="").first()
        user = taken or User.objects.create_user(
            email, name=f"Person {number}", side=side, role=role, person_id=person
        )
        if is_above and lead is None:
            lead = user
            User.objects.filter(pk=user.pk).update(is_administrator=True)
            user.refresh_from_db()
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session}")
    assert lead is not None
    scopes = frozenset({TokenScope.DECIDE, TokenScope.DECIDE_FOR_ANY})
    return tuple(cookies), mint(lead, Wanted("Load", scopes, 30, is_program=True)).secret


def _requests(lookup: Lookup) -> tuple[bytes, ...]:
    """Make requests about known accounts and products, at rates on both sides of the limits."""
    draw = random.Random(5)
    accounts = [row["account_id"] for row in lookup.find_accounts("A", 200)]
    products = [row for row in lookup.products() if row["list_price"]]
    found = []
    for _ in range(500):
        lines = []
        for product in draw.sample(products, min(3, len(products))):
            rate = draw.randrange(0, 30) / 100
            price = round(float(product["list_price"]) * (1 - rate), 2)
            quantity = draw.randrange(1, 40)
            lines.append(
                {"product_id": product["product_id"], "quantity": quantity, "net_price": price}
            )
        deal = {"account_id": draw.choice(accounts), "lines": lines, "term_months": 24}
        found.append(json.dumps({"deal": deal, "asked_by": "rep"}).encode())
    return tuple(found)


@contextmanager
def _served(workspace: Workspace) -> Iterator[int]:
    """Serve the room by the real command on a free port of this machine, and end it after."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "counterpoise.cli", "-w", str(workspace.root), "serve"]
    process = subprocess.Popen(
        [*command, "--host", HOST, "--port", str(port)], stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            connection = HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/account/login/")
            if connection.getresponse().status == 200:
                time.sleep(5)  # processes load the engine beside the first pages
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the room did not open")


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


if __name__ == "__main__":
    main()
