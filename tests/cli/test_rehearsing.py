"""`counterpoise rehearse`: the form that programs rely on, what people read, what is refused."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import AGREEMENT, done, listing, run
from tests.cli.test_review import MAYBE_NUMBER, MAYBE_TEXT, NUMBER, TEXT, WHOLE, breaches

CONTRACT: dict[str, Any] = {
    "schema": TEXT,
    "deals": WHOLE,
    "from": MAYBE_TEXT,
    "until": MAYBE_TEXT,
    "replay": {
        "verdicts_changed": WHOLE,
        "granted": WHOLE,
        "needs_approval": WHOLE,
        "refused": WHOLE,
        "approvals_per_week": {"rep": NUMBER, "sales_manager": NUMBER, "revenue_lead": NUMBER},
    },
    "effect": {
        "status": TEXT,
        "why": TEXT,
        "behaviour": TEXT,
        "deals_won": (type(None),),
        "net_revenue": (type(None),),
        "margin": (type(None),),
        "outcome_model_only": (type(None),),
        "band_check": (type(None),),
        "effective_sample_share": MAYBE_NUMBER,
        "overlap": MAYBE_NUMBER,
        "robustness": (type(None),),
        "placebo": (type(None),),
    },
    "break_even": {"says": TEXT, "cut": NUMBER, "wins_to_lose": (int, type(None))},
}
"""The contract as it is where the effect is refused. More may be there."""

TIGHT = AGREEMENT.replace("rep: 5%", "rep: 4%").replace("First half", "Second half")
"""Lets a rep grant 4 %: D1 (5 %) must be asked for; D2 (10 %) is the manager's before and after."""


@pytest.fixture
def tight(tmp_path: Path) -> Path:
    return _written(tmp_path, TIGHT)


def _written(folder: Path, text: str) -> Path:
    file = folder / "candidate.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def told(company: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    candidate = _written(tmp_path_factory.mktemp("told"), TIGHT)
    before = listing(company)
    ran = run("-w", company, "rehearse", candidate, "--json")
    assert ran.code == 0, ran.err
    assert listing(company) == before
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_has_the_form_of_the_contract_and_nothing_else_on_standard_output(
    told: dict[str, Any],
) -> None:
    assert breaches(told, CONTRACT, "rehearsal") == []
    assert told["schema"] == "counterpoise/rehearsal/v1"


def test_tells_what_would_have_been_answered(told: dict[str, Any]) -> None:
    found, replay = told, told["replay"]
    assert (found["deals"], found["from"], found["until"]) == (4, "2026-02-10", "2026-05-02")
    assert (replay["verdicts_changed"], replay["unpriced"], replay["weeks"]) == (1, 1, 12)
    assert (replay["granted"], replay["needs_approval"], replay["refused"]) == (1, 2, 0)
    assert replay["approvals_per_week"] == {
        "rep": 0,
        "sales_manager": pytest.approx(2 / 12, abs=1e-6),
        "revenue_lead": 0,
    }
    (move,) = replay["moves"]
    assert (move["was"]["says"], move["now"]["says"]) == ("granted", "approval by sales_manager")
    assert (move["deals"], move["net"], move["conceded"]) == (1, 950, 50)
    # D1 gives 10 and D2 120 more than 4 %; no line says what was sold, so no cost is known.
    even = found["break_even"]
    assert (even["deals"], even["cut"], even["wins_to_lose"]) == (2, 130, None)


def test_a_refused_effect_is_an_answer(told: dict[str, Any]) -> None:
    found = told["effect"]
    assert (found["status"], found["deals_won"]) == ("refused", None)
    assert found["why"]
    assert found["record_from_now_on"]


def test_the_agreement_in_force_as_a_candidate_changes_nothing(
    company: Path, tmp_path: Path
) -> None:
    file = _written(tmp_path, AGREEMENT)
    said = done("-w", company, "rehearse", file)
    assert "No deal would have met another answer." in said


def test_reads_well_at_eighty_columns(company: Path, tight: Path) -> None:
    said = done("-w", company, "rehearse", tight).splitlines()
    assert max(map(len, said)) <= 80
    assert said[:12] == [
        "Rehearsal of Second half, in USD",
        "4 deals closed from 2026-02-10 to 2026-05-02, answered by the agreement of their",
        "day and by this one.",
        "",
        "What changes",
        "1 deal would have met another answer; it is worth 950 USD net. Nothing is",
        "assumed about what customers or sellers would have done.",
        "",
        "was      would be                   deals  net  conceded",
        "granted  approval by sales_manager      1  950        50",
        "",
        "How deals are answered",
    ]
    assert "sales_manager       0.08        0.2  1 in the week of 2026-02-09" in said
    assert "What it would have done: the books cannot tell." in said
    assert " ".join(said).count("From now on record") == 1


def test_sees_the_books_as_of_a_day_and_takes_sellers_to_escalate(
    company: Path, tight: Path
) -> None:
    # D2 closed in March: at the end of February D1 alone is closed.
    wanted = ("rehearse", tight, "--as-of", "2026-02-28", "--behaviour", "escalate", "--json")
    found = json.loads(done("-w", company, *wanted))
    assert (found["deals"], found["as_of"]) == (1, "2026-02-28")
    assert found["break_even"]["behaviour"] == found["effect"]["behaviour"] == "escalate"
    assert found["break_even"]["cut"] == 0


def test_takes_a_word_on_what_is_on_record(company: Path, tight: Path) -> None:
    # A word mends no books of four deals: the refusal stands.
    found = json.loads(done("-w", company, "rehearse", tight, "--attest-recording", "--json"))
    assert found["effect"]["status"] == "refused"
    assert found["replay"]["verdicts_changed"] == 1


def test_says_so_where_no_deal_was_closed(company: Path, tight: Path) -> None:
    said = done("-w", company, "rehearse", tight, "--as-of", "2026-01-31")
    assert said == "Rehearsal of Second half, in USD\nNo deal was closed by 2026-01-31.\n"


def test_groups_by_a_further_field(company: Path, tight: Path) -> None:
    text = done("-w", company, "rehearse", tight, "--by", "employees", "--json")
    rows = json.loads(text)["replay"]["by"]["employees"]
    assert {row["key"]: row["changed"]["deals"] for row in rows} == {"500": 1, "20": 0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TIGHT.replace("USD", "EUR"), "write currency: USD"),
        (TIGHT.replace("time_zone: UTC", "time_zone: Asia/Tokyo"), "write time_zone: UTC"),
        (TIGHT.replace("up_to:", "upto:"), "candidate.yaml:11: discounts.limits.standard.upto"),
        (
            TIGHT.replace("standard,", "standard, when: {attr.tier: gold},"),
            "candidate.yaml:11: discounts.limits.standard.when.attr.tier",
        ),
        (TIGHT.replace("standard,", "standard, when: {segmnt: X},"), "'segment'"),
    ],
)
def test_refuses_a_candidate_by_file_line_and_nearest_word(
    company: Path, tmp_path: Path, text: str, said: str
) -> None:
    ran = run("-w", company, "rehearse", _written(tmp_path, text))
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err


def test_refuses_what_is_not_there(company: Path, tight: Path, tmp_path: Path) -> None:
    assert run("-w", company, "rehearse", tmp_path / "none.yaml").code == 3
    assert run("-w", tmp_path, "rehearse", tight).code == 3
    assert run("-w", company, "rehearse", tight, "--by", "employes").code == 3
    assert run("-w", company, "rehearse", tight, "--behaviour", "hope").code == 2


def test_shows_people_by_pseudonym_where_the_workspace_says_so(
    company: Path, tight: Path, tmp_path: Path
) -> None:
    workspace = tmp_path / "company"
    shutil.copytree(company, workspace)
    settings = workspace / "counterpoise.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('people = "names"', 'people = "pseudonyms"'), encoding="utf-8")
    found = json.loads(done("-w", workspace, "rehearse", tight, "--json"))
    names = {each["name"] for each in found["replay"]["by"]["owner"]}
    assert "Ana" not in names
    assert all(name.startswith("Person ") for name in names)
