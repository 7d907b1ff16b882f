from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.web.desk.models import Request
from counterpoise.web.desk.question import Question, question_of
from tests.web.desk.asking import Cast, asked, token

pytestmark = pytest.mark.slow
_MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
_FEWER = settings(_MANY, max_examples=30)

names = st.sampled_from(
    "deal account amount rate net currency term_months payment product quantity unit_net unit_list "
    "kind cost f.account.segment f.product_family f.attr.Any f.persona f.nothing f.owner.role "
    "f.deal_id f.account_id f.lines f. show follows note page state whose".split()
)
nasty = st.sampled_from(
    [
        "nan",
        "-inf",
        "1e999",
        "-1",
        "0",
        "9" * 400,
        "1e-400",
        "١٢",
        "１２",
        "%",
        "100%",
        "100.0001",
        "-5%",
        "\x00",
        "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        "A1",
        "A2",
        "A3",
        "D1",
        "D2",
        "P1",
        "100k",
        "1,000",
        "1.000,00",
        "'; DROP TABLE room_desk_request; --",
        "<script>alert(1)</script>",
        "(((",
        '"',
        "true",
        "36",
        "eur",
        "USD",
        "private_label",
        "maker",
        str(2**63),
        str(2**70),
    ]
)
values = nasty | st.text(max_size=30) | st.integers(-(10**14), 10**14).map(str)
filled = st.dictionaries(names, st.lists(values, min_size=1, max_size=3), max_size=8)
plausible = st.fixed_dictionaries(
    {"account": st.just(["A1"]), "amount": st.just(["100k"]), "rate": st.just(["12"])}
)
fields = st.builds(lambda one, two: one | two, plausible, filled) | filled
SignedIn = Callable[[str], Client]


@_MANY
@given(given=fields)
def test_answers_whatever_stands_in_the_address(
    signed_in: SignedIn, given: dict[str, list[str]]
) -> None:
    client = signed_in("rhea")
    for path in ("/desk/", "/desk/customer/", "/desk/requests/"):
        assert client.get(path, given).status_code in {200, 302}
    if "account" in given:
        assert client.get("/desk/accounts/", {"account": given["account"]}).status_code == 200


@_MANY
@given(given=fields, with_token=st.booleans())
def test_asks_or_says_why_not_whatever_is_sent(
    signed_in: SignedIn, given: dict[str, list[str]], with_token: bool
) -> None:
    sent: dict[str, Any] = {**given, "token": token()} if with_token else given
    before = Request.objects.count()
    response = signed_in("rhea").post("/desk/ask/", sent)
    assert response.status_code in {302, 400}
    assert Request.objects.count() == before + (response.status_code == 302)
    if response.status_code == 302:
        assert signed_in("rhea").get(response["Location"]).status_code == 200


answers = st.dictionaries(
    st.sampled_from("rate net term_months payment cost-0 drop-0 comment".split()), values
)


@_FEWER
@given(given=answers, what=st.sampled_from(["approve", "refuse", "counter", "", "drop"]))
def test_answers_a_request_whatever_is_sent(
    people: Cast, signed_in: SignedIn, given: dict[str, str], what: str
) -> None:
    label = [{"kind": "private_label", "cost": 3000}]
    request = asked(people.rhea, customizations=label)
    address = f"/desk/requests/{request.pk}/answer/"
    response = signed_in("mona").post(address, {**given, "say": what})
    assert response.status_code in {302, 400}
    assert signed_in("rhea").get(f"/desk/requests/{request.pk}/").status_code == 200


@_FEWER
@given(given=st.dictionaries(st.sampled_from(["delegate", "from_on", "until_on"]), values))
def test_hands_over_or_says_why_not(signed_in: SignedIn, given: dict[str, str]) -> None:
    assert signed_in("mona").post("/desk/away/", given).status_code in {302, 400}


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(st.dictionaries(names.filter(lambda name: name != "f."), st.lists(texts, max_size=4)))
def test_reads_its_own_address_again(given: dict[str, list[str]]) -> None:
    sent = QueryDict(mutable=True)
    for name, several in given.items():
        sent.setlist(name, several)
    question = Question.of_parameters(sent)
    assert Question.of_parameters(QueryDict(question.query())) == question


def test_fills_the_form_as_a_request_was_written() -> None:
    question = Question.of_parameters(
        QueryDict(
            "account=A1&rate=12.5&term_months=36&payment=upfront&f.attr.Rush=yes"
            "&product=P1&quantity=10&unit_net=&unit_list=&kind=private_label&cost=3000"
        )
    )
    assert question_of(question.written("rep", "A1")) == question
