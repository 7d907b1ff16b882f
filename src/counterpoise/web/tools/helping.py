"""What helps: the measure of tools as its page shows it, for everybody, without people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.ledger.behind import behind_url
from counterpoise.web.ledger.whiskers import Scale, Whisker
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.results.tools import kept_tools
from counterpoise.web.tools.library import Card, Counts, cards, counts_by_tool
from counterpoise.web.tools.rights import may_make, may_use

Estimate = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """An estimate with its line."""

    estimate: Estimate
    whisker: Whisker


@dataclass(frozen=True)
class ToolLine:
    """A tool and what its use goes with."""

    told: Mapping[str, Any]
    url: str
    deals_url: str
    wins: Difference | None
    rate: Difference | None
    counts: Counts
    is_offered: bool


@dataclass(frozen=True)
class UnusedLine:
    """A tool that nobody used up to the review."""

    told: Mapping[str, Any]
    url: str


@dataclass(frozen=True)
class GapLine:
    """Where deals are lost without a tool, and where to go on."""

    told: Mapping[str, Any]
    url: str


@dataclass(frozen=True)
class HelpingPage:
    """What tools go with, which lie unused, and where one lacks."""

    why: str
    lines: list[ToolLine]
    unused: list[UnusedLine]
    gaps: list[GapLine]
    act: str
    """What the reader may do about a gap."""


def helping_page(user: User, kept: KeptReview) -> HelpingPage | None:
    """Lay out what the review found; None where it measured no tools."""
    told = kept_tools(kept)
    if told is None:
        return None
    known = {card.tool_id: card for card in cards()}
    counts, today = counts_by_tool(), timezone.localdate()
    wins = Scale.of(each["wins"] for each in told["used"])
    rate = Scale.of(each["rate"] for each in told["used"])
    return HelpingPage(
        why=told["why"],
        lines=[
            ToolLine(
                each,
                _url(each["tool_id"], known),
                behind_url("tools", tool=each["tool_id"]),
                _difference(each["wins"], wins, each),
                _difference(each["rate"], rate, each),
                counts.get(each["tool_id"], Counts()),
                each["tool_id"] in known and known[each["tool_id"]].is_offered(today),
            )
            for each in told["used"]
        ],
        unused=[
            UnusedLine(each, _url(each["tool_id"], known))
            for each in told["unused"]
            if each["tool_id"] in known
            and known[each["tool_id"]].is_offered(today)
            and each["tool_id"] not in counts
        ],
        gaps=[GapLine(each, _gap_url(user, each)) for each in told["gaps"]],
        act=_act(user),
    )


def told_of(tool_id: str, kept: KeptReview | None) -> Mapping[str, Any] | None:
    """Return what the review tells of one tool that was used."""
    told = kept_tools(kept) if kept else None
    return next((each for each in (told or {}).get("used", ()) if each["tool_id"] == tool_id), None)


def used_ids(kept: KeptReview | None) -> frozenset[str]:
    """Return the tools that were used up to the review, on whatever deal or none."""
    told = kept_tools(kept) if kept else None
    return frozenset(each["tool_id"] for each in (told or {}).get("used", ()))


def _difference(
    estimate: Estimate | None, scale: Scale, told: Mapping[str, Any]
) -> Difference | None:
    if estimate is None:
        return None
    marked = {**estimate, "is_small": told["is_small"]}
    return Difference(marked, scale.whisker(marked))


def _url(tool_id: str, known: Mapping[str, Card]) -> str:
    return reverse("tools:tool", args=[tool_id]) if tool_id in known else ""


def _act(user: User) -> str:
    if may_make(user):
        return "Make one"
    return "Ask for one" if may_use(user) else ""


def _gap_url(user: User, gap: Mapping[str, Any]) -> str:
    name = "tools:new" if may_make(user) else "tools:ask"
    about = {name: gap[name] for name in ("competitor", "product_family")}
    return f"{reverse(name)}?{urlencode(about)}"
