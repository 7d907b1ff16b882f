"""What the room knows is read beside the snapshot, and never becomes a part of it."""

import datetime as dt
from decimal import Decimal

import pytest

from counterpoise.books import Books, Workspace
from counterpoise.books.also import current_also, keep_also
from counterpoise.books.spans import BEGINNING
from tests.books.conftest import Import

DEALS = "deal_id,outcome,created_at,closed_at\nD1,won,2026-01-01,2026-02-01"
OFFERS = "offer_id,deal_id,offered_at,net_amount,colour\nO1,D1,2026-01-10,90,red"
APPROVALS = "approval_id,deal_id,subject,verdict,decided_at\nA1,D1,discount,approved,2026-01-11"
OFFERED = {
    "offer_id": "room-7",
    "deal_id": "D1",
    "offered_at": dt.datetime(2026, 1, 20, 9, 30),
    "net_amount": Decimal("85.5"),
}
APPROVED = {
    "approval_id": "room-8",
    "deal_id": "D1",
    "subject": "discount",
    "value": Decimal("0.15"),
    "verdict": "approved",
}


def _ids(workspace: Workspace, table: str, key: str) -> list[str]:
    with Books.open(workspace) as books:
        rows = books.run(books.table(table).order_by(key))
        found: list[str] = rows.column(key).to_pylist()
        return found


def _approvals_from(workspace: Workspace) -> dt.date | None:
    with Books.open(workspace) as books:
        return books.approvals_from


def test_is_read_beside_what_the_source_said(workspace: Workspace, imported: Import) -> None:
    snapshot = imported(deals=DEALS, offers=OFFERS).snapshot
    keep_also(workspace, {"offers": [OFFERED]})
    with Books.open(workspace) as books:
        rows = books.run(books.table("offers").order_by("offer_id")).to_pylist()
        assert books.manifest.snapshot == snapshot
        assert books.manifest.tables["offers"].rows == 1
    assert [row["offer_id"] for row in rows] == ["O1", "room-7"]
    assert rows[1]["net_amount"] == Decimal("85.5")
    assert rows[1]["offered_at"] == dt.datetime(2026, 1, 20, 9, 30)
    assert [row["attr__colour"] for row in rows] == ["red", None]


def test_holds_tables_that_no_import_brings(workspace: Workspace, imported: Import) -> None:
    imported(deals=DEALS)
    with Books.open(workspace) as books:
        assert not books.has("tool_requests")
        assert books.run(books.table("tool_requests")).num_rows == 0
    asked_at = dt.datetime(2026, 1, 20, 9, 30)
    keep_also(workspace, {"tool_requests": [{"request_id": "room-1", "asked_at": asked_at}]})
    with Books.open(workspace) as books:
        assert books.has("tool_requests")
        (row,) = books.run(books.table("tool_requests")).to_pylist()
    assert (row["request_id"], row["asked_at"], row["answered_at"]) == ("room-1", asked_at, None)


def test_is_there_where_the_source_has_no_such_table(
    workspace: Workspace, imported: Import
) -> None:
    imported(deals=DEALS)
    keep_also(workspace, {"offers": [OFFERED]})
    with Books.open(workspace) as books:
        assert books.has("offers")
    assert _ids(workspace, "offers", "offer_id") == ["room-7"]


def test_tells_since_when_approvals_are_on_record(workspace: Workspace, imported: Import) -> None:
    day = dt.date(2026, 1, 9)
    imported(deals=DEALS)
    assert _approvals_from(workspace) is None
    keep_also(workspace, {"offers": [OFFERED]}, {"approvals": day})
    assert _approvals_from(workspace) is None
    keep_also(workspace, {"approvals": [APPROVED]}, {"approvals": day})
    assert _approvals_from(workspace) == day
    assert _ids(workspace, "approvals", "approval_id") == ["room-8"]
    imported(deals=DEALS, approvals=APPROVALS)
    assert _approvals_from(workspace) == BEGINNING
    assert _ids(workspace, "approvals", "approval_id") == ["A1", "room-8"]


def test_the_day_is_part_of_what_is_known(workspace: Workspace) -> None:
    first = keep_also(workspace, {"approvals": [APPROVED]}, {"approvals": dt.date(2026, 1, 9)})
    assert first != keep_also(
        workspace, {"approvals": [APPROVED]}, {"approvals": dt.date(2026, 1, 8)}
    )


def test_gives_way_to_what_is_known_later(workspace: Workspace, imported: Import) -> None:
    imported(deals=DEALS)
    first = keep_also(workspace, {"offers": [OFFERED]})
    assert keep_also(workspace, {"offers": [OFFERED]}) == first
    second = keep_also(workspace, {"offers": [OFFERED, OFFERED | {"offer_id": "room-9"}]})
    assert second != first
    assert _ids(workspace, "offers", "offer_id") == ["room-7", "room-9"]
    assert keep_also(workspace, {}) == ""
    assert current_also(workspace) is None
    assert _ids(workspace, "offers", "offer_id") == []


def test_refuses_a_table_that_is_none(workspace: Workspace) -> None:
    with pytest.raises(KeyError):
        keep_also(workspace, {"letters": [{"a": 1}]})


LEADS = (
    "lead_id,source,created_at,handed_over_at,owner_id,verdict,verdict_at,rejection_reason,colour\n"
    "L1,web,2026-01-01,2026-01-02,P1,rejected,2026-01-05,no need,red\n"
    "L2,fair,2026-01-01,,,,,,blue"
)
ANEW = {
    "lead_id": "L1",
    "source": "other",
    "created_at": dt.datetime(2026, 1, 9),
    "handed_over_at": dt.datetime(2026, 2, 1, 9),
    "owner_id": "P2",
    "first_response_at": dt.datetime(2026, 2, 1, 10),
}
OWN = {"lead_id": "room-1", "created_at": dt.datetime(2026, 2, 3), "source": "call"}


def test_a_lead_stands_once_and_the_room_says_what_became_of_it(
    workspace: Workspace, imported: Import
) -> None:
    imported(deals=DEALS, leads=LEADS)
    keep_also(workspace, {"leads": [ANEW, OWN]})
    with Books.open(workspace) as books:
        rows = books.run(books.table("leads").order_by("lead_id")).to_pylist()
    assert [row["lead_id"] for row in rows] == ["L1", "L2", "room-1"]
    again, untouched, own = rows
    assert (again["handed_over_at"], again["owner_id"]) == (dt.datetime(2026, 2, 1, 9), "P2")
    assert (again["verdict"], again["rejection_reason"]) == (None, None)
    assert (again["source"], again["created_at"]) == ("web", dt.datetime(2026, 1, 1))
    assert [row["attr__colour"] for row in rows] == ["red", "blue", None]
    assert (untouched["handed_over_at"], own["source"]) == (None, "call")


def test_leads_of_the_room_alone_are_leads(workspace: Workspace, imported: Import) -> None:
    imported(deals=DEALS)
    keep_also(workspace, {"leads": [OWN]})
    assert _ids(workspace, "leads", "lead_id") == ["room-1"]
