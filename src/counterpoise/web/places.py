"""What a feature adds to the whole room, declared in the feature's own folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import AppConfig, apps


@dataclass(frozen=True)
class Place:
    """An entry of the navigation."""

    label: str
    url_name: str
    icon: str
    order: int
    is_for_administrators: bool = False


class Feature(AppConfig):
    """A folder of the room. Its `urls` stand below `prefix`; `place` is its entry, if any."""

    default_auto_field = "django.db.models.BigAutoField"
    prefix = ""
    place: Place | None = None


def features() -> Iterator[Feature]:
    """Yield the room's own features."""
    return (found for found in apps.get_app_configs() if isinstance(found, Feature))


def places() -> list[Place]:
    """Return the entries of the navigation in their order."""
    found = (feature.place for feature in features())
    return sorted((place for place in found if place), key=lambda place: place.order)
