"""Who tries to learn who answered what, from all that is kept and written, and fails.

One of sales rates all sentences 1, everybody else 5. Whoever finds that one, or finds anything that
differs between two rooms in which another person rated 1, has linked an answer to a person.
"""

import datetime as dt
import io
import json
import logging
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.db import connection
from django.test import Client

from counterpoise.books import Workspace
from counterpoise.web import backup, guarding
from counterpoise.web.logs import JsonLines
from counterpoise.web.people.models import User
from counterpoise.web.pulse import answering, life, sealing
from counterpoise.web.pulse.items import ITEMS
from counterpoise.web.pulse.models import Figure, Participation, Pulse
from counterpoise.web.pulse.scoring import Ballot
from tests.web.pulse.conftest import AFTER, answer_all, key_files, rated

SALES = [f"sales{number}" for number in range(6)]
MARKET = [f"market{number}" for number in range(5)]


def dump() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table of the room, as the database has them."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            names = [column[0] for column in cursor.description]
            found[model._meta.db_table] = [
                dict(zip(names, row, strict=True)) for row in cursor.fetchall()
            ]
    return found


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Return what the room writes into its logs, at the most talkative level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in ("counterpoise", "django", "django.request")]
    before = [each.level for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(logging.DEBUG)
    yield stream
    for each, level in zip(loggers, before, strict=True):
        each.removeHandler(handler)
        each.setLevel(level)


def post(client: Client, rating: int) -> None:
    given = {item.id: str(rating) for item in ITEMS}
    assert client.post("/talk/pulse/answer/", given).status_code == 302


def test_no_table_holds_what_one_person_rated(opened: Pulse, people: dict[str, User]) -> None:
    answer_all(opened, people, SALES, 1, 5, 5, 5, 5, 5)
    rows = dump()["pulse_participation"]
    assert all(set(row) == {"id", "pulse_id", "user_id"} for row in rows)
    (pulse,) = dump()["pulse_pulse"]
    assert len(bytes(pulse["urn"])) == 12 + 4096 + 16  # nonce, one block, tag: no length tells
    assert b"[1, 1" not in bytes(pulse["urn"])


def test_two_copies_of_an_open_pulse_differ_everywhere(
    opened: Pulse, people: dict[str, User]
) -> None:
    def urn() -> bytes:
        return bytes(Pulse.objects.get().urn)

    answer_all(opened, people, ["sales0"], 1)
    first = urn()
    answer_all(opened, people, ["sales1"], 5)
    second = urn()
    alike = sum(one == other for one, other in zip(first, second, strict=True))
    assert alike < 60  # by chance one byte of 256 is alike: 16 of 4124


def test_the_urn_keeps_no_order(opened: Pulse, people: dict[str, User]) -> None:
    answer_all(opened, people, SALES, 5, 4, 3, 2, 1, 5)
    pulse = Pulse.objects.get()
    lain = sealing.unseal(bytes(pulse.urn), settings.SECRETS_DIR, pulse.key_name)
    assert [each.ratings[0] for each in lain] == [1, 2, 3, 4, 5, 5]


def begin_again() -> None:
    """Take back what was answered, past the guards of the database."""
    guarding.lift(connection)
    Figure.objects.all().delete()
    Participation.objects.all().delete()
    Pulse.objects.update(closed_on=None, urn=b"")
    guarding.install(connection)


def test_what_stays_is_the_same_whoever_it_was(opened: Pulse, people: dict[str, User]) -> None:
    kept = []
    for who in (0, 3):
        begin_again()
        ratings = [1 if place == who else 5 for place in range(6)]
        answer_all(opened, people, SALES, *ratings)
        answer_all(opened, people, MARKET, 4)
        life.close(opened.pk, AFTER)
        now = dump()
        for row in now["pulse_figure"]:
            row.pop("id")
        kept.append({name: rows for name, rows in now.items() if name.startswith("pulse_")})
    assert kept[0] == kept[1]
    assert kept[0]["pulse_participation"] == []
    assert bytes(kept[0]["pulse_pulse"][0]["urn"]) == b""


def test_backups_of_an_open_pulse_open_for_nobody_once_it_closed(
    opened: Pulse,
    people: dict[str, User],
    room: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer_all(opened, people, SALES, 1, 5, 5, 5, 5, 5)
    urn = bytes(Pulse.objects.get().urn)
    # A test's own transaction cannot be saved by SQLite's means: the urn stands for the database.
    monkeypatch.setattr(backup, "_save_database", lambda target: target.write_bytes(urn))
    file, keys = tmp_path / "backup.tar.gz", tmp_path / "keys.tar.gz"
    backup.back_up(Workspace.open(room), file, keys)
    assert len(key_files()) == 1
    key = key_files()[0].read_bytes()
    for saved in (file, keys):
        with tarfile.open(saved) as archive:
            parts = [archive.extractfile(each) for each in archive if each.isfile()]
            assert parts
            assert not any(key in part.read() for part in parts if part)
    life.keep_asking(dt.datetime(2026, 3, 15, 12, tzinfo=dt.UTC))
    assert key_files() == []
    with pytest.raises(sealing.LostUrnError):
        sealing.unseal(urn, settings.SECRETS_DIR, opened.key_name)


def test_neither_logs_nor_trail_nor_notices_nor_pages_tell(
    opened: Pulse,
    people: dict[str, User],
    signed_in: Callable[[str], Client],
    written: io.StringIO,
) -> None:
    told = []
    for who in (0, 3):
        begin_again()
        browsers = [signed_in(name) for name in SALES]
        for place, browser in enumerate(browsers):
            post(browser, 1 if place == who else 5)
        pages = [browser.get("/talk/pulse/").content.decode() for browser in browsers]
        trail = [
            (row["act"], row["detail"]) for row in dump()["audit_entry"] if "pulse" in row["act"]
        ]
        told.append((trail, [page.partition('id="content"')[2] for page in pages]))
    # Pages differ in nothing but tokens of forms, of which the page of who took part has none.
    assert told[0][0] == told[1][0]
    assert all("You took part" in page for page in told[0][1])
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    answers = [line for line in lines if line.get("route") == "talk/pulse/answer/"]
    assert {line["user_id"] for line in answers} == {None}
    words = {item.id for item in ITEMS}
    assert all(not words & set(json.dumps(line).split('"')) for line in lines)


def test_no_session_holds_an_answer(
    opened: Pulse, people: dict[str, User], signed_in: Callable[[str], Client]
) -> None:
    browser = signed_in("sales0")
    post(browser, 1)
    kept = json.dumps(dict(browser.session.items()), default=str)
    assert not any(item.id in kept for item in ITEMS if item.id not in {"did", "told", "able"})
    assert "rating" not in kept.replace("ratings lie in the urn", "")


def test_answers_of_too_few_go_unread(opened: Pulse, people: dict[str, User]) -> None:
    answer_all(opened, people, SALES[:4], 2)
    answer_all(opened, people, MARKET, 4)
    life.close(opened.pk, AFTER)
    assert [(each.side, each.n) for each in Figure.objects.all()] == [("marketing", 5)]
    text = serializers.serialize("json", Pulse.objects.all())
    assert json.loads(text)[0]["fields"]["urn"] == ""


def test_refuses_a_team_that_could_be_subtracted(
    opened: Pulse,
    people: dict[str, User],
    in_teams: Callable[[dict[str, str]], None],
    signed_in: Callable[[str], Client],
) -> None:
    in_teams(dict.fromkeys(SALES[:5], "North") | {"sales5": "South"})
    answer_all(opened, people, SALES, 5, 5, 5, 5, 5, 1)
    answer_all(opened, people, MARKET, 4)
    life.close(opened.pk, AFTER)
    # North has five, but sales less North is one person.
    for group in ("sales|North", "sales|South", "sales|", "both", "sales|Nowhere", "x|y"):
        answered = signed_in("market0").get("/talk/pulse/", {"group": group})
        assert answered.status_code == 403, group
    page = signed_in("market0").get("/talk/pulse/").content.decode()
    assert "North" not in page


def test_a_restored_room_without_the_key_asks_everybody_again(
    opened: Pulse, people: dict[str, User]
) -> None:
    answer_all(opened, people, SALES[:3], 2)
    for file in key_files():
        file.unlink()
    answer_all(opened, people, SALES[3:], 4)
    pulse = Pulse.objects.get()
    lain = sealing.unseal(bytes(pulse.urn), settings.SECRETS_DIR, pulse.key_name)
    assert lain == [Ballot("sales", "", rated(4))] * 3
    assert Participation.objects.count() == 3
    answer_all(opened, people, SALES[:3], 4)
    with pytest.raises(answering.AnswerError, match="took part already"):
        answer_all(opened, people, SALES[:1], 4)
