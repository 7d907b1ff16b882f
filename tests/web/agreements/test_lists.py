"""Lists ask the database as often for many rows as for a few; files come back at the start."""

import datetime as dt
from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from counterpoise.agreement import Side
from counterpoise.books import Workspace
from counterpoise.web.agreements import drafts, proposals, signing
from counterpoise.web.agreements.models import Draft, Origin, Proposal
from counterpoise.web.agreements.proposals import wording_of
from counterpoise.web.people.models import User
from counterpoise.web.serving import restore_agreements
from tests.web.agreements.texts import TEXT


def propose_others(people: Mapping[str, User], start_on: dt.date, number: int) -> None:
    for at in range(number):
        text = TEXT.format(start=start_on).replace("1000000", f"10000{at:02}")
        made = drafts.start(people["manager"], text, Origin.VERSION)
        proposals.propose(people["marketer"], made, 1, "")
        thrown = drafts.start(people["lead"], text, Origin.VERSION)
        drafts.withdraw(people["lead"], thrown)


@pytest.mark.parametrize("rows", [2, 12])
@pytest.mark.parametrize(
    ("page", "queries"), [("history/", 5), ("proposals/", 4), ("drafts/", 5), ("compare/", 11)]
)
def test_asks_as_often_for_many_rows(
    people: Mapping[str, User],
    signed_in: Callable[[str], Client],
    start_on: dt.date,
    django_assert_num_queries: DjangoAssertNumQueries,
    page: str,
    queries: int,
    rows: int,
) -> None:
    propose_others(people, start_on, rows)
    client = signed_in("manager")
    client.get(f"/agreement/{page}")
    with django_assert_num_queries(queries):
        shown = client.get(f"/agreement/{page}").content.decode()
    assert shown.count("Next year") >= rows


def test_long_lists_have_pages(
    people: Mapping[str, User],
    signed_in: Callable[[str], Client],
    start_on: dt.date,
) -> None:
    propose_others(people, start_on, 26)
    client = signed_in("manager")
    for path in ("proposals/", "drafts/", "drafts/?state=withdrawn"):
        first = client.get(f"/agreement/{path}").context["page"]
        more = "&" if "?" in path else "?"
        second = client.get(f"/agreement/{path}{more}page=2").context["page"]
        assert [len(first), len(second)] == [25, 1]
        assert not {each.pk for each in first} & {each.pk for each in second}


def test_revisions_have_pages(
    people: Mapping[str, User], signed_in: Callable[[str], Client], draft: Draft
) -> None:
    for number in range(1, 52):
        drafts.store(people["manager"], draft, number, f"title: {number}", "again")
    client = signed_in("manager")
    shown = client.get(f"/agreement/drafts/{draft.pk}/?page=2").context["page"]
    assert [each.number for each in shown] == [2, 1]


def test_compares_a_draft_with_what_is_in_force(
    people: Mapping[str, User], signed_in: Callable[[str], Client], proposal: Proposal
) -> None:
    ratified = ratify(people, proposal)
    text = wording_of(proposal).text.replace("10%", "11%")
    draft = drafts.start(people["manager"], text, Origin.VERSION)
    shown = signed_in("manager").get("/agreement/compare/", {"new": f"draft-{draft.pk}"})
    assert shown.context["old_ref"] == ratified
    assert "Past deals" in shown.content.decode()
    same = signed_in("manager").get("/agreement/compare/", {"old": ratified, "new": ratified})
    assert "Past deals" not in same.content.decode()


def test_the_start_puts_missing_files_back(
    people: Mapping[str, User], room: Workspace, proposal: Proposal
) -> None:
    ratify(people, proposal)
    (file,) = room.agreements_dir.glob("*.yaml")
    whole = file.read_text(encoding="utf-8")
    file.unlink()
    restore_agreements()
    assert file.read_text(encoding="utf-8") == whole
    other = whole.replace("1000000", "2000000")
    file.rename(file.with_name("by-hand.yaml")).write_text(other, encoding="utf-8")
    restore_agreements()
    assert not file.exists()


def ratify(people: Mapping[str, User], proposal: Proposal) -> str:
    signed = wording_of(proposal).fingerprint
    signing.sign(people["manager"], proposal, Side.SALES, signed)
    proposal.refresh_from_db()
    signing.sign(people["marketer"], proposal, Side.MARKETING, signed)
    return signed
