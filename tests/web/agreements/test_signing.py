import datetime as dt
from collections.abc import Callable, Mapping

import pytest
from django.core.cache import cache
from django.test import Client

from counterpoise.agreement import Side, Status, load_agreements
from counterpoise.books import Workspace
from counterpoise.web import house
from counterpoise.web.access import NotForYouError
from counterpoise.web.agreements import drafts, proposals, shelf, signing
from counterpoise.web.agreements.models import (
    Draft,
    Origin,
    Proposal,
    ProposalState,
    Ratification,
    Signature,
)
from counterpoise.web.agreements.proposals import (
    ProposalClosedError,
    ProposalError,
    WordingChangedError,
    wording_of,
)
from counterpoise.web.agreements.signing import SigningError
from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User
from tests.web.agreements.texts import PASSWORD, TEXT

People = Mapping[str, User]
SignedIn = Callable[[str], Client]
SALES, MARKETING = Side.SALES, Side.MARKETING


def sign(people: People, name: str, proposal: Proposal, side: Side) -> Ratification | None:
    proposal.refresh_from_db()
    return signing.sign(people[name], proposal, side, wording_of(proposal).fingerprint)


def acts() -> list[str]:
    return list(Entry.objects.order_by("sequence").values_list("act", flat=True))


def test_takes_effect_only_when_both_signed(
    people: People, proposal: Proposal, room: Workspace, start_on: dt.date
) -> None:
    assert sign(people, "manager", proposal, SALES) is None
    assert not room.agreements_dir.exists() or not list(room.agreements_dir.iterdir())
    ratified = sign(people, "marketer", proposal, MARKETING)
    assert ratified is not None
    file = room.agreements_dir / f"{start_on}-{ratified.fingerprint}.yaml"
    (version,) = load_agreements(room.root).versions
    assert (version.fingerprint, version.status) == (ratified.fingerprint, Status.RATIFIED)
    assert file.exists()
    signed = {(each.side, each.by) for each in version.agreement.signed}
    assert signed == {
        ("sales", f"user:{people['manager'].pk}"),
        ("marketing", f"user:{people['marketer'].pk}"),
    }
    latest = house.agreements().latest
    assert latest is not None
    assert latest.fingerprint == ratified.fingerprint


def test_enters_each_act_in_the_trail(people: People, proposal: Proposal) -> None:
    sign(people, "manager", proposal, SALES)
    sign(people, "marketer", proposal, MARKETING)
    assert acts() == [
        "draft.started",
        "agreement.proposed",
        "agreement.signed",
        "agreement.signed",
        "agreement.ratified",
    ]


def test_names_signers_by_their_present_names(
    people: People, proposal: Proposal, signed_in: SignedIn
) -> None:
    sign(people, "lead", proposal, SALES)
    ratified = sign(people, "marketer", proposal, MARKETING)
    assert ratified is not None
    User.objects.filter(pk=people["lead"].pk).update(name="Anna New")
    page = signed_in("rep").get(f"/agreement/versions/{ratified.fingerprint}/").content.decode()
    assert "Anna New" in page
    assert "user:" not in page


def test_refuses_one_person_for_both_sides(people: People, proposal: Proposal) -> None:
    sign(people, "lead", proposal, SALES)
    with pytest.raises(SigningError, match="nobody signs one proposal for both sides"):
        sign(people, "lead", proposal, MARKETING)
    signing.take_back(people["lead"], Signature.objects.get())
    with pytest.raises(SigningError, match="nobody signs one proposal for both sides"):
        sign(people, "lead", proposal, MARKETING)
    assert Ratification.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "side"),
    [("rep", SALES), ("analyst", SALES), ("marketer", SALES), ("manager", MARKETING)],
)
def test_refuses_who_may_not_sign_for_a_side(
    people: People, proposal: Proposal, name: str, side: Side
) -> None:
    with pytest.raises(NotForYouError):
        sign(people, name, proposal, side)
    assert Signature.objects.count() == 0


def test_refuses_a_second_signature_of_a_side(people: People, proposal: Proposal) -> None:
    sign(people, "manager", proposal, SALES)
    with pytest.raises(SigningError, match="has signed this wording already"):
        sign(people, "deputy", proposal, SALES)


def test_refuses_a_fingerprint_that_is_not_the_present_one(
    people: People, proposal: Proposal
) -> None:
    with pytest.raises(WordingChangedError, match="changed while you read it"):
        signing.sign(people["manager"], proposal, SALES, "0" * 64)
    with pytest.raises(WordingChangedError):
        signing.sign(people["manager"], proposal, SALES, "")
    assert Signature.objects.count() == 0


def test_refuses_a_signature_under_what_is_withdrawn(people: People, proposal: Proposal) -> None:
    sign(people, "manager", proposal, SALES)
    proposals.withdraw(people["marketer"], proposal)
    with pytest.raises(ProposalClosedError, match="withdrawn by Marketer"):
        sign(people, "marketer", proposal, MARKETING)
    assert list(Signature.objects.values_list("state", flat=True)) == ["void"]


def test_takes_a_signature_back_before_both_signed(people: People, proposal: Proposal) -> None:
    sign(people, "manager", proposal, SALES)
    mine = Signature.objects.get()
    with pytest.raises(SigningError, match="only who signed"):
        signing.take_back(people["marketer"], mine)
    signing.take_back(people["manager"], mine)
    assert sign(people, "marketer", proposal, MARKETING) is None
    assert sign(people, "deputy", proposal, SALES) is not None
    with pytest.raises(ProposalClosedError):
        signing.take_back(people["marketer"], Signature.objects.get(side="marketing"))


def test_refuses_a_second_agreement_that_starts_on_the_same_day(
    people: People, proposal: Proposal, start_on: dt.date
) -> None:
    other_text = TEXT.format(start=start_on).replace("at_least: 20", "at_least: 21")
    other_draft = drafts.start(people["lead"], other_text, Origin.VERSION)
    other = proposals.propose(people["lead"], other_draft, 1, "")
    for each in (proposal, other):
        sign(people, "manager", each, SALES)
    sign(people, "marketer", proposal, MARKETING)
    with pytest.raises(Exception, match="start on"):
        sign(people, "marketer", other, MARKETING)
    assert Ratification.objects.count() == 1
    other.refresh_from_db()
    assert other.state == ProposalState.OPEN


def test_writes_a_file_again_that_a_crash_left_out(
    people: People, proposal: Proposal, room: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(people, "manager", proposal, SALES)
    with monkeypatch.context() as patch:
        patch.setattr(shelf, "save_ratified", _fail)
        sign(people, "marketer", proposal, MARKETING)
    assert Ratification.objects.count() == 1
    assert house.agreements().latest is None
    assert shelf.versions().is_ratified
    assert shelf.restore_files() == 0
    before = {file.name: file.read_bytes() for file in room.agreements_dir.iterdir()}
    shelf.write_file(Ratification.objects.get())
    assert {file.name: file.read_bytes() for file in room.agreements_dir.iterdir()} == before


def _fail(*_: object) -> None:
    raise OSError("no space left")


def test_refuses_what_would_bind_people_in_the_past(
    people: People, draft: Draft, start_on: dt.date
) -> None:
    text = TEXT.format(start=start_on - dt.timedelta(days=60))
    drafts.store(people["manager"], draft, 1, text, "earlier")
    draft.refresh_from_db()
    with pytest.raises(ProposalError, match="had not agreed"):
        proposals.propose(people["manager"], draft, 2, "")


def post(client: Client, proposal: Proposal, **sent: str) -> str:
    data = {"side": "sales", "password": PASSWORD, "fingerprint": wording_of(proposal).fingerprint}
    answer = client.post(f"/agreement/proposals/{proposal.pk}/sign/", data | sent, follow=True)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_asks_for_the_password_again(signed_in: SignedIn, proposal: Proposal) -> None:
    client = signed_in("manager")
    for wrong in ("", "a hat"):
        assert "This is not your password; nothing was signed." in post(
            client, proposal, password=wrong
        )
    assert Signature.objects.count() == 0
    assert "Signed for sales." in post(client, proposal)


def test_stops_guessing_of_a_password_by_all_processes_together(
    signed_in: SignedIn, proposal: Proposal
) -> None:
    guessing = signed_in("manager")
    for _ in range(5):
        assert "This is not your password" in post(guessing, proposal, password="a hat")
    cache.clear()  # as another process would find its own
    assert "Too many wrong passwords" in post(signed_in("manager"), proposal)
    assert Signature.objects.count() == 0
    signed = post(signed_in("marketer"), proposal, side="marketing")
    assert "Signed for marketing." in signed, "nobody else is stopped"


@pytest.mark.parametrize(
    ("name", "side"), [("rep", "sales"), ("marketer", "sales"), ("manager", "marketing")]
)
def test_forbids_posting_a_signature_that_is_not_ones_own(
    signed_in: SignedIn, proposal: Proposal, name: str, side: str
) -> None:
    assert post(signed_in(name), proposal, side=side) == "403"
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("side", ["both", "", "Sales", "x" * 100])
def test_asks_which_side_is_meant(signed_in: SignedIn, proposal: Proposal, side: str) -> None:
    assert "Name the side for which you sign" in post(signed_in("lead"), proposal, side=side)


def test_lets_nobody_without_a_password_sign_long_after_signing_in(
    people: People, signed_in: SignedIn, proposal: Proposal
) -> None:
    client = signed_in("manager")
    people["manager"].set_unusable_password()
    people["manager"].last_login = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    people["manager"].save()
    client.force_login(people["manager"])
    User.objects.filter(pk=people["manager"].pk).update(last_login=people["manager"].last_login)
    User.objects.filter(pk=people["manager"].pk).update(
        last_login=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    )
    assert "too long ago" in post(client, proposal)
