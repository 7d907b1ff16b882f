"""What helps: the page over the company's review, and over books that tell nothing."""

from collections.abc import Callable

from django.test import Client

from counterpoise.web.live import live
from counterpoise.web.results.reading import latest
from counterpoise.web.results.tools import kept_tools
from tests.web.ledger.conftest import reviewed_workspace, room_workspace

__all__ = ["reviewed_workspace", "room_workspace"]

ClientOf = Callable[[str], Client]


def test_every_tool_stands_among_the_used_or_the_unused(client_of: ClientOf) -> None:
    kept = latest()
    assert kept is not None
    told = kept_tools(kept)
    assert told is not None
    found = [each["tool_id"] for each in (*told["used"], *told["unused"])]
    assert sorted(found) == sorted(tool["tool_id"] for tool in live().tools())
    assert all(each["uses"] >= each["deals"] for each in told["used"])


def test_the_page_tells_figures_to_both_sides_and_names_nobody(client_of: ClientOf) -> None:
    pages = {name: client_of(name).get("/tools/what-helps/") for name in ("rep", "marketer")}
    for page in pages.values():
        text = page.content.decode()
        assert "it need not be why" in text
        assert not [p["name"] for p in live().people() if p["name"] in text.split("<main")[1]]
    assert b"Ask for one" in pages["rep"].content
    assert b"Make one" in pages["marketer"].content


def test_a_figure_opens_its_deals_to_those_whose_they_are(client_of: ClientOf) -> None:
    told = kept_tools(latest())  # type: ignore[arg-type]  # there is one
    assert told is not None
    most = told["used"][0]
    page = client_of("lead").get("/ledger/behind/tools/", {"tool": most["tool_id"]})
    assert f"{most['deals']} rows" in page.content.decode()
    assert "open to you" in client_of("rep").get("/ledger/behind/tools/").content.decode()
