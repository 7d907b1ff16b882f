"""What is recorded stays, in its order and in the transaction of the act."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from counterpoise.web.audit import heads
from counterpoise.web.audit.chain import FIRST
from counterpoise.web.audit.entries import head, record
from counterpoise.web.audit.models import Entry

_COPY = (
    "INSERT INTO audit_entry SELECT 10, at, actor_id, act, subject, detail, previous, mac "
    "FROM audit_entry WHERE sequence = 2"
)


def test_counts_without_gaps_and_follows_the_last(trail: None) -> None:
    entries = list(Entry.objects.order_by("sequence"))
    assert [entry.sequence for entry in entries] == list(range(1, 9))
    assert [entry.previous for entry in entries] == [FIRST, *(each.mac for each in entries[:-1])]
    assert entries[2].detail == '{"rate":0.03}'


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET act = 'x' WHERE sequence = 2",
        "DELETE FROM audit_entry WHERE sequence = 2",
        "DELETE FROM audit_entry",
        _COPY,
    ],
)
def test_the_database_refuses_to_change_remove_or_misplace(trail: None, statement: str) -> None:
    before = list(Entry.objects.values_list())
    with pytest.raises(DatabaseError, match="an audit entry"), transaction.atomic():
        _run(statement)
    assert list(Entry.objects.values_list()) == before


def test_the_database_refuses_to_replace(trail: None) -> None:
    if connection.vendor == "postgresql":
        statement = (
            "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 2 "
            "ON CONFLICT (sequence) DO UPDATE SET act = 'x'"
        )
    else:
        statement = (
            "INSERT OR REPLACE INTO audit_entry (sequence, at, act, subject, detail, previous, mac)"
            " SELECT sequence, at, 'x', subject, detail, previous, mac FROM audit_entry"
        )
    with pytest.raises(DatabaseError, match="an audit entry"), transaction.atomic():
        _run(statement)
    assert not Entry.objects.filter(act="x").exists()


def test_the_database_refuses_to_truncate(trail: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        _run("TRUNCATE audit_entry")


@pytest.mark.django_db(transaction=True)
def test_vanishes_with_the_act_that_failed(keys: Path) -> None:
    record(None, "request.asked", "request:1")
    with transaction.atomic():
        record(None, "request.asked", "request:2")
        transaction.set_rollback(True)
    record(None, "request.asked", "request:3")
    assert list(Entry.objects.order_by("sequence").values_list("sequence", "subject")) == [
        (1, "request:1"),
        (2, "request:3"),
    ]
    assert heads.kept() == head()


def test_the_kept_head_never_goes_back(trail: None) -> None:
    latest = heads.kept()
    heads.keep(heads.Head(3, "a" * 64))
    assert heads.kept() == latest


@pytest.mark.django_db
@pytest.mark.parametrize(("act", "subject"), [("", "x:1"), ("a", ""), ("a" * 101, "x:1")])
def test_refuses_an_act_or_subject_that_does_not_fit(keys: Path, act: str, subject: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        record(None, act, subject)
    assert not Entry.objects.exists()


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
