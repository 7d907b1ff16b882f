import datetime as dt
from typing import Any

import pytest

from counterpoise.web.audit.models import Entry
from counterpoise.web.desk import room_facts
from counterpoise.web.desk.linking import LinkError, link, refuse_link, suggested_deals
from counterpoise.web.desk.models import Request
from tests.web.desk.asking import Cast, asked, say
from tests.web.desk.company import NOW


def suggested(request: Request) -> list[str]:
    return [str(row["deal_id"]) for row in suggested_deals(request)]


def new_deal(people: Cast, **terms: Any) -> Request:
    """Ask for what became D4 ten days later: 80,000 at list, 56,000 net."""
    return asked(people.rhea, "0.30", **{"list_amount": 80_000, **terms})


def test_suggests_a_deal_of_the_account_owner_and_amount_within_ninety_days(people: Cast) -> None:
    assert suggested(new_deal(people)) == ["D4"]


def test_suggests_by_the_net_price_too(people: Cast) -> None:
    assert suggested(asked(people.rhea, "0.12", list_amount=63_700)) == ["D4"]


def test_suggests_nothing_of_another_amount(people: Cast) -> None:
    assert suggested(new_deal(people, list_amount=70_000)) == []


def test_suggests_nothing_of_another_owner(people: Cast) -> None:
    assert suggested(asked(people.rolf, "0.12", list_amount=80_000)) == []


def test_suggests_nothing_of_another_account(people: Cast) -> None:
    assert suggested(new_deal(people, account_id="A2")) == []


def test_suggests_nothing_that_came_later_than_that(people: Cast) -> None:
    later = new_deal(people, at=NOW + dt.timedelta(days=60))
    assert suggested(later) == ["D4", "D5"]


def test_suggests_nothing_for_a_deal_that_was_known(people: Cast) -> None:
    assert suggested(asked(people.rhea, "0.12", deal_id="D4")) == []


def of_newcomer(people: Cast, name: str, rate: str = "0.30") -> Request:
    """Ask for a customer without an id, named as somebody types it."""
    known: dict[str, Any] = {"account.name": name, "account.segment": "Enterprise"}
    return asked(people.rhea, rate, account="", list_amount=80_000, **known)


@pytest.mark.parametrize("name", ["Alder Works", "ALDER works Inc.", " Älder-Works, GmbH "])
def test_suggests_a_deal_of_the_account_that_bears_the_name(people: Cast, name: str) -> None:
    request = of_newcomer(people, name)
    assert request.account_id == ""
    assert suggested(request) == ["D4"]


@pytest.mark.parametrize("name", ["Alder", "Alder Works North", "Birch Retail", "GmbH", "--", ""])
def test_suggests_nothing_of_another_name(people: Cast, name: str) -> None:
    assert suggested(of_newcomer(people, name)) == []


def test_a_yes_for_a_newcomer_covers_the_deal_once_accepted(people: Cast) -> None:
    request = say(people.mona, of_newcomer(people, "Alder works", "0.12"))
    assert request.state == "approved"
    assert asked(people.rhea, "0.12", deal_id="D4").state == "open"
    link(people.rhea, request, "D4")
    assert asked(people.rhea, "0.12", deal_id="D4").state == "approved"


def test_counts_for_the_deal_once_accepted(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea, "0.15", list_amount=80_000))
    assert room_facts.rows()["approvals"] == []
    link(people.rhea, request, "D4")
    (row,) = room_facts.rows()["approvals"]
    assert (row["deal_id"], row["decided_role"], row["verdict"]) == (
        "D4",
        "sales_manager",
        "approved",
    )


def test_covers_the_deal_once_accepted(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea, "0.15", list_amount=80_000))
    assert asked(people.rhea, "0.15", deal_id="D4").state == "open"
    link(people.rhea, request, "D4")
    assert asked(people.rhea, "0.15", deal_id="D4").state == "approved"


def test_suggests_a_refused_deal_no_more(people: Cast) -> None:
    request = new_deal(people)
    refuse_link(people.rhea, request, "D4")
    assert suggested(request) == []
    assert Entry.objects.filter(act="request.not_linked").count() == 1


def test_links_no_deal_that_was_not_suggested(people: Cast) -> None:
    request = new_deal(people)
    with pytest.raises(LinkError, match="none of those"):
        link(people.rhea, request, "D2")
    request.refresh_from_db()
    assert request.deal_id == ""


def test_links_once(people: Cast) -> None:
    request = new_deal(people)
    link(people.rhea, request, "D4")
    with pytest.raises(LinkError, match="linked to a deal already"):
        link(people.rhea, request, "D4")


def test_lets_the_manager_link_and_no_approver_of_another_side(people: Cast) -> None:
    request = new_deal(people)
    with pytest.raises(LinkError, match="Who asked says"):
        link(people.kira, request, "D4")
    link(people.mona, request, "D4")
    request.refresh_from_db()
    assert request.deal_id == "D4"
