from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from counterpoise.agreement import Side, parse_agreement
from counterpoise.web.access import NotForYouError
from counterpoise.web.agreements import negotiation, proposals, signing
from counterpoise.web.agreements.models import Point, PointKind, Proposal, Signature, Wording
from counterpoise.web.agreements.negotiation import Asked
from counterpoise.web.agreements.proposals import (
    ProposalClosedError,
    ProposalError,
    WordingChangedError,
    wording_of,
)
from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User

People = Mapping[str, User]
SignedIn = Callable[[str], Client]
STANDARD = "{id: standard, up_to: {rep: 4%, sales_manager: 15%, revenue_lead: 25%}}"


def counter(people: People, name: str, proposal: Proposal, *asked: Asked) -> list[Point]:
    return negotiation.put_forward(people[name], proposal, asked)


def standard(text: str = STANDARD) -> Asked:
    return Asked(PointKind.COUNTER, "discounts.limits.standard", text, "less is enough")


def now(proposal: Proposal) -> Wording:
    proposal.refresh_from_db()
    return wording_of(proposal)


def test_accepting_a_counter_makes_the_next_wording(people: People, proposal: Proposal) -> None:
    before = now(proposal)
    (point,) = counter(people, "marketer", proposal, standard())
    made = negotiation.accept(people["manager"], point, before.fingerprint)
    assert (made.number, now(proposal).number) == (2, 2)
    assert made.fingerprint != before.fingerprint
    rates = {str(who): str(rate) for who, rate in _standard(made).items()}
    assert rates == {"rep": "0.04", "sales_manager": "0.15", "revenue_lead": "0.25"}
    assert "# big deals first" in made.text
    point.refresh_from_db()
    assert point.state == "accepted"


def _standard(wording: Wording) -> Mapping[str, object]:
    limits = parse_agreement(wording.text).discounts.limits
    return next(row.up_to for row in limits if row.id == "standard")


def test_a_new_wording_voids_signatures(people: People, proposal: Proposal) -> None:
    (point,) = counter(people, "marketer", proposal, standard())
    signing.sign(people["manager"], proposal, Side.SALES, now(proposal).fingerprint)
    negotiation.accept(people["manager"], point, now(proposal).fingerprint)
    assert Signature.objects.get().state == "void"
    signing.sign(people["manager"], proposal, Side.SALES, now(proposal).fingerprint)
    assert Signature.objects.filter(state="stands").count() == 1


def test_a_trade_is_accepted_whole_or_not_at_all(people: People, proposal: Proposal) -> None:
    promise = Asked(PointKind.COUNTER, "promises.marketing.leads.at_least", "25")
    first, second = counter(people, "marketer", proposal, standard(), promise)
    assert first.trade_id == second.trade_id is not None
    made = negotiation.accept(people["manager"], second, now(proposal).fingerprint)
    agreement = parse_agreement(made.text)
    assert str(agreement.promises.marketing[0].at_least) == "25"
    assert str(_standard(made)["rep"]) == "0.04"
    assert set(Point.objects.values_list("state", flat=True)) == {"accepted"}


def test_a_declined_trade_declines_both(people: People, proposal: Proposal) -> None:
    promise = Asked(PointKind.COUNTER, "promises.marketing.leads.at_least", "25")
    first, _ = counter(people, "marketer", proposal, standard(), promise)
    negotiation.decline(people["manager"], first)
    assert set(Point.objects.values_list("state", flat=True)) == {"declined"}
    assert now(proposal).number == 1


def test_an_exception_is_added_with_its_days(people: People, proposal: Proposal) -> None:
    start = parse_agreement(now(proposal).text).in_force.from_
    days = f"from: {start}, until: {start}"
    text = f"{{id: acme, when: {{account_id: A17}}, {days}, up_to: {{rep: 18%}}}}"
    (point,) = counter(
        people, "manager", proposal, Asked(PointKind.EXCEPTION, "exceptions", text, "pilot")
    )
    made = negotiation.accept(people["marketer"], point, now(proposal).fingerprint)
    assert [each.id for each in parse_agreement(made.text).exceptions] == ["acme"]


def test_a_clause_is_struck_out_and_one_with_its_default_is_written(
    people: People, proposal: Proposal
) -> None:
    (strike,) = counter(
        people, "marketer", proposal, Asked(PointKind.COUNTER, "discounts.levers.three_years")
    )
    negotiation.accept(people["manager"], strike, now(proposal).fingerprint)
    (write,) = counter(
        people, "marketer", proposal, Asked(PointKind.COUNTER, "review.every", "month")
    )
    made = negotiation.accept(people["manager"], write, now(proposal).fingerprint)
    agreement = parse_agreement(made.text)
    assert agreement.discounts.levers == ()
    assert agreement.review.every == "month"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{id: standard, up_to: {rap: 4%}}", "rap"),
        ("{id: standard, up_to: {rep: 400%}}", "400"),
        ("{id: standard", "cannot be read"),
        ("!!python/object:os.system {}", "tag"),
        ("&a [*a]", r"\*a"),
        ("x" * 6_000, "characters"),
    ],
)
def test_refuses_a_counter_that_would_be_no_agreement(
    people: People, proposal: Proposal, text: str, says: str
) -> None:
    with pytest.raises(ProposalError, match=says):
        counter(people, "marketer", proposal, standard(text))
    assert Point.objects.count() == 0


@pytest.mark.parametrize("name", ["marketer", "rep"])
def test_nobody_answers_their_own_point_and_no_rep_any(
    people: People, proposal: Proposal, name: str
) -> None:
    (point,) = counter(people, "marketer", proposal, standard())
    with pytest.raises(NotForYouError):
        negotiation.accept(people[name], point, now(proposal).fingerprint)
    with pytest.raises(NotForYouError):
        negotiation.decline(people[name], point)
    assert now(proposal).number == 1


def test_nobody_of_the_same_side_answers(people: People, proposal: Proposal) -> None:
    (point,) = counter(people, "deputy", proposal, standard())
    with pytest.raises(NotForYouError):
        negotiation.accept(people["manager"], point, now(proposal).fingerprint)
    negotiation.accept(people["lead"], point, now(proposal).fingerprint)


def test_refuses_an_answer_to_another_wording(people: People, proposal: Proposal) -> None:
    before = now(proposal).fingerprint
    (first,) = counter(people, "marketer", proposal, standard())
    (second,) = counter(
        people, "marketer", proposal, Asked(PointKind.COUNTER, "discounts.lever_cap", "8%")
    )
    negotiation.accept(people["manager"], first, before)
    with pytest.raises(WordingChangedError):
        negotiation.accept(people["manager"], second, before)
    with pytest.raises(ProposalError, match="answered already"):
        negotiation.accept(people["manager"], first, now(proposal).fingerprint)


def test_says_when_the_clause_is_gone_meanwhile(people: People, proposal: Proposal) -> None:
    (change,) = counter(
        people, "marketer", proposal, Asked(PointKind.COUNTER, "goals.revenue.at_least", "5")
    )
    (strike,) = counter(people, "marketer", proposal, Asked(PointKind.COUNTER, "goals.revenue"))
    negotiation.accept(people["manager"], strike, now(proposal).fingerprint)
    with pytest.raises(ProposalError, match="no such clause"):
        negotiation.accept(people["manager"], change, now(proposal).fingerprint)


def test_an_objection_needs_its_reason_and_has_nothing_to_accept(
    people: People, proposal: Proposal
) -> None:
    with pytest.raises(ProposalError, match="say what is wrong"):
        counter(people, "marketer", proposal, Asked(PointKind.OBJECTION, "goals.revenue"))
    (point,) = counter(
        people, "marketer", proposal, Asked(PointKind.OBJECTION, "goals.revenue", says="too high")
    )
    with pytest.raises(ProposalError, match="no text to accept"):
        negotiation.accept(people["manager"], point, now(proposal).fingerprint)


def test_nothing_is_said_to_a_closed_proposal(people: People, proposal: Proposal) -> None:
    (point,) = counter(people, "marketer", proposal, standard())
    proposals.withdraw(people["manager"], proposal)
    for act in (
        lambda: counter(people, "marketer", proposal, standard()),
        lambda: negotiation.accept(people["manager"], point, now(proposal).fingerprint),
        lambda: negotiation.withdraw(people["marketer"], point),
    ):
        with pytest.raises(ProposalClosedError):
            act()


def test_enters_each_act_in_the_trail(people: People, proposal: Proposal) -> None:
    (point,) = counter(people, "marketer", proposal, standard())
    negotiation.accept(people["manager"], point, now(proposal).fingerprint)
    proposals.withdraw(people["manager"], proposal)
    acts = list(Entry.objects.order_by("sequence").values_list("act", flat=True))
    assert acts[2:] == [
        "agreement.countered",
        "agreement.counter_accepted",
        "agreement.withdrawn",
    ]


def test_puts_forward_and_answers_by_the_page(signed_in: SignedIn, proposal: Proposal) -> None:
    marketer, base = signed_in("marketer"), f"/agreement/proposals/{proposal.pk}/"
    page = marketer.get(f"{base}point/?clause=discounts.limits.standard").content.decode()
    assert "id: standard" in page
    sent = {"kind": "counter", "clause": "discounts.limits.standard", "text": STANDARD}
    assert marketer.post(f"{base}point/", sent).status_code == 302
    wrong = marketer.post(f"{base}point/", sent | {"text": "{id: standard, up_to: {rap: 1%}}"})
    assert wrong.status_code == 400
    assert "{id: standard, up_to: {rap: 1%}}" in wrong.content.decode()
    point = Point.objects.get()
    accept = f"{base}points/{point.pk}/accept/"
    assert signed_in("rep").post(accept).status_code == 403
    answer = signed_in("manager").post(
        accept, {"fingerprint": wording_of(proposal).fingerprint}, follow=True
    )
    assert "Accepted: wording 2." in answer.content.decode()


def test_lets_everybody_comment(signed_in: SignedIn, proposal: Proposal) -> None:
    says = "<script>alert(1)</script> **fine**"
    page = signed_in("rep").post(
        f"/agreement/proposals/{proposal.pk}/comment/", {"says": says}, follow=True
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **fine**" in page.content.decode()
