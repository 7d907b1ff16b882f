"""Who takes up leads, as an agreement says it."""

from __future__ import annotations

import pytest

from counterpoise.agreement import AgreementError, fingerprint, parse_agreement
from counterpoise.agreement.comparing import compare
from counterpoise.agreement.document import Agreement
from counterpoise.agreement.explaining import explain
from counterpoise.agreement.linting import lint

BASE = """\
agreement: counterpoise/v1
title: Short
in_force: {from: 2026-01-01}
roles:
  rep: {side: sales}
  pm: {side: marketing}
discounts: {limits: [{id: all, up_to: {rep: 5%, pm: 10%}}]}
"""
ROUTED = """\
handoff:
  routing:
    account_owner: false
    teams:
      - {id: south, when: {region: South}, team: South}
      - {id: large, when: {segment: Enterprise, score: ">= 80"}, team: Key accounts}
      - {id: others, team: North}
    to: [rep]
    capacity: 12
"""


def routed(text: str = ROUTED) -> Agreement:
    return parse_agreement(BASE + text)


def test_leaves_the_fingerprint_alone_where_nothing_is_said() -> None:
    written_out = routed("handoff: {routing: {account_owner: true, teams: [], to: []}}\n")
    assert fingerprint(written_out) == fingerprint(parse_agreement(BASE))
    assert fingerprint(routed()) != fingerprint(parse_agreement(BASE))


@pytest.mark.parametrize(
    "sentence",
    [
        "A lead does not go to who has its account. (`handoff.routing.account_owner`)",
        "Leads where region is South go to team South. (`handoff.routing.teams.south`)",
        "Leads of anybody else go to team North. (`handoff.routing.teams.others`)",
        "They are taken up by rep. (`handoff.routing.to`)",
        "Nobody holds more than 12 without a verdict. (`handoff.routing.capacity`)",
    ],
)
def test_is_said_in_sentences(sentence: str) -> None:
    assert sentence in explain(routed())


def test_names_the_nearest_of_a_dead_reference() -> None:
    with pytest.raises(AgreementError) as error:
        routed(ROUTED.replace("[rep]", "[reps]").replace("region:", "regoin:"))
    said = {problem.clause: str(problem) for problem in error.value.problems}
    assert set(said) == {"handoff.routing.to", "handoff.routing.teams.south.when.regoin"}
    assert "'rep'" in said["handoff.routing.to"]


def test_refuses_two_teams_of_one_id() -> None:
    with pytest.raises(AgreementError, match="called 'large' too"):
        routed(ROUTED.replace("id: others", "id: large"))


def test_the_linter_finds_who_takes_nothing_up_and_rows_that_none_reaches() -> None:
    text = ROUTED.replace("[rep]", "[pm]").replace(", when: {region: South}", "")
    found = {each.clause: each.says for each in lint(routed(text))}
    assert "hands leads over" in found["handoff.routing.to"]
    assert "south takes every one" in found["handoff.routing.teams.large"]
    assert "handoff.routing.teams.others" in found
    assert "handoff.routing.teams.south" not in found


def test_a_change_is_told_by_its_clause() -> None:
    text = ROUTED.replace("12", "20").replace("team: North", "team: West")
    found = {each.clause: (each.before, each.after) for each in compare(routed(), routed(text))}
    assert found["handoff.routing.capacity"] == ("12", "20")
    before, after = found["handoff.routing.teams"]
    assert before is not None
    assert "region is South: South" in before
    assert after is not None
    assert after.endswith("any lead: West")
    assert compare(routed(), routed()) == ()
