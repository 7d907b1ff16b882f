import datetime as dt
import json
from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from counterpoise.books import Workspace
from counterpoise.web import house
from counterpoise.web.agreements import drafts
from counterpoise.web.agreements.models import Draft, Origin
from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User
from tests.web.agreements.texts import TEXT

People = Mapping[str, User]
SignedIn = Callable[[str], Client]


def test_sends_the_draft_as_it_is_written(signed_in: SignedIn, draft: Draft) -> None:
    answer = signed_in("manager").get(f"/agreement/drafts/{draft.pk}/agreement.yaml")
    assert answer.content.decode() == drafts.latest(draft).text
    assert answer["Content-Disposition"] == 'attachment; filename="agreement.yaml"'


def test_writes_the_file_by_which_everybody_measures(
    signed_in: SignedIn, draft: Draft, room: Workspace
) -> None:
    assert house.agreements().latest is None
    signed_in("lead").post(f"/agreement/drafts/{draft.pk}/use/")
    assert room.agreement_file.read_text(encoding="utf-8") == drafts.latest(draft).text
    latest = house.agreements().latest
    assert latest is not None
    entry = Entry.objects.get(act="agreement.file_written")
    assert json.loads(entry.detail) == {"fingerprint": latest.fingerprint, "revision": 1}
    page = signed_in("lead").get("/agreement/drafts/").content.decode()
    assert "From agreement.yaml" not in page, "what a draft holds need not be taken in"


def test_keeps_what_the_file_said_before_as_a_draft(
    signed_in: SignedIn, draft: Draft, room: Workspace
) -> None:
    room.agreement_file.write_text("title: by hand\n", encoding="utf-8")
    signed_in("lead").post(f"/agreement/drafts/{draft.pk}/use/")
    kept = Draft.objects.get(origin=Origin.WORKSPACE)
    assert drafts.latest(kept).text == "title: by hand\n"


@pytest.mark.parametrize("who", ["manager", "marketer", "rep"])
def test_refuses_one_side_alone(
    signed_in: SignedIn, draft: Draft, room: Workspace, who: str
) -> None:
    assert signed_in(who).post(f"/agreement/drafts/{draft.pk}/use/").status_code == 403
    assert not room.agreement_file.exists()
    assert not Entry.objects.filter(act="agreement.file_written").exists()


def test_refuses_what_is_no_agreement_or_was_withdrawn(
    people: People, signed_in: SignedIn, start_on: dt.date, room: Workspace
) -> None:
    broken = drafts.start(people["lead"], "title: nothing else", Origin.VERSION)
    thrown = drafts.start(people["lead"], TEXT.format(start=start_on), Origin.VERSION)
    drafts.withdraw(people["lead"], thrown)
    for each, says in ((broken, "put them right"), (thrown, "was withdrawn")):
        answer = signed_in("lead").post(f"/agreement/drafts/{each.pk}/use/", follow=True)
        assert says in answer.content.decode()
    assert not room.agreement_file.exists()
