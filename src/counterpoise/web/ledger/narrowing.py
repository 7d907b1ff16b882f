"""What a page of the ledger offers to narrow by, where it is not the deals of the first page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from counterpoise.web.ledger.page import Choice, Filter
from counterpoise.web.ledger.selection import Chip, Selection, chips_of, label_of, without_any

MOST_CHOICES = 200
"""Choices that a filter offers; an address may name any."""


@dataclass(frozen=True)
class Narrowing:
    """The filters of a page, those that are set, and where its form goes."""

    url: str
    chips: list[Chip]
    filters: list[Filter]
    further: Mapping[str, str]
    """What the address keeps beside them."""


def narrowed_to(selection: Selection, names: tuple[str, ...]) -> Selection:
    """Return what a selection says of some names alone."""
    values = {name: found for name, found in selection.values.items() if name in names}
    return replace(Selection(), values=MappingProxyType(values))


def narrowing(
    url: str,
    selection: Selection,
    offered: Mapping[str, Mapping[str, str]],
    further: Mapping[str, str],
) -> Narrowing:
    """Offer filters.

    Args:
        url: Where the form goes.
        selection: What is selected.
        offered: By filter, what its values are called; in their order.
        further: What the address keeps.
    """
    filters = [_filter(name, values, selection) for name, values in offered.items() if values]
    return Narrowing(url, chips_of(selection, offered), filters, further)


def _filter(name: str, values: Mapping[str, str], selection: Selection) -> Filter:
    chosen = selection.of(name)
    pairs = list(values.items())[:MOST_CHOICES]
    more = {**without_any(name), **{value: value for value in chosen}}
    pairs += [(value, label) for value, label in more.items() if value not in dict(pairs)]
    choices = tuple(Choice(key, label, key in chosen) for key, label in pairs)
    return Filter(name, label_of(name), choices)
