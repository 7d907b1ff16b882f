"""Whatever is sent to talk is answered."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.desk.asking import Cast
from tests.web.talk.speaking import CLAUSE, asked

_MANY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_ODD = ["\x00", "nan", "9" * 400, "-1", "<b>@", "'--", str(2**63), "%", "//x", "⟦1⟧", "a-b", CLAUSE]
_words = st.one_of(st.text(max_size=40), st.sampled_from(_ODD))
_FIELDS = [
    *("text", "token", "quote", "owner", "within", "file", "name", "channel", "starts_on"),
    *("ends_on", "line", "revision", "campaign"),
]
_PAGES = [
    *(f"say/{CLAUSE}/", f"ask/{CLAUSE}/", "say/deal:D9/", "words/{words}/change/"),
    *("words/{words}/withdraw/", "questions/{question}/answer/", "questions/{question}/pass-on/"),
    *(
        "calendar/new/",
        "calendar/on/C1/",
        "calendar/link/C1/",
        "words/99999999999999999999/change/",
    ),
]


@pytest.fixture
def lena(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lena")


@_MANY
@given(page=st.sampled_from(_PAGES), sent=st.dictionaries(st.sampled_from(_FIELDS), _words))
def test_answers_any_post(lena: Client, people: Cast, page: str, sent: dict[str, str]) -> None:
    question = asked(people.rhea, people.lena)
    address = page.format(words=question.words_id, question=question.pk)
    assert lena.post(f"/talk/{address}", sent).status_code < 500


@_MANY
@given(
    page=st.sampled_from(["on", "ask", "names", "quote", "calendar/on"]),
    kind=st.sampled_from(["", "clause:", "deal:", "lead:", "tool:", "request:", "crack:", "x:"]),
    name=_words.filter(lambda text: text.strip("/. ")),
    asks=st.dictionaries(st.sampled_from(["q", "quote", "side"]), _words),
)
def test_answers_any_address(
    lena: Client, page: str, kind: str, name: str, asks: dict[str, str]
) -> None:
    address = f"/talk/{page}/{quote(kind + name, safe='')}/"
    assert lena.get(address, asks).status_code < 500
