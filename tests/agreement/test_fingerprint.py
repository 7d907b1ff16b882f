from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import fingerprint, parse_agreement, read_agreement

TEXT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2026-01-01, until: 2026-12-31}
company: {currency: USD, working_time: {days: mon-fri}}
roles:
  rep: {side: sales}
  manager: {side: sales}
discounts:
  limits:
    - {id: a, when: {segment: SMB, employees: "< 50"}, up_to: {rep: 18%, rep + manager: 0.25}}
    - {id: b, up_to: {rep: 5%}}
"""


def test_the_worked_example_has_the_fingerprint_that_was_ratified(shared: Path) -> None:
    agreement = read_agreement(shared / "golden" / "agreement.yaml")
    assert fingerprint(agreement) == (
        "69a26a4b34a343a40340a7bec6e1d21bc3f104d1966f7433fe2916278181a21b"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("18%", "0.18"),
        ("0.25", "25.0 %"),
        ("title: Test", "title:   Test   # a comment"),
        ("days: mon-fri", "days: [fri, mon, tue, wed, thu], hours: '09:00-17:00'"),
        ("company: {currency: USD, working_time: {days: mon-fri}}", "watch: {material: 5000}"),
        ("rep + manager", "manager + rep"),
        ('segment: SMB, employees: "< 50"', 'employees: "<50", segment: "SMB"'),
        ("{rep: 18%, rep + manager: 0.25}", "{rep + manager: 0.25, rep: 18%}"),
        ("title: Test", "title: Test\nsigned: [{side: sales, by: Ana, at: 2026-01-01T10:00}]"),
        ("discounts:", "goals: []\npromises: {sales: []}\ndiscounts:"),
    ],
)
def test_does_not_change_with_what_means_the_same(before: str, after: str) -> None:
    assert before in TEXT
    same = parse_agreement(TEXT.replace(before, after))
    assert fingerprint(same) == fingerprint(parse_agreement(TEXT))


def _swapped(text: str, one: str, other: str) -> str:
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("18%", "18.1%"),
        lambda text: text.replace("title: Test", "title: Test 2"),
        lambda text: text.replace("2026-12-31", "2027-12-31"),
        lambda text: _swapped(text, "  rep: {side: sales}", "  manager: {side: sales}"),
        lambda text: text.replace("id: a", "id: c"),
        lambda text: text.replace('"< 50"', '"<= 50"'),
        lambda text: "\n".join([*text.splitlines()[:-2], *reversed(text.splitlines()[-2:])]),
    ],
)
def test_changes_with_what_means_something_else(change: Any) -> None:
    other = parse_agreement(change(TEXT))
    assert fingerprint(other) != fingerprint(parse_agreement(TEXT))
