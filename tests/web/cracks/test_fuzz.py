"""Whatever is sent about a crack, or looked for in the trail and by the search, is answered."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.web.cracks.models import Crack

_MANY = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["\x00", "nan", "9" * 400, "1e999", "-1", "<b>", "'--", str(2**63), "%", "0"]),
    st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(dt.date.isoformat),
    st.integers(-5, 200).map(str),
)


@pytest.fixture
def lead(client_of: Callable[[str], Client]) -> Client:
    return client_of("lead")


@_MANY
@given(
    act=st.sampled_from(["look", "answer", "assign", "accept"]),
    sent=st.dictionaries(
        st.sampled_from(["text", "reason", "owner", "due_on", "until_on", "life"]), _words
    ),
    slug=st.sampled_from(["", "x", "-"]),
)
def test_answers_any_post_about_a_crack(
    lead: Client, teams: Crack, act: str, sent: dict[str, str], slug: str
) -> None:
    found = lead.post(f"/cracks/{slug or teams.slug}/{act}/", sent)
    assert found.status_code < 500


@_MANY
@given(
    page=st.sampled_from(["/cracks/", "/cracks/since/", "/settings/audit/", "/search/"]),
    asked=st.dictionaries(
        st.sampled_from(
            ["state", "side", "kind", "order", "q", "from", "until", "act", "page", "who"]
        ),
        _words,
    ),
)
def test_answers_any_address(lead: Client, teams: Crack, page: str, asked: dict[str, str]) -> None:
    assert lead.get(page, asked).status_code < 500
