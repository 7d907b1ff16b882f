"""The feature `desk`."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from counterpoise.web.places import Feature, Place


class DeskFeature(Feature):
    """Questions to the desk, requests on record and their approvals."""

    name = "counterpoise.web.desk"
    label = "room_desk"
    prefix = "desk/"
    place = Place(label="Desk", url_name="desk:start", icon="desk", order=30)

    def ready(self) -> None:
        """Guard what was decided anew after every migration, which may have rebuilt its table."""
        post_migrate.connect(_guard, sender=self)


def _guard(sender: AppConfig, using: str, **_rest: Any) -> None:  # noqa: ARG001 - the signal's shape
    from counterpoise.web.desk import guards

    guards.install(connections[using])
