"""Acts at the same instant, in threads of their own, on PostgreSQL alone.

Run by `tests/web/test_on_postgresql.py`, which names the database; SQLite lets one writer in at a
time anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import pytest
from django.db import connection

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.web.agreements import drafts, negotiation, proposals, signing
from counterpoise.web.agreements.models import (
    Draft,
    PointKind,
    Proposal,
    Ratification,
    Signature,
)
from counterpoise.web.agreements.negotiation import Asked
from counterpoise.web.agreements.proposals import wording_of
from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)
People = Mapping[str, User]
ROUNDS = range(3)


def at_once(*acts: Callable[[], object]) -> list[CounterpoiseError | None]:
    """Do acts at the same instant; return what each was refused with."""
    gate = threading.Barrier(len(acts))
    refused: list[CounterpoiseError | None] = [None] * len(acts)

    def run(at: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(30)
            act()
        except CounterpoiseError as error:
            refused[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


def entries(act: str) -> int:
    return Entry.objects.filter(act=act).count()


@pytest.mark.parametrize("number", ROUNDS)
def test_two_signers_at_once_ratify_once(people: People, proposal: Proposal, number: int) -> None:
    signed = wording_of(proposal).fingerprint
    refused = at_once(
        lambda: signing.sign(people["manager"], proposal, Side.SALES, signed),
        lambda: signing.sign(people["marketer"], proposal, Side.MARKETING, signed),
    )
    assert refused == [None, None]
    assert Ratification.objects.count() == 1
    assert (entries("agreement.signed"), entries("agreement.ratified")) == (2, 1)


@pytest.mark.parametrize("number", ROUNDS)
def test_of_two_signers_of_a_side_one_wins(people: People, proposal: Proposal, number: int) -> None:
    signed = wording_of(proposal).fingerprint
    refused = at_once(
        lambda: signing.sign(people["manager"], proposal, Side.SALES, signed),
        lambda: signing.sign(people["deputy"], proposal, Side.SALES, signed),
    )
    assert sum(each is None for each in refused) == 1
    assert Signature.objects.filter(state="stands").count() == 1
    assert entries("agreement.signed") == 1


@pytest.mark.parametrize("number", ROUNDS)
def test_one_person_at_both_sides_at_once_signs_one(
    people: People, proposal: Proposal, number: int
) -> None:
    signed = wording_of(proposal).fingerprint
    refused = at_once(
        lambda: signing.sign(people["lead"], proposal, Side.SALES, signed),
        lambda: signing.sign(people["lead"], proposal, Side.MARKETING, signed),
    )
    assert sum(each is None for each in refused) == 1
    assert Ratification.objects.count() == 0


@pytest.mark.parametrize("number", ROUNDS)
def test_signing_what_is_withdrawn_at_once_leaves_one_end(
    people: People, proposal: Proposal, number: int
) -> None:
    signed = wording_of(proposal).fingerprint
    signing.sign(people["manager"], proposal, Side.SALES, signed)
    at_once(
        lambda: signing.sign(people["marketer"], proposal, Side.MARKETING, signed),
        lambda: proposals.withdraw(people["deputy"], proposal),
    )
    proposal.refresh_from_db()
    is_ratified = proposal.state == "ratified"
    assert Ratification.objects.count() == int(is_ratified)
    assert entries("agreement.withdrawn") == int(not is_ratified)


@pytest.mark.parametrize("number", ROUNDS)
def test_a_counter_accepted_while_signing_leaves_no_signature_under_the_former(
    people: People, proposal: Proposal, number: int
) -> None:
    signed = wording_of(proposal).fingerprint
    asked = Asked(PointKind.COUNTER, "discounts.lever_cap", "8%")
    (point,) = negotiation.put_forward(people["marketer"], proposal, [asked])
    at_once(
        lambda: signing.sign(people["manager"], proposal, Side.SALES, signed),
        lambda: negotiation.accept(people["deputy"], point, signed),
    )
    proposal.refresh_from_db()
    assert proposal.wording == 2
    assert not Signature.objects.filter(state="stands").exists()


@pytest.mark.parametrize("number", ROUNDS)
def test_of_two_editors_at_once_one_is_told(people: People, draft: Draft, number: int) -> None:
    text = drafts.latest(draft).text
    refused = at_once(
        lambda: drafts.store(people["manager"], draft, 1, text + "# mine\n", "mine"),
        lambda: drafts.store(people["marketer"], draft, 1, text + "# theirs\n", "theirs"),
    )
    assert sum(isinstance(each, drafts.StaleDraftError) for each in refused) == 1
    draft.refresh_from_db()
    assert (draft.revision, draft.revisions.count()) == (2, 2)
