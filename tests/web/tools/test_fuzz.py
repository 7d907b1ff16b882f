"""Whatever is sent to the tools is answered."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.web.tools.models import Tool
from tests.web.desk.asking import Cast
from tests.web.tools.making import sent

_MANY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_ODD = ["\x00", "nan", "9" * 400, "-1", "<b>", "'--", str(2**63), "%", "//x", "T1", "D1", "1"]
_words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(_ODD),
    st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(dt.date.isoformat),
)
_FIELDS = [
    *("title", "objection", "sentence", "link", "value_ids", "product_family", "persona", "owner"),
    *("expires_on", "revision", "token", "answers", "tool", "deal", "helped", "back", "text"),
    *("deal_id", "account_id", "competitor", "tool_id", "file", "drops_file"),
]
_PAGES = [
    *("new/", "edit/T1/", "edit/{tool}/", "retire/", "use/", "uses/1/helped/"),
    *("uses/1/take-back/", "requests/new/", "notes/new/", "messages/{message}/answer/"),
    *("messages/{message}/decline/", "messages/{message}/pass-on/"),
    *("messages/{message}/withdraw/", "messages/99999999999999999999/answer/"),
]


@pytest.fixture
def lena(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lena")


@_MANY
@given(page=st.sampled_from(_PAGES), given_=st.dictionaries(st.sampled_from(_FIELDS), _words))
def test_answers_any_post(
    lena: Client, people: Cast, card: Tool, page: str, given_: dict[str, str]
) -> None:
    message = sent(people.rhea)
    address = f"/tools/{page.format(tool=card.tool_id, message=message.pk)}"
    assert lena.post(address, given_).status_code < 500


@_MANY
@given(
    page=st.sampled_from(["", "requests/", "notes/", "new/", "requests/new/", "library/T1/"]),
    asked=st.dictionaries(
        st.sampled_from(["state", "words", "objection", "persona", "deal", "page", "show", "tool"]),
        _words,
    ),
)
def test_answers_any_address(lena: Client, page: str, asked: dict[str, str]) -> None:
    assert lena.get(f"/tools/{page}", asked).status_code < 500


@_MANY
@given(tool_id=_words.filter(lambda text: text.strip("/. ")))
def test_answers_any_tool(lena: Client, tool_id: str) -> None:
    for page in ("library", "edit", "file"):
        assert lena.get(f"/tools/{page}/{quote(tool_id, safe='')}/").status_code < 500
