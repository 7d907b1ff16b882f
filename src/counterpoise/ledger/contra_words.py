"""What contra-effects say, in words: association always, a cause only on grounds for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from counterpoise.ledger.contra import Association, Question
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.fit_report import estimate_object
from counterpoise.ledger.fit_words import points

PER = 0.10
"""Points at the deal before that a sentence about the next one starts from."""


@dataclass(frozen=True)
class Grounds:
    """Whether these books hold what causal words need, and why not; who reads books says so."""

    hold: bool
    why: str = ""


NO_GROUNDS = Grounds(hold=False, why="Nobody asked whether these books could tell a cause.")

_TITLES = MappingProxyType(
    {
        Question.TOUCHED_WINS: "Marketing before the deal, and winning",
        Question.TOUCHED_RATE: "Marketing before the deal, and discounts",
        Question.NEXT_RATE: "A discount, and the next one",
    }
)
_ASKED = MappingProxyType(
    {
        Question.TOUCHED_WINS: "Are deals that marketing touched before they began won more often?",
        Question.TOUCHED_RATE: "Are deals that marketing touched before sold at shallower "
        "discounts?",
        Question.NEXT_RATE: "Does a customer that got more off get more off at its next deal?",
    }
)


def says(found: Association, grounds: Grounds) -> str:
    """Say what was found in one sentence; as a cause only where the grounds for it hold."""
    if found.estimate is None:
        return found.why
    if not found.estimate.is_clear_of_zero:
        return _unsure(found.question, found.estimate)
    as_cause = is_cause(found, grounds)
    told = (_CAUSES if as_cause else _GOES_WITH)[found.question]
    turn = _TURNS[found.question, as_cause][0 if found.estimate.value > 0 else 1]
    size = abs(found.estimate.value) * (PER if found.question is Question.NEXT_RATE else 1.0)
    text = told.format(points=f"{size * 100:.1f}", turn=turn)
    return f"{text} ({interval(found.question, found.estimate)})."


def reservation(found: Association, grounds: Grounds) -> str:
    """Say how far the sentence goes: that it is association, or what causal words stand on."""
    if found.estimate is None or not found.estimate.is_clear_of_zero:
        return ""
    if is_cause(found, grounds):
        return (
            "Said as a cause because nothing on record stands against it: offers are recorded "
            "alike whether won or lost, and rates vary. A cause that nobody recorded still might."
        )
    if found.warnings:
        return "This is what goes together, not what causes it; see the warnings."
    return f"This is what goes together, not what causes it. {grounds.why}".strip()


def is_cause(found: Association, grounds: Grounds) -> bool:
    """Tell whether causal words may be used."""
    is_sure = found.estimate is not None and found.estimate.is_clear_of_zero
    return grounds.hold and not found.warnings and is_sure


def interval(question: Question, found: Estimate) -> str:
    """Write an interval in points, and what it stands on."""
    per = PER if question is Question.NEXT_RATE else 1.0
    low, high = points(found.low * per), points(found.high * per)
    return f"95% interval {low} to {high} points; {found.n:,} deals of {found.accounts:,} customers"


def contra_object(
    found: tuple[Association, ...], grounds: Grounds = NO_GROUNDS
) -> list[dict[str, Any]]:
    """Return contra-effects as plain data with their sentences."""
    return [
        {
            "question": each.question.value,
            "title": _TITLES[each.question],
            "asked": _ASKED[each.question],
            "status": "told" if each.estimate else "refused",
            "estimate": _estimate(each.estimate),
            "says": says(each, grounds),
            "reservation": reservation(each, grounds),
            "is_cause": is_cause(each, grounds),
            "sides": dict(each.sides),
            "beside": _beside(each.beside),
            "method": each.method,
            "assumptions": list(each.assumptions),
            "warnings": list(each.warnings),
        }
        for each in found
    ]


def _beside(found: Mapping[str, Estimate]) -> list[dict[str, Any]]:
    return [{"says": word, "estimate": _estimate(each)} for word, each in found.items()]


def _estimate(found: Estimate | None) -> dict[str, Any] | None:
    return None if found is None else estimate_object(found)


def _unsure(question: Question, found: Estimate) -> str:
    told = interval(question, found)
    if question is Question.NEXT_RATE:
        more = "more" if found.value > 0 else "less"
        return (
            "No sure sign that a discount comes back at the customer's next deal: ten points more "
            f"off go with {abs(found.value) * PER * 100:.1f} points {more} off ({told})."
        )
    what = "often" if question is Question.TOUCHED_WINS else "far"
    ended = "won" if question is Question.TOUCHED_WINS else "discounted"
    return (
        f"No sure difference in how {what} deals that marketing touched before are {ended}: "
        f"{points(found.value)} points ({told})."
    )


_GOES_WITH = {
    Question.TOUCHED_WINS: "Deals that marketing touched before they began are won {points} points "
    "{turn} often than others of the same mix",
    Question.TOUCHED_RATE: "Deals that marketing touched before they began are sold at discounts "
    "{points} points {turn} than others of the same mix",
    Question.NEXT_RATE: "Ten points more off than usual for a customer go with {points} points "
    "{turn} off at its next deal",
}
_CAUSES = {
    Question.TOUCHED_WINS: "Marketing's touch before the deal {turn} its chance of being won by "
    "{points} points",
    Question.TOUCHED_RATE: "Marketing's touch before the deal makes its discount {points} points "
    "{turn}",
    Question.NEXT_RATE: "Ten points more off {turn} {points} points at the customer's next deal",
}
_TURNS = {
    (Question.TOUCHED_WINS, False): ("more", "less"),
    (Question.TOUCHED_WINS, True): ("raises", "lowers"),
    (Question.TOUCHED_RATE, False): ("deeper", "shallower"),
    (Question.TOUCHED_RATE, True): ("deeper", "shallower"),
    (Question.NEXT_RATE, False): ("more", "less"),
    (Question.NEXT_RATE, True): ("cost", "save"),
}
"""How a positive and a negative figure is said, as association and as a cause."""
