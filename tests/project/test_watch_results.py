"""What the benchmark of the watch counts, by hand, and what is drawn of it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.watch import tasks
from benchmarks.watch_company import Task
from benchmarks.watch_results import PARTS, Pool, Results, Share, mend
from scripts.watch_figures import picture

LEAKY = {
    "kind": "leakage",
    "variant": "rep",
    "type": "person",
    "id": "P1",
    "money_a_quarter": 4_999.0,
}
OTHER = {"kind": "leakage", "variant": "rep", "type": "person", "id": "P2"}
GAP = {"kind": "goal_gap", "variant": "fit", "type": "goal", "id": "fit"}


def record(task: Task, *reviews: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **asdict(task),
        "planted": [LEAKY | {"asked": True, "p": 0.2, "stake": 9.0}] if task.kind else [],
        "reviews": [{"on": "2026-06-30", "cracks": cracks} for cracks in reviews],
        "kinds": {
            "leakage": {
                "questions": 4,
                "under_5": 1,
                "under_1": 0,
                "least_p": 0.02,
                "seconds": 0.5,
            }
        },
        "seconds": {"make_and_import": 1.0, "watch": 2.0, "clock": 3.0},
        "code": "a",
    }


PLANTED = Task("planted", 1, kind="leakage", variant="rep")


def test_a_fault_is_found_by_its_kind_and_its_subject_and_all_else_is_wrong() -> None:
    pool = Pool.of([record(PLANTED, [LEAKY]), record(PLANTED, [OTHER, GAP]), record(PLANTED, [])])
    assert (pool.found, pool.wrong, pool.troubled) == (Share(1, 3), Share(2, 3), Share(1, 3))
    assert pool.worth == Share(0, 0)
    assert pool.beside == (("leakage:rep", 1), ("goal_gap:fit", 1))


def test_a_fault_that_was_missed_is_told_with_what_was_made_of_it(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    file.write_text(json.dumps(record(PLANTED, [OTHER])) + "\n")
    told = Results.read(file).summary()
    assert "- missed leakage:person:P1, worth 4999.0, seed 1: p 0.2, stake 9.0\n" in told


def test_a_share_is_written_with_its_exact_interval() -> None:
    assert str(Share(5, 20)) == "5 of 20 (25%; 9% to 49%)"
    assert str(Share(0, 0)) == "–"


def test_the_summary_tells_who_cried_wolf_and_when(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    weekly = record(Task("weekly", 3, weeks=26), *([[]] * 24), [GAP], [])
    lines = [record(Task("blameless", 1), []), record(Task("blameless", 2), [GAP]), weekly]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"part": "cut of')
    told = Results.read(file).summary()
    assert "Without faults, 12,000 deals: 1 of 2 (50%; 1% to 99%) raise any crack.\n" in told
    assert "Over 26 weekly reviews: 1 of 1 (100%; 3% to 100%) raise any crack." in told
    assert "| leakage | 4.0 | 25.0% | 0.0% | 2.0e-02 | 0.50 |" in told


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    file.write_text(json.dumps(record(PLANTED, [])) + "\n")
    assert Results.read(file).done == {PLANTED}
    assert Results.read(tmp_path / "none.jsonl").done == frozenset()


def test_a_line_that_was_cut_off_is_cut_away_before_others_are_added(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    file.write_text('{"a": 1}\n{"b": ')
    mend(file)
    assert file.read_text() == '{"a": 1}\n'


@pytest.mark.parametrize("part", PARTS)
def test_no_company_is_asked_for_twice_nor_one_that_the_watch_was_tuned_on(part: str) -> None:
    asked = [*tasks(part, 3, frozenset())]
    assert len({*asked}) == len(asked)
    assert min(task.seed for task in asked) > 999


def test_more_companies_are_those_that_were_asked_for_and_others() -> None:
    few = {*tasks("planted", 2, frozenset({"leakage"}))}
    assert few < {*tasks("planted", 3, frozenset({"leakage"}))}
    assert {task.kind for task in few} == {"leakage"}


def test_curves_are_drawn_with_a_panel_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    small = Task("size", 1, kind="leakage", variant="rep", deals=900, reps=12)
    lines = [record(PLANTED, [LEAKY]), record(small, [])]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    powers = Results.read(file).power_by_size()
    assert {size: pool.found for size, pool in powers["leakage", "rep"].items()} == {
        900: Share(0, 1),
        12_000: Share(1, 1),
    }
    drawn = picture(powers, "deals of the firm")
    assert drawn.startswith("<svg")
    assert "leakage: rep" in drawn
    assert "12,000" in drawn
