"""The books in the room: bring facts in, see what is wrong with them, choose which are in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.books import Books, Workspace
from counterpoise.books.snapshot import current_snapshot, snapshot_names
from counterpoise.web.audit.models import Entry
from counterpoise.web.books_room.chores import import_what_is_due
from counterpoise.web.books_room.models import Schedule, Source
from counterpoise.web.books_room.schedule import next_after
from counterpoise.web.live import live
from counterpoise.web.results.jobs import ask_for_review, gather_room_facts
from counterpoise.web.results.reading import latest
from counterpoise.web.work.models import Job, JobState
from counterpoise.web.work.worker import run_waiting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("review_alone")]
ClientOf = Callable[[str], Client]

DEALS = """\
deal_id,owner_id,outcome,created_at,closed_at,list_amount,net_amount
N1,P00033,won,2026-01-05,2026-02-10,1000,900
N2,P00033,lost,2026-01-06,2026-03-10,2000,
N3,P00033,wonn,2026-01-06,2026-03-10,2000,1000
"""
EVERYBODY = ["lead", "manager", "rep", "marketer", "analyst", "stranger"]
IMPORTERS = ["lead", "analyst"]


def _file(text: str = DEALS, name: str = "deals.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def _bring(client: Client, *files: SimpleUploadedFile, **more: Any) -> Any:
    return client.post("/books/import/", {"files": list(files) or [_file()], **more})


def _work() -> None:
    run_waiting()


@pytest.mark.parametrize("part", EVERYBODY)
def test_opens_to_everybody(client_of: ClientOf, part: str) -> None:
    client = client_of(part)
    assert client.get("/books/").status_code == 200
    assert client.get("/books/problems/").status_code == 200
    assert client.get("/books/compare/").status_code == 200


@pytest.mark.parametrize("part", EVERYBODY)
def test_lets_only_importers_import(client_of: ClientOf, part: str) -> None:
    client = client_of(part)
    expected = 200 if part in IMPORTERS else 403
    assert client.get("/books/import/").status_code == expected
    rows = "/books/problems/rows/?table=deals&rule=unknown_outcome"
    assert client.get(rows).status_code == expected
    _bring(client)
    assert Job.objects.filter(kind="import").exists() == (part in IMPORTERS)


@pytest.mark.parametrize("part", EVERYBODY)
@pytest.mark.parametrize("path", ["sources/", "snapshots/prune/", "snapshots/abc/use/"])
def test_lets_only_administrators_decide_what_is_in_use(
    client_of: ClientOf, part: str, path: str
) -> None:
    answer = client_of(part).post(f"/books/{path}", {"name": "x"})
    assert (answer.status_code == 403) == (part != "analyst")


def test_imports_what_is_brought(client_of: ClientOf, room_workspace: Workspace) -> None:
    before = current_snapshot(room_workspace)
    client = client_of("analyst")
    answer = _bring(client)
    assert answer.status_code == 302
    assert "waits for a worker" in client.get(answer.url).content.decode()
    _work()
    job = Job.objects.get(kind="import")
    assert (job.state, job.failure) == (JobState.DONE, "")
    assert job.result is not None
    assert current_snapshot(room_workspace) == job.result["snapshot"] != before
    assert (live().deal("N1") or {})["owner_id"] == "P00033"
    kept = latest()
    assert kept is not None
    assert kept.snapshot == job.result["snapshot"]
    assert kept.object["ledger"]["deals_won"] == 1
    assert Entry.objects.filter(act="books.imported").count() == 1
    page = client.get(answer.url).content.decode()
    assert "done" in page
    rows = client.get("/books/problems/rows/?table=deals&rule=unknown_outcome").content.decode()
    assert "N3" in rows


def test_says_why_an_import_failed_and_keeps_the_books(
    client_of: ClientOf, room_workspace: Workspace
) -> None:
    before = current_snapshot(room_workspace)
    client = client_of("lead")
    answer = _bring(client, _file("a,b\n1,2\n", "strange.csv"))
    _work()
    job = Job.objects.get(kind="import")
    assert job.state == JobState.FAILED
    assert "strange" in job.failure
    assert current_snapshot(room_workspace) == before
    assert "the books are as they were" in client.get(answer.url).content.decode()


def test_runs_one_import_at_a_time(client_of: ClientOf) -> None:
    client = client_of("lead")
    first = _bring(client)
    second = _bring(client)
    assert second.url == first.url
    assert Job.objects.filter(kind="import").count() == 1


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([_file(name="deals.exe")], "of another kind"),
        ([_file(name=".hidden.csv")], "is no name of a file"),
        ([_file(), _file(name="Deals.csv")], "the same name"),
    ],
)
def test_refuses_files_that_it_cannot_keep(
    client_of: ClientOf, files: list[SimpleUploadedFile], says: str
) -> None:
    answer = _bring(client_of("lead"), *files)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Job.objects.exists()


def test_refuses_more_than_is_allowed(client_of: ClientOf, room_workspace: Workspace) -> None:
    with room_workspace.settings_file.open("a", encoding="utf-8") as stream:
        stream.write("[room]\nupload_mb = 1\n")
    big = _file("x" * 2_000_000)
    assert _bring(client_of("lead"), big).status_code in {400, 413}
    assert not Job.objects.exists()


def test_wants_files_or_a_source(client_of: ClientOf) -> None:
    answer = client_of("lead").post("/books/import/", {})
    assert answer.status_code == 422
    assert "one of the two" in answer.content.decode()


def test_goes_back_to_a_former_snapshot(client_of: ClientOf, room_workspace: Workspace) -> None:
    first = current_snapshot(room_workspace)
    client = client_of("analyst")
    _bring(client)
    _work()
    assert current_snapshot(room_workspace) != first
    assert client.post(f"/books/snapshots/{first}/use/").status_code == 302
    assert current_snapshot(room_workspace) == first
    entry = Entry.objects.get(act="books.went_back")
    assert entry.subject == f"snapshot:{first}"
    _work()
    kept = latest()
    assert kept is not None
    assert kept.snapshot == first


def test_compares_two_snapshots(client_of: ClientOf, room_workspace: Workspace) -> None:
    first = current_snapshot(room_workspace)
    client = client_of("lead")
    _bring(client)
    _work()
    asked = {"old": str(first), "new": str(current_snapshot(room_workspace))}
    assert client.post("/books/compare/", asked).status_code == 302
    _work()
    page = client.get("/books/compare/", asked).content.decode()
    assert "Removed" in page
    assert client.get("/books/compare/", {"old": "x", "new": "y"}).status_code == 404


def test_prunes_snapshots_with_their_look_ups(
    client_of: ClientOf, room_workspace: Workspace
) -> None:
    client = client_of("analyst")
    _bring(client)
    _work()
    client.post("/books/snapshots/prune/", {"keep": 1})
    assert snapshot_names(room_workspace) == (current_snapshot(room_workspace),)
    lookups = list((room_workspace.books_dir / "lookups").iterdir())
    assert [each.stem for each in lookups] == [current_snapshot(room_workspace)]


def test_takes_spellings(client_of: ClientOf, room_workspace: Workspace) -> None:
    client = client_of("lead")
    people = _file("person_id,name\nAnna Bolyn,x\nBert,y\n", "people.csv")
    deals = _file(DEALS.replace("P00033", "Anna Bolynn"))
    _bring(client, deals, people)
    _work()
    page = client.get("/books/problems/").content.decode()
    assert "Anna Bolynn" in page
    snapshot = current_snapshot(room_workspace)
    client.post("/books/spellings/", {"snapshot": snapshot, "spelling": ["0"]})
    _work()
    assert (live().deal("N1") or {})["owner_id"] == "Anna Bolyn"
    assert Entry.objects.filter(act="books.spellings_accepted").count() == 1


def test_imports_an_allowed_folder_by_the_clock(
    client_of: ClientOf, tmp_path: Path, room_workspace: Workspace
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "deals.csv").write_text(DEALS, encoding="utf-8")
    client = client_of("analyst")
    client.post("/books/sources/", {"name": "Nightly", "address": str(folder), "adapter": ""})
    source = Source.objects.get()
    client.post(f"/books/sources/{source.pk}/schedule/", {"at": "06:00", "weekday": ""})
    Schedule.objects.update(next_at=datetime(2026, 1, 1, tzinfo=UTC))
    import_what_is_due(datetime(2026, 1, 1, 5, tzinfo=UTC))
    _work()
    assert Job.objects.get(kind="import").state == JobState.DONE
    assert Schedule.objects.get().next_at > datetime(2026, 1, 1, 5, tzinfo=UTC)
    assert live().deal("N1") is not None


@pytest.mark.parametrize(
    "address", ["postgresql://u:secret@h/d", "mysql://h/d", "sqlite://x", "a\0b"]
)
def test_refuses_an_address_that_cannot_be_allowed(client_of: ClientOf, address: str) -> None:
    sent = {"name": "x", "address": address, "adapter": ""}
    answer = client_of("analyst").post("/books/sources/", sent)
    assert answer.status_code == 422
    assert "secret" not in answer.content.decode().replace('value="postgresql://u:secret', "")
    assert not Source.objects.exists()


def test_shows_no_password_variable_of_a_source(client_of: ClientOf) -> None:
    sent = {"name": "CRM", "address": "postgresql://u:${CRM_PASSWORD}@h/d", "adapter": ""}
    client = client_of("analyst")
    client.post("/books/sources/", sent)
    assert "postgresql://u@h/d" in client.get("/books/sources/").content.decode()
    assert "CRM_PASSWORD" not in client_of("lead").get("/books/import/").content.decode()


def test_asks_few_questions_of_the_database(
    client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    client = client_of("lead")
    client.get("/books/")
    with django_assert_num_queries(5):
        client.get("/books/")


def test_a_time_that_the_clock_jumps_over_comes_that_day() -> None:
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    due = next_after(before, time(2, 30), None, "Europe/Zagreb")
    assert due == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


PATHS = ["sources/", "import/", "snapshots/prune/", "spellings/", "compare/", "snapshots/x/use/"]
NAMES = ["name", "address", "adapter", "keep", "source", "old", "new", "spelling", "accept"]
_shared = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_shared
@given(st.sampled_from(PATHS), st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40)))
def test_forms_never_fail(client_of: ClientOf, path: str, sent: dict[str, str]) -> None:
    assert client_of("analyst").post(f"/books/{path}", sent).status_code < 500


@_shared
@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_addresses_never_fail(client_of: ClientOf, one: str, two: str, three: str) -> None:
    client = client_of("analyst")
    asked = {"snapshot": one, "table": two, "rule": three, "page": one, "old": two, "new": one}
    for path in ("problems/", "problems/rows/", "compare/", ""):
        assert client.get(f"/books/{path}", asked).status_code < 500


def test_lays_what_the_room_knows_beside_the_books(
    client_of: ClientOf, room_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterpoise.web.desk import room_facts

    offered = {"offer_id": "room-1", "deal_id": "N2", "offered_at": None, "net_amount": None}
    monkeypatch.setattr(room_facts, "rows", lambda: {"offers": [offered]})
    _bring(client_of("lead"))
    _work()
    first = latest()
    with Books.open(room_workspace) as books:
        assert books.run(books.table("offers")).column("offer_id").to_pylist() == ["room-1"]
    monkeypatch.setattr(room_facts, "rows", dict)
    gather_room_facts()
    assert ask_for_review()
    _work()
    second = latest()
    assert first is not None
    assert second is not None
    assert (first.snapshot, first.key != second.key) == (second.snapshot, True)
    assert not ask_for_review()
    settings = room_workspace.settings_file
    settings.write_text('approvals_from = "2026-06-01"\n' + settings.read_text())
    assert ask_for_review()
