"""Examples beside an agreement: asked as they stand, and refused where they are no examples."""

from pathlib import Path

import pytest

from counterpoise.desk.examples import ExamplesError, examples_beside, run_examples

AGREEMENT = """
agreement: counterpoise/v1
title: Small
in_force: {from: 2026-01-01}
roles: {rep: {side: sales}, lead: {side: both}}
discounts: {limits: [{id: all, up_to: {rep: 5%, lead: 10%}}]}
"""
ENTRY = """
- says: {says}
  request:
    deal: {{list_amount: 100, net_amount: {net}}}
    asked_by: {by}
    asked_at: 2026-06-10T10:00:00
  answer: {answer}
"""


def write(folder: Path, examples: str) -> Path:
    (folder / "small.yaml").write_text(AGREEMENT, encoding="utf-8")
    path = folder / "small.examples.yaml"
    path.write_text(examples, encoding="utf-8")
    return path


def entry(net: float, answer: str, by: str = "rep") -> str:
    return ENTRY.format(says="an example", net=net, by=by, answer=answer)


@pytest.mark.parametrize("name", ["industrial", "consumer_goods", "usage_pricing"])
def test_every_example_of_the_shipped_agreements_holds(name: str, root: Path) -> None:
    agreement = root / "examples" / "agreements" / f"{name}.yaml"
    path = examples_beside(agreement)
    assert path is not None
    results = run_examples(path)
    assert len(results) >= 5
    assert [result for result in results if not result.holds] == []


def test_finds_no_examples_where_there_are_none(tmp_path: Path) -> None:
    assert examples_beside(tmp_path / "lonely.yaml") is None


def test_says_what_is_wrong_with_an_answer(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        entry(95, "{verdict: granted, clause: discounts.limits.all}")
        + entry(92, "{verdict: granted}")
        + entry(92, "{verdict: needs_approval, approvals: [rep]}")
        + entry(92, "{verdict: needs_approval, approvals: [lead], clause: discounts.floor}")
        + entry(92, "{verdict: granted}", by="boss"),
    )
    troubles = [result.trouble for result in run_examples(path)]
    assert troubles[0] is None
    assert troubles[1] == (
        "the verdict is needs_approval, not granted: "
        "8% is asked; rep may give 5% here, so lead must approve."
    )
    assert troubles[2] == "['lead'] must approve, not ['rep']"
    assert troubles[3] == "it cites discounts.limits.all, not discounts.floor"
    assert troubles[4] is not None
    assert "unknown role 'boss'" in troubles[4]


@pytest.mark.parametrize(
    ("examples", "says"),
    [
        ("a: b", "it is not a list of examples"),
        ("- 5", "example 1 holds no says, request, answer"),
        ("- {says: x, ask: y, answer: {}}", "example 1: unknown field 'ask'"),
        (
            "- {says: x, answer: {verdict: grantd}}",
            "unknown verdict 'grantd'; the nearest is 'granted'",
        ),
        ("- {says: [", "it is no YAML"),
        ("- &a [*a", "it is no YAML"),
    ],
)
def test_refuses_what_is_no_list_of_examples(tmp_path: Path, examples: str, says: str) -> None:
    with pytest.raises(ExamplesError, match=r"small\.examples\.yaml") as refusal:
        run_examples(write(tmp_path, examples))
    assert says in str(refusal.value)


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExamplesError, match="No such file"):
        run_examples(tmp_path / "none.examples.yaml")
