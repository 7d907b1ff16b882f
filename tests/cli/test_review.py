"""`counterpoise review --json`: the form that programs rely on, and the worked example whole."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import done, run

TEXT, NUMBER, WHOLE = (str,), (int, float), (int,)
MAYBE_TEXT, MAYBE_NUMBER = (str, type(None)), (int, float, type(None))

FIGURES = {
    "deals_won": WHOLE,
    "deals_lost": WHOLE,
    "win_rate": MAYBE_NUMBER,
    "list_revenue": NUMBER,
    "net_revenue": NUMBER,
    "conceded": NUMBER,
    "above_list": NUMBER,
    "price_realization": MAYBE_NUMBER,
}
GROUPS = [{"key": MAYBE_TEXT, "name": TEXT, **FIGURES}]
CONTRACT: dict[str, Any] = {
    "schema": TEXT,
    "as_of": TEXT,
    "currency": TEXT,
    "books": {
        "snapshot": TEXT,
        "tables": {"deals": {"rows": WHOLE, "set_aside": WHOLE}},
        "problems": [
            {"rule": TEXT, "table": TEXT, "rows": WHOLE, "example": TEXT, "effect": TEXT},
        ],
    },
    "agreement": {"title": MAYBE_TEXT, "fingerprint": MAYBE_TEXT, "status": TEXT},
    "ledger": {
        **FIGURES,
        "deals_cancelled": WHOLE,
        "deals_open": WHOLE,
        "value_held": NUMBER,
        "value_given": NUMBER,
        "unpriced": {"deals": WHOLE, "net_revenue": NUMBER},
        "waterfall": [{"step": TEXT, "amount": NUMBER}],
        "concessions": dict.fromkeys(
            (
                "within_authority",
                "approved",
                "leakage",
                "unjudged",
                "leakage_low",
                "leakage_high",
            ),
            NUMBER,
        ),
        "discount_effect": {"status": TEXT, "why": TEXT},
        "by": dict.fromkeys(
            (
                "owner",
                "team",
                "product_family",
                "product",
                "segment",
                "industry",
                "persona",
                "source",
                "campaign",
                "quarter",
            ),
            GROUPS,
        ),
    },
    "handoff": {
        "handed_over": WHOLE,
        "within_sla": MAYBE_NUMBER,
        "median_response_hours": MAYBE_NUMBER,
        "unanswered": WHOLE,
        "accepted": WHOLE,
        "rejected": WHOLE,
    },
    "goals": [
        {
            "id": TEXT,
            "metric": TEXT,
            "target": NUMBER,
            "actual": MAYBE_NUMBER,
            "status": TEXT,
        }
    ],
    "promises": [
        {"id": TEXT, "side": TEXT, "kept": MAYBE_NUMBER, "due": WHOLE, "status": TEXT},
    ],
    "not_watched": [{"kind": TEXT, "why": TEXT}],
    "cracks": [],
}
"""The contract: what must be there, and of which kind. More may be there."""


def breaches(found: Any, wanted: Any, at: str = "review") -> list[str]:
    """Walk the contract and return where a review departs from it."""
    if isinstance(wanted, dict):
        if not isinstance(found, dict):
            return [f"{at} is {found!r}"]
        missing = [f"{at}.{name} is missing" for name in wanted if name not in found]
        return missing + [
            breach
            for name, part in wanted.items()
            if name in found
            for breach in breaches(found[name], part, f"{at}.{name}")
        ]
    if isinstance(wanted, list):
        if not isinstance(found, list):
            return [f"{at} is {found!r}"]
        return [
            breach
            for number, each in enumerate(found)
            for part in wanted
            for breach in breaches(each, part, f"{at}[{number}]")
        ]
    fits = isinstance(found, wanted) and not isinstance(found, bool)
    return [] if fits else [f"{at} is {found!r}"]


@pytest.fixture(scope="module")
def told(golden_company: Path) -> dict[str, Any]:
    text = done("-w", golden_company, "review", "--as-of", "2026-06-30", "--json")
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_worked_example_has_the_form_of_the_contract(told: dict[str, Any]) -> None:
    assert breaches(told, CONTRACT) == []
    assert told["schema"] == "counterpoise/review/v1"
    assert told["agreement"]["status"] == "as_if"
    assert told["goals"][0]["status"] == "behind"


def test_a_review_without_an_agreement_has_the_same_form(company: Path, tmp_path: Path) -> None:
    done("new", tmp_path / "bare")
    (tmp_path / "bare" / "agreement.yaml").unlink()
    done("-w", tmp_path / "bare", "import", company.parent / "export")
    found = json.loads(done("-w", tmp_path / "bare", "review", "--json"))
    assert breaches(found, CONTRACT) == []
    assert (found["agreement"]["title"], found["agreement"]["status"]) == (None, "as_if")
    assert found["ledger"]["concessions"]["unjudged"] == 250
    assert found["ledger"]["concessions"]["leakage_high"] == 0


def test_the_walk_finds_a_breach() -> None:
    assert breaches({"id": None}, {"id": TEXT, "due": WHOLE}) == [
        "review.due is missing",
        "review.id is None",
    ]


def test_tells_the_worked_example_whole(told: dict[str, Any], golden: Path) -> None:
    text = (golden / "expected.json").read_text(encoding="utf-8")
    wanted = json.loads(text)["ledger"]
    by = wanted.pop("by")
    found = told["ledger"]
    unpriced = wanted.pop("unpriced")
    assert {name: found[name] for name in wanted} == wanted
    assert {name: found["unpriced"][name] for name in unpriced} == unpriced
    for name, groups in by.items():
        rows = {row["key"] or "(none)": row for row in found["by"][name]}
        assert rows.keys() == groups.keys()
        for key, figures in groups.items():
            assert {figure: rows[key][figure] for figure in figures} == figures


def test_sees_the_books_as_of_a_day(company: Path) -> None:
    # D2 closed in March and D3 in April: at the end of February both are open.
    found = json.loads(done("-w", company, "review", "--as-of", "2026-02-28", "--json"))["ledger"]
    assert (found["deals_won"], found["deals_lost"], found["deals_open"]) == (1, 0, 3)
    assert (found["net_revenue"], found["conceded"]) == (950, 50)


def test_groups_by_a_further_field(company: Path) -> None:
    found = json.loads(done("-w", company, "review", "--by", "employees", "--json"))
    rows = {row["key"]: row["net_revenue"] for row in found["ledger"]["by"]["employees"]}
    assert rows == {"500": 950, "20": 2800}


def test_an_unknown_field_is_refused_with_the_nearest(company: Path) -> None:
    ran = run("-w", company, "review", "--by", "employes")
    assert (ran.code, ran.out) == (3, "")
    assert "employees" in ran.err


def test_shows_people_by_pseudonym_where_the_workspace_says_so(
    company: Path, tmp_path: Path
) -> None:
    workspace = tmp_path / "company"
    shutil.copytree(company, workspace)
    settings = workspace / "counterpoise.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('people = "names"', 'people = "pseudonyms"'), encoding="utf-8")
    first, again = (json.loads(done("-w", workspace, "review", "--json")) for _ in range(2))
    names = {each["key"]: each["name"] for each in first["ledger"]["by"]["owner"]}
    assert all(name.startswith("Person ") for key, name in names.items() if key)
    assert "Ana" not in json.dumps(first)
    assert again == first
