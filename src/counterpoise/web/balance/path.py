"""Goals and promises: how far along, and where they ought to be by now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.agreement import Side
from counterpoise.agreement.metrics import GOAL_METRICS, MetricUnit
from counterpoise.agreement.sentences import say_promise
from counterpoise.agreement.versions import Version
from counterpoise.ledger.goals import ADDED_UP
from counterpoise.report import wording
from counterpoise.web.balance.weighing import Review
from counterpoise.web.shell.templatetags import figures

_STATES: Mapping[str, str] = {
    "met": "good",
    "kept": "good",
    "on_path": "good",
    "within": "good",
    "behind": "bad",
    "broken": "bad",
    "over": "bad",
    "unknown": "quiet",
}
_BEYOND = 1.25
"""A path is drawn a little beyond its target, so that what is better than it can be seen."""


@dataclass(frozen=True)
class Path:
    """A goal, promise or budget as a line with a mark; shares of 100 of the line's length."""

    name: str
    clause: str
    says: str
    side: str
    actual: str
    target: str
    status: str
    state: str
    """`good`, `bad`, `wait` or `quiet`."""
    reached: float
    mark: float
    """Where the target is."""
    pace: float | None
    """Where it ought to be by now, for what adds up over time."""
    why: str


def goal_paths(review: Review, version: Version | None) -> list[Path]:
    """Return the goals of both sides, in the agreement's order."""
    sides = {goal.id: _owner(goal) for goal in version.agreement.goals} if version else {}
    gone = _elapsed(review, version)
    return [_goal(goal, sides.get(goal["id"], Side.BOTH.value), gone) for goal in review["goals"]]


def promise_paths(review: Review, version: Version | None) -> dict[Side, list[Path]]:
    """Return the promises by the side that gave them."""
    found: dict[Side, list[Path]] = {Side.SALES: [], Side.MARKETING: []}
    sentences = _sentences(version)
    for promise in review["promises"]:
        side = Side(promise["side"])
        says = sentences.get((side, promise["id"]), wording.words(promise["metric"]))
        found[side].append(_promise(promise, says))
    return found


def budget_paths(review: Review) -> list[Path]:
    """Return the budgets of the current stretch."""
    return [_budget(budget) for budget in review.get("budgets", [])]


def _owner(goal: Any) -> str:
    return Side.BOTH.value if goal.shared or goal.owner is None else str(goal.owner.value)


def _goal(goal: Mapping[str, Any], side: str, gone: float | None) -> Path:
    unit = _unit(goal["metric"])
    target, actual = goal["target"], goal["actual"]
    low, high = _scale(unit, target, actual)
    adds_up = goal["metric"] in ADDED_UP
    pace = target * gone if adds_up and gone is not None and gone < 1 else None
    metric = GOAL_METRICS.get(goal["metric"])
    return Path(
        name=wording.words(goal["metric"]),
        clause=f"goals.{goal['id']}",
        says=metric.says + ("." if goal["why"] else "") if metric else "",
        side=side,
        actual=_written(unit, actual),
        target=("at least " if goal["at_least"] else "at most ") + _written(unit, target),
        status=wording.words(goal["status"]),
        state=_STATES.get(goal["status"], "quiet"),
        reached=_along(actual, low, high),
        mark=_along(target, low, high),
        pace=None if pace is None else _along(pace, low, high),
        why=goal["why"],
    )


def _sentences(version: Version | None) -> dict[tuple[Side, str], str]:
    if version is None:
        return {}
    given = version.agreement.promises
    return {
        (side, promise.id): say_promise(promise, side)
        for side, promises in ((Side.SALES, given.sales), (Side.MARKETING, given.marketing))
        for promise in promises
    }


def _promise(promise: Mapping[str, Any], says: str) -> Path:
    kept, due = promise["kept"], promise["due"]
    return Path(
        name=wording.words(promise["id"]),
        clause=f"promises.{promise['side']}.{promise['id']}",
        says=says,
        side=promise["side"],
        actual=figures.percent(kept),
        target=f"kept of {due:,} due" if due else "nothing due yet",
        status=wording.words(promise["status"]),
        state=_STATES.get(promise["status"], "quiet"),
        reached=_along(kept, 0, 1),
        mark=_along(promise.get("enough"), 0, 1),
        pace=None,
        why=promise["why"],
    )


def _budget(budget: Mapping[str, Any]) -> Path:
    high = max(budget["amount"] * _BEYOND, budget["spent"] or 0)
    return Path(
        name=wording.words(budget["of"]),
        clause=f"budgets.{budget['id']}",
        says=f"{figures.day(budget['first'])} to {figures.day(budget['last'])}",
        side=budget["side"],
        actual=figures.money(budget["spent"]),
        target=f"of {figures.money(budget['amount'])}",
        status=wording.words(budget["status"]),
        state=_STATES.get(budget["status"], "quiet"),
        reached=_along(budget["spent"], 0, high),
        mark=_along(budget["amount"], 0, high),
        pace=None,
        why="",
    )


def _unit(metric: str) -> MetricUnit:
    known = GOAL_METRICS.get(metric)
    return known.unit if known else MetricUnit.MONEY


def _scale(unit: MetricUnit, target: float, actual: float | None) -> tuple[float, float]:
    """Return the ends of a path; shares near the whole are shown from close by."""
    if unit is MetricUnit.SHARE and min(target, actual or target) > _CLOSE:
        return _CLOSE, 1.0
    if unit is MetricUnit.SHARE:
        return 0.0, 1.0
    return 0.0, max(target * _BEYOND, actual or 0)


_CLOSE = 0.8


def _written(unit: MetricUnit, value: float | None) -> str:
    if unit is MetricUnit.SHARE:
        return figures.percent(value)
    if unit is MetricUnit.TIME:
        return wording.NOTHING if value is None else f"{value:.1f} days"
    return figures.short_money(value)


def _along(value: float | None, low: float, high: float) -> float:
    if value is None or high <= low:
        return 0.0
    return round(min(max((value - low) / (high - low), 0.0), 1.0) * 100, 2)


def _elapsed(review: Review, version: Version | None) -> float | None:
    """Return the part of the agreement's days that is over, None without an end."""
    until = version.until or version.agreement.in_force.until if version else None
    if version is None or until is None:
        return None
    last = min(dt.date.fromisoformat(review["as_of"]), until)
    return ((last - version.from_).days + 1) / ((until - version.from_).days + 1)
