"""The feature `cracks`."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from counterpoise.web.places import Feature, Place


class CracksFeature(Feature):
    """Cracks, their answers, owners and healing."""

    name = "counterpoise.web.cracks"
    label = "room_cracks"
    prefix = "cracks/"
    place = Place("Cracks", "cracks:home", "crack", 35)

    def ready(self) -> None:
        """Guard what was found anew after every migration, which may have rebuilt its table."""
        post_migrate.connect(_guard, sender=self)


def _guard(sender: AppConfig, using: str, **_rest: Any) -> None:  # noqa: ARG001 - the signal's shape
    from counterpoise.web.cracks import guards

    guards.install(connections[using])
