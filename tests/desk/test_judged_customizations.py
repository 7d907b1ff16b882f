"""Customizations on record: each by the rows, the roles and the approvals of its day."""

import datetime as dt
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.agreement import Agreement, Agreements, read_agreement
from counterpoise.books import Books
from counterpoise.desk.judged_customizations import judged_customizations
from tests.desk.making import agree
from tests.ledger.disk_books import books_of, read_export
from tests.postgres import Server

_TODAY = dt.date(2026, 6, 30)
_LABEL: dict[str, Any] = {
    "id": "label",
    "kind": "label",
    "when": {"list_amount": ">= 20000"},
    "up_to": {"rep": 500, "manager": 2000, "manager + marketing": 5000, "lead": 9000},
}
_SCARCE: dict[str, Any] = {
    "id": "scarce",
    "kind": "scarce",
    "up_to": {"rep": 500},
    "quota": {"per": "quarter", "count": 2},
}
_AGREEMENT = agree(
    company={"fiscal_year_starts": 2},
    customizations={"limits": [_LABEL, _SCARCE], "otherwise": "refused"},
)
_PEOPLE = [
    {"person_id": "R1", "role": "rep"},
    {"person_id": "M1", "role": "manager"},
    {"person_id": "K1", "role": "marketing"},
    {"person_id": "L1", "role": "lead"},
]


def _at(month: int, day: int) -> dt.datetime:
    return dt.datetime(2026, month, day, 9)


def _deal(deal_id: str = "D1", **known: Any) -> dict[str, Any]:
    return {
        "deal_id": deal_id,
        "owner_id": "R1",
        "outcome": "won",
        "created_at": _at(1, 5),
        "closed_at": _at(5, 29),
        "list_amount": Decimal(50_000),
        "net_amount": Decimal(50_000),
    } | known


def _asked(number: int, **known: Any) -> dict[str, Any]:
    return {
        "customization_id": f"Z{number}",
        "deal_id": "D1",
        "kind": "label",
        "cost": Decimal(100),
        "requested_at": _at(5, number),
        "requested_by": "R1",
    } | known


def _said(verdict: str = "approved", **known: Any) -> dict[str, Any]:
    return {
        "approval_id": "Q1",
        "deal_id": "D1",
        "subject": "customization",
        "kind": "label",
        "value": Decimal(1500),
        "requested_by": "R1",
        "requested_at": _at(5, 1),
        "decided_by": "M1",
        "decided_role": "manager",
        "verdict": verdict,
        "decided_at": _at(5, 2),
    } | known


def _judge(
    root: Path, agreement: Agreement = _AGREEMENT, **tables: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    no_yes = [_said(subject="discount")]
    given = {"deals": [_deal()], "people": _PEOPLE, "approvals": no_yes} | tables
    with books_of(root / "company", given) as books:
        return _answers(books, agreement)


def _answers(books: Books, agreement: Agreement) -> dict[str, dict[str, Any]]:
    judged = judged_customizations(books, Agreements.single(agreement), _TODAY)
    return {row["customization_id"]: row for row in books.run(judged).to_pylist()}


def _brief(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["verdict"], row["approver"], row["clause"], row["standing"]


def test_adds_what_the_kind_has_cost_so_far(tmp_path: Path) -> None:
    other = _asked(4, kind="scarce")
    costs = [_asked(1, cost=Decimal(400)), _asked(2), _asked(3, cost=Decimal(1400)), other]
    found = _judge(tmp_path, customizations=costs)
    assert [found[f"Z{n}"]["known_cost"] for n in (1, 2, 3, 4)] == [400, 500, 1900, 100]
    label = "customizations.limits.label"
    assert _brief(found["Z1"]) == ("granted", None, label, "within_authority")
    assert _brief(found["Z2"]) == ("granted", None, label, "within_authority")
    assert _brief(found["Z3"]) == ("needs_approval", "manager", label, "outside")
    assert (found["Z3"]["authority_low"], found["Z3"]["authority_high"]) == (500, 500)


def test_what_no_row_fits_is_refused(tmp_path: Path) -> None:
    small = _deal("D2", list_amount=Decimal(19_999))
    asked = [_asked(1, kind="other"), _asked(2, deal_id="D2")]
    found = _judge(tmp_path, deals=[_deal(), small], customizations=asked, approvals=[_said()])
    for row in found.values():
        assert _brief(row) == ("refused", None, "customizations.otherwise", "outside")


def test_counts_a_quota_over_the_fiscal_quarter_in_the_order_of_asking(tmp_path: Path) -> None:
    days = [_at(4, 30), _at(5, 1), _at(5, 1), _at(5, 2), _at(7, 1)]
    asked = [
        _asked(n, kind="scarce", requested_at=day, deal_id=f"D{n}")
        for n, day in enumerate(days, start=1)
    ]
    deals = [_deal(f"D{n}") for n in range(1, 6)]
    found = _judge(tmp_path, deals=deals, customizations=asked)
    assert sorted(found) == ["Z1", "Z2", "Z3", "Z4"]  # the fifth comes after the as-of day
    assert [found[f"Z{n}"]["over_quota"] for n in (1, 2, 3, 4)] == [False, False, False, True]
    clause = "customizations.limits.scarce.quota"
    assert _brief(found["Z4"]) == ("refused", None, clause, "outside")


def test_an_undated_one_may_be_over_its_quota(tmp_path: Path) -> None:
    undated = [_asked(1, kind="scarce", requested_at=None)]
    (row,) = _judge(tmp_path, customizations=undated).values()
    assert row["over_quota"] is None
    assert row["day"] == dt.date(2026, 5, 29)
    assert (row["verdict"], row["standing"]) == ("unjudged", "unjudged")


def test_an_unknown_cost_may_be_any(tmp_path: Path) -> None:
    (row,) = _judge(tmp_path, customizations=[_asked(1, cost=None)]).values()
    assert (row["verdict"], row["standing"]) == ("unjudged", "unjudged")
    none_fits = [_asked(1, cost=None, kind="other")]
    (row,) = _judge(tmp_path / "2", customizations=none_fits).values()
    assert (row["verdict"], row["standing"]) == ("refused", "outside")


def test_an_unknown_asker_may_have_any_role_that_the_row_names(tmp_path: Path) -> None:
    cheap = [_asked(1, requested_by="X9", cost=Decimal(500))]
    (row,) = _judge(tmp_path, customizations=cheap).values()
    assert (row["ladder_role"], row["verdict"]) == (None, "granted")
    assert (row["authority_low"], row["authority_high"]) == (500, 9000)
    dear = [_asked(1, requested_by="X9", cost=Decimal(501))]
    (row,) = _judge(tmp_path / "2", customizations=dear).values()
    assert (row["verdict"], row["standing"]) == ("unjudged", "unjudged")


def test_a_missing_fact_leaves_it_open_which_row_decides(tmp_path: Path) -> None:
    unpriced = [_deal(list_amount=None, net_amount=None)]
    (row,) = _judge(tmp_path, deals=unpriced, customizations=[_asked(1)]).values()
    assert (row["clause"], row["verdict"], row["standing"]) == (None, "unjudged", "unjudged")


def test_without_an_agreement_in_force_nothing_is_judged(tmp_path: Path) -> None:
    early = [_asked(1, requested_at=dt.datetime(2025, 12, 31, 23))]
    (row,) = _judge(tmp_path, customizations=early).values()
    assert (row["agreement"], row["verdict"], row["standing"]) == (None, "unjudged", "unjudged")


def test_holds_the_role_of_the_day_on_which_it_was_asked(tmp_path: Path) -> None:
    promoted = [{"person_id": "R1", "valid_from": dt.date(2026, 5, 3), "role": "manager"}]
    asked = [_asked(n, cost=Decimal(300)) for n in (1, 2, 3)]
    found = _judge(tmp_path, customizations=asked, person_roles=promoted)
    assert [found[f"Z{n}"]["ladder_role"] for n in (1, 2, 3)] == ["rep", "rep", "manager"]
    assert [found[f"Z{n}"]["verdict"] for n in (1, 2, 3)] == [
        "granted",
        "needs_approval",
        "granted",
    ]


@pytest.mark.parametrize(
    ("said", "covered"),
    [
        ({}, True),
        ({"value": Decimal(1199)}, False),  # less than it cost
        ({"value": Decimal(2001)}, False),  # more than a manager may grant
        ({"verdict": "refused"}, False),
        ({"decided_by": "R1"}, False),  # by who asked
        ({"decided_at": _at(5, 30)}, False),  # after the deal was closed
        ({"kind": "scarce"}, False),
        ({"kind": None}, None),  # perhaps to this kind
        ({"value": None}, None),  # perhaps to this cost
        ({"decided_by": None}, None),  # perhaps by somebody else
        ({"subject": "discount"}, False),
        ({"decided_role": None}, True),  # the role that M1 held
        ({"decided_role": None, "decided_by": "X9"}, None),
        ({"decided_role": "marketing"}, False),  # only with the manager
    ],
)
def test_an_approval_covers_under_the_same_rules_as_for_discounts(
    tmp_path: Path, said: dict[str, Any], covered: bool | None
) -> None:
    asked = [_asked(1, cost=Decimal(1200))]
    (row,) = _judge(tmp_path, customizations=asked, approvals=[_said(**said)]).values()
    assert row["covered"] is covered
    standing = {True: "approved", False: "outside", None: "unjudged"}[covered]
    assert (row["verdict"], row["standing"]) == ("needs_approval", standing)


def test_a_group_covers_when_all_of_it_have_said_yes(tmp_path: Path) -> None:
    asked = [_asked(1, cost=Decimal(4000))]
    value = Decimal(4500)
    manager = _said(value=value)
    marketing = _said(approval_id="Q2", value=value, decided_by="K1", decided_role="marketing")
    (row,) = _judge(tmp_path, customizations=asked, approvals=[manager]).values()
    assert (row["approver"], row["standing"]) == ("manager + marketing", "outside")
    both = [manager, marketing]
    (row,) = _judge(tmp_path / "2", customizations=asked, approvals=both).values()
    assert row["standing"] == "approved"


def test_no_approval_covers_what_is_over_its_quota(tmp_path: Path) -> None:
    asked = [_asked(n, kind="scarce") for n in (1, 2, 3)]
    yes = [_said(kind="scarce", value=Decimal(400), decided_by="L1", decided_role="rep")]
    found = _judge(tmp_path, customizations=asked, approvals=yes)
    assert (found["Z3"]["covered"], found["Z3"]["standing"]) == (True, "outside")


def test_where_no_approvals_are_recorded_what_needs_one_is_unjudged(tmp_path: Path) -> None:
    asked = [_asked(1), _asked(2, cost=Decimal(1200))]
    found = _judge(tmp_path, customizations=asked, approvals=[])
    assert found["Z1"]["standing"] == "within_authority"
    assert (found["Z2"]["verdict"], found["Z2"]["standing"]) == ("needs_approval", "unjudged")


def test_amounts_of_a_deal_abroad_are_converted(tmp_path: Path) -> None:
    found = _judge(
        tmp_path,
        deals=[_deal(currency="EUR")],
        exchange_rates=[
            {"currency": "EUR", "valid_from": dt.date(2026, 1, 1), "rate": Decimal("1.2")}
        ],
        customizations=[_asked(1, cost=Decimal(1000))],
        approvals=[_said(value=Decimal(1000))],
    )
    assert (found["Z1"]["known_cost"], found["Z1"]["standing"]) == (1200, "approved")


def test_a_customization_of_an_unknown_deal_stays_in_use(tmp_path: Path) -> None:
    asked = [_asked(1, deal_id="D9", kind="scarce")]
    (row,) = _judge(tmp_path, customizations=asked).values()
    assert (row["outcome"], row["verdict"]) == (None, "granted")


def _small_company(root: Path) -> Books:
    """Make books in which every part of an answer differs from row to row."""
    asked = [
        _asked(1, cost=Decimal(400)),
        _asked(2, cost=Decimal(800)),
        _asked(3, requested_by="X9", cost=Decimal(4000)),
        _asked(4, kind="scarce"),
        _asked(5, kind="scarce", requested_at=None),
        _asked(6, kind="scarce", deal_id="D2"),
        _asked(7, kind="scarce", deal_id="D2"),
        _asked(8, kind="other"),
        _asked(9, deal_id="D3", cost=None),
    ]
    tables = {
        "deals": [_deal(), _deal("D2"), _deal("D3", list_amount=None, net_amount=None)],
        "people": _PEOPLE,
        "customizations": asked,
        "approvals": [_said()],
    }
    return books_of(root / "company", tables)


_EXPECTED = {
    "Z1": ("granted", None, False, True, "within_authority"),
    "Z2": ("needs_approval", "manager", False, True, "approved"),
    "Z3": ("unjudged", None, False, False, "unjudged"),
    "Z4": ("granted", None, False, False, "within_authority"),
    "Z5": ("unjudged", None, None, False, "unjudged"),
    "Z6": ("granted", None, False, False, "within_authority"),
    "Z7": ("refused", None, True, False, "outside"),
    "Z8": ("refused", None, False, False, "outside"),
    "Z9": ("unjudged", None, False, False, "unjudged"),
}


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Books]:
    with _small_company(tmp_path) as books:
        yield books


def _check(books: Books) -> None:
    judged = judged_customizations(books, Agreements.single(_AGREEMENT), _TODAY)
    words = judged.select(
        "customization_id", "verdict", "approver", "over_quota", "covered", "standing"
    )
    rows = [tuple(row.values()) for row in books.run(words).to_pylist()]
    assert {row[0]: row[1:] for row in rows} == _EXPECTED


def test_answers_on_duckdb(company: Books) -> None:
    _check(company)


def test_answers_on_postgresql(company: Books, postgres: Server) -> None:
    company.__dict__["engine"] = ibis.connect(postgres.url)
    _check(company)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.spark
@pytest.mark.thorough
def test_answers_on_spark(company: Books, spark: Any) -> None:
    company.__dict__["engine"] = spark
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Ibis and Spark warn of each other's pandas
        _check(company)


def test_the_worked_example_has_one_customization_and_it_is_within(
    shared: Path, tmp_path: Path
) -> None:
    golden = shared / "golden"
    with books_of(tmp_path / "company", read_export(golden / "export")) as books:
        (row,) = _answers(books, read_agreement(golden / "agreement.yaml")).values()
    assert _brief(row) == ("granted", None, "customizations.limits.label", "within_authority")
    assert (row["ladder_role"], row["known_cost"], row["authority_low"]) == ("rep", 1000, 2000)
