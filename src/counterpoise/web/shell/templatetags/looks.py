"""Pictures that every template may draw: icons, bars, charts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from counterpoise.web.shell.templatetags import figures

register = template.Library()


@dataclass(frozen=True)
class Part:
    """A stretch of a bar, as shares of 100."""

    kind: str
    start: str
    length: str


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str) -> SafeString:
    """Draw an icon of the sprite; it says nothing to a screen reader."""
    return _drawn(context.get("icons_url") or static("shell/icons.svg"), name)


@lru_cache(maxsize=256)
def _drawn(sprite: str, name: str) -> SafeString:
    look = "mark" if name == "mark" else "icon"
    drawn = '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>'
    return format_html(drawn, look, sprite, name)


@register.inclusion_tag("shell/_weighed.html")
def weighed(held: float, given: float, most: float | None = None) -> dict[str, Any]:
    """Draw value held beside value given; `most` is the amount that fills the bar's length."""
    held, given = max(float(held or 0), 0), max(float(given or 0), 0)
    whole = max(float(most or 0), held + given)
    if whole <= 0:
        return {"parts": [], "says": "nothing to weigh"}
    first, second = held / whole * 100, given / whole * 100
    parts = [
        Part("held", "0", f"{first:.2f}"),
        Part("given", f"{first:.2f}", f"{second:.2f}"),
    ]
    said = f"{figures.money(held)} held, {figures.money(given)} given"
    return {"parts": [part for part in parts if float(part.length) > 0], "says": said}


@register.inclusion_tag("shell/_bar.html")
def bar(amount: float, most: float, kind: str = "held") -> dict[str, Any]:
    """Draw one amount as a part of the most."""
    share = min(max(float(amount or 0) / float(most), 0), 1) * 100 if most else 0
    return {"kind": kind, "length": f"{share:.2f}"}


@register.inclusion_tag("shell/_chart.html")
def chart(
    spec: Mapping[str, Any], caption: str, rows: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Draw a Vega-Lite spec, with its rows in a table beside it; keys of a row are headings."""
    return {
        "name": f"chart-{hashlib.sha256(caption.encode()).hexdigest()[:8]}",
        "spec": dict(spec),
        "caption": caption,
        "headings": list(rows[0]) if rows else [],
        "rows": [list(row.values()) for row in rows],
    }
