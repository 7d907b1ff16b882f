"""Quotes of a figure: taken from a page, kept as they were, open to whom they may."""

from collections.abc import Callable

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from counterpoise.web.people.models import User
from counterpoise.web.talk import remapping
from counterpoise.web.talk.models import Words
from counterpoise.web.talk.quoting import BrokenSealError, Figure, figure_of, seal, unseal
from tests.web.desk.asking import Cast, token
from tests.web.talk.speaking import CLAUSE, said

HELD = Figure("Held", "1,234", "12 deals", "2026-06-10", "Balance", "/")


def test_a_figure_is_taken_by_who_reads_the_page(people: Cast) -> None:
    sealed = seal(HELD, people.rhea)
    assert unseal(sealed, people.rhea) == HELD
    for token_, user in ((sealed, people.mona), (sealed[:-2], people.rhea), ("x", people.rhea)):
        with pytest.raises(BrokenSealError):
            unseal(token_, user)


def test_a_quote_is_kept_as_it_was(signed_in: Callable[[str], Client], people: Cast) -> None:
    rhea, sealed = signed_in("rhea"), seal(HELD, people.rhea)
    page = rhea.get(f"/talk/quote/{sealed}/", {"q": "standard"}).content.decode()
    assert f"/talk/on/{CLAUSE}/?quote=" in page
    assert "1,234" in rhea.get(f"/talk/on/{CLAUSE}/", {"quote": sealed}).content.decode()
    sent = rhea.post(f"/talk/say/{CLAUSE}/", {"text": "", "quote": sealed, "token": token()})
    assert sent.status_code == 302
    words = Words.objects.get()
    assert words.quote == HELD.kept()
    shown = signed_in("rolf").get(f"/talk/on/{CLAUSE}/").content.decode()
    assert "1,234" in shown
    assert "as of 10 Jun 2026" in shown
    assert signed_in("mona").get(f"/talk/quote/{sealed}/").status_code == 404


@pytest.mark.parametrize(
    ("of", "readers"),
    [
        ("", {"rhea", "rolf", "mona", "kira", "lena"}),
        ("person:R1", {"rhea", "mona", "lena"}),
        ("deal:D1", {"rhea", "mona", "lena"}),
    ],
)
def test_a_figure_of_a_person_opens_to_whom_the_person_does(
    people: Cast, of: str, readers: set[str]
) -> None:
    kept = {**HELD.kept(), "of": of}
    said(people.rhea, "", CLAUSE, quote=kept)
    opens = {
        name
        for name in ("rhea", "rolf", "mona", "kira", "lena")
        if figure_of(kept, getattr(people, name)).value
    }
    assert opens == readers


def test_a_page_links_to_quoting(people: Cast) -> None:
    user: User = people.rhea
    request = RequestFactory().get("/ledger/", {"segment": "SMB"})
    request.user = user
    written = '{% load talk %}{% quote "Held" held source="Ledger" day="2026-06-10" %}'
    shown = Template(written).render(Context({"request": request, "held": "12"}))
    address = shown.split('href="')[1].split('"')[0]
    found = unseal(address.removeprefix("/talk/quote/").removesuffix("/"), user)
    assert found == Figure("Held", "12", "", "2026-06-10", "Ledger", "/ledger/?segment=SMB")
    assert not Template(written).render(Context({"request": request, "held": ""})).strip()


@pytest.mark.parametrize(
    "sent",
    ["http://[", "x:javascript:alert(1)", "http://a//evil.example/", "http://a/\\evil.example"],
)
def test_a_figure_leads_nowhere_but_into_the_room(people: Cast, sent: str) -> None:
    request = RequestFactory().get("/ledger/", headers={"HX-Current-URL": sent})
    request.user = people.rhea
    written = '{% load talk %}{% quote "Held" "12" source="Ledger" %}'
    shown = Template(written).render(Context({"request": request}))
    address = shown.split('href="')[1].split('"')[0]
    found = unseal(address.removeprefix("/talk/quote/").removesuffix("/"), people.rhea)
    assert found.url == "/ledger/"


def test_a_figure_goes_on_opening_to_its_person_under_a_new_id(people: Cast) -> None:
    said(people.rhea, "", CLAUSE, quote={**HELD.kept(), "of": "person:R1\ndeal:D1"})
    said(people.rhea, "", CLAUSE, quote={**HELD.kept(), "of": "person:R11"})
    assert remapping.remap("person", "R1", "R7") == 1
    assert remapping.remap("deal", "D1", "D9") == 1
    kept = Words.objects.order_by("pk").values_list("quote", flat=True)
    assert [each["of"] for each in kept if each] == ["person:R7\ndeal:D9", "person:R11"]
