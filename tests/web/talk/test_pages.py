"""Pages of talk: threads where the thing is, questions on the first page, nothing for others."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from counterpoise.web.talk.models import Question, Words
from counterpoise.web.tools.models import Tool
from tests.web.desk.asking import Cast, token
from tests.web.desk.asking import asked as desk_asked
from tests.web.talk.speaking import CLAUSE, DEAL, answered, asked, said

SignedIn = Callable[[str], Client]


def form(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "token": token(), **more}


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_deal_carries_its_thread(signed_in: SignedIn, people: Cast) -> None:
    rhea = signed_in("rhea")
    assert "Nothing was said about this yet" in page(rhea, "/ledger/deals/D1/")
    brought = SimpleUploadedFile("plan.txt", b"June")
    sent = rhea.post(f"/talk/say/{DEAL}/", form("They want it by June.", file=brought))
    assert (sent.status_code, sent["Location"]) == (302, "/ledger/deals/D1/#talk")
    shown = page(signed_in("mona"), "/ledger/deals/D1/")
    assert "They want it by June." in shown
    words = Words.objects.get()
    assert signed_in("mona").get(f"/talk/words/{words.pk}/file/").content == b"June"
    for address in (f"/talk/on/{DEAL}/", f"/talk/words/{words.pk}/file/", "/talk/on/deal:D9/"):
        assert signed_in("rolf").get(address).status_code == 404
    for act in ("say", "ask"):
        assert signed_in("rolf").post(f"/talk/{act}/{DEAL}/", form("Me too")).status_code == 404
    assert Words.objects.count() == 1


def test_a_tool_and_a_request_carry_theirs(signed_in: SignedIn, people: Cast, card: Tool) -> None:
    said(people.rhea, "It won Alder.", f"tool:{card.tool_id}")
    assert "It won Alder." in page(signed_in("kira"), f"/tools/library/{card.tool_id}/")
    request = desk_asked(people.rhea)
    said(people.mona, "Ask for three years.", f"request:{request.pk}")
    assert "Ask for three years." in page(signed_in("rhea"), f"/desk/requests/{request.pk}/")


def test_a_clause_links_to_its_thread(signed_in: SignedIn, people: Cast) -> None:
    address = f"/talk/on/{CLAUSE}/"
    assert f'href="{address}"' in page(signed_in("rolf"), "/agreement/")
    asked(people.rhea, people.kira)
    assert "Question open" in page(signed_in("rolf"), "/agreement/")
    assert "discounts.limits.standard" in page(signed_in("rolf"), address)


def test_a_question_is_asked_and_answered(signed_in: SignedIn, people: Cast) -> None:
    rhea, kira = signed_in("rhea"), signed_in("kira")
    address = f"/talk/ask/{CLAUSE}/"
    # Marketing promises an answer within two working days, which is offered first.
    assert "2 working days, as promised" in page(rhea, address)
    given = form("Who else?", owner=people.kira.pk, within="2 working days")
    assert rhea.post(address, given).status_code == 302
    question = Question.objects.get()
    assert "Who else?" in page(kira, "/talk/")
    assert "owes the answer" in page(rhea, "/talk/")
    answer = f"/talk/questions/{question.pk}/answer/"
    assert "Who else?" in page(kira, answer)
    assert rhea.post(answer, form("Me.")).status_code == 403
    assert kira.post(answer, form("")).status_code == 422
    assert kira.post(answer, form("Nobody else.")).status_code == 302
    assert "Nobody else." in page(rhea, f"/talk/on/{CLAUSE}/")
    assert "Nobody waits for an answer of yours." in page(kira, "/talk/")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"text": ""}, "required"),
        ({"owner": ""}, "required"),
        ({"within": "1 year"}, "valid choice"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "another kind"),
        ({"quote": "made-up"}, "not taken from a page"),
    ],
)
def test_says_what_is_wrong_with_a_question(
    signed_in: SignedIn, people: Cast, given: dict[str, Any], says: str
) -> None:
    asks = form("Who?", owner=people.kira.pk, within="1 working day") | given
    answer = signed_in("rhea").post(f"/talk/ask/{CLAUSE}/", asks)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Words.objects.exists()


def test_own_words_are_changed_and_withdrawn(signed_in: SignedIn, people: Cast) -> None:
    rhea, words = signed_in("rhea"), said(people.rhea, "By June, @Mona")
    address = f"/talk/words/{words.pk}/change/"
    assert "By June, @Mona</textarea>" in page(rhea, address)
    assert rhea.post(address, {"text": "By July"}).status_code == 302
    assert "changed" in page(rhea, "/ledger/deals/D1/")
    assert signed_in("mona").get(address).status_code == 403
    assert signed_in("mona").post(f"/talk/words/{words.pk}/withdraw/").status_code == 403
    assert rhea.post(f"/talk/words/{words.pk}/withdraw/").status_code == 302
    shown = page(rhea, "/ledger/deals/D1/")
    assert "Withdrawn" in shown
    assert "July" not in shown


def test_a_question_is_passed_on(signed_in: SignedIn, people: Cast) -> None:
    question = asked(people.rhea, people.kira)
    address = f"/talk/questions/{question.pk}/pass-on/"
    assert "Lena (both)" in page(signed_in("kira"), address)
    assert signed_in("rolf").get(address).status_code == 403
    assert signed_in("kira").post(address, {"owner": people.rhea.pk}).status_code == 422
    assert signed_in("kira").post(address, {"owner": people.lena.pk}).status_code == 302
    answered(people.lena, question)
    assert signed_in("rhea").get(address).status_code == 403


def test_scripts_get_the_thread_alone(signed_in: SignedIn, people: Cast) -> None:
    sent = signed_in("rhea").post(
        f"/talk/say/{DEAL}/", form("By June."), headers={"HX-Request": "true"}
    )
    assert sent.content.decode().strip().startswith('<section class="talk"')
    offered = page(signed_in("rhea"), f"/talk/names/{DEAL}/?q=m")
    assert "Mona" in offered
    assert "Milo" not in offered


def test_nothing_leaks_to_who_may_not_open_the_thing(signed_in: SignedIn, people: Cast) -> None:
    said(people.rhea, "Sesame opens.")
    question = asked(people.rhea, people.mona, "Sesame?", DEAL)
    Question.objects.filter(pk=question.pk).update(owner=people.rolf)
    for address in ("/", "/talk/", "/search/?q=sesame", "/agreement/"):
        assert "Sesame" not in page(signed_in("rolf"), address)
    assert signed_in("rolf").get(f"/talk/questions/{question.pk}/answer/").status_code == 404
