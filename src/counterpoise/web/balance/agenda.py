"""What the last review brings to a joint review: goals, promises of both sides, budgets, thanks.

What goes well stands together in one line, so that time goes where it is needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.ledger import standing
from counterpoise.web import house
from counterpoise.web.balance.page import done_for
from counterpoise.web.balance.path import Path, budget_paths, goal_paths, promise_paths
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.results.reading import latest


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:  # noqa: ARG001 - as it stands now
    """Return what the last review says, or nothing before the first."""
    kept = latest()
    if kept is None:
        return ()
    try:
        version = standing(house.agreements(), kept.as_of)
    except CounterpoiseError:  # an agreement that cannot be read must not hide the rest
        version = None
    review = kept.object
    promised = promise_paths(review, version)
    return [
        *_lines(Section.GOALS, goal_paths(review, version), "Met, or on path"),
        *_lines(Section.PROMISES, promised[Side.SALES], "Kept by sales"),
        *_lines(Section.PROMISES, promised[Side.MARKETING], "Kept by marketing"),
        *_lines(Section.BUDGETS, budget_paths(review), "Within budget"),
        *(
            AgendaItem(Section.THANKS, says, reverse("balance:home"), None, side.value)
            for side in (Side.MARKETING, Side.SALES)
            for says in done_for(review, _other(side))
        ),
    ]


def _lines(section: Section, paths: Iterable[Path], well: str) -> Iterator[AgendaItem]:
    """Yield a point for each that goes badly, one for all that go well, and one for the unknown."""
    known = list(paths)
    for path in known:
        if path.state == "bad":
            says = f"{_name(section, path)}: {path.actual} {_against(section, path)}, {path.status}"
            yield _item(section, says, path.side, path.clause)
    for state, said in (("good", well), ("quiet", "Cannot be told yet")):
        alike = [path for path in known if path.state == state]
        if alike:
            sides = {path.side for path in alike}
            side = sides.pop() if len(sides) == 1 else Side.BOTH.value
            names = ", ".join(_short(section, path) for path in alike)
            yield _item(section, f"{said}: {names}", side, "")


def _item(section: Section, says: str, side: str, clause: str) -> AgendaItem:
    anchor = f"#{clause}" if clause else ""
    home = reverse("agreements:read") if clause else reverse("balance:home")
    return AgendaItem(section, says, home + anchor, None, side)


def _name(section: Section, path: Path) -> str:
    if section is Section.BUDGETS:
        return f"{path.name.capitalize()} of {path.side}, {path.says}"
    return path.says.rstrip(".") if section is Section.PROMISES else path.name.capitalize()


def _short(section: Section, path: Path) -> str:
    if section is Section.PROMISES:
        share = f" ({path.actual})" if path.state == "good" else ""
        return f"{path.name.replace('_', ' ')}{share}"
    return f"{path.name} ({path.actual})" if path.state == "good" else path.name


def _against(section: Section, path: Path) -> str:
    return path.target if section is not Section.GOALS else f"where {path.target} is wanted"


def _other(side: Side) -> Side:
    return Side.SALES if side is Side.MARKETING else Side.MARKETING
