"""Decisions: which agreement answers, what stands in the answer, and the same bytes every time."""

import datetime as dt
import json
import time
from decimal import Decimal

import pytest

from counterpoise.agreement import Agreements, Status
from counterpoise.desk import (
    BooksInMemory,
    NoAgreementError,
    RequestError,
    decide,
    decision_json,
    read_request,
)
from counterpoise.desk import answer as answer_written
from tests.desk.making import LADDER, STANDARD, agree, answer, ask, asking, clauses


def test_writes_every_part_of_the_answer() -> None:
    agreement = agree(
        approvals={"respond_within": "1 working day"},
        personas=[{"id": "maker", "when": {"industry": "Medical"}, "values": ["uptime"]}],
        values=[
            {"id": "service", "says": "A technician within a day"},
            {"id": "uptime", "says": "Fewer stops", "proof": "field study"},
            {"id": "green", "says": "Half the energy", "when": {"product_family": "Alpine"}},
        ],
        discounts={
            "limits": [STANDARD],
            "levers": [{"id": "long", "when": {"term_months": ">= 36"}, "adds": "5%"}],
        },
    )
    decision = ask(agreement, "0.10", industry="Medical", product_family="GTX", term_months=12)
    written = json.loads(decision_json(decision))
    fingerprint = written["agreement"].pop("fingerprint")
    assert len(fingerprint) == 64
    assert written == {
        "verdict": "needs_approval",
        "approvals": [
            {
                "role": "manager",
                "clause": "discounts.limits.standard",
                "due_at": "2026-06-11T10:00:00",
            }
        ],
        "reasons": [
            {
                "clause": "discounts.limits.standard",
                "asked": 0.1,
                "limit": 0.05,
                "says": "10% is asked; rep may give 5% here, so manager must approve.",
                "say_to_customer": (
                    "I will gladly take this up for you and come back with an answer."
                ),
            }
        ],
        "persona": "maker",
        "values": [
            {"id": "uptime", "says": "Fewer stops", "proof": "field study"},
            {"id": "service", "says": "A technician within a day", "proof": None},
        ],
        "counter_offers": [
            {
                "says": "5% off, 95,000 net: granted at once.",
                "rate": 0.05,
                "net_amount": 95000,
                "needs": [],
                "verdict": "granted",
                "clause": "discounts.limits.standard",
            },
            {
                "says": "10% off, 90,000 net with a term of 36 months: granted at once.",
                "rate": 0.1,
                "net_amount": 90000,
                "needs": [{"field": "term_months", "value": 36}],
                "verdict": "granted",
                "clause": "discounts.limits.standard",
            },
        ],
        "agreement": {"title": "Test", "status": "as_if"},
    }


def test_writes_the_same_bytes_for_the_same_request() -> None:
    texts = {decision_json(ask(agree(), "0.1001", segment="Mid")) for _ in range(3)}
    from_text = read_request(json.dumps(asking("0.1001", segment="Mid")))
    texts.add(decision_json(decide(from_text, agree())))
    assert len(texts) == 1


def test_writes_decimals_without_noise() -> None:
    decision = ask(agree(), list_amount=9_999_999_999_999, net_amount="9149999999999.09")
    written = decision_json(decision)
    assert '"asked": 0.085,' in written
    assert '"net_amount": 9499999999999.05,' in written


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-06-12T16:00:00", "2026-06-15T16:00:00"),  # Friday to Monday
        ("2026-06-10T20:00:00", "2026-06-11T17:00:00"),
        ("2026-06-10T08:00:00+00:00", "2026-06-11T10:00:00+02:00"),
    ],
)
def test_says_by_when_approvals_are_due_in_working_time(at: str, due: str) -> None:
    agreement = agree(
        approvals={"respond_within": "1 working day"}, company={"time_zone": "Europe/Zagreb"}
    )
    written = ask(agreement, "0.10", at=at).as_json()
    assert written["approvals"][0]["due_at"] == due


def test_leaves_the_due_time_open_where_none_is_agreed() -> None:
    assert ask(agree(), "0.10").approvals[0].due_at is None


FIRST = agree(title="First", in_force={"from": "2026-01-01", "until": "2026-06-30"})
SECOND = agree(
    title="Second",
    in_force={"from": "2026-07-01", "until": "2026-12-31"},
    discounts={"limits": [{**STANDARD, "up_to": {"rep": "1%"}}]},
)


@pytest.mark.parametrize(
    ("at", "title", "verdict"),
    [
        ("2026-06-30T23:59:59", "First", "granted"),
        ("2026-07-01T00:00:00", "Second", "refused"),
    ],
)
def test_answers_by_the_version_in_force_on_the_day(at: str, title: str, verdict: str) -> None:
    versions = Agreements.of([FIRST, SECOND])
    decision = decide(read_request(asking("0.05", at=at)), versions)
    assert (decision.agreement.title, decision.verdict) == (title, verdict)
    assert decision.agreement.status == "ratified"


def test_refuses_to_answer_where_no_version_is_in_force() -> None:
    request = read_request(asking("0.05", at="2027-01-01T00:00:00"))
    with pytest.raises(NoAgreementError, match="no agreement is in force on 2027-01-01"):
        decide(request, Agreements.of([FIRST, SECOND]))
    with pytest.raises(NoAgreementError):
        decide(request, Agreements())


def test_answers_by_a_draft_outside_its_days_and_says_so() -> None:
    request = read_request(asking("0.05", at="2027-01-01T00:00:00"))
    for draft in (SECOND, Agreements.single(SECOND, Status.AS_IF)):
        decision = decide(request, draft)
        assert decision.agreement.status == "as_if"
        assert clauses(decision)[-1] == "in_force"


def test_tells_the_version_by_the_local_day() -> None:
    zone = {"company": {"time_zone": "America/New_York"}}
    agreements = [
        each.model_copy(update={"company": agree(**zone).company}) for each in (FIRST, SECOND)
    ]
    request = read_request(asking("0.05", at="2026-07-01T02:00:00+00:00"))
    assert decide(request, Agreements.of(agreements)).agreement.title == "First"


def test_takes_the_books_over_the_request_where_they_win_and_says_where_they_differ() -> None:
    enterprise = {"id": "enterprise", "when": {"segment": "Enterprise"}, "up_to": {"rep": "10%"}}
    agreement = agree(discounts={"limits": [enterprise, STANDARD]})
    books = BooksInMemory(accounts={"A1": {"segment": "SMB"}})
    request = read_request(asking("0.10", account_id="A1", segment="Enterprise"))
    assert decide(request, agreement, books).verdict == "granted"
    decision = decide(request, agreement, books, books_win=True)
    assert decision.verdict == "needs_approval"
    assert decision.reasons[-1].says == (
        "The segment of the account (account.segment) is SMB in the books, not Enterprise; "
        "the books are taken."
    )


LINE = {"quantity": 1, "list_price": 100}


def test_judges_each_line_by_itself_where_agreed_and_lets_the_strictest_decide() -> None:
    orion = {"id": "orion", "when": {"product_family": "Orion"}, "up_to": {"lead": "10%"}}
    agreement = agree(discounts={"basis": "line", "limits": [orion, STANDARD]})
    lines = [
        {**LINE, "net_price": 96, "product_family": "GTX"},
        {**LINE, "net_price": 92, "product_family": "Orion"},
        {**LINE, "net_price": 120, "product_family": "Orion"},
    ]
    decision = ask(agreement, lines=lines)
    assert answer(decision) == ("needs_approval", [("lead", "discounts.limits.orion")])
    assert [reason.says for reason in decision.reasons] == [
        "Line 2: 8% is asked; rep may give nothing here, so lead must approve."
    ]
    offers = [(offer.verdict, offer.net_amount, offer.needs) for offer in decision.counter_offers]
    assert offers == [("granted", 316, (("lines.2.net_price", 100),))]


def test_gives_a_line_the_list_amount_and_product_of_its_own() -> None:
    rows = [
        {"id": "big", "when": {"list_amount": ">= 1000"}, "up_to": {"rep": "10%"}},
        {"id": "known", "when": {"product_family": "GTX"}, "up_to": {"rep": "1%"}},
    ]
    agreement = agree(discounts={"basis": "line", "limits": rows})
    big = {"quantity": 10, "list_price": 100, "net_price": 90, "product_family": "GTX"}
    small = {"quantity": 1, "list_price": 100, "net_price": 99}
    assert ask(agreement, lines=[big]).verdict == "granted"
    decision = ask(agreement, lines=[big, small])
    assert decision.verdict == "refused"  # the family of the small line is not known
    assert decision.reasons[-1].says == (
        "The product family is not given; with GTX it would be granted."
    )


def test_names_every_line_that_is_in_trouble() -> None:
    agreement = agree(discounts={"basis": "line", "limits": [STANDARD]})
    lines = [{**LINE, "net_price": net} for net in (90, 95, 70)]
    decision = ask(agreement, lines=lines)
    assert decision.verdict == "refused"
    assert [reason.says[:6] for reason in decision.reasons] == ["Line 1", "Line 3"]


def test_tells_of_lines_that_are_all_granted_the_first_with_a_discount() -> None:
    agreement = agree(discounts={"basis": "line", "limits": [STANDARD]})
    lines = [{**LINE, "net_price": net} for net in (110, 97, 96)]
    (reason,) = ask(agreement, lines=lines).reasons
    assert reason.says.startswith("Line 2: 3% is asked")


def test_has_no_counter_offers_to_a_request_that_is_granted() -> None:
    assert ask(agree(), "0.05").counter_offers == ()


def test_decides_alike_with_a_foreign_currency_and_offers_in_it() -> None:
    books = BooksInMemory(rates={"EUR": Decimal("1.1")})
    decision = ask(agree(roles=LADDER), "0.10", books, currency="EUR", list_amount=1000)
    assert decision.verdict == "needs_approval"
    offer = decision.counter_offers[0]
    assert (offer.net_amount, offer.rate) == (950, Decimal("0.05"))


def test_gives_a_date_as_text_and_a_whole_number_without_a_point() -> None:
    decision = ask(agree(), "0.05", at="2027-03-01T00:00:00")
    assert decision.as_json()["reasons"][-1]["asked"] == dt.date(2027, 3, 1).isoformat()


def test_says_everything_at_once_that_is_wrong_with_what_was_written() -> None:
    books = BooksInMemory(accounts={"A1": {}}, products={"P1": {}})
    written = {
        "deal": {
            "account_id": "A2",
            "segmnt": "SMB",
            "lines": [{"product_id": "P2", "quantity": -1, "list_price": 10, "net_price": 9}],
        },
        "asked_by": "repp",
        "asked_at": "2026-06-10T10:00:00",
    }
    with pytest.raises(RequestError) as refusal:
        answer_written(json.dumps(written), agree(), books)
    assert [problem.field for problem in refusal.value.problems] == [
        "deal.lines[0].quantity",
        "deal.segmnt",
        "asked_by",
        "deal.account_id",
        "deal.lines[0].product_id",
    ]


def test_answers_what_was_written_as_it_answers_the_request() -> None:
    written = asking("0.05", at=None)
    now = dt.datetime(2026, 6, 10, 10)
    decision = answer_written(written, agree(), now=now)
    assert decision_json(decision) == decision_json(ask(agree(), "0.05"))
    with pytest.raises(RequestError, match="asked_at: it is missing"):
        answer_written(written, agree())


def test_decides_a_thousand_lines_in_a_blink() -> None:
    agreement = agree(
        discounts={
            "basis": "line",
            "limits": [STANDARD],
            "levers": [{"id": "long", "when": {"term_months": ">= 36"}, "adds": "5%"}],
        }
    )
    lines = [{**LINE, "net_price": 100 - number % 40} for number in range(1000)]
    request = read_request(asking(lines=lines, term_months=12))
    started = time.process_time()
    decision = decide(request, agreement)
    assert decision.verdict == "refused"
    assert decision.counter_offers[0].verdict == "granted"
    assert time.process_time() - started < 2
