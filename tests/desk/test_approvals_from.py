"""Where a source records no approvals, those of the room count from the first of them on."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreements
from counterpoise.books import Books, Workspace
from counterpoise.books.also import keep_also
from counterpoise.desk.judged import judged_deals
from counterpoise.desk.judged_customizations import judged_customizations
from tests.desk.making import agree
from tests.ledger.disk_books import books_of

_TODAY = dt.date(2026, 6, 30)
_START = dt.datetime(2026, 1, 1, 12)
_PARTS = ("within_authority", "approved", "leakage", "unjudged", "leakage_high")
_LABEL = {
    "limits": [{"id": "label", "kind": "label", "up_to": {"rep": 0, "manager": 900}}],
    "otherwise": "refused",
}


def _deal(number: int, day: int | None, points: int) -> dict[str, Any]:
    """Write a won deal of 1,000, closed so many days into the year; open without a day."""
    closed = None if day is None else _START + dt.timedelta(days=day)
    return {
        "deal_id": f"D{number}",
        "owner_id": "P1",
        "outcome": "open" if closed is None else "won",
        "created_at": _START - dt.timedelta(days=30),
        "closed_at": closed,
        "list_amount": Decimal(1000),
        "net_amount": Decimal(1000 - 10 * points),
    }


def _yes(deal_id: str, at: dt.datetime, points: int, **said: Any) -> dict[str, Any]:
    """Write the manager's yes to so many points."""
    return {
        "approval_id": f"room-{deal_id}",
        "deal_id": deal_id,
        "subject": "discount",
        "value": Decimal(points) / 100,
        "requested_by": "P1",
        "requested_at": at,
        "decided_by": "P2",
        "decided_role": "manager",
        "verdict": "approved",
        "decided_at": at,
        **said,
    }


def _books(root: Path, *deals: dict[str, Any], **more: Any) -> Workspace:
    people = [{"person_id": "P1", "role": "rep"}, {"person_id": "P2", "role": "manager"}]
    with books_of(root, {"people": people, "deals": deals, **more}) as books:
        return books.workspace


def _parts(workspace: Workspace, basis: str = "deal") -> dict[str, tuple[Any, ...]]:
    limits = [{"id": "standard", "up_to": {"rep": "5%", "manager": "15%"}}]
    agreed = agree(discounts={"basis": basis, "limits": limits})
    with Books.open(workspace) as books:
        judged = judged_deals(books, Agreements.of([agreed]), _TODAY)
        rows = books.run(judged.select("deal_id", *_PARTS)).to_pylist()
    return {row["deal_id"]: tuple(row[part] for part in _PARTS) for row in rows}


def _day(day: int) -> dt.date:
    return (_START + dt.timedelta(days=day)).date()


def test_a_yes_of_the_room_covers_its_deal_and_a_missing_one_is_leakage_from_then_on(
    tmp_path: Path,
) -> None:
    workspace = _books(tmp_path / "w", _deal(1, 40, 12), _deal(2, 90, 12), _deal(3, 95, 12))
    said = [_yes("D2", _START + dt.timedelta(days=80), 12)]
    keep_also(workspace, {"approvals": said}, {"approvals": _day(80)})
    assert _parts(workspace) == {
        "D1": (50, 0, 0, 70, 70),
        "D2": (50, 70, 0, 0, 0),
        "D3": (50, 0, 70, 0, 70),
    }


def test_the_workspace_may_say_the_day_for_a_source_that_records_them(tmp_path: Path) -> None:
    approvals = [_yes("D2", _START + dt.timedelta(days=80), 12)]
    deals = [_deal(1, 40, 12), _deal(2, 90, 12), _deal(3, 95, 12)]
    workspace = _books(tmp_path / "w", *deals, approvals=approvals)
    assert _parts(workspace)["D1"] == (50, 0, 70, 0, 70)
    said = f'{workspace.settings_file.read_text()}approvals_from = "2026-04-04"\n'
    workspace.settings_file.write_text(said)
    parts = _parts(Workspace.open(workspace.root))
    assert parts["D1"] == (50, 0, 0, 70, 70)
    assert parts["D2"] == (50, 0, 0, 70, 70)  # closed on the first of April
    assert parts["D3"] == (50, 0, 70, 0, 70)


def test_an_open_deal_is_of_today_and_a_closed_one_without_a_day_of_none(tmp_path: Path) -> None:
    undated = _deal(2, None, 12) | {"outcome": "won"}
    workspace = _books(tmp_path / "w", _deal(1, None, 12), undated)
    said = [_yes("D9", _START, 12)]
    keep_also(workspace, {"approvals": said}, {"approvals": _day(0)})
    assert _parts(workspace)["D1"] == (50, 0, 70, 0, 70)
    assert _parts(workspace)["D2"] == (0, 0, 0, 120, 0)  # no agreement was in force on no day


def test_what_nobody_says_since_when_the_room_records_counts_nowhere(tmp_path: Path) -> None:
    workspace = _books(tmp_path / "w", _deal(1, 40, 12))
    keep_also(workspace, {"approvals": [_yes("D1", _START, 12)]})
    assert _parts(workspace) == {"D1": (50, 0, 0, 70, 70)}


def test_customizations_before_that_day_stay_unjudged(tmp_path: Path) -> None:
    asked = [
        {
            "customization_id": f"Z{number}",
            "deal_id": "D1",
            "kind": "label",
            "cost": Decimal(100),
            "requested_at": _START + dt.timedelta(days=day),
            "requested_by": "P1",
        }
        for number, day in ((1, 10), (2, 60))
    ]
    workspace = _books(tmp_path / "w", _deal(1, 100, 0), customizations=asked)
    keep_also(workspace, {"approvals": [_yes("D9", _START, 12)]}, {"approvals": _day(50)})
    agreed = Agreements.of([agree(customizations=_LABEL)])
    with Books.open(workspace) as books:
        judged = judged_customizations(books, agreed, _TODAY)
        rows = books.run(judged.select("customization_id", "standing")).to_pylist()
    assert {row["customization_id"]: row["standing"] for row in rows} == {
        "Z1": "unjudged",
        "Z2": "outside",
    }


_drawn = st.lists(
    st.tuples(st.integers(0, 170), st.integers(0, 20), st.integers(0, 15)), min_size=1, max_size=10
)


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deals=_drawn, since=st.integers(1, 170), basis=st.sampled_from(("deal", "line")))
def test_no_deal_before_that_day_changes(
    tmp_path_factory: Any, deals: list[tuple[int, int, int]], since: int, basis: str
) -> None:
    rows = [_deal(number, day, points) for number, (day, points, _) in enumerate(deals)]
    workspace = _books(tmp_path_factory.mktemp("room") / "w", *rows)
    before = _parts(workspace, basis)
    given_on = _START + dt.timedelta(days=since, hours=-2)
    said = [_yes(f"D{number}", given_on, points) for number, (_, _, points) in enumerate(deals)]
    keep_also(workspace, {"approvals": said}, {"approvals": _day(since)})
    after = _parts(workspace, basis)
    old = [f"D{number}" for number, (day, _, _) in enumerate(deals) if day < since]
    assert {key: after[key] for key in old} == {key: before[key] for key in old}
    assert all(sum(parts[:4]) == sum(before[key][:4]) for key, parts in after.items())
