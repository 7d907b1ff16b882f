"""Doing one thing at a time, whichever process does it."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(what: str) -> None:
    """Wait until no other transaction does the same; the turn lasts until this one ends.

    SQLite has one writer anyway: our transactions begin as writing ones.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
