"""Seal the secrets of second factors that were kept in the open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import migrations

from counterpoise.web.profile.sealing import is_sealed, sealed, unsealed

_SECRETS = ("secret", "seed")
_CODES = "migrated_codes"


def _seal(apps: Any, schema_editor: Any) -> None:
    _change(apps, schema_editor, lambda text: text if is_sealed(text) else sealed(text))


def _unseal(apps: Any, schema_editor: Any) -> None:
    _change(apps, schema_editor, lambda text: unsealed(text) if is_sealed(text) else text)


def _change(apps: Any, schema_editor: Any, written: Callable[[str], str]) -> None:
    kept = apps.get_model("mfa", "Authenticator").objects.using(schema_editor.connection.alias)
    for each in kept.filter(type__in=("totp", "recovery_codes")).order_by("pk"):
        for name in _SECRETS:
            if name in each.data:
                each.data[name] = written(each.data[name])
        if _CODES in each.data:
            each.data[_CODES] = [written(code) for code in each.data[_CODES]]
        each.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("profile", "0002_shared_cache"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations: ClassVar = [migrations.RunPython(_seal, _unseal)]
