"""Reading a request: strict, everything that is wrong at once, and nothing that can hang it."""

import contextlib
import datetime as dt
import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.desk import RequestError, read_request
from tests.desk.making import asking


def trouble(written: Any) -> dict[str, str]:
    """Return what is said about each field of a request that is refused."""
    with pytest.raises(RequestError) as refusal:
        read_request(written)
    return {problem.field: problem.says for problem in refusal.value.problems}


DOTTED: dict[str, Any] = {"owner.active": "yes"}
TWICE: dict[str, Any] = {"segment": "A", "account.segment": "B"}


def with_line(**fields: Any) -> dict[str, Any]:
    return asking(lines=[{"quantity": 1, "list_price": 10, "net_price": 9, **fields}])


def test_reads_every_part_of_a_request() -> None:
    request = read_request(
        json.dumps(
            {
                "deal": {
                    "account_id": " A1 ",
                    "segment": "SMB",
                    "owner.region": "North",
                    "account": {"employees": 50, "attr": {"tier": "gold"}},
                    "attr": {"score": 7.5},
                    "attr.note": "",
                    "term_months": 36,
                    "lines": [
                        {
                            "product_id": "P1",
                            "quantity": 3,
                            "list_price": 10.1,
                            "net_price": "9.5",
                            "product": {"family": "GTX"},
                        }
                    ],
                },
                "asked_by": "rep",
                "asked_at": "2026-06-10T10:00:00+02:00",
                "customizations": [{"kind": "label", "cost": 0}],
            }
        )
    )
    assert dict(request.claims) == {
        "account_id": "A1",
        "account__segment": "SMB",
        "owner__region": "North",
        "account__employees": 50,
        "account__attr__tier": "gold",
        "attr__score": Decimal("7.5"),
        "term_months": 36,
    }
    line = request.lines[0]
    assert (line.line_no, line.product_id, line.quantity) == (1, "P1", 3)
    assert (line.list_price, line.net_price, line.unit_cost) == (
        Decimal("10.1"),
        Decimal("9.5"),
        None,
    )
    assert dict(line.claims) == {"product_family": "GTX", "product__family": "GTX"}
    assert request.asked_at.utcoffset() == dt.timedelta(hours=2)
    assert (request.customizations[0].kind, request.customizations[0].cost) == ("label", 0)


def test_keeps_numbers_exact_and_rounds_money_as_the_books_do() -> None:
    request = read_request(
        '{"deal": {"list_amount": 0.1, "net_amount": 0.00005},'
        ' "asked_by": "rep", "asked_at": "2026-06-10"}'
    )
    assert (request.list_amount, request.net_amount) == (Decimal("0.1"), Decimal("0.0000"))
    assert read_request(asking(list_amount=0.1, net_amount=0.1)).net_amount == Decimal("0.1")


@pytest.mark.parametrize(
    ("written", "field", "says"),
    [
        (
            asking("0", segmnt="SMB"),
            "deal.segmnt",
            "no field is called 'segmnt'; the nearest is 'segment'",
        ),
        (
            asking("0") | {"askedby": 1},
            "askedby",
            "unknown field 'askedby'; the nearest is 'asked_by'",
        ),
        (
            asking("0", account={"sgment": 1}),
            "deal.account.sgment",
            "the nearest is 'account.segment'",
        ),
        (asking("0", account="A1"), "deal.account", "'A1' is not an object with fields"),
        (asking("0", kind="nwe"), "deal.kind", "unknown kind 'nwe'; the nearest is 'new'"),
        (asking("0", employees="many"), "deal.employees", "'many' is not a number"),
        (asking("0", employees=1.5), "deal.employees", "1.5 is not a whole number"),
        (asking("0", employees=True), "deal.employees", "true is not a number"),
        (asking("0", term_months=[36]), "deal.term_months", "a list is not a number"),
        (asking("0", segment={}), "deal.segment", "an object is not a text"),
        (
            asking("0", segment="x" * 1001),
            "deal.segment",
            "the text has 1,001 characters; at most 1,000 are read",
        ),
        (
            asking("0", segment="a\ud800"),
            "deal.segment",
            "the text holds characters that cannot be shown",
        ),
        (
            asking("0", created_at="soon"),
            "deal.created_at",
            "'soon' is not a time; write it like 2026-07-01T09:30:00",
        ),
        (
            asking("0", **DOTTED),
            "deal.owner.active",
            "'yes' is neither true nor false",
        ),
        (
            asking("0", **TWICE),
            "deal.account.segment",
            "given twice, differently",
        ),
        (asking(rat="18%"), "deal.rat", "no field is called 'rat'; the nearest is 'rate'"),
        (asking(15), "deal.rate", "15 is not a rate; a rate of 18% is written 0.18"),
        (asking("0.1", net_amount=5), "deal.rate", "net_amount is given too; give one of them"),
        (asking(list_amount=-1, net_amount=0), "deal.list_amount", "-1 is below zero"),
        (asking(net_amount=float("nan")), "deal.net_amount", "NaN is not a number"),
        (asking(net_amount=float("inf")), "deal.net_amount", "Infinity is not a number"),
        (asking(net_amount=Decimal("1e999999")), "deal.net_amount", "1E+999999 is too large"),
        (asking(net_amount=10**5000), "deal.net_amount", "is too large"),
        (asking(), "deal", "nothing is asked; give lines, a net_amount or a rate"),
        (asking("0", by=None), "asked_by", "it is missing; name the role"),
        (asking("0", at=None), "asked_at", "it is missing; say when it is asked"),
        (asking("0", at="2026-13-01"), "asked_at", "'2026-13-01' is not a time"),
        (asking("0", at="0001-01-01"), "asked_at", "is not a day of a deal; check the year"),
        (
            asking("0", customizations=[{"kind": "label"}]),
            "customizations[0].cost",
            "it is missing; give what it costs",
        ),
        (
            asking("0", customizations=[{"kind": "label", "cost": None}]),
            "customizations[0].cost",
            "it is missing",
        ),
        (
            asking("0", customizations=[{"kind": "label", "cost": -5}]),
            "customizations[0].cost",
            "-5 is below zero",
        ),
        (asking("0", customizations=[{"cost": 5}]), "customizations[0].kind", "it is missing"),
        (asking("0", customizations=["label"]), "customizations[0]", "'label' is not an object"),
        (
            asking("0", customizations=[{"kind": "a", "cost": 1, "cots": 2}]),
            "customizations[0].cots",
            "the nearest is 'cost'",
        ),
        (asking("0") | {"deal": 5}, "deal", "5 is not an object with the deal's fields"),
        ({"deal": {"lines": 7}}, "deal.lines", "7 is not a list"),
        (
            {"deal": {"lines": [{}] * 1001}},
            "deal.lines",
            "it holds 1,001 entries; at most 1,000 are read",
        ),
        (
            with_line(quantity=-3),
            "deal.lines[0].quantity",
            "-3 is not above zero; give how many are sold",
        ),
        (with_line(quantity=0), "deal.lines[0].quantity", "0 is not above zero"),
        (
            with_line(quantity=None),
            "deal.lines[0].quantity",
            "it is missing; give how many are sold",
        ),
        (with_line(net_price=-1), "deal.lines[0].net_price", "-1 is below zero"),
        (with_line(segment="SMB"), "deal.lines[0].segment", "unknown field of a line 'segment'"),
        (with_line(net_prize=1), "deal.lines[0].net_prize", "no field is called 'net_prize'"),
    ],
)
def test_says_where_what_and_what_to_do(written: Any, field: str, says: str) -> None:
    assert says in trouble(written)[field]


def test_says_everything_at_once() -> None:
    lines = [{"line_no": 1, "quantity": 0, "net_price": 1}, {"line_no": 1, "quantity": 1}]
    found = trouble({"deal": {"lines": lines, "segmnt": 1}, "asked_at": "x", "customizations": 1})
    assert set(found) == {
        "asked_by",
        "asked_at",
        "customizations",
        "deal.lines[0].quantity",
        "deal.lines[1].line_no",
        "deal.lines[1].net_price",
        "deal.segmnt",
    }


def test_takes_the_clock_of_the_caller_where_the_request_has_no_time() -> None:
    now = dt.datetime(2026, 6, 10, 10)
    assert read_request(asking("0", at=None), now=now).asked_at == now


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1, column 1: this is no JSON"),
        ("{", "line 1, column 2: this is no JSON"),
        ("[" * 100_000, "nests too deeply"),
        ('{"deal":' * 50_000, "nests too deeply"),
        ("[]", "a list is not an object with a deal in it"),
        ("null", "null is not an object"),
        ('{"deal": {}, "deal": {}}', "deal: it is given twice"),
        (b"\xff\xfe{", "not UTF-8"),
        (" " * 1_000_001, "at most 1,000,000 are read"),
        ('{"deal": {"net_amount": ' + "9" * 500_000 + "}}", "too large"),
        ('{"deal": {"net_amount": 1e' + "9" * 50 + "}}", "deal.net_amount"),
        ('{"deal": {"net_amount": -Infinity}}', "is not a number"),
    ],
)
def test_refuses_hostile_text_at_once(text: str | bytes, says: str) -> None:
    started = time.process_time()
    with pytest.raises(RequestError) as refusal:
        read_request(text)
    assert says in str(refusal.value)
    assert time.process_time() - started < 1


def test_does_not_follow_an_object_that_holds_itself() -> None:
    endless: dict[str, Any] = {}
    endless["attr"] = endless
    assert "deal.attr.attr" in trouble(
        {"deal": endless, "asked_by": "rep", "asked_at": "2026-06-10"}
    )


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
NAMES = st.sampled_from(
    [
        "lines",
        "net_amount",
        "list_amount",
        "rate",
        "segment",
        "attr",
        "account",
        "owner",
        "attr.x",
        "term_months",
        "created_at",
        "currency",
        "deal_id",
    ]
)
LINE = st.dictionaries(
    st.sampled_from(["quantity", "net_price", "list_price", "line_no", "product_id"]), anything
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "deal": anything
            | st.dictionaries(NAMES, anything)
            | st.fixed_dictionaries({"lines": st.lists(LINE, max_size=2)}),
            "asked_by": anything,
            "asked_at": anything,
            "customizations": anything
            | st.lists(st.dictionaries(st.sampled_from(["kind", "cost"]), anything), max_size=2),
        },
    )
)
def test_reads_or_refuses_whatever_it_is_given(written: dict[str, Any]) -> None:
    with contextlib.suppress(RequestError):
        read_request(written)
