"""The first five minutes: what is done shows from the facts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.books import Workspace
from counterpoise.web.audit.models import Entry
from counterpoise.web.balance.models import RevenueCheck
from counterpoise.web.people.models import User

ClientOf = Callable[[str], Client]


@pytest.fixture
def empty_room(db: None, tmp_path: Path, settings: Settings) -> Workspace:
    """Return a workspace that nothing was imported into."""
    workspace = Workspace.create(tmp_path / "empty")
    settings.COUNTERPOISE_WORKSPACE = str(workspace.root)
    return workspace


def client_for(side: str = "both") -> Client:
    """Return a client of somebody new."""
    user = User.objects.create_user("new@example.com", name="New", side=side)
    client = Client()
    client.force_login(user)
    return client


def done(client: Client) -> dict[str, bool]:
    """Return which steps the home page calls done."""
    return {step.name: step.is_done for step in client.get("/").context["steps"]}


def test_begins_with_everything_to_do(empty_room: Workspace) -> None:
    client = client_for()
    assert done(client) == {"books": False, "revenue": False, "agreement": False, "ask": False}
    assert "Five minutes to your own balance" in client.get("/").content.decode()


def test_tells_who_may_not_import_who_does(empty_room: Workspace) -> None:
    step = client_for("sales").get("/").context["steps"][0]
    assert step.url == ""
    assert step.says.startswith("An administrator, or who stands above both sides")


def test_points_at_the_step_that_comes_next(empty_room: Workspace) -> None:
    steps = client_for().get("/").context["steps"]
    assert [step.name for step in steps if step.is_next] == ["books"]
    assert [step.name for step in steps if step.url] == ["books"]


def test_says_what_is_wrong_with_an_agreement_that_cannot_be_read(empty_room: Workspace) -> None:
    empty_room.agreement_file.write_text("agreement: counterpoise/v1\ntitel: Half\n")
    answer = client_for().get("/")
    assert answer.status_code == 200
    assert "files cannot be read: " in answer.content.decode()


def test_has_no_revenue_to_compare_without_books(empty_room: Workspace) -> None:
    assert client_for().get("/revenue/").status_code == 404


def test_sees_from_the_facts_what_is_done(client_of: ClientOf) -> None:
    client = client_of("lead")
    assert done(client) == {"books": True, "revenue": False, "agreement": True, "ask": False}
    client.post("/revenue/", {"reported": "1,000,000"})
    assert done(client)["revenue"]
    assert [step.name for step in client.get("/").context["steps"] if step.is_next] == ["ask"]


def test_leaves_others_alone_once_there_is_a_review(client_of: ClientOf) -> None:
    assert client_of("rep").get("/").context["steps"] == []


def test_explains_a_figure_that_is_typed_in(client_of: ClientOf) -> None:
    client = client_of("analyst")
    client.post("/revenue/", {"reported": "1"})
    found = client.get("/revenue/").context["told"].found
    client.post("/revenue/", {"reported": f"{found.net:,.2f}"})
    page = client.get("/revenue/")
    assert page.context["told"].is_whole
    assert "The same figure" in page.content.decode()
    review_net = client.get("/").context["kept"].object["ledger"]["net_revenue"]
    assert float(found.net) == pytest.approx(review_net)


def test_keeps_the_figure_on_record(client_of: ClientOf) -> None:
    client_of("rep").post("/revenue/", {"reported": "1 250 000.50"})
    check = RevenueCheck.objects.get()
    assert str(check.reported) == "1250000.50"
    entry = Entry.objects.get(act="revenue.compared")
    assert entry.subject == f"snapshot:{check.snapshot}"


@pytest.mark.parametrize("typed", ["", "much", "-5", "nan", "1e30", "9" * 60, "\x00"])
def test_refuses_what_is_no_amount(client_of: ClientOf, typed: str) -> None:
    answer = client_of("lead").post("/revenue/", {"reported": typed})
    assert answer.status_code == 422
    assert not RevenueCheck.objects.exists()
