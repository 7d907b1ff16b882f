"""Recording an act, in the same transaction as the act itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from pydantic import JsonValue

from counterpoise.web.audit import heads
from counterpoise.web.audit.chain import FIRST, Written, canonical, chain_key
from counterpoise.web.audit.models import LONGEST_ACT, LONGEST_SUBJECT, Entry

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

# Any number, the same for every process: who holds it on PostgreSQL writes the next entry.
_WRITER = 0x636F756E746572


def record(
    actor: User | None, act: str, subject: str, detail: Mapping[str, JsonValue] | None = None
) -> None:
    """Add an entry to the trail, as the last write of the transaction that does the act.

    Args:
        actor: Who acted; None for the room itself.
        act: What was done, such as `request.approved`.
        subject: What it was done to, such as `request:17`.
        detail: Ids and figures; names and addresses never, since entries cannot be erased.
    """
    _refuse_long(act, subject)
    with transaction.atomic(savepoint=False):
        connection = connections["default"]
        _wait_for_turn(connection)
        count, previous = _last()
        written = Written(
            count + 1,
            timezone.now(),
            actor.pk if actor else None,
            act,
            subject,
            canonical(detail or {}),
            previous,
        )
        mac = written.mac(chain_key())
        Entry(**vars(written), mac=mac).save(force_insert=True)
        transaction.on_commit(partial(heads.keep, heads.Head(written.sequence, mac)))


def head() -> heads.Head | None:
    """Return the head of the trail as the database has it; None before the first entry."""
    count, mac = _last()
    return heads.Head(count, mac) if count else None


def _last() -> tuple[int, str]:
    found = Entry.objects.order_by("-sequence").values_list("sequence", "mac").first()
    return found or (0, FIRST)


def _wait_for_turn(connection: BaseDatabaseWrapper) -> None:
    """Let one writer at a time see the end of the trail, until its transaction ends.

    SQLite has one writer anyway: our transactions begin as writing ones.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITER])


def _refuse_long(act: str, subject: str) -> None:
    for name, text, longest in (
        ("act", act, LONGEST_ACT),
        ("subject", subject, LONGEST_SUBJECT),
    ):
        if not 0 < len(text) <= longest:
            raise ValueError(f"an entry's {name} has 1 to {longest} characters, not {len(text)}")
