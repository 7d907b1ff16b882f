import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from counterpoise.agreement import parse_agreement
from counterpoise.web.agreements.drafts import latest
from counterpoise.web.agreements.models import Draft
from counterpoise.web.desk.recurring import Group, recurring_approvals
from counterpoise.web.desk.states import Said
from tests.web.desk.asking import Cast, asked, say

GROUP = Group("discounts.limits.enterprise", "rep", "sales_manager")


def answer(people: Cast, *rates: str, refused: int = 0) -> None:
    for at, rate in enumerate(rates):
        request = asked(people.rhea, rate)
        say(people.mona, request, Said.REFUSED if at < refused else Said.APPROVED)


def test_proposes_what_is_nearly_always_approved(people: Cast) -> None:
    answer(people, *["0.12"] * 8, "0.121", "0.18")
    (found,) = recurring_approvals()
    assert (found.group, found.answers, found.approved) == (GROUP, 10, 10)
    assert found.rate == Decimal("0.125")
    assert found.says == (
        "10 of 10 requests of rep to sales manager were approved, nine of ten of them at "
        "12.5% or less, levers apart."
    )


def test_writes_the_row_with_the_limit_raised(people: Cast) -> None:
    answer(people, *["0.12"] * 8)
    (found,) = recurring_approvals()
    assert found.snippet == (
        "id: enterprise\nup_to: {rep: 12%, sales_manager: 20%, "
        "sales_manager + product_marketing: 30%, revenue_lead: 35%}"
    )


def test_leaves_out_what_levers_earned(people: Cast) -> None:
    for _ in range(8):
        say(people.mona, asked(people.rhea, "0.17", term_months=36))
    (found,) = recurring_approvals()
    assert found.rate == Decimal("0.12")


def test_proposes_nothing_from_few_answers(people: Cast) -> None:
    answer(people, *["0.12"] * 7)
    assert recurring_approvals() == []


def test_proposes_nothing_where_one_of_ten_is_too_often_refused(people: Cast) -> None:
    answer(people, *["0.12"] * 9, refused=1)
    assert recurring_approvals() == []


@pytest.mark.parametrize("name", ["lena"])
def test_drafts_the_proposal(people: Cast, signed_in: Callable[[str], Client], name: str) -> None:
    answer(people, *["0.12"] * 8)
    client = signed_in(name)
    html = client.get("/desk/recurring/").content.decode()
    form = dict(re.findall(r'name="(clause|asker|approver)" value="([^"]+)"', html))
    response = client.post("/desk/recurring/propose/", form)
    draft = Draft.objects.get()
    assert response["Location"] == f"/agreement/drafts/{draft.pk}/"
    proposed = parse_agreement(latest(draft).text)
    assert proposed.discounts.limits[0].up_to["rep"] == Decimal("0.12")
    assert proposed.discounts.limits[1].up_to["rep"] == Decimal("0.05")
    assert proposed.signed == ()


def test_drafts_nothing_for_who_may_not(people: Cast, signed_in: Callable[[str], Client]) -> None:
    answer(people, *["0.12"] * 8)
    form = dict(zip(("clause", "asker", "approver"), GROUP, strict=True))
    assert signed_in("rhea").post("/desk/recurring/propose/", form).status_code == 403
    assert not Draft.objects.exists()


def test_drafts_nothing_that_the_answers_do_not_carry(
    people: Cast, signed_in: Callable[[str], Client]
) -> None:
    form = dict(zip(("clause", "asker", "approver"), GROUP, strict=True))
    assert signed_in("lena").post("/desk/recurring/propose/", form).status_code == 302
    assert not Draft.objects.exists()
