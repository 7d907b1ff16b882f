"""The library as its page shows it: narrowed, in order of objections, with what was used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils import timezone

from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.tools.library import Card, Counts, agreement_today, cards, counts_by_tool
from counterpoise.web.tools.rights import may_make, may_use

A_PAGE = 48
STATES: Mapping[str, str] = {
    "offered": "Offered",
    "unused": "Never used",
    "over": "Over or retired",
    "all": "All",
}
_FILTERS = ("objection", "product_family", "persona", "competitor")
_LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """What the page is narrowed to; `deal` is whose deal a use is for."""

    state: str = "offered"
    words: str = ""
    objection: str = ""
    product_family: str = ""
    persona: str = ""
    competitor: str = ""
    deal: str = ""
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """Read the parameters of an address; what is unknown is left out."""
        told = {name: _plain(given.get(name, "")) for name in (*_FILTERS, "words", "deal")}
        state, page = given.get("state", ""), given.get("page", "")
        return cls(
            **told,
            state=state if state in STATES else "offered",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )

    def url(self, **changed: str) -> str:
        """Return the address of the page with something changed."""
        told = {name: value for name, value in vars(self).items() if name != "page"} | changed
        query = urlencode({n: v for n, v in told.items() if v and (n, v) != ("state", "offered")})
        return f"?{query}" if query else "?"

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything is left out beside what is not offered."""
        return bool(self.words) or any(getattr(self, name) for name in _FILTERS)


@dataclass(frozen=True)
class Line:
    """A tool of the list."""

    card: Card
    counts: Counts
    is_over: bool
    ends_soon: bool


@dataclass(frozen=True)
class LibraryPage:
    """The library, a page of it, by objection."""

    asked: Asked
    parts: list[tuple[str, list[Line]]]
    page: Page[Line]
    count: int
    states: list[tuple[str, str, bool]]
    choices: Mapping[str, list[str]]
    may_make: bool
    may_use: bool


def library_page(
    user: User, asked: Asked, used: frozenset[str], today: dt.date | None = None
) -> LibraryPage:
    """Return a page of the library; `used` are tools that the books know as used."""
    on, counts = today or timezone.localdate(), counts_by_tool()
    everything, known = cards(), used.union(counts)
    shown = [_line(card, counts, on) for card in everything if _is_asked(card, asked, known, on)]
    shown.sort(key=lambda line: (not line.card.objection, line.card.objection.casefold()))
    page = Paginator(shown, A_PAGE).get_page(asked.page)
    parts = groupby(page.object_list, key=lambda line: line.card.objection.casefold())
    return LibraryPage(
        asked=asked,
        parts=[(found[0].card.objection, found) for _, each in parts if (found := list(each))],
        page=page,
        count=len(shown),
        states=[
            (label, asked.url(state=name), name == asked.state) for name, label in STATES.items()
        ],
        choices={name: _told(everything, name) for name in _FILTERS},
        may_make=may_make(user),
        may_use=may_use(user),
    )


def suggestions() -> Mapping[str, list[str]]:
    """Return what fields of forms suggest: what stands on tools, and families of the books."""
    everything = cards()
    families = {str(each["family"]) for each in live().products() if each["family"]}
    told = {
        "objections": _told(everything, "objection"),
        "tool-kinds": _told(everything, "kind"),
        "families": sorted(families.union(_told(everything, "product_family"))),
        "competitors": _told(everything, "competitor"),
        "stages": _told(everything, "stage"),
    }
    return {name: each[:_LONGEST] for name, each in told.items()}


def value_names(card: Card) -> list[str]:
    """Return the value propositions of a tool in words."""
    agreement = agreement_today()
    says = {each.id: each.says for each in agreement.values} if agreement else {}
    return [says.get(each, each) for each in card.values]


def persona_name(card: Card) -> str:
    """Return the persona of a tool in words."""
    agreement = agreement_today()
    names = {each.id: each.name or each.id for each in agreement.personas} if agreement else {}
    return names.get(card.persona, card.persona)


def _is_asked(card: Card, asked: Asked, used: frozenset[str], on: dt.date) -> bool:
    is_offered = card.is_offered(on)
    if asked.state == "over" and is_offered:
        return False
    if asked.state in {"offered", "unused"} and not is_offered:
        return False
    if asked.state == "unused" and card.tool_id in used:
        return False
    for name in _FILTERS:
        wanted = getattr(asked, name)
        if wanted and getattr(card, name).casefold() != wanted.casefold():
            return False
    return holds(card, asked.words)


def holds(card: Card, words: str) -> bool:
    """Tell whether a tool holds every word that is searched."""
    told = (card.title, card.kind, card.objection, card.sentence, card.product_family)
    text = " ".join([*told, card.competitor, card.persona, card.proof]).casefold()
    return all(word in text for word in words.casefold().split())


def _line(card: Card, counts: Mapping[str, Counts], on: dt.date) -> Line:
    return Line(
        card,
        counts.get(card.tool_id, Counts()),
        card.is_retired or card.is_over(on),
        card.ends_soon(on),
    )


def _told(found: Iterable[Card], name: str) -> list[str]:
    """Return what tools say of one thing, each once, whatever its case."""
    known: dict[str, str] = {}
    for card in found:
        if value := getattr(card, name):
            known.setdefault(value.casefold(), value)
    return sorted(known.values(), key=str.casefold)


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()[:_LONGEST]
