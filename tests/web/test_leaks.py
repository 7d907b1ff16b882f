"""What a person can reach by following links shows no row that does not open to them."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client

from counterpoise.books import Books, Workspace
from counterpoise.web.access import scope_of
from counterpoise.web.live import live
from counterpoise.web.people.cast import Member
from tests.web.ledger.conftest import reviewed_workspace, room_workspace
from tests.web.sampling import make_samples

__all__ = ["reviewed_workspace", "room_workspace"]

_LINK = re.compile(r"""(?:href|hx-get|data-href)="([^"]+)\"""")
_MOST = 150
_FOLLOWED = 12
"""How many addresses that differ in their query alone are looked at."""


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", ["rep", "manager", "marketer", "stranger"])
def test_no_page_within_reach_names_a_deal_of_others(
    cast: dict[str, Member], room_workspace: Workspace, part: str
) -> None:
    make_samples(room_workspace, cast)
    closed = _closed_to(room_workspace, cast[part])
    assert closed, "there is something to hide"
    client = Client()
    client.force_login(cast[part].user)
    leaks = {
        path: sorted(named)[:3]
        for path, text in _reachable(client)
        if (named := set(re.findall(r"\bD\d{8}\b", text)) & closed)
    }
    assert leaks == {}


def _closed_to(workspace: Workspace, member: Member) -> set[str]:
    scope = scope_of(member.user)
    with Books.open(workspace) as books:
        deals = books.table("deals").select("deal_id", "owner_id")
        rows = books.run(deals).to_pylist()
    return {
        row["deal_id"]
        for row in rows
        if not scope.opens(row["owner_id"], live().deal_campaigns(row["deal_id"]))
    }


def _reachable(client: Client) -> list[tuple[str, str]]:
    """Return the pages that can be reached from home by links, files included."""
    found: list[tuple[str, str]] = []
    waiting, seen = deque(["/", "/ledger/", "/ledger/deals/", "/search/?q=D0", "/desk/"]), {"/"}
    alike: dict[str, int] = {}
    while waiting and len(found) < _MOST:
        path = waiting.popleft()
        answered = client.get(path)
        if answered.status_code != 200:
            continue
        text = _text(answered)
        found.append((path, text))
        for link in _LINK.findall(text):
            target = urldefrag(urljoin(path, link.replace("&amp;", "&"))).url
            parts = urlsplit(target)
            kind = re.sub(r"[^/]*\d[^/]*", "N", parts.path)
            if parts.netloc or parts.path.startswith(("/static", "/account/logout")):
                continue
            if target not in seen and alike.get(kind, 0) < _FOLLOWED:
                seen.add(target)
                alike[kind] = alike.get(kind, 0) + 1
                waiting.append(target)
    return found


def _text(answered: object) -> str:
    content = getattr(answered, "content", None)
    if content is None:
        content = b"".join(getattr(answered, "streaming_content", ()))
    return bytes(content).decode("utf-8", "replace")
