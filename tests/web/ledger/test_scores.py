"""Pages of fit, contra-effects and power: figures for all, rows for whom they open."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from counterpoise.books import Workspace
from counterpoise.web.ledger.behind import behind_url
from counterpoise.web.ledger.whiskers import Scale
from counterpoise.web.results.reading import latest
from counterpoise.web.results.scores import kept_fit, kept_power, kept_together

ClientOf = Callable[[str], Client]
PAGES = ("/ledger/fit/", "/ledger/together/", "/ledger/power/")
BEHIND = "/ledger/behind/power/?decider_role=sales_manager&verdict=approved"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("part", ["lead", "manager", "rep", "marketer", "analyst", "stranger"])
def test_shows_every_page_to_everybody(client_of: ClientOf, part: str) -> None:
    client = client_of(part)
    for path in (*PAGES, BEHIND, "/ledger/behind/together/?touched=no&rate_before=known&page=2"):
        assert "<h1" in client.get(path).content.decode()


def test_shows_what_the_review_left(client_of: ClientOf) -> None:
    client, kept = client_of("rep"), latest()
    assert kept is not None
    fit, together, power = kept_fit(kept), kept_together(kept), kept_power(kept)
    assert fit is not None
    assert together is not None
    assert power is not None
    assert fit["leads_say"] in text_of(client, PAGES[0])
    page = text_of(client, PAGES[1])
    assert [each["title"] in page for each in together] == [True] * 3
    assert power["says"] in text_of(client, PAGES[2])


def test_inside_and_outside_agree_with_the_ledger(
    client_of: ClientOf, room_workspace: Workspace
) -> None:
    kept = latest()
    assert kept is not None
    told = kept_fit(kept)
    assert told is not None
    by_persona = {row["key"]: row for row in kept.object["ledger"]["by"]["persona"]}
    for row in told["personas"]:
        assert row["reach"]["deals_won"] == by_persona[row["id"]]["deals_won"]
        found = row["figures"]["win_rate"]
        assert found["value"] == pytest.approx(by_persona[row["id"]]["win_rate"])


def test_rows_open_within_the_scope(client_of: ClientOf) -> None:
    everything = text_of(client_of("lead"), BEHIND)
    rows = re.search(r"([\d,]+) rows", everything)
    assert rows
    own = re.search(r"([\d,]+) of ([\d,]+) rows open to you", text_of(client_of("rep"), BEHIND))
    assert own
    assert own.group(2) == rows.group(1)
    assert int(own.group(1)) < int(own.group(2).replace(",", ""))
    nobody = text_of(client_of("stranger"), BEHIND)
    assert f"None of these {rows.group(1)} rows opens to you" in nobody


def test_every_figure_of_power_counts_the_rows_behind_it(client_of: ClientOf) -> None:
    kept = latest()
    assert kept is not None
    told = kept_power(kept)
    assert told is not None
    client = client_of("lead")
    for row in told["roles"]:
        if row["approved"] > 1:
            url = behind_url("power", decider_role=row["role"], verdict="approved")
            assert f"{row['approved']:,} rows" in text_of(client, url)


@pytest.mark.parametrize(
    "path",
    [
        "/ledger/behind/nothing/",
        "/ledger/behind/power/",
        "/ledger/behind/power/?decider_role=%00&state=x&page=99999",
    ],
)
def test_odd_addresses_harm_nobody(client_of: ClientOf, path: str) -> None:
    assert client_of("lead").get(path).status_code in (200, 404)


def test_says_so_where_an_earlier_review_kept_none(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of("lead")
    for name in ("fit", "together", "power"):
        monkeypatch.setattr(f"counterpoise.web.ledger.score_views.kept_{name}", lambda _: None)
    for path in PAGES:
        assert "Not worked out yet" in text_of(client, path)


def test_an_interval_stands_on_a_scale_with_nought() -> None:
    found = {"low": 0.01, "value": 0.02, "high": 0.03}
    whisker = Scale.of([found, None]).whisker(found)
    assert whisker.tone == "above"
    assert float(whisker.zero) < float(whisker.low) < float(whisker.value) < float(whisker.high)
    assert whisker.says == "+1.0 to +3.0"
    unsure = {"low": -0.01, "value": 0.0, "high": 0.01}
    assert Scale.of([unsure]).whisker(unsure).tone == "unsure"
