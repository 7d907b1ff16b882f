"""Power: who decided, by what right, and who waited for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import parse_agreement
from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View
from counterpoise.ledger.deal_table import deal_table
from counterpoise.ledger.power import Decided, Power, Waiting, power
from counterpoise.ledger.power_words import power_object, power_says, usual_says
from tests.ledger.disk_books import books_of

AS_OF = dt.date(2026, 6, 30)
AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2026-01-01, until: 2026-12-31}
company: {kind: KIND, working_time: {days: mon-fri, hours: "09:00-17:00"}}
roles:
  rep: {side: sales}
  manager: {side: sales}
  marketer: {side: marketing}
  lead: {side: both}
discounts:
  limits:
    - {id: small, when: {segment: Small}, up_to: {rep: 5%, manager: 10%, lead: 30%}}
    - {id: others, up_to: {rep: 5%, manager: 10%, manager + marketer: 20%}}
  levers: [{id: long, when: {term_months: ">= 36"}, adds: 5%}]
"""
MONDAY = dt.datetime(2026, 3, 2, 9)


@contextmanager
def told(
    folder: Path, approvals: list[dict[str, Any]], kind: str = "industrial"
) -> Iterator[Power]:
    """Tell power over three deals: of a small customer, a large one, and one of unknown size."""
    tables: dict[str, list[dict[str, Any]]] = {
        "people": [
            {"person_id": name, "role": name, "side": "sales"}
            for name in ("rep", "manager", "marketer", "lead")
        ],
        "person_roles": [
            {"person_id": "lead", "valid_from": dt.date(2026, 5, 1), "role": "gardener"}
        ],
        "accounts": [
            {"account_id": "S", "segment": "Small"},
            {"account_id": "L", "segment": "Large"},
            {"account_id": "U"},
        ],
        "deals": [
            {
                "deal_id": account,
                "account_id": account,
                "owner_id": "rep",
                "outcome": "won",
                "created_at": MONDAY,
                "closed_at": dt.datetime(2026, 4, 1),
                "list_amount": Decimal(1000),
                "net_amount": Decimal(850),
                "term_months": 12,
            }
            for account in "SLU"
        ],
        "approvals": [
            {"approval_id": str(number), **approval} for number, approval in enumerate(approvals)
        ],
    }
    agreements = Agreements.single(parse_agreement(AGREEMENT.replace("KIND", kind)))
    with books_of(folder / "books", tables) as books:
        view = View(books, AS_OF)
        yield power(view, agreements, deal_table(view, agreements))


def asked(
    deal: str, by: str | None, role: str | None, value: float, **facts: Any
) -> dict[str, Any]:
    """Return a request of the rep on Monday at nine, approved two working hours later."""
    return {
        "deal_id": deal,
        "subject": "discount",
        "value": Decimal(str(value)),
        "requested_by": "rep",
        "requested_at": MONDAY,
        "decided_by": by,
        "decided_role": role,
        "verdict": "approved",
        "decided_at": MONDAY + dt.timedelta(hours=2),
        **facts,
    }


def test_counts_decisions_beyond_the_rights_of_a_role(tmp_path: Path) -> None:
    approvals = [
        asked("S", "manager", "Manager", 0.10),
        asked("S", "manager", "manager", 0.11),  # above its 10%
        asked("S", "manager", None, 0.11, verdict="refused"),
        asked("S", "marketer", None, 0.02),  # has no say there
        asked("L", "marketer", None, 0.20),  # with the manager it has
        asked("L", "lead", None, 0.15),  # has no say with large ones
        asked("U", "lead", None, 0.15),  # may have
        asked("U", "manager", None, 0.25),  # more than any row gives it
        asked("S", "rep", None, 0.05),  # its own
        asked("S", "nobody", None, 0.05),
    ]
    with told(tmp_path, approvals) as found:
        assert found.roles == {
            "manager": Decided(approved=3, refused=1, net=3400.0, above=2),
            "marketer": Decided(approved=2, net=1700.0, without_right=1),
            "lead": Decided(approved=2, net=1700.0, without_right=1),
            "rep": Decided(approved=1, net=850.0, own=1),
            None: Decided(approved=1, net=850.0, unjudged=1),
        }
        assert found.sides["sales"].decisions == 5
        assert found.share("marketing") == pytest.approx(2 / 9)


def test_counts_working_hours_by_who_asked_and_who_was_asked(tmp_path: Path) -> None:
    undecided = {"verdict": None, "decided_at": None}
    late = {"requested_at": dt.datetime(2026, 6, 30, 9), **undecided}
    approvals = [
        asked("S", "manager", None, 0.1),
        asked("S", "manager", None, 0.1, decided_at=MONDAY + dt.timedelta(days=1)),
        asked("S", "lead", None, 0.1, requested_by="manager"),
        asked("S", None, None, 0.15, **late),  # its deal needs the lead
        asked("S", "manager", None, 0.1, decided_at=dt.datetime(2026, 7, 2)),  # not by the day
    ]
    with told(tmp_path, approvals) as found:
        assert found.waiting == (
            Waiting("rep", "lead", 0, None, None, 2, 352.0),
            Waiting("rep", "manager", 2, 5.0, 7.4, 0, None),
            Waiting("manager", "lead", 1, 2.0, 2.0, 0, None),
        )


def test_a_role_is_that_of_its_day(tmp_path: Path) -> None:
    later = {"decided_at": dt.datetime(2026, 5, 4, 10)}
    with told(
        tmp_path, [asked("S", "lead", None, 0.1), asked("S", "lead", None, 0.1, **later)]
    ) as it:
        assert {role: each.decisions for role, each in it.roles.items()} == {None: 1, "lead": 1}


def test_shows_the_rights_of_the_agreement(tmp_path: Path) -> None:
    with told(tmp_path, []) as found:
        marketer = found.rights[2]
        assert (marketer.rows, marketer.of_rows) == (1, 2)
        assert (marketer.highest, marketer.highest_with_others) == (None, 0.2)
        assert power_says(found) == "No decision on a request is on record."


@pytest.mark.parametrize(
    ("kind", "usual"),
    [("industrial", "sales"), ("consumer_goods", "marketing"), ("services", "shared")],
)
def test_what_is_usual_depends_on_the_kind_of_company(
    tmp_path: Path, kind: str, usual: str
) -> None:
    with told(tmp_path, [], kind) as found:
        assert (found.usual, found.is_agreed) == (usual, False)
        assert "not a verdict" in usual_says(found)


def test_the_agreement_may_say_who_leads(tmp_path: Path) -> None:
    approvals = [asked("S", "manager", None, 0.1)] * 30 + [asked("S", "manager", None, 0.2)]
    with told(tmp_path, approvals, "industrial, leading: marketing") as found:
        object_ = power_object(found)
    assert object_["usual_says"] == (
        "The agreement says that marketing leads (clause company.leading)."
    )
    assert object_["says"].startswith("Of 31 decisions, roles of sales made 100%")
    assert object_["overrides_say"] == (
        "None by a role that has no say there, one decided above what the role may grant, none by "
        "who had asked."
    )
    assert [row["role"] for row in object_["roles"]] == ["rep", "manager", "marketer", "lead"]


def test_tells_decisions_about_customizations_by_themselves(tmp_path: Path) -> None:
    custom = {"subject": "customization", "kind": "colour"}
    approvals = [
        asked("S", "manager", None, 0.1),
        asked("S", "manager", None, 900, **custom),
        asked("S", "manager", None, 900, **custom, verdict="refused"),
        asked("L", "marketer", None, 100, **custom),
        asked("L", "nobody", None, 100, **custom),
    ]
    with told(tmp_path, approvals) as found:
        manager = found.roles["manager"]
        object_ = power_object(found)
    assert (manager.customizations_approved, manager.customizations_refused) == (1, 1)
    assert object_["customizations_say"] == (
        "About customizations 4 were decided: 2 by roles of sales, 1 of marketing, 0 above both; "
        "of 1 nobody knows the role."
    )
