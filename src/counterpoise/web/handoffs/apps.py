"""The feature `handoffs`."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from counterpoise.web.places import Feature, Place


class HandoffsFeature(Feature):
    """Leads that marketing passes and sales answers."""

    name = "counterpoise.web.handoffs"
    label = "handoffs"
    prefix = "handoffs/"
    place = Place("Hand-offs", "handoffs:board", "swap", 33)

    def ready(self) -> None:
        """Guard what happened anew after every migration, which may have rebuilt its table."""
        post_migrate.connect(_guard, sender=self)


def _guard(sender: AppConfig, using: str, **_rest: Any) -> None:  # noqa: ARG001 - the signal's shape
    from counterpoise.web.handoffs import guards

    guards.install(connections[using])
