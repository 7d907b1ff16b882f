"""Promises and pulses for programs."""

import datetime as dt
from typing import Any

from django.test import Client

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.people.cast import Member
from counterpoise.web.pulse.models import Figure, Pulse
from counterpoise.web.pulse.scoring import Ballot, score_of


def read(member: Member, path: str) -> Any:
    secret = mint(member.user, Wanted("Test", frozenset({TokenScope.READ}), 30)).secret
    answered = Client(headers={"Authorization": f"Bearer {secret}"}).get(f"/api/v1/{path}")
    assert answered.status_code == 200
    return answered.json()


def test_reads_promises_and_budgets(cast: dict[str, Member]) -> None:
    told = read(cast["rep"], "promises")
    assert {each["id"] for each in told["promises"]} >= {"response", "offers", "leads"}
    budget = told["budgets"][0]
    assert budget["left"] == round(budget["agreed"] + budget["moved"] - budget["used"], 2)


def test_reads_pulses_of_whole_sides(cast: dict[str, Member]) -> None:
    day = dt.date(2026, 3, 1)
    pulse = Pulse.objects.create(
        first_on=day, opened_on=day, closes_on=day, smallest=5, key_name="x"
    )
    score = score_of([Ballot("sales", "", (rating,) * 12) for rating in (3, 3, 4, 4, 4)])
    for team in ("", "North"):
        Figure.objects.create(pulse=pulse, side="sales", team=team, **vars(score))
    Pulse.objects.update(closed_on=day)
    (told,) = read(cast["marketer"], "pulses")["pulses"]
    assert [(each["side"], each["score"], each["band"]) for each in told["sides"]] == [
        ("sales", 72.0, "aligned")
    ]
    assert told["gap"] is None
    assert "North" not in str(told)
