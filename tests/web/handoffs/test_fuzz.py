"""Whatever is sent about leads, or asked of their pages, is answered."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.web.handoffs.models import Handoff
from tests.web.handoffs.making import Cast, typed

_MANY = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["\x00", "nan", "9" * 400, "1e999", "-1", "<b>", "'--", str(2**63), "A1", "rejected"]
    ),
    st.sampled_from(["accepted", "wrong persona", "no budget", "on", "R1", "2026-06-10T10:00"]),
    st.sampled_from(["0001-01-01T00:00", "9999-12-31T23:59", "2026-03-29T02:30"]),
)
_names = st.sampled_from(
    [
        *("account", "about", "campaign", "source", "score", "lead", "note", "token"),
        *("verdict", "reason", "comment", "insists", "person", "at", "deal"),
    ]
)


@pytest.fixture
def lena(people: Cast, signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lena")


@_MANY
@given(
    act=st.sampled_from(["respond", "verdict", "assign", "again", "link"]),
    sent=st.dictionaries(_names, _words, max_size=6),
)
def test_answers_any_post_about_a_lead(
    people: Cast, lena: Client, act: str, sent: dict[str, str]
) -> None:
    made = Handoff.objects.first() or typed(people.kira, "X1", "A1")
    assert lena.post(f"/handoffs/{made.pk}/{act}/", sent).status_code < 500


@_MANY
@given(
    where=st.sampled_from(["pass/form/", "pass/books/", "verdicts/"]),
    sent=st.dictionaries(_names, _words, max_size=6),
)
def test_answers_any_post_about_leads(lena: Client, where: str, sent: dict[str, str]) -> None:
    assert lena.post(f"/handoffs/{where}", sent).status_code < 500


_cells = st.one_of(st.sampled_from(["account", "score", "A1", "80", '"', ",", "\n", ";"]), _words)


@_MANY
@given(
    content=st.one_of(
        st.binary(max_size=80),
        st.lists(_cells, max_size=12).map(lambda cells: ",".join(cells).encode("utf-8", "replace")),
    )
)
def test_answers_any_file(lena: Client, content: bytes) -> None:
    sent = {"file": SimpleUploadedFile("leads.csv", content)}
    assert lena.post("/handoffs/pass/file/", sent).status_code < 500


@_MANY
@given(asked=st.dictionaries(st.sampled_from(["board", "tab", "page"]), _words))
def test_answers_any_address(lena: Client, asked: dict[str, str]) -> None:
    for where in ("/handoffs/", "/handoffs/pass/", "/handoffs/teams/"):
        assert lena.get(where, asked).status_code < 500
