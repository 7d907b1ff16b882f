"""`counterpoise serve`: pages and jobs by real processes."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import Browser

from tests.browser import sign_in_anew, visiting
from tests.web.served import Server


def test_answers_and_works(server: Server) -> None:
    with urllib.request.urlopen(f"{server.address}/health", timeout=60) as answer:
        assert json.load(answer)["database"] == "ok"


@pytest.mark.browser
def test_lets_the_cast_in(server: Server, chromium: Browser) -> None:
    with visiting(chromium) as page:
        sign_in_anew(page, server.address, server.email("lead"), server.password)
        assert "/login" not in page.url
