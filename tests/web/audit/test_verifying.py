"""Whatever an intruder does to the trail shows, and says where."""

from pathlib import Path

import pytest
from django.db import connection

from counterpoise.web.audit import guards, heads
from counterpoise.web.audit.entries import head, record
from counterpoise.web.audit.models import Entry
from counterpoise.web.audit.verifying import Finding, Trouble, ends_by_our_key, verify
from tests.web.audit.conftest import Sql

pytestmark = pytest.mark.django_db


def _found() -> list[tuple[int, Trouble]]:
    return [(finding.sequence, finding.trouble) for finding in verify().findings]


def _only() -> Finding:
    (finding,) = verify().findings
    return finding


def test_finds_nothing_in_a_trail_that_nobody_touched(trail: None) -> None:
    verification = verify([head() or heads.Head(0, "")])
    assert verification.is_whole
    assert verification.entries == 8
    assert verification.head == head()


def test_finds_nothing_in_an_empty_trail(db: None, keys: Path) -> None:
    assert verify().is_whole
    assert verify().head is None


@pytest.mark.parametrize(
    "change",
    [
        "detail = '{\"rate\":0.5}'",
        "act = 'request.approved'",
        "subject = 'request:99'",
        "actor_id = 7",
        "at = '2026-01-01 00:00:00+00:00'",
        "mac = 'f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f'",
    ],
)
def test_names_the_entry_that_was_changed(trail: None, intrude: Sql, change: str) -> None:
    intrude(f"UPDATE audit_entry SET {change} WHERE sequence = 4")
    assert (4, Trouble.CHANGED) in _found()
    assert {sequence for sequence, _ in _found()} <= {4, 5}


def test_names_the_entries_that_were_removed(trail: None, intrude: Sql) -> None:
    intrude("DELETE FROM audit_entry WHERE sequence IN (4, 5)")
    assert _only() == Finding(6, Trouble.MISSING, "entries 4 to 5 are missing")


def test_names_the_first_entries_when_they_were_removed(trail: None, intrude: Sql) -> None:
    intrude("DELETE FROM audit_entry WHERE sequence = 1")
    assert _only() == Finding(2, Trouble.MISSING, "entry 1 is missing")


def test_finds_a_gap_that_was_closed_by_counting_anew(trail: None, intrude: Sql) -> None:
    intrude("DELETE FROM audit_entry WHERE sequence = 4")
    for number in range(5, 9):
        intrude("UPDATE audit_entry SET sequence = %s WHERE sequence = %s", number - 1, number)
    assert _found()[:2] == [(4, Trouble.CHANGED), (5, Trouble.CHANGED)]
    assert (8, Trouble.CUT) in _found()


def test_finds_entries_that_changed_places(trail: None, intrude: Sql) -> None:
    for old, new in ((3, 100), (6, 3), (100, 6)):
        intrude("UPDATE audit_entry SET sequence = %s WHERE sequence = %s", new, old)
    assert [found for found in _found() if found[1] is Trouble.CHANGED] == [
        (3, Trouble.CHANGED),
        (6, Trouble.CHANGED),
    ]


def test_finds_an_entry_put_at_the_end_by_hand(trail: None, intrude: Sql) -> None:
    intrude(
        "INSERT INTO audit_entry (sequence, at, actor_id, act, subject, detail, previous, mac) "
        "SELECT 9, at, actor_id, act, subject, detail, mac, previous FROM audit_entry "
        "WHERE sequence = 8"
    )
    assert _found() == [(9, Trouble.CHANGED)]


def test_finds_an_entry_of_the_same_place_from_another_past(
    trail: None, intrude: Sql, keys: Path
) -> None:
    entry = Entry.objects.get(sequence=4)
    Entry.objects.none()
    entry.previous = "0" * 64
    from counterpoise.web.audit.chain import chain_key
    from counterpoise.web.audit.verifying import _written

    forged = _written(entry).mac(chain_key())
    intrude("UPDATE audit_entry SET previous = %s, mac = %s WHERE sequence = 4", "0" * 64, forged)
    assert _found() == [(4, Trouble.BROKEN), (5, Trouble.BROKEN)]


def test_tells_from_the_kept_head_that_the_end_was_cut(trail: None, intrude: Sql) -> None:
    intrude("DELETE FROM audit_entry WHERE sequence > 5")
    finding = _only()
    assert (finding.sequence, finding.trouble) == (6, Trouble.CUT)
    assert finding.says == (
        "the head kept beside the key counts 8 entries: entries 6 to 8 are missing from the end"
    )


def test_tells_that_everything_was_removed(trail: None, intrude: Sql) -> None:
    intrude("DELETE FROM audit_entry")
    assert _only().says.endswith("entries 1 to 8 are missing from the end")


def test_tells_from_a_digest_that_the_end_was_cut(trail: None, intrude: Sql, keys: Path) -> None:
    digest = head()
    assert digest
    intrude("DELETE FROM audit_entry WHERE sequence > 5")
    fifth = Entry.objects.get(sequence=5)
    (keys / heads.HEAD_FILE).write_text(f"5:{fifth.mac}\n")
    assert verify().is_whole
    (finding,) = verify([digest]).findings
    assert (finding.sequence, finding.trouble) == (6, Trouble.CUT)


def test_tells_that_an_end_cut_off_was_written_anew(trail: None, intrude: Sql) -> None:
    intrude("DELETE FROM audit_entry WHERE sequence > 5")
    for _ in range(4):
        record(None, "request.refused", "request:1")
    finding = _only()
    assert (finding.sequence, finding.trouble) == (8, Trouble.ANOTHER)


def test_tells_that_the_kept_head_is_gone_or_spoilt(trail: None, keys: Path) -> None:
    (keys / heads.HEAD_FILE).write_text("nonsense")
    assert "is no head of an audit trail" in _only().says
    (keys / heads.HEAD_FILE).unlink()
    assert "audit.head beside the key is gone" in _only().says


def test_tells_that_the_guards_are_gone(trail: None) -> None:
    guards.remove(connection)
    assert {finding.trouble for finding in verify().findings} == {Trouble.UNGUARDED}
    guards.install(connection)
    assert verify().is_whole


def test_tells_that_the_key_is_another(trail: None, keys: Path) -> None:
    from counterpoise.web.audit import chain

    assert ends_by_our_key()
    (keys / chain.KEY_FILE).write_text("another")
    assert [trouble for _, trouble in _found()] == [Trouble.CHANGED] * 8
    assert not ends_by_our_key()


def test_does_not_take_a_head_that_is_none() -> None:
    with pytest.raises(heads.HeadError, match="--head: '12' is no head"):
        heads.Head.parse("12")


def test_reads_the_head_that_it_wrote(trail: None) -> None:
    assert heads.Head.parse(str(head())) == head()
