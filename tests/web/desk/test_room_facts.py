import datetime as dt
from decimal import Decimal

import pytest

from counterpoise.books import Lookup
from counterpoise.books.schema import TABLES
from counterpoise.ledger.helping import Helping
from counterpoise.web.desk import room_facts
from counterpoise.web.desk.helped import helped_deals
from counterpoise.web.desk.models import Offered
from counterpoise.web.desk.states import Said
from tests.web.desk.asking import Cast, asked, say
from tests.web.desk.company import NOW

AT = dt.datetime(2026, 6, 10, 10)


def test_writes_an_approval_as_a_row_of_the_books(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea, "0.12", deal_id="D1"))
    answer = request.answers.get()
    assert room_facts.rows()["approvals"] == [
        {
            "approval_id": f"room-{answer.pk}",
            "deal_id": "D1",
            "subject": "discount",
            "kind": None,
            "value": Decimal("0.12"),
            "requested_by": "R1",
            "requested_at": AT,
            "decided_by": "M1",
            "decided_role": "sales_manager",
            "verdict": "approved",
            "decided_at": AT,
        }
    ]


def test_writes_a_refusal_and_a_counter_as_no(people: Cast) -> None:
    say(people.mona, asked(people.rhea, "0.12", deal_id="D1"), Said.REFUSED)
    request = asked(people.rhea, "0.15", deal_id="D1")
    lower = {**request.written, "deal": {**request.written["deal"], "rate": "0.11"}}
    say(people.mona, request, Said.COUNTERED, counter=lower)
    assert [row["verdict"] for row in room_facts.rows()["approvals"]] == ["refused", "refused"]


def test_a_yes_and_other_terms_help_a_deal_and_a_no_does_not(people: Cast) -> None:
    say(people.mona, asked(people.rhea, "0.12", deal_id="D1"), Said.REFUSED)
    assert helped_deals(people.mona, 9) == {}
    request = asked(people.rhea, "0.15", deal_id="D1")
    lower = {**request.written, "deal": {**request.written["deal"], "rate": "0.11"}}
    say(people.mona, request, Said.COUNTERED, counter=lower)
    assert helped_deals(people.mona, 9) == {Helping.COUNTERED: {"D1"}}
    say(people.mona, asked(people.rhea, "0.13", deal_id="D1"))
    say(people.mona, asked(people.rhea, "0.12"))
    assert helped_deals(people.mona, 9)[Helping.APPROVED] == {"D1"}
    assert helped_deals(people.rhea, 9) == {}


def test_writes_the_yes_that_covers_a_request(people: Cast) -> None:
    request = asked(people.rhea, "0.15", deal_id="D1")
    lower = {**request.written, "deal": {**request.written["deal"], "rate": "0.11"}}
    say(people.mona, request, Said.COUNTERED, counter=lower)
    later = NOW + dt.timedelta(hours=1)
    asked(people.rhea, "0.11", deal_id="D1", follows=request.pk, at=later)
    _, taken = room_facts.rows()["approvals"]
    assert (taken["verdict"], taken["value"], taken["decided_by"]) == (
        "approved",
        Decimal("0.11"),
        "M1",
    )
    assert taken["requested_at"] == taken["decided_at"] == AT + dt.timedelta(hours=1)


def test_writes_once_what_is_asked_again(people: Cast) -> None:
    label = [{"kind": "private_label", "cost": 2000}]
    first = asked(people.rhea, "0.05", deal_id="D1", customizations=label)
    asked(people.rhea, "0.04", deal_id="D1", customizations=label, follows=first.pk)
    assert len(room_facts.rows()["customizations"]) == 1


def test_writes_what_was_tailored_with_its_kind(people: Cast) -> None:
    label = [{"kind": "private_label", "cost": 3000}]
    request = asked(people.rhea, "0.05", deal_id="D1", customizations=label)
    assert room_facts.rows()["customizations"] == []
    say(people.kira, request)
    (approval,) = room_facts.rows()["approvals"]
    assert (approval["subject"], approval["kind"], approval["value"]) == (
        "customization",
        "private_label",
        3000,
    )
    (row,) = room_facts.rows()["customizations"]
    assert (row["deal_id"], row["kind"], row["cost"]) == ("D1", "private_label", 3000)


def test_records_approvals_since_the_first_answer_whatever_is_linked(people: Cast) -> None:
    assert room_facts.since() == {}
    say(people.mona, asked(people.rhea, "0.12", list_amount=50_000))
    later = NOW + dt.timedelta(days=3)
    say(people.mona, asked(people.rhea, "0.12", deal_id="D1", at=later))
    assert room_facts.since() == {"approvals": AT.date()}


def test_writes_an_offer_once_it_was_put_to_the_customer(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea, "0.12", deal_id="D1"))
    assert room_facts.rows()["offers"] == []
    Offered.objects.create(request=request, by=people.rhea, at=NOW)
    assert room_facts.rows()["offers"] == [
        {
            "offer_id": f"room-{request.pk}",
            "deal_id": "D1",
            "offered_at": AT,
            "list_amount": 100_000,
            "net_amount": 88_000,
        }
    ]


def test_writes_columns_of_the_canonical_tables_alone(people: Cast) -> None:
    label = [{"kind": "private_label", "cost": 3000}]
    request = say(people.kira, asked(people.rhea, "0.05", deal_id="D1", customizations=label))
    Offered.objects.create(request=request, by=people.rhea, at=NOW)
    for table, rows in room_facts.rows().items():
        known = {column.name for column in TABLES[table].columns}
        assert rows
        assert all(set(row) <= known for row in rows)


def test_counts_once_what_a_later_import_brings_back(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = [{"kind": "private_label", "cost": 2000}]
    first = asked(people.rhea, "0.05", deal_id="D1", customizations=label)
    brought = room_facts.rows()["customizations"]
    monkeypatch.setattr(Lookup, "customizations", lambda _, deal_id: brought)
    again = asked(people.rhea, "0.04", deal_id="D1", customizations=label, follows=first.pk)
    assert again.state == "granted"
    assert again.terms["customizations"]["private_label"]["pieces"] == 1
    other = asked(people.rhea, "0.04", deal_id="D1", customizations=label)
    assert (other.state, other.terms["customizations"]["private_label"]["pieces"]) == ("open", 2)
