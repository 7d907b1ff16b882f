"""Pages of the tools, as each role opens them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from counterpoise.web.tools.models import Message, Tool, ToolFile, Use
from tests.web.desk.asking import Cast, asked
from tests.web.tools.making import form, made, sent

SignedIn = Callable[[str], Client]
PDF = b"%PDF-1.7\nA case"


def test_the_library_is_read_by_both_sides_by_objection(signed_in: SignedIn, card: Tool) -> None:
    for name in ("rhea", "kira", "lena", "guest"):
        page = signed_in(name).get("/tools/").content.decode()
        assert "“Too expensive”" in page
        assert page.index("Pump case") < page.index("Downtime calculator")


def test_the_library_is_narrowed(signed_in: SignedIn, card: Tool) -> None:
    rhea = signed_in("rhea")
    for query, shown in [
        ("words=standstill", []),
        ("words=never+stops", ["Pump case"]),
        ("product_family=Valves", ["Valve guide"]),
        ("objection=too+expensive", ["Pump case"]),
        ("state=over", []),
    ]:
        page = rhea.get(f"/tools/?{query}").content.decode()
        titles = ("Pump case", "Downtime calculator", "Valve guide")
        assert [each for each in titles if f">{each}</a>" in page] == shown


def test_marketing_makes_a_tool_with_a_file(signed_in: SignedIn) -> None:
    upload = SimpleUploadedFile("Fälle.pdf", PDF, "text/html")
    sent_form = form(file=upload, value_ids=["uptime"], link="https://example.com/case")
    assert signed_in("kira").post("/tools/new/", sent_form).status_code == 302
    tool = Tool.objects.get()
    assert (tool.value_ids, tool.owner, tool.file.size) == (["uptime"], None, len(PDF))
    answer = signed_in("rhea").get(f"/tools/file/{tool.tool_id}/")
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>"),
        ("picture.svg", b"<svg/>"),
        ("case.pdf", b"<script>alert(1)</script>"),
        ("case.txt", b"\xff\xfe\x00"),
        ("case.pdf", b""),
    ],
)
def test_refuses_files_that_a_browser_might_run(
    signed_in: SignedIn, name: str, content: bytes
) -> None:
    upload = SimpleUploadedFile(name, content, "application/pdf")
    answer = signed_in("kira").post("/tools/new/", form(file=upload))
    assert answer.status_code == 422
    assert not Tool.objects.exists()


def test_refuses_a_file_beyond_the_limit(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counterpoise.web.tools.files.MOST_BYTES", len(PDF) - 1)
    upload = SimpleUploadedFile("case.pdf", PDF)
    assert signed_in("kira").post("/tools/new/", form(file=upload)).status_code == 422
    assert not ToolFile.objects.exists()


@pytest.mark.parametrize("link", ["http://example.com", "javascript:alert(1)", "ftp://example.com"])
def test_refuses_links_that_are_not_secure(signed_in: SignedIn, link: str) -> None:
    assert signed_in("kira").post("/tools/new/", form(link=link)).status_code == 422
    assert not Tool.objects.exists()


def test_who_changes_second_is_told_and_overwrites_nothing(signed_in: SignedIn, card: Tool) -> None:
    address = f"/tools/edit/{card.tool_id}/"
    kira, lena = signed_in("kira"), signed_in("lena")
    assert kira.post(address, form(title="One", revision=1)).status_code == 302
    answer = lena.post(address, form(title="Two", revision=1))
    assert answer.status_code == 422
    assert b"was changed by somebody else" in answer.content
    card.refresh_from_db()
    assert card.title == "One"


def test_an_imported_tool_keeps_what_the_books_say(signed_in: SignedIn) -> None:
    kira = signed_in("kira")
    assert kira.get("/tools/edit/T2/").status_code == 200
    answer = kira.post("/tools/edit/T2/", form(title="Mine", product_family="Pumps"))
    assert answer.status_code == 302
    tool = Tool.objects.get(tool_id="T2")
    assert (tool.title, tool.product_family) == ("Valve guide", "Valves")
    assert tool.sentence == "A pump that never stops pays for itself."


def test_use_and_helped_are_one_click_from_the_tool(signed_in: SignedIn, card: Tool) -> None:
    rhea = signed_in("rhea")
    page = f"/tools/library/{card.tool_id}/?deal=D1"
    assert b"This helped" in rhea.get(page).content
    given = {"tool": card.tool_id, "deal": "D1", "back": page}
    answer = rhea.post("/tools/use/", given)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert b"used today" in rhea.get(page).content
    use = Use.objects.get()
    part = rhea.post(f"/tools/uses/{use.pk}/helped/", headers={"HX-Request": "true"})
    assert b"it helped" in part.content
    assert b"<html" not in part.content


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
def test_a_click_leads_nowhere_else(signed_in: SignedIn, card: Tool, back: str) -> None:
    answer = signed_in("rhea").post("/tools/use/", {"tool": card.tool_id, "back": back})
    assert answer["Location"] == f"/tools/library/{card.tool_id}/"


def test_the_desk_offers_what_fits_after_value(signed_in: SignedIn, card: Tool) -> None:
    query = "/desk/?account=A1&deal=D1&rate=12"
    page = signed_in("rhea").get(query).content.decode()
    assert page.index("Fewer stops a year") < page.index("Pump case") < page.index("Needs a yes")
    assert "Downtime calculator" in page
    assert "Valve guide" not in page


def test_an_objection_narrows_what_the_desk_offers(
    signed_in: SignedIn, people: Cast, card: Tool
) -> None:
    made(people.kira, title="Speed sheet", objection="Too slow")
    page = signed_in("rhea").get("/desk/?deal=D1&rate=12&objection=Too+slow").content.decode()
    assert "Speed sheet" in page
    assert "A pump that never stops" in page
    assert ">Pump case</a>" not in page


def test_the_page_of_a_request_offers_what_fits_to_who_asked(
    signed_in: SignedIn, people: Cast, card: Tool
) -> None:
    made_request = asked(people.rhea, deal_id="D1")
    assert b"Pump case" in signed_in("rhea").get(f"/desk/requests/{made_request.pk}/").content
    assert b"Pump case" not in signed_in("mona").get(f"/desk/requests/{made_request.pk}/").content


def test_a_deals_page_shows_uses_and_offers_what_fits(signed_in: SignedIn, card: Tool) -> None:
    rhea = signed_in("rhea")
    assert b"Use it" in rhea.get("/ledger/deals/D1/").content
    rhea.post("/tools/use/", {"tool": card.tool_id, "deal": "D1", "helped": "1"})
    assert b"helped" in signed_in("mona").get("/ledger/deals/D1/").content


def test_a_request_is_sent_answered_with_a_tool_and_closed(signed_in: SignedIn, card: Tool) -> None:
    rhea, kira = signed_in("rhea"), signed_in("kira")
    ask = {"text": "They say Delta is cheaper.", "deal_id": "D1", "token": "token-ask-1"}
    assert rhea.post("/tools/requests/new/", ask).status_code == 302
    message = Message.objects.get()
    page = f"/tools/messages/{message.pk}/"
    assert b"Delta is cheaper" in kira.get(page).content
    assert kira.post(f"{page}answer/", {"text": ""}).status_code == 422
    assert kira.post(f"{page}answer/", {"tool_id": card.tool_id}).status_code == 302
    assert b"Pump case" in rhea.get(page).content
    message.refresh_from_db()
    assert message.state == "answered"


def test_a_new_tool_answers_the_request_it_was_made_for(signed_in: SignedIn, people: Cast) -> None:
    message = sent(people.rhea, product_family="Pumps")
    kira = signed_in("kira")
    assert b'value="Pumps"' in kira.get(f"/tools/new/?answers={message.pk}").content
    answer = kira.post("/tools/new/", form(answers=message.pk))
    tool = Tool.objects.get()
    assert answer["Location"] == f"/tools/messages/{message.pk}/?tool={tool.tool_id}#answering"
    page = kira.get(answer["Location"]).content.decode()
    assert f'value="{tool.tool_id}" selected' in page


def test_a_deal_is_named_to_those_alone_to_whom_it_opens(signed_in: SignedIn, people: Cast) -> None:
    message = sent(people.rhea, deal_id="D1")
    assert b"/ledger/deals/D1/" in signed_in("mona").get(f"/tools/messages/{message.pk}/").content
    for name in ("rolf", "kira"):
        page = signed_in(name).get(f"/tools/messages/{message.pk}/").content
        assert not re.search(rb"\bD1\b", page)
        assert b"one that does not open to you" in page


def test_nobody_answers_for_the_other_side(signed_in: SignedIn, people: Cast, card: Tool) -> None:
    message = sent(people.rhea)
    page = f"/tools/messages/{message.pk}/"
    for name in ("rhea", "rolf", "mona"):
        client = signed_in(name)
        given = {"tool_id": card.tool_id, "text": "Here."}
        assert client.post(f"{page}answer/", given).status_code == 403
        assert client.post(f"{page}decline/", given).status_code == 403
        assert client.post(f"{page}pass-on/", {"owner": people.kira.pk}).status_code == 403
    assert signed_in("kira").post(f"{page}withdraw/").status_code == 403
    assert signed_in("kira").get("/tools/requests/new/").status_code == 403
    message.refresh_from_db()
    assert message.is_open


def test_lists_ask_the_database_as_often_however_long_they_are(
    signed_in: SignedIn, people: Cast, card: Tool, django_assert_num_queries: Callable[..., Any]
) -> None:
    kira = signed_in("kira")
    for number in range(3):
        made(people.kira, title=f"Tool {number}")
        sent(people.rhea, f"Request {number}")
    counts = {"/tools/": 7, "/tools/requests/": 8}
    for path, count in counts.items():
        kira.get(path)
        with django_assert_num_queries(count):
            kira.get(path)
