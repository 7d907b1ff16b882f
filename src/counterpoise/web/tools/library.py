"""The library: imported tools and those made in the room, as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.web import house
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.tools.models import Tool, ToolFile, Use

EXPIRES_SOON = dt.timedelta(days=14)
"""How long before its last day the owner of a tool is told."""

_SHARED = ("title", "kind", "product_family", "persona", "competitor")
_OWN = ("objection", "sentence", "proof", "question", "link", "stage")


@dataclass(frozen=True)
class Card:
    """A tool as everybody reads it."""

    tool_id: str
    title: str
    kind: str = ""
    objection: str = ""
    sentence: str = ""
    proof: str = ""
    question: str = ""
    link: str = ""
    values: tuple[str, ...] = ()
    """Ids of value propositions."""
    product_family: str = ""
    persona: str = ""
    """The id of a persona of the agreement, or what was written."""
    competitor: str = ""
    stage: str = ""
    owner_id: int | None = None
    owner: str = ""
    made_on: dt.date | None = None
    expires_on: dt.date | None = None
    is_retired: bool = False
    is_imported: bool = False
    revision: int = 0
    """Of what the room holds of it; 0 where it holds nothing."""
    file: ToolFile | None = field(default=None, compare=False)
    """Its file without the content."""

    def is_offered(self, today: dt.date) -> bool:
        """Tell whether it is offered on a day."""
        return not self.is_retired and not self.is_over(today)

    def is_over(self, today: dt.date) -> bool:
        """Tell whether its last day is past."""
        return self.expires_on is not None and self.expires_on < today

    def ends_soon(self, today: dt.date) -> bool:
        """Tell whether its last day is near."""
        if self.expires_on is None or self.is_over(today):
            return False
        return self.expires_on <= today + EXPIRES_SOON


@dataclass(frozen=True)
class Counts:
    """How often a tool was used and helped, in the room."""

    used: int = 0
    helped: int = 0


def cards() -> list[Card]:
    """Return every tool, by title; retired and expired ones too."""
    made = {
        tool.tool_id: tool
        for tool in Tool.objects.select_related("owner", "file").defer("file__content")
    }
    personas, owners = persona_ids(), _users_by_person()
    found = [_imported(row, made.pop(row["tool_id"], None), owners) for row in live().tools()]
    found += [_of_room(tool) for tool in made.values()]
    named = (_with_persona(card, personas) for card in found)
    return sorted(named, key=lambda card: (card.title.casefold(), card.tool_id))


def offered_cards(today: dt.date | None = None) -> list[Card]:
    """Return the tools that are offered today: neither retired nor past their last day."""
    on = today or timezone.localdate()
    return [card for card in cards() if card.is_offered(on)]


def card_of(tool_id: str) -> Card | None:
    """Return a tool by its id in the books."""
    if "\x00" in tool_id:
        return None
    found = Tool.objects.select_related("owner", "file").defer("file__content")
    tool = found.filter(tool_id=tool_id).first()
    row = live().tool(tool_id)
    if row is not None:
        return _with_persona(_imported(row, tool, _users_by_person()), persona_ids())
    return None if tool is None else _with_persona(_of_room(tool), persona_ids())


def titles(tool_ids: Sequence[str]) -> Mapping[str, str]:
    """Return the titles of tools by id; an unknown one is called by its id."""
    found = dict(Tool.objects.filter(tool_id__in=tool_ids).values_list("tool_id", "title"))
    for tool_id in tool_ids:
        if tool_id not in found:
            row = live().tool(tool_id)
            found[tool_id] = str(row["title"] or tool_id) if row else tool_id
    return found


def counts_by_tool() -> Mapping[str, Counts]:
    """Return how often each tool was used and helped, in the room."""
    helped = Count("pk", filter=Q(helped_at__isnull=False))
    rows = Use.objects.order_by().values("tool_id").annotate(used=Count("pk"), helped=helped)
    return {row["tool_id"]: Counts(row["used"], row["helped"]) for row in rows}


def agreement_today() -> Agreement | None:
    """Return the agreement of today, else the latest."""
    agreements = house.agreements()
    version = agreements.on(timezone.localdate()) or agreements.latest
    return version.agreement if version else None


def persona_ids() -> Mapping[str, str]:
    """Return the id of a persona by its id or name, in small letters."""
    agreement = agreement_today()
    return {
        word.casefold(): persona.id
        for persona in (agreement.personas if agreement else ())
        for word in (persona.name, persona.id)
        if word
    }


def _users_by_person() -> Mapping[str, User]:
    known = User.objects.filter(is_active=True).exclude(person_id="")
    return {user.person_id: user for user in known}


def _imported(row: Mapping[str, Any], tool: Tool | None, owners: Mapping[str, User]) -> Card:
    """Return an imported tool, with what the room adds to it."""
    told: dict[str, Any] = {name: str(row[name] or "") for name in _SHARED}
    owner = owners.get(row["owner_id"] or "")
    if tool is None:
        return Card(
            tool_id=row["tool_id"],
            **{**told, "title": told["title"] or row["tool_id"]},
            owner_id=owner.pk if owner else None,
            owner=str(owner) if owner else "",
            made_on=_day(row["created_at"]),
            is_imported=True,
        )
    return _card(tool, made_on=_day(row["created_at"]), owner=tool.owner or owner)


def _of_room(tool: Tool) -> Card:
    return _card(tool, made_on=timezone.localdate(tool.made_at), owner=tool.owner)


def _card(tool: Tool, *, made_on: dt.date | None, owner: User | None) -> Card:
    return Card(
        tool_id=tool.tool_id,
        **{name: getattr(tool, name) for name in (*_SHARED, *_OWN)},
        values=tuple(tool.value_ids),
        owner_id=owner.pk if owner else None,
        owner=str(owner) if owner else "",
        made_on=made_on,
        expires_on=tool.expires_on,
        is_retired=tool.retired_at is not None,
        is_imported=tool.is_imported,
        revision=tool.revision,
        file=getattr(tool, "file", None),
    )


def _with_persona(card: Card, personas: Mapping[str, str]) -> Card:
    known = personas.get(card.persona.casefold(), card.persona) if card.persona else ""
    return card if known == card.persona else replace(card, persona=known)


def _day(at: Any) -> dt.date | None:
    return at.date() if isinstance(at, dt.datetime) else at
