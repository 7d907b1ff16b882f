"""The feature `promotions`."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from counterpoise.web.places import Feature, Place


class PromotionsFeature(Feature):
    """The promotion calendar, requests for promotions and their approvals."""

    name = "counterpoise.web.promotions"
    label = "promotions"
    prefix = "promotions/"
    place = Place("Promotions", "promotions:calendar", "calendar", 32)

    def ready(self) -> None:
        """Guard what was decided anew after every migration, which may have rebuilt its table."""
        post_migrate.connect(_guard, sender=self)


def _guard(sender: AppConfig, using: str, **_rest: Any) -> None:  # noqa: ARG001 - the signal's shape
    from counterpoise.web.promotions import guards

    guards.install(connections[using])
