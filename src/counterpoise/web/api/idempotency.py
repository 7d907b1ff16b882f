"""Calls that may come twice: the same key and the same call get the same answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from counterpoise.errors import CounterpoiseError
from counterpoise.web.api.models import Answered, Token
from counterpoise.web.api.problems import refused

HEADER = "Idempotency-Key"
KEY = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
            "description": "The same key and call get the same answer, done once.",
        }
    ]
}
"""How the description of a call says that it may come twice."""
_READABLE = re.compile(r"[\x21-\x7e]{1,255}")


def once(
    request: HttpRequest,
    token: Token,
    act: Callable[[], HttpResponse],
    content: bytes | None = None,
) -> HttpResponse:
    """Act, or give the answer that the same call got before.

    The key is taken and the act done in one transaction, so that of two calls at the same instant
    one acts and the other waits for its answer. An act that is refused leaves the key free. Calls
    are the same by their body, or by `content` where that was taken apart already.

    Raises:
        ApiError: If the key is unreadable, or stands for another call.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not _READABLE.fullmatch(key):
        raise refused("key-not-readable", f"{HEADER} is 1 to 255 visible ASCII letters.")
    digest = _digest(request, request.body if content is None else content)
    with transaction.atomic():
        taken = _take(token, key, digest)
        done = None if taken is None else _act_for(taken, act)
    if done is None:
        return _again(Answered.objects.get(token=token, key=key), digest)
    if isinstance(done, CounterpoiseError):
        raise done
    return done


def _act_for(taken: Answered, act: Callable[[], HttpResponse]) -> HttpResponse | CounterpoiseError:
    """Act and keep the answer. A refusal frees the key; what it wrote on purpose stays."""
    try:
        response = act()
    except CounterpoiseError as error:
        taken.delete()
        return error
    taken.status, taken.body = response.status_code, response.content.decode()
    taken.save(update_fields=["status", "body"])
    return response


def _take(token: Token, key: str, digest: str) -> Answered | None:
    """Take a key, or return nothing where it is taken."""
    try:
        with transaction.atomic():
            return Answered.objects.create(token=token, key=key, request_digest=digest)
    except IntegrityError:
        return None


def _again(former: Answered, digest: str) -> HttpResponse:
    if former.request_digest != digest:
        says = f"{HEADER} {former.key} stands for another call; take a new key for a new call."
        raise refused("key-used", says, status=409)
    headers = {"Idempotent-Replayed": "true"}
    return HttpResponse(
        former.body, status=former.status, content_type="application/json", headers=headers
    )


def _digest(request: HttpRequest, content: bytes) -> str:
    hashed = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    hashed.update(content)
    return hashed.hexdigest()
