"""What every template may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from counterpoise.web import house
from counterpoise.web.places import features, places
from counterpoise.web.shell.bundle import fingerprint
from counterpoise.web.shell.viewing import viewer_side, viewpoints

COMPONENTS = tuple(
    f"shell/components/{name}.css"
    for name in (
        "room",
        "plain",
        "layout",
        "card",
        "figures",
        "table",
        "list",
        "state",
        "button",
        "form",
        "notice",
        "tabs",
        "menu",
        "timeline",
        "clause",
        "verdict",
        "balance",
        "chart",
    )
)


@dataclass(frozen=True)
class ShownPlace:
    """An entry of the navigation as a page shows it."""

    label: str
    url: str
    icon: str
    is_current: bool


def room(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation that this person has, the side they look from, and the currency."""
    shown: dict[str, Any] = {
        "components": COMPONENTS,
        "icons_url": static("shell/icons.svg"),
        "charts_url": reverse("shell:charts", args=[fingerprint()]),
        "currency": house.workspace().currency,
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return shown
    return shown | {
        "places": _shown_places(request.path, is_administrator=user.is_administrator),
        "search_url": _start_of("search"),
        "profile_url": _start_of("profile"),
        "viewpoints": viewpoints(request),
        "viewer_side": viewer_side(request),
    }


def _shown_places(path: str, *, is_administrator: bool) -> list[ShownPlace]:
    open_here = [each for each in places() if is_administrator or not each.is_for_administrators]
    addresses = [reverse(each.url_name) for each in open_here]
    nearest = max(
        (each for each in addresses if each != "/" and path.startswith(each)),
        key=len,
        default="/" if path == "/" else None,
    )
    return [
        ShownPlace(each.label, address, each.icon, address == nearest)
        for each, address in zip(open_here, addresses, strict=True)
    ]


def _start_of(label: str) -> str | None:
    return next((f"/{each.prefix}" for each in features() if each.label == label), None)
