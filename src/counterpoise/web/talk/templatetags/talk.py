"""The thread of a thing at the foot of its page, and links to the threads of clauses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.db.models import Q
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from counterpoise.web.access import user_of
from counterpoise.web.places import features
from counterpoise.web.talk.models import Words
from counterpoise.web.talk.quoting import Figure, seal
from counterpoise.web.talk.showing import thread_shown
from counterpoise.web.talk.states import Kind, QuestionState
from counterpoise.web.talk.things import thing_for

register = template.Library()
_LONGEST_URL = 500
_TABS = {
    "reviews": "Joint reviews",
    "promises": "Promises",
    "thanks": "Thanks",
    "pulse": "Pulse",
}
"""Pages of other features below the same address, by the last part of it."""


@register.inclusion_tag("talk/_foot.html", takes_context=True)
def thread(context: Context, kind: str, id_: object) -> dict[str, Any]:
    """Show the thread of a thing that opens to the reader: `{% thread "deal" deal_id %}`."""
    request: HttpRequest = context["request"]
    thing = thing_for(user_of(request), f"{kind}:{id_}")
    if thing is None or thing.is_shut:
        return {}
    shared = {name: context.get(name) for name in ("request", "icons_url", "user", "csrf_token")}
    return {**shared, **thread_shown(request, thing)}


@register.inclusion_tag("talk/_about.html", takes_context=True)
def talk_about(context: Context, clause: str) -> dict[str, Any]:
    """Link to the thread of a clause, saying whether a question is open there."""
    request: HttpRequest = context["request"]
    if not clause or not request.user.is_authenticated:
        return {}
    return {
        "clause": clause,
        "url": reverse("talk:thread", args=[f"{Kind.CLAUSE}:{clause}"]),
        "standing": _standings(request).get(clause, ""),
        "icons_url": context.get("icons_url"),
    }


def _standings(request: HttpRequest) -> Mapping[str, str]:
    """Return where the threads of clauses stand, read once a page."""
    found: Mapping[str, str] | None = getattr(request, "talk_standings", None)
    if found is None:
        about = Words.objects.filter(thing__startswith=f"{Kind.CLAUSE}:", withdrawn_at=None)
        said = dict.fromkeys(about.order_by().values_list("thing", flat=True).distinct(), "said")
        is_open = Q(question__state=QuestionState.OPEN)
        asked = about.filter(is_open).order_by().values_list("thing", flat=True).distinct()
        said |= dict.fromkeys(asked, "asked")
        found = {name.partition(":")[2]: standing for name, standing in said.items()}
        request.talk_standings = found  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class _Link:
    label: str
    value: str
    url: str


@register.inclusion_tag("talk/_quote_link.html", takes_context=True)
def quote(
    context: Context, label: str, value: object, note: str = "", **where: object
) -> dict[str, _Link | None]:
    """Link to quoting a figure as it stands: `{% quote "Held" page.held source="Balance" %}`.

    `source` names the page and `day` the day that it is of; `of` is whose it is, `person:R1` or a
    thing, and `about` the thing in whose thread it belongs. `url` is where the figure stands, where
    the page of the reader moves on without being loaded.
    """
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated or value in (None, ""):
        return {"link": None}
    return {"link": _link(request, str(label), str(value), str(note), where)}


@register.inclusion_tag("talk/_quotes.html", takes_context=True)
def quotes(context: Context, figures: Iterable[Any], **where: object) -> dict[str, list[_Link]]:
    """Link to quoting each of several figures with label, value and note."""
    request: HttpRequest = context["request"]
    if not request.user.is_authenticated:
        return {"links": []}
    return {
        "links": [
            _link(request, str(each.label), str(each.value), str(each.note), where)
            for each in figures
            if each.value
        ]
    }


def _link(
    request: HttpRequest, label: str, value: str, note: str, where: Mapping[str, object]
) -> _Link:
    told = {name: str(said or "") for name, said in where.items()}
    day = where.get("day")
    told["day"] = day.isoformat()[:10] if isinstance(day, dt.date) else told.get("day", "")[:10]
    owners = request.GET.getlist("owner")
    if owners and not told.get("of"):
        told["of"] = "\n".join(f"person:{each}" for each in owners)
    told["url"] = (told.get("url") or _address(request))[:_LONGEST_URL]
    figure = Figure(label[:200], value[:200], note[:300], **told)
    return _Link(label, value, reverse("talk:quote", args=[seal(figure, user_of(request))]))


def _address(request: HttpRequest) -> str:
    """Return the page that the figure stands on, also where a script asks for a part of it."""
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # no address at all, which no browser sends
        shown = urlsplit("")
    path = f"{shown.path}?{shown.query}" if shown.query else shown.path
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, None)
    return path if is_ours else request.get_full_path()


@dataclass(frozen=True)
class _Tab:
    label: str
    url: str
    is_current: bool


@register.inclusion_tag("talk/_tabs.html")
def talk_tabs(current: str) -> dict[str, Sequence[_Tab]]:
    """Link the pages of talk to each other: `{% talk_tabs "calendar" %}`."""
    there = {feature.prefix for feature in features()}
    found = ((name, label) for name, label in _TABS.items() if f"talk/{name}/" in there)
    return {
        "tabs": [
            _Tab("Talk", reverse("talk:home"), current == "talk"),
            _Tab("Campaigns", reverse("talk:calendar"), current == "calendar"),
            *(_Tab(label, f"/talk/{name}/", current == name) for name, label in found),
        ]
    }
