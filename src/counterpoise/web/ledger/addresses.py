"""Addresses within the ledger that carry a selection along."""

from __future__ import annotations

from functools import cache

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.ledger.waterfall import StepName
from counterpoise.web.ledger.selection import PARTS, Selection


def ledger_url(selection: Selection, **further: str) -> str:
    """Return the ledger's address for a selection."""
    return _with(_path("ledger:home"), selection, further)


def deals_url(selection: Selection, **further: str) -> str:
    """Return the address of the deals of a selection."""
    return _with(_path("ledger:deals"), selection, further)


def file_url(name: str, form: str, selection: Selection, **further: str) -> str:
    """Return the address of a table as a file."""
    return _with(reverse("ledger:file", args=[name, form]), selection, further)


def step_url(selection: Selection, step: StepName) -> str:
    """Return the address of the deals behind a step of the waterfall."""
    if step in PARTS:
        return deals_url(selection.with_part(step))
    return won_url(selection)


def won_url(selection: Selection) -> str:
    """Return the address of the deals that were won."""
    return deals_url(selection.having("outcome", "won"))


@cache
def _path(name: str) -> str:
    """Return an address without parts that vary; a page has a hundred of them."""
    return reverse(name)


def _with(path: str, selection: Selection, further: dict[str, str]) -> str:
    carried = urlencode([*selection.pairs, *((k, v) for k, v in further.items() if v)])
    return f"{path}?{carried}" if carried else path
