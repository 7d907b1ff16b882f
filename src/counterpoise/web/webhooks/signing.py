"""Signing: by a secret of the endpoint's own, over the message's id, the time and the body."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from counterpoise.books.keys import read_key
from counterpoise.web.webhooks.models import Endpoint

_MARK = "whsec_"


def secret_of(endpoint: Endpoint) -> str:
    """Return an endpoint's secret, as its program is given it once."""
    return _MARK + base64.b64encode(_secret(endpoint)).decode()


def headers_of(endpoint: Endpoint, name: str, at: int, body: bytes) -> dict[str, str]:
    """Return what stands above a message so that its receiver can tell that it is ours.

    Args:
        endpoint: Who is told.
        name: The message's id, the same at every try.
        at: The time of this try, in seconds since 1970.
        body: What is told.
    """
    return {
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(_secret(endpoint), name, at, body),
    }


def signature(secret: bytes, name: str, at: int, body: bytes) -> str:
    """Return the signature of a message, as its header has it.

    >>> signature(b"secret", "msg_1", 1700000000, b"{}")
    'v1,A5oIrJxXPB/PkULSoVu0e4khvPiqpF9vljmhkSKg0FI='
    """
    signed = f"{name}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def _secret(endpoint: Endpoint) -> bytes:
    key = read_key(settings.SECRETS_DIR, "webhooks.key")
    named = f"{endpoint.pk}:{endpoint.nonce}".encode()
    return hmac.digest(key.encode(), named, hashlib.sha256)
