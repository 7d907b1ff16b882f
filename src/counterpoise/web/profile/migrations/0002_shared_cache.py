"""The table that all processes count attempts in and mark codes as used."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.management import call_command
from django.db import migrations

_TABLE = "shared_cache"


def _make(_apps: Any, schema_editor: Any) -> None:
    database = schema_editor.connection.alias
    call_command("createcachetable", _TABLE, database=database, verbosity=0)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("profile", "0001_links_and_attempts")]
    operations: ClassVar = [
        migrations.RunPython(
            _make,
            migrations.RunPython.noop,
        ),
    ]
