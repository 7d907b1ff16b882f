"""The page of the ledger as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterpoise.ledger.break_even import BreakEven, break_even
from counterpoise.ledger.totals import Costed
from counterpoise.ledger.waterfall import StepName
from counterpoise.report.bars import StepBar, bars_of
from counterpoise.report.wording import STEPS
from counterpoise.web.access import Scope
from counterpoise.web.ledger.addresses import deals_url, file_url, ledger_url, step_url, won_url
from counterpoise.web.ledger.asking import QUARTER, Cut, cut, groupings_of, names_of
from counterpoise.web.ledger.crossing import Crossing, crossing_of
from counterpoise.web.ledger.curve import Curve, curve_of
from counterpoise.web.ledger.figures import GroupRow
from counterpoise.web.ledger.openness import PERSONAL, opens_person
from counterpoise.web.ledger.selection import Chip, Selection, chips_of, label_of, without_any
from counterpoise.web.results.reading import KeptReview

MOST_GROUPS = 100
"""Groups that a page shows; files hold them all."""

_CHOICES = ("team", "segment", "industry", "product_family", "persona", "source", "campaign")
_FIXED = {
    "outcome": ("won", "lost", "open", "cancelled"),
    "verdict": ("granted", "needs_approval", "refused", "unjudged"),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks of the ledger."""

    selection: Selection
    by: str
    across: str
    measure: str
    points: Decimal


@dataclass(frozen=True)
class Choice:
    """A value that a filter offers."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """A filter with its choices."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Link:
    """A link of a row of them."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class ShownStep:
    """A step of the waterfall, its bar, and the deals behind it."""

    bar: StepBar
    label: str
    url: str


@dataclass(frozen=True)
class ShownGroup:
    """A group with where its figures open."""

    row: GroupRow
    url: str
    won_url: str
    lost_url: str


@dataclass(frozen=True)
class Page:
    """Everything that the ledger's page shows."""

    cut: Cut
    asked: Asked
    chips: list[Chip]
    filters: list[Filter]
    steps: list[ShownStep]
    quarters: list[ShownGroup]
    groups: list[ShownGroup]
    more_groups: int
    most: Any
    tabs: list[Link]
    by_label: str
    across: list[Choice]
    crossing: Crossing | None
    break_even: BreakEven
    files: Mapping[str, Mapping[str, str]]
    urls: Mapping[str, str]
    curve: Curve | None
    effect: Mapping[str, str] | None
    unjudged: list[Mapping[str, Any]]

    @property
    def is_empty(self) -> bool:
        """Tell whether no deal is selected."""
        told = self.cut.figures
        return not any(told[f"deals_{word}"] for word in ("won", "lost", "cancelled", "open"))

    @property
    def rate_from(self) -> str:
        """Return the least rate in percent, as a field shows it."""
        return _percent(self.asked.selection.least_rate)

    @property
    def rate_to(self) -> str:
        """Return the highest rate in percent, as a field shows it."""
        return _percent(self.asked.selection.most_rate)

    @property
    def most_quarter(self) -> Any:
        """Return the value that fills the bar of a quarter."""
        return max((each.row.held + each.row.given for each in self.quarters), default=0)

    @property
    def team_url(self) -> str:
        """Return where the same deals are grouped by team."""
        return ledger_url(self.asked.selection, by="team")


def page_of(kept: KeptReview, asked: Asked, scope: Scope) -> Page:
    """Lay out the ledger for a selection.

    Raises:
        NotForYouError: If it would tell of single people beyond the scope.
        LockHeldError: If too many such questions wait.
    """
    found, selection = cut(kept, asked.selection, asked.by, scope), asked.selection
    groupings, names = groupings_of(kept), names_of(kept)
    shown = found.groups[:MOST_GROUPS]
    return Page(
        cut=found,
        asked=asked,
        chips=chips_of(selection, names),
        filters=_filters(names, selection, scope),
        steps=_steps(found, selection),
        quarters=_groups(found.quarters, QUARTER, selection),
        groups=_groups(shown, asked.by, selection),
        more_groups=len(found.groups) - len(shown),
        most=max((row.held + row.given for row in shown), default=0),
        tabs=[
            Link(label, ledger_url(selection, by=name) + "#groups", name == asked.by)
            for name, label in groupings.items()
        ],
        by_label=label_of(asked.by),
        across=[
            Choice(name, label, name == asked.across)
            for name, label in groupings.items()
            if name not in (asked.by, "product")
        ],
        crossing=crossing_of(kept, asked.selection, (asked.by, asked.across), asked.measure, scope)
        if asked.across and asked.by != "product"
        else None,
        break_even=break_even(_costed(found, kept), asked.points),
        files=_files(asked),
        urls={
            "won": won_url(selection),
            "lost": deals_url(selection.having("outcome", "lost")),
            "open": deals_url(selection.having("outcome", "open")),
            "all": deals_url(selection),
            "leakage": step_url(selection, StepName.LEAKAGE),
        },
        curve=curve_of(found.quarters),
        effect=kept.object["ledger"]["discount_effect"] if selection.is_everything else None,
        unjudged=kept.object["ledger"]["unjudged"] if selection.is_everything else [],
    )


def _costed(found: Cut, kept: KeptReview) -> Costed:
    """Return the deals whose cost is known, of the selection or as the review tells."""
    if found.totals is not None:
        return found.totals.costed
    told = kept.object["ledger"]["break_even"]
    listed = Decimal(str(told["cost"])) * 100 / Decimal(str(told["points"]))
    return Costed(told["deals"], listed, Decimal(0), Decimal(str(told["margin"])))


def _steps(found: Cut, selection: Selection) -> list[ShownStep]:
    whole = max((abs(step.amount) for step in found.steps), default=Decimal(0))
    return [
        ShownStep(bar, STEPS[bar.step.step], step_url(selection, bar.step.step))
        for bar in bars_of(found.steps, whole)
    ]


def _groups(rows: Iterable[GroupRow], by: str, selection: Selection) -> list[ShownGroup]:
    shown = []
    for row in rows:
        within = selection if by == "product" else selection.having(by, row.key)
        shown.append(
            ShownGroup(
                row,
                ledger_url(within, by=by),
                won_url(within),
                deals_url(within.having("outcome", "lost")),
            )
        )
    return shown


def _filters(
    names: Mapping[str, Mapping[str, str]], selection: Selection, scope: Scope
) -> list[Filter]:
    """Return the filters that the page offers; people only within the scope."""
    people = {key: name for key, name in names[PERSONAL].items() if opens_person(scope, key)}
    found = [_filter(PERSONAL, people, selection)] if people else []
    found += [_filter(name, names[name], selection) for name in _CHOICES if names.get(name)]
    quarters = {key: key for key in sorted(names[QUARTER], reverse=True)}
    found.append(_filter(QUARTER, quarters, selection))
    for name, words in _FIXED.items():
        found.append(_filter(name, {word: word.replace("_", " ") for word in words}, selection))
    return found


def _filter(name: str, offered: Mapping[str, str], selection: Selection) -> Filter:
    chosen = selection.of(name)
    pairs = list(offered.items())
    if name != QUARTER and name not in _FIXED:
        pairs.sort(key=lambda pair: pair[1].casefold())
        pairs += without_any(name).items()
    missing = [(value, value) for value in chosen if value not in {key for key, _ in pairs}]
    choices = tuple(Choice(key, label, key in chosen) for key, label in [*pairs, *missing])
    return Filter(name, label_of(name), choices)


def _files(asked: Asked) -> dict[str, dict[str, str]]:
    further = {"groups": {"by": asked.by}, "crossed": {"by": asked.by, "across": asked.across}}
    return {
        name: {
            form: file_url(name, form, asked.selection, **further.get(name, {}))
            for form in ("csv", "parquet")
        }
        for name in ("waterfall", "over_time", "groups", "crossed")
    }


def _percent(rate: Decimal | None) -> str:
    return "" if rate is None else f"{(rate * 100).normalize():f}"
