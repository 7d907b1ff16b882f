"""What the ledger asks of the kept review, for a selection and a person's scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from counterpoise.ledger.totals import Totals, add_up
from counterpoise.report.wording import GROUPINGS
from counterpoise.web.access import NotForYouError, Scope
from counterpoise.web.ledger.figures import (
    GroupRow,
    figures_of,
    group_of_review,
    groups_of_totals,
    in_time,
    steps_of_review,
    steps_of_totals,
)
from counterpoise.web.ledger.openness import PERSONAL, opens_person
from counterpoise.web.ledger.selection import Selection, label_of
from counterpoise.web.results.figures import grouped
from counterpoise.web.results.filters import Filters
from counterpoise.web.results.reading import KeptReview

QUARTER = "quarter"
OF_LINES = ("product",)
"""Groupings that the review alone knows: they add up lines."""


@dataclass(frozen=True)
class Cut:
    """What a selection adds up to: in all, over time, and by one grouping."""

    figures: Mapping[str, Any]
    steps: list[Any]
    quarters: list[GroupRow]
    groups: list[GroupRow]
    hidden: int
    """Groups about single people that do not open."""
    totals: Totals | None
    """The exact totals, where some deals are selected."""


def groupings_of(kept: KeptReview) -> dict[str, str]:
    """Return what deals can be grouped by, with its label: the review's groupings, attributes."""
    return {**GROUPINGS, **{name: label_of(name) for name in attributes_of(kept)}}


def attributes_of(kept: KeptReview) -> tuple[str, ...]:
    """Return the attributes of the kept deals, as addresses name them."""
    found = []
    for column in kept.tables.columns("deals"):
        if column.startswith("attr__"):
            found.append(f"attr.{column.removeprefix('attr__')}")
        elif column.startswith("account__attr__"):
            found.append(f"account.attr.{column.removeprefix('account__attr__')}")
    return tuple(found)


def names_of(kept: KeptReview) -> dict[str, dict[str, str]]:
    """Return what keys of groupings are called, by grouping."""
    by = kept.object["ledger"]["by"]
    return {
        name: {row["key"]: row["name"] for row in rows if row["key"] is not None}
        for name, rows in by.items()
    }


def filters_of(selection: Selection) -> Filters:
    """Return a selection as the kept deals are filtered by."""
    return replace(
        Filters.of(selection.values),
        least_rate=selection.least_rate,
        most_rate=selection.most_rate,
        part=selection.part.value if selection.part else None,
    )


def cut(kept: KeptReview, selection: Selection, by: str, scope: Scope) -> Cut:
    """Cut the ledger: all of it as the review has it, a part as the kept deals add up.

    Raises:
        NotForYouError: If it would tell of single people beyond the scope.
        LockHeldError: If too many such questions wait.
    """
    refuse_people(selection, scope)
    found = _whole(kept, by) if selection.is_everything else _part(kept, selection, by)
    if by != PERSONAL:
        return found
    open_groups = [row for row in found.groups if opens_person(scope, row.key)]
    hidden = len(found.groups) - len(open_groups)
    return Cut(**{**vars(found), "groups": open_groups, "hidden": hidden})


def crossed(
    kept: KeptReview, selection: Selection, by: tuple[str, str], scope: Scope
) -> dict[tuple[str | None, ...], Totals]:
    """Add up a selection by two groupings crossed, without people beyond the scope.

    Raises:
        NotForYouError: If the selection tells of single people beyond the scope.
        LockHeldError: If too many such questions wait.
    """
    refuse_people(selection, scope)
    found = grouped(kept, by, filters_of(selection))
    if PERSONAL not in by:
        return found
    at = by.index(PERSONAL)
    return {key: totals for key, totals in found.items() if opens_person(scope, key[at])}


def refuse_people(selection: Selection, scope: Scope) -> None:
    """Refuse figures of single people beyond a scope.

    Raises:
        NotForYouError: If one of them is selected.
    """
    if not all(opens_person(scope, person) for person in selection.of(PERSONAL)):
        raise NotForYouError(
            "Figures of single people open to themselves, their managers and who stands above "
            "both sides. Select their team instead."
        )


def _whole(kept: KeptReview, by: str) -> Cut:
    ledger = kept.object["ledger"]
    quarters = [group_of_review(row) for row in ledger["by"][QUARTER]]
    leaks = {row["label"]: row for row in ledger["value_over_time"]["quarters"]}
    quarters = [
        GroupRow(row.key, row.name, {**row.figures, **_leaks(leaks.get(row.key or ""))})
        for row in quarters
    ]
    figures = {**ledger, **ledger["concessions"]}
    groups = _whole_groups(kept, by)
    return Cut(figures, steps_of_review(ledger), in_time(quarters), groups, 0, None)


def _leaks(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what leaked in a quarter; nobody knows it of deals without a day."""
    return {name: row[name] if row else None for name in ("leakage_low", "leakage_high")}


def _whole_groups(kept: KeptReview, by: str) -> list[GroupRow]:
    rows = kept.object["ledger"]["by"].get(by)
    if rows is not None:
        return [group_of_review(row) for row in rows]
    found = grouped(kept, (by,))
    return groups_of_totals({key: totals for (key,), totals in found.items()}, {})


def _part(kept: KeptReview, selection: Selection, by: str) -> Cut:
    """Add up a selection once, by the grouping and quarters together."""
    names = (by,) if by == QUARTER else (by, QUARTER)
    found = grouped(kept, names, filters_of(selection))
    whole = add_up(found.values())
    groups = groups_of_totals(_by(found, 0), names_of(kept).get(by, {}))
    quarters = groups_of_totals(_by(found, len(names) - 1), {})
    if by == QUARTER:
        groups = in_time(groups)
    steps = steps_of_totals(whole)
    return Cut(figures_of(whole), steps, in_time(quarters), groups, 0, whole)


def _by(found: Mapping[tuple[str | None, ...], Totals], at: int) -> dict[str | None, Totals]:
    """Add up by one of the keys; what is surely in no group goes with what is unknown."""
    added: dict[str | None, Totals] = {}
    for key, totals in found.items():
        added[key[at] or None] = added.get(key[at] or None, Totals()) + totals
    return added
