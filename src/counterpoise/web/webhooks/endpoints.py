"""Naming endpoints, changing and removing them; each is an entry of the audit trail."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.webhooks.models import Endpoint, Topic
from counterpoise.web.webhooks.posting import EndpointError, check_url

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

MOST = 20
"""The most endpoints that a room has."""


def add(user: User, url: str, topics: Collection[Topic]) -> Endpoint:
    """Name an address that is told of some things from now on.

    Raises:
        EndpointError: If it cannot be told, or there are too many.
    """
    check_url(url)
    named = sorted(topic.value for topic in topics)
    with transaction.atomic():
        if Endpoint.objects.count() >= MOST:
            raise EndpointError(f"There are {MOST} addresses already; remove one first.")
        made = Endpoint.objects.create(
            url=url, topics=named, nonce=_nonce(), made_by=user, made_at=timezone.now()
        )
        record(user, "webhook.added", f"webhook:{made.pk}", {"topics": [*named]})
    return made


def switch(user: User, endpoint: Endpoint, *, is_on: bool) -> None:
    """Stop telling an endpoint, or go on."""
    with transaction.atomic():
        if Endpoint.objects.filter(pk=endpoint.pk, is_on=not is_on).update(is_on=is_on):
            record(user, f"webhook.{'on' if is_on else 'off'}", f"webhook:{endpoint.pk}")


def renew(user: User, endpoint: Endpoint) -> Endpoint:
    """Give an endpoint another secret; messages from now on are signed with it."""
    with transaction.atomic():
        endpoint.nonce = _nonce()
        endpoint.save(update_fields=["nonce"])
        record(user, "webhook.secret_renewed", f"webhook:{endpoint.pk}")
    return endpoint


def remove(user: User, endpoint: Endpoint) -> None:
    """Remove an endpoint with what waits for it."""
    with transaction.atomic():
        record(user, "webhook.removed", f"webhook:{endpoint.pk}")
        endpoint.delete()


def _nonce() -> str:
    return secrets.token_hex(16)
