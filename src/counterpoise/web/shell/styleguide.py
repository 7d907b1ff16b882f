"""What the style guide shows: every component with made-up contents."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator

from counterpoise.web.shell.charts import GIVEN, HELD, finished

_SYMBOL = re.compile(r'<symbol id="([\w-]+)"')
_TOKEN = re.compile(r"^  --([a-z0-9-]+): #", re.MULTILINE)


class SampleForm(forms.Form):
    """One field of each kind."""

    account = forms.CharField(help_text="As the CRM names it.")
    rate = forms.DecimalField(label="Discount asked", required=False)
    role = forms.ChoiceField(choices=[("rep", "Rep"), ("lead", "Revenue lead")])
    why = forms.CharField(label="Why", required=False, widget=forms.Textarea)
    levers = forms.MultipleChoiceField(
        choices=[("term", "Three years"), ("prepaid", "Paid up front")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    file = forms.FileField(label="Export", required=False)
    told = forms.BooleanField(label="Tell the owner", required=False)


def shown() -> dict[str, Any]:
    """Return what the style guide shows."""
    return {
        "form": SampleForm(),
        "wrong": SampleForm({"role": "nobody"}),
        "icons": icons(),
        "tokens": tokens(),
        "page": Paginator(range(120), 25).page(2),
        "now": datetime.now(UTC),
        "spec": _chart(),
        "rows": [{"Quarter": "FY2026-Q1", "Held": "940"}, {"Quarter": "FY2026-Q2", "Held": "960"}],
        "states": ("good", "bad", "wait", "quiet"),
        "verdicts": (
            ("granted", "Granted"),
            ("needs-approval", "Needs the sales manager"),
            ("refused", "Refused"),
        ),
    }


@cache
def icons() -> list[str]:
    """Return the names of all icons."""
    return _SYMBOL.findall(_read("shell/icons.svg"))


@cache
def tokens() -> list[str]:
    """Return the names of all colours."""
    return list(dict.fromkeys(_TOKEN.findall(_read("shell/tokens.css"))))


def _read(name: str) -> str:
    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found).read_text(encoding="utf-8")


def _chart() -> dict[str, Any]:
    values = [
        {"quarter": f"Q{number}", "kind": kind, "amount": amount + number * 7}
        for number in range(1, 7)
        for kind, amount in (("held", 90), ("given", 12))
    ]
    return finished(
        {
            "data": {"values": values},
            "mark": "bar",
            "encoding": {
                "x": {"field": "quarter", "type": "nominal", "title": None},
                "y": {"field": "amount", "type": "quantitative", "title": None},
                "color": {
                    "field": "kind",
                    "scale": {"domain": ["held", "given"], "range": [HELD, GIVEN]},
                },
            },
        },
        180,
    )
