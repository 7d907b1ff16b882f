"""Pages of the ledger: figures for all, rows for whom they open."""

from collections.abc import Callable

import pytest
from django.test import Client

ClientOf = Callable[[str], Client]


@pytest.mark.parametrize("part", ["lead", "manager", "rep", "marketer", "analyst", "stranger"])
@pytest.mark.parametrize(
    "path",
    [
        "/ledger/",
        "/ledger/?by=owner",
        "/ledger/?by=quarter&across=team&measure=net_revenue",
        "/ledger/?segment=Enterprise&by=industry",
        "/ledger/?part=leakage&rate_from=5&rate_to=30&by=source",
        "/ledger/?by=product&points=3",
        "/ledger/deals/",
        "/ledger/deals/?outcome=won&order=leakage&page=2",
        "/search/?q=a",
    ],
)
def test_shows_every_page_to_everybody(client_of: ClientOf, part: str, path: str) -> None:
    answer = client_of(part).get(path)
    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()
