import datetime as dt
from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from counterpoise.books import Workspace
from counterpoise.web.agreements import checking, drafts
from counterpoise.web.agreements.models import Draft, Origin, Proposal
from counterpoise.web.people.models import User
from tests.web.agreements.texts import TEXT

People = Mapping[str, User]
SignedIn = Callable[[str], Client]


def text_of(draft: Draft) -> str:
    draft.refresh_from_db()
    return drafts.latest(draft).text


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    signed_in: SignedIn, people: People, draft: Draft
) -> None:
    url = f"/agreement/drafts/{draft.pk}/text/"
    theirs, mine = (text_of(draft).replace("10%", rate) for rate in ("11%", "12%"))
    first = signed_in("marketer").post(url, {"act": "store", "revision": 1, "text": theirs})
    assert first.status_code == 302
    second = signed_in("manager").post(url, {"act": "store", "revision": 1, "text": mine})
    page = second.content.decode()
    assert second.status_code == 409
    assert "Marketer stored revision 2 while you worked on revision 1." in page
    assert mine.splitlines()[-2] in page.replace("&gt;", ">").replace("&quot;", '"')
    assert text_of(draft) == theirs
    sent = {"act": "store", "revision": 2, "text": mine}
    assert signed_in("manager").post(url, sent).status_code == 302
    assert text_of(draft) == mine
    texts = draft.revisions.order_by("number").values_list("text", flat=True)
    assert list(texts)[1] == theirs


def test_two_sections_changed_at_once_are_put_together(signed_in: SignedIn, draft: Draft) -> None:
    manager, marketer = signed_in("manager"), signed_in("marketer")
    url = f"/agreement/drafts/{draft.pk}/edit/"
    goals = {
        "act": "store",
        "revision": 1,
        "row-0": "0",
        "row-0-id": "revenue",
        "row-0-metric": "net_revenue",
        "row-0-at_least": "2000000",
        "row-0-shared": "true",
    }
    assert marketer.post(f"{url}goals/", goals).status_code == 302
    levers = {
        "act": "store",
        "revision": 1,
        "row-0": "0",
        "row-0-id": "three_years",
        "row-0-when": "term_months: >= 36",
        "row-0-adds": "6%",
    }
    answer = manager.post(f"{url}discounts.levers/", levers)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Both together" in page
    assert "2000000" in page
    assert "adds: 6%" in page


def test_stores_from_a_table_and_keeps_comments(signed_in: SignedIn, draft: Draft) -> None:
    before = text_of(draft)
    sent = {
        "act": "store",
        "revision": 1,
        "row-0": "0",
        "row-0-id": "three_years",
        "row-0-when": "term_months: >= 36",
        "row-0-adds": "7%",
    }
    answer = signed_in("manager").post(f"/agreement/drafts/{draft.pk}/edit/discounts.levers/", sent)
    assert answer.status_code == 302
    assert text_of(draft) == before.replace("adds: 5%", "adds: 7%")


def test_adds_moves_and_takes_out_rows_without_storing(signed_in: SignedIn, draft: Draft) -> None:
    client, url = signed_in("manager"), f"/agreement/drafts/{draft.pk}/edit/goals/"
    sent = {"revision": 1, "row-0": "0", "row-0-id": "revenue", "row-1": "", "row-1-id": "wins"}
    page = client.post(url, sent | {"act": "down-0"}).content.decode()
    assert page.index('value="wins"') < page.index('value="revenue"')
    page = client.post(url, sent | {"act": "add"}).content.decode()
    assert 'name="row-2-id"' in page
    page = client.post(url, sent | {"act": "remove-1"}).content.decode()
    assert 'value="wins"' not in page
    draft.refresh_from_db()
    assert draft.revision == 1


def test_shows_what_is_wrong_beside_its_cell(signed_in: SignedIn, draft: Draft) -> None:
    client, url = signed_in("manager"), f"/agreement/drafts/{draft.pk}/edit/discounts.levers/"
    sent = {
        "act": "store",
        "revision": 1,
        "row-0": "0",
        "row-0-id": "three_years",
        "row-0-when": "term_monts: >= 36",
        "row-0-adds": "5%",
    }
    page = client.post(url, sent, follow=True).content.decode()
    assert 'id="error_row-0-when"' in page
    assert "term_months" in page
    wrong = sent | {"row-0-adds": "a lot", "act": "check"}
    assert 'id="error_row-0-adds"' in client.post(url, wrong).content.decode()


def test_checks_as_one_types_without_storing(signed_in: SignedIn, draft: Draft) -> None:
    url = f"/agreement/drafts/{draft.pk}/check/"
    text = text_of(draft).replace("sales_manager: 20%", "sales_manger: 20%")
    page = signed_in("manager").post(url, {"text": text}).content.decode()
    assert "discounts.<wbr>limits.<wbr>enterprise" in page
    assert "sales_manager" in page
    assert "<html" not in page
    draft.refresh_from_db()
    assert draft.revision == 1


@pytest.mark.parametrize("name", ["rep"])
def test_drafts_are_for_those_who_may_draft(signed_in: SignedIn, draft: Draft, name: str) -> None:
    client = signed_in(name)
    base = f"/agreement/drafts/{draft.pk}/"
    for page in ("/agreement/drafts/", base, f"{base}text/", f"{base}edit/goals/",
                 f"{base}revisions/1/"):  # fmt: skip
        assert client.get(page).status_code == 403
    assert client.post(f"{base}check/", {"text": ""}).status_code == 403
    assert client.post(f"{base}withdraw/").status_code == 403
    assert client.post("/agreement/proposals/propose/", {"draft": draft.pk, "revision": 1}
                       ).status_code == 403  # fmt: skip
    shown = client.get(f"/agreement/compare/?old=draft-{draft.pk}&new=draft-{draft.pk}")
    assert shown.status_code == 404


def test_takes_the_workspaces_file_in_once(
    signed_in: SignedIn, room: Workspace, start_on: dt.date
) -> None:
    room.agreement_file.write_text(TEXT.format(start=start_on), encoding="utf-8")
    client = signed_in("manager")
    assert "From agreement.yaml" in client.get("/agreement/drafts/").content.decode()
    client.post("/agreement/drafts/from-file/")
    client.post("/agreement/drafts/from-file/")
    draft = Draft.objects.get()
    assert draft.origin == Origin.WORKSPACE
    assert text_of(draft) == room.agreement_file.read_text(encoding="utf-8")
    assert "From agreement.yaml" not in client.get("/agreement/drafts/").content.decode()


def test_brings_a_former_revision_back(signed_in: SignedIn, people: People, draft: Draft) -> None:
    first = text_of(draft)
    drafts.store(people["manager"], draft, 1, first.replace("10%", "11%"), "more")
    client = signed_in("marketer")
    client.post(f"/agreement/drafts/{draft.pk}/revisions/1/bring-back/")
    draft.refresh_from_db()
    assert (draft.revision, text_of(draft)) == (3, first)


def test_withdraws_and_takes_up_again(signed_in: SignedIn, draft: Draft) -> None:
    client = signed_in("manager")
    client.post(f"/agreement/drafts/{draft.pk}/withdraw/")
    assert "Withdrawn drafts" in client.get("/agreement/history/").content.decode()
    stale = client.post(
        f"/agreement/drafts/{draft.pk}/text/", {"act": "store", "revision": 1, "text": "title: x"}
    )
    assert "this draft was withdrawn" in stale.content.decode().lower()
    client.post(f"/agreement/drafts/{draft.pk}/take-up/")
    draft.refresh_from_db()
    assert draft.state == "open"


def test_proposes_the_latest_revision_alone(
    signed_in: SignedIn, people: People, draft: Draft
) -> None:
    drafts.store(people["manager"], draft, 1, text_of(draft).replace("10%", "11%"), "more")
    client = signed_in("manager")
    sent = {"draft": draft.pk, "revision": 1}
    page = client.post("/agreement/proposals/propose/", sent, follow=True).content.decode()
    assert "The draft is at revision 2 now" in page
    assert Proposal.objects.count() == 0


HUGE = "title: " + "x" * 1_000_000
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HUGE, "150,000"),
        (BOMB, "50,000 entries"),
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("<<: {a: 1}", "merge keys"),
        ("\0", "U+0000"),
        ("[" * 3000, "deep"),
        ("", "empty"),
        ("just words", "counterpoise/v1"),
    ],
)
def test_says_what_is_wrong_with_a_text_that_attacks(
    signed_in: SignedIn, draft: Draft, text: str, says: str
) -> None:
    client, url = signed_in("manager"), f"/agreement/drafts/{draft.pk}/"
    checked = client.post(f"{url}check/", {"text": text})
    assert checked.status_code == 200
    assert says in checked.content.decode()
    stored = client.post(f"{url}text/", {"act": "store", "revision": 1, "text": text}, follow=True)
    assert stored.status_code in {200, 400}
    for page in ("", "text/", "edit/goals/", "revisions/1/"):
        assert client.get(f"{url}{page}").status_code == 200


def test_shows_words_of_a_draft_and_runs_none(signed_in: SignedIn, draft: Draft) -> None:
    says = "<img src=x onerror=alert(1)>"
    text = text_of(draft).replace("title: Next year", f"title: '{says}'")
    text = text.replace(
        "lever_cap", f"exclusions: [{{id: a, when: {{segment: B}}, says: '{says}'}}]\n  lever_cap"
    )
    client, url = signed_in("manager"), f"/agreement/drafts/{draft.pk}/"
    client.post(f"{url}text/", {"act": "store", "revision": 1, "text": text})
    for page in (url, f"{url}text/", f"{url}edit/discounts.exclusions/", "/agreement/drafts/"):
        shown = client.get(page).content.decode()
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown


def test_a_text_of_the_greatest_length_is_checked_within_seconds(room: Workspace) -> None:
    rows = "".join(f"    - {{id: r{n}, up_to: {{rep: 5%}}}}\n" for n in range(4_000))
    text = "agreement: counterpoise/v1\ntitle: Long\ndiscounts:\n  limits:\n" + rows
    assert len(text) < checking.LONGEST_TEXT
    assert checking.check(text).problems
