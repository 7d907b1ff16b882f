"""Administrators name endpoints; a secret is shown once."""

import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User
from counterpoise.web.webhooks import endpoints
from counterpoise.web.webhooks.models import Endpoint, Sending, Topic
from counterpoise.web.webhooks.signing import secret_of
from tests.web.webhooks.conftest import URL

PAGE = "/settings/webhooks/"


@pytest.fixture
def administrator(chief: User) -> Client:
    client = Client()
    client.force_login(chief)
    return client


def test_shows_the_secret_once(administrator: Client) -> None:
    sent = {"url": URL, "topics": ["request.settled", "review.made"]}
    shown = administrator.post(PAGE, sent).content.decode()
    made = Endpoint.objects.get()
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", shown)
    assert secret == secret_of(made)
    assert made.topics == ["request.settled", "review.made"]
    assert secret not in administrator.get(PAGE).content.decode()
    entry = Entry.objects.get(act="webhook.added")
    assert "example.com" not in entry.detail


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"url": "https://10.0.0.1/", "topics": ["review.made"]}, "own network"),
        ({"url": "http://a.example.com/", "topics": ["review.made"]}, "https://"),
        ({"url": URL}, "required"),
        ({"url": URL, "topics": ["test"]}, "not one of the available"),
    ],
)
def test_refuses_what_cannot_be_told(
    administrator: Client, sent: dict[str, object], says: str
) -> None:
    answer = administrator.post(PAGE, sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_takes_so_many_and_no_more(administrator: Client, chief: User) -> None:
    for number in range(endpoints.MOST):
        endpoints.add(chief, f"https://{number}.example.com/", [Topic.ASKED])
    answer = administrator.post(PAGE, {"url": URL, "topics": ["review.made"]})
    assert "remove one first" in answer.content.decode()
    assert Endpoint.objects.count() == endpoints.MOST


def test_acts_on_an_endpoint(administrator: Client, endpoint: Endpoint) -> None:
    def act(name: str) -> str:
        answer = administrator.post(f"{PAGE}{endpoint.pk}/{name}/", follow=True)
        return answer.content.decode()

    act("off")
    act("off")
    assert not Endpoint.objects.get().is_on
    act("on")
    assert Endpoint.objects.get().is_on
    former = secret_of(endpoint)
    renewed = act("renew")
    assert "whsec_" in renewed
    assert former not in renewed
    assert "A test is on its way" in act("test")
    assert Sending.objects.get().message.topic == "test"
    act("remove")
    assert not Endpoint.objects.exists()
    assert not Sending.objects.exists()
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert [each for each in acts if each.startswith("webhook.")] == [
        "webhook.added",
        "webhook.off",
        "webhook.on",
        "webhook.secret_renewed",
        "webhook.removed",
    ]


def test_knows_no_other_act(administrator: Client, endpoint: Endpoint) -> None:
    assert administrator.post(f"{PAGE}{endpoint.pk}/explode/").status_code == 404


@pytest.mark.parametrize("number", [1, 8])
def test_asks_as_often_for_many(
    administrator: Client,
    chief: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for at in range(number):
        made = endpoints.add(chief, f"https://{at}.example.com/", [Topic.ASKED])
        administrator.post(f"{PAGE}{made.pk}/test/")
    administrator.get(PAGE)
    with django_assert_num_queries(5):
        assert "0.example.com" in administrator.get(PAGE).content.decode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(url=st.text() | st.from_regex(r"https://[ -~]*", fullmatch=True), topic=st.text())
def test_no_address_fails(administrator: Client, url: str, topic: str) -> None:
    answer = administrator.post(PAGE, {"url": url, "topics": [topic]})
    assert answer.status_code in {200, 422}
