"""The sources that may be imported: those in the settings, and those that were allowed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from counterpoise.books.adapters import shipped_names
from counterpoise.books.sources.address import Address, is_address
from counterpoise.web import house
from counterpoise.web.books_room.models import Source
from counterpoise.web.options import RoomOptions

OF_SETTINGS = "settings:"
ALLOWED = "allowed:"


@dataclass(frozen=True)
class Choice:
    """A source that may be imported; `key` names it in forms and jobs, without its address."""

    key: str
    name: str
    shown: str
    address: str
    adapter: str = ""


def choices() -> list[Choice]:
    """Return every source that may be imported."""
    return [*_of_settings(), *_allowed()]


def choice(key: str) -> Choice | None:
    """Return the source of that key if it still may be imported."""
    return next((each for each in choices() if each.key == key), None)


def shown(address: str) -> str:
    """Return an address as people may see it."""
    return Address.parse(address).shown if is_address(address) else address


def adapters() -> list[str]:
    """Return the adapters that come with the product, and those in the workspace's own folder."""
    own = house.workspace().root / "adapters"
    there = sorted(each.parent.name for each in own.glob("*/adapter.toml"))
    return [*shipped_names(), *(f"{OWN}{name}" for name in there)]


OWN = "own:"
"""Before the name of an adapter that lies in the workspace's folder `adapters`."""


def adapter_of(name: str) -> str | Path | None:
    """Return what an import takes for the name of an adapter."""
    if name.startswith(OWN):
        return house.workspace().root / "adapters" / Path(name.removeprefix(OWN)).name
    return name or None


def _of_settings() -> Iterator[Choice]:
    for number, address in enumerate(RoomOptions.of(house.workspace()).sources):
        told = shown(address)
        yield Choice(f"{OF_SETTINGS}{number}", told, told, address)


def _allowed() -> Iterator[Choice]:
    for each in Source.objects.all():
        told = shown(each.address)
        yield Choice(f"{ALLOWED}{each.pk}", each.name, told, each.address, each.adapter)
