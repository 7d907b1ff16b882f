"""The feature `audit`."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from counterpoise.web.places import Feature


class AuditFeature(Feature):
    """The trail of what was done, and its verification."""

    name = "counterpoise.web.audit"
    label = "audit"
    prefix = "settings/audit/"

    def ready(self) -> None:
        """Guard the entries anew after every migration, which may have rebuilt their table."""
        post_migrate.connect(_guard, sender=self)


def _guard(sender: AppConfig, using: str, **_rest: Any) -> None:  # noqa: ARG001 - the signal's shape
    from counterpoise.web.audit import guards

    guards.install(connections[using])
