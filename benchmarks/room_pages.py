"""What a page of the room costs: processor milliseconds and queries, asked in this very process.

Waiting depends on what else a machine does; this hardly does. It takes a workspace that
`benchmarks.room_load --workspace DIR` made, or makes one.

    python -m benchmarks.room_pages --workspace DIR
    python -m benchmarks.room_pages --workspace DIR --profile /ledger/
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.room_load import prepare

if TYPE_CHECKING:
    from django.test import Client

_TIMES = 15
_PAGES = (
    "/",
    "/agreement/",
    "/desk/",
    "/ledger/",
    "/ledger/?by=segment",
    "/ledger/?by=campaign&points=3",
    "/cracks/",
    "/search/?q=D0",
)


def main() -> None:
    """Measure every page, or profile one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True, help="made there if it is empty")
    parser.add_argument("--deals", type=int, default=20_000, help="deals of the demo company")
    parser.add_argument("--profile", help="the page to profile")
    asked = parser.parse_args()
    prepared = prepare(asked.workspace, asked.deals, 0)
    client = _client(prepared.cookies[0])
    if asked.profile:
        _profile(client, asked.profile)
        return
    print("| page | processor ms, median | most | queries | kB |\n|---|---:|---:|---:|---:|")
    for page in _PAGES:
        print(_row(client, page))


def _client(cookie: str) -> Client:
    """Return a browser that is signed in, and give static files the addresses of a served room."""
    from django.conf import settings
    from django.test import Client

    from counterpoise.web import house
    from counterpoise.web.serving import collect_static
    from counterpoise.web.static import static_settings

    for name, value in static_settings(collect_static(house.workspace())).items():
        setattr(settings, name, value)
    settings.ALLOWED_HOSTS.append("testserver")
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie.partition("=")[2]
    return client


def _row(client: Client, page: str) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    size = _asked(client, page)
    spent = []
    for _ in range(_TIMES):
        before = time.thread_time()
        _asked(client, page)
        spent.append((time.thread_time() - before) * 1000)
    with CaptureQueriesContext(connection) as queries:
        _asked(client, page)
    middle, most = statistics.median(spent), max(spent)
    return f"| `{page}` | {middle:.1f} | {most:.1f} | {len(queries)} | {size / 1024:.0f} |"


def _asked(client: Client, page: str) -> int:
    answer = client.get(page)
    if answer.status_code != 200:
        raise SystemExit(f"{page}: {answer.status_code}")
    return len(answer.content)


def _profile(client: Client, page: str) -> None:
    _asked(client, page)
    profile = cProfile.Profile()
    for _ in range(_TIMES):
        profile.runcall(_asked, client, page)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()
