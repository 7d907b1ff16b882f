"""The page on fit as plain values: who is reached, pursued, sold and stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.urls import reverse

from counterpoise.web.ledger.addresses import deals_url
from counterpoise.web.ledger.selection import NO_KEY, Selection, persona_key
from counterpoise.web.ledger.whiskers import Part, Scale, Whisker, parts_of
from counterpoise.web.results.filters import OUTSIDE, UNKNOWN

FIGURES = (
    ("win_rate", "Win rate", "rate"),
    ("discount", "Discount", "rate"),
    ("margin_per_pursued", "Margin a deal pursued", "money"),
    ("cycle_days", "Days to win", "days"),
)
_STAGES = (
    ("accounts_reached", "Customers reached"),
    ("leads", "Leads"),
    ("deals_pursued", "Deals pursued"),
    ("deals_won", "Deals won"),
)
_PURSUED = ("won", "lost")


@dataclass(frozen=True)
class Stage:
    """A stage from reach to stay: how it divides into inside, outside and unknown."""

    label: str
    share: float | None
    parts: tuple[Part, ...]
    counts: tuple[tuple[int, str], ...]
    """Inside, outside and unknown, each with where it opens."""


@dataclass(frozen=True)
class Cell:
    """One figure of one side with its interval."""

    unit: str
    estimate: Mapping[str, Any] | None
    whisker: Whisker | None


@dataclass(frozen=True)
class PersonaRow:
    """A persona, or what lies outside: numbers, figures and where they open."""

    told: Mapping[str, Any]
    tone: str
    cells: tuple[Cell, ...]
    leads_url: str
    open_url: str
    pursued_url: str
    won_url: str


@dataclass(frozen=True)
class LeadRow:
    """A segment or an industry outside the personas, its interval and its deals."""

    told: Mapping[str, Any]
    whisker: Whisker
    url: str


@dataclass(frozen=True)
class FitPage:
    """Everything that the page on fit shows."""

    rows: list[PersonaRow]
    inside: PersonaRow
    stages: list[Stage]
    differences: list[tuple[str, str, Cell]]
    leads: list[LeadRow]
    says: str
    pays: bool
    untold: int
    strangers: int
    stay_months: int
    headings: list[str]


def fit_page(told: Mapping[str, Any]) -> FitPage:
    """Lay out fit as the review left it."""
    every = [*told["personas"], told["outside"]]
    if _has_any(told["unknown"]):
        every.append(told["unknown"])
    scales = {
        name: Scale.of(row["figures"][name] for row in [*every, told["inside"]])
        for name, _, _ in FIGURES
    }
    leads = told["leads"]
    scale = Scale.of(each["above"] for each in leads)
    return FitPage(
        rows=[_row(each, scales) for each in every],
        inside=_row({**told["inside"], "id": NO_KEY, "name": "All personas"}, scales),
        stages=_stages(told),
        differences=_differences(told),
        leads=[
            LeadRow(each, scale.whisker(each["above"]), _lead_url(each))
            for each in sorted(leads, key=lambda each: -each["above"]["value"])
        ],
        says=told["leads_say"],
        pays=any(each["pays"] for each in leads),
        untold=told["untold"],
        strangers=told["strangers"],
        stay_months=told["stay_months"],
        headings=[label for _, label, _ in FIGURES],
    )


def _row(told: Mapping[str, Any], scales: Mapping[str, Scale]) -> PersonaRow:
    selection = Selection().having("persona", _key(told["id"]))
    return PersonaRow(
        told=told,
        tone="outside" if told["id"] == "" else "unknown" if told["id"] is None else "inside",
        cells=tuple(_cell(told["figures"][name], unit, scales[name]) for name, _, unit in FIGURES),
        leads_url=_stage_url("leads", (_key(told["id"]),)),
        open_url=deals_url(_ended(selection, "open")),
        pursued_url=deals_url(_ended(selection, *_PURSUED)),
        won_url=deals_url(_ended(selection, "won")),
    )


def _key(persona: str | None) -> str:
    """Return how addresses call a row; all personas together have no address of their own."""
    return NO_KEY if persona == NO_KEY else persona_key(persona)


def _ended(selection: Selection, *outcomes: str) -> Selection:
    return replace(selection, values=MappingProxyType({**selection.values, "outcome": outcomes}))


def _cell(estimate: Mapping[str, Any] | None, unit: str, scale: Scale) -> Cell:
    return Cell(unit, estimate, scale.whisker(estimate) if estimate else None)


def _differences(told: Mapping[str, Any]) -> list[tuple[str, str, Cell]]:
    found = []
    named = {name: (label, unit) for name, label, unit in FIGURES}
    for each in told["differences"]:
        label, unit = named[each["figure"]]
        shown = "points" if unit == "rate" else unit
        cell = _cell(each["estimate"], shown, Scale.of([each["estimate"]]))
        found.append((label, each["says"], cell))
    return found


def _stages(told: Mapping[str, Any]) -> list[Stage]:
    sides = (told["inside"], told["outside"], told["unknown"])
    named = tuple(each["id"] for each in told["personas"]) or (NO_KEY,)
    urls = {
        name: tuple(_stage_url(name, personas) for personas in (named, (OUTSIDE,), (UNKNOWN,)))
        for name, _ in _STAGES
    }
    found = [
        _stage(label, [side["reach"][name] for side in sides], urls[name])
        for name, label in _STAGES
    ]
    stayed = [side["stays"]["stayed"] for side in sides]
    return [*found, _stage("Customers who stay", stayed, urls["deals_won"])]


def _stage(label: str, counts: Sequence[int], urls: Sequence[str]) -> Stage:
    inside, outside, _ = counts
    known = inside + outside
    parts = parts_of(dict(zip(("held", "given", "unknown"), counts, strict=True)))
    return Stage(
        label, inside / known if known else None, parts, tuple(zip(counts, urls, strict=True))
    )


def _stage_url(name: str, personas: tuple[str, ...]) -> str:
    """Return where a number of a stage opens: leads, or deals; customers reached have no rows."""
    selection = Selection(MappingProxyType({"persona": personas}))
    if name == "leads":
        return f"{reverse('ledger:leads')}?{selection.query}"
    if name == "accounts_reached":
        return ""
    return deals_url(_ended(selection, *(_PURSUED if name == "deals_pursued" else ("won",))))


def _lead_url(lead: Mapping[str, Any]) -> str:
    selection = Selection().having("persona", None).having(lead["by"], lead["name"])
    return deals_url(_ended(selection, *_PURSUED))


def _has_any(told: Mapping[str, Any]) -> bool:
    return any(told["reach"].values())
