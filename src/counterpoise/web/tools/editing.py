"""Making, changing and retiring tools, and keeping their files."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.live import live
from counterpoise.web.once import once_key
from counterpoise.web.people.models import User
from counterpoise.web.tools.library import card_of
from counterpoise.web.tools.models import Tool, ToolFile
from counterpoise.web.tools.rights import refuse_unless_making


class ToolError(CounterpoiseError, ValueError):
    """A tool cannot be kept as it was given."""


class ChangedMeanwhileError(CounterpoiseError):
    """Somebody changed the tool since the form was opened."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"“{title}” was changed by somebody else since you opened it; nothing was overwritten. "
            "Open it anew and make your change again."
        )


@dataclass(frozen=True)
class Brought:
    """A file that somebody brings."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Written:
    """A tool as it was filled in, checked by the form.

    Attributes:
        fields: By column of `Tool`, what is to stand there; `owner` a person.
        file: The new file; None keeps the one that is there.
        drops_file: Take the file away.
    """

    fields: Mapping[str, Any]
    file: Brought | None = None
    drops_file: bool = False


def make(user: User, written: Written, token: str, now: dt.datetime | None = None) -> Tool:
    """Make a tool; the same form makes the same one once.

    Raises:
        NotYoursError: If they are not of marketing.
    """
    refuse_unless_making(user)
    at = now or timezone.now()
    key = once_key(token, sorted(written.fields.items()), written.file)
    try:
        with transaction.atomic():
            tool = Tool.objects.create(
                tool_id=f"room-{secrets.token_hex(5)}",
                token=key,
                made_by=user,
                made_at=at,
                changed_at=at,
                **written.fields,
            )
            _keep_file(tool, written, at)
            record(user, "tool.made", f"tool:{tool.tool_id}", _audited(tool))
    except IntegrityError:
        former = Tool.objects.filter(made_by=user, token=key).first()
        if former is None:
            raise
        return former
    return tool


def change(
    user: User, tool_id: str, revision: int, written: Written, now: dt.datetime | None = None
) -> Tool:
    """Change a tool, or add to an imported one.

    Args:
        user: Who changes it.
        tool_id: Its id in the books.
        revision: The revision that they read; 0 for an imported tool that nothing was added to.
        written: What is to stand there.
        now: The instant.

    Raises:
        NotYoursError: If they are not of marketing.
        Tool.DoesNotExist: If there is no such tool.
        ChangedMeanwhileError: If it is another revision by now.
    """
    refuse_unless_making(user)
    at = now or timezone.now()
    with transaction.atomic():
        tool = Tool.objects.select_for_update().filter(tool_id=tool_id).first()
        if tool is None:
            tool = _added_to(user, tool_id, revision, written, at)
        else:
            if tool.revision != revision:
                raise ChangedMeanwhileError(tool.title)
            for name, value in written.fields.items():
                setattr(tool, name, value)
            tool.revision, tool.changed_at = revision + 1, at
            tool.save()
        _keep_file(tool, written, at)
        record(user, "tool.changed", f"tool:{tool.tool_id}", _audited(tool))
    return tool


def retire(user: User, tool_id: str, *, back: bool, now: dt.datetime | None = None) -> bool:
    """Offer a tool no longer, or again; tell whether that changed anything.

    Raises:
        NotYoursError: If they are not of marketing.
        Tool.DoesNotExist: If there is no such tool.
    """
    refuse_unless_making(user)
    at = now or timezone.now()
    with transaction.atomic():
        if not Tool.objects.filter(tool_id=tool_id).exists():
            _added_to(user, tool_id, 0, Written(_imported_fields(tool_id)), at)
        found = Tool.objects.filter(tool_id=tool_id, retired_at__isnull=not back)
        changed = bool(found.update(retired_at=None if back else at))
        if changed:
            record(user, "tool.offered" if back else "tool.retired", f"tool:{tool_id}")
    return changed


def _added_to(user: User, tool_id: str, revision: int, written: Written, now: dt.datetime) -> Tool:
    """Begin what the room adds to an imported tool."""
    if live().tool(tool_id) is None:
        raise Tool.DoesNotExist(tool_id)
    card = card_of(tool_id)
    title = card.title if card else tool_id
    if revision:
        raise ChangedMeanwhileError(title)
    try:
        with transaction.atomic():
            return Tool.objects.create(
                tool_id=tool_id,
                is_imported=True,
                token=hashlib.sha256(tool_id.encode()).hexdigest(),
                made_by=user,
                made_at=now,
                changed_at=now,
                **written.fields,
            )
    except IntegrityError:
        raise ChangedMeanwhileError(title) from None


def _imported_fields(tool_id: str) -> Mapping[str, Any]:
    card = card_of(tool_id)
    if card is None:
        raise Tool.DoesNotExist(tool_id)
    names = ("title", "kind", "product_family", "persona", "competitor")
    return {name: getattr(card, name) for name in names} | {"owner_id": card.owner_id}


def _keep_file(tool: Tool, written: Written, now: dt.datetime) -> None:
    if written.file is not None:
        kept = {
            "name": written.file.name,
            "size": len(written.file.content),
            "content": written.file.content,
            "at": now,
        }
        ToolFile.objects.update_or_create(tool=tool, defaults=kept)
    elif written.drops_file:
        ToolFile.objects.filter(tool=tool).delete()


def _audited(tool: Tool) -> dict[str, Any]:
    return {
        "family": tool.product_family,
        "persona": tool.persona,
        "expires_on": tool.expires_on.isoformat() if tool.expires_on else None,
        "owner": f"person:{tool.owner_id}" if tool.owner_id else None,
        "revision": tool.revision,
    }
