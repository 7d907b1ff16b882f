"""Posting to an address outside, and nowhere else: no redirects, no private address, no proxy."""

from __future__ import annotations

import http.client
import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from counterpoise.errors import CounterpoiseError
from counterpoise.web.notices.addresses import only_outside

_PATIENCE = 15.0
"""Seconds that an endpoint has to answer."""
_INSIDE = (".localhost", ".local", ".internal", ".home.arpa")


class EndpointError(CounterpoiseError, ValueError):
    """An address cannot be told anything."""


class NotTakenError(Exception):
    """An endpoint did not take a message."""


def check_url(url: str) -> None:
    """Refuse an address that is not https, holds a password, or is plainly inside.

    Raises:
        EndpointError: If it is one of these.
    """
    parts = _parts(url)
    if parts.scheme != "https":
        raise EndpointError("Write an address that begins with https://.")
    if parts.username or parts.password:
        raise EndpointError("Leave name and password out; messages are signed instead.")
    host = (parts.hostname or "").rstrip(".").lower()
    if not host:
        raise EndpointError("This address names no host.")
    if host == "localhost" or host.endswith(_INSIDE) or _is_private(host):
        raise EndpointError("An address inside the company's own network is not taken.")


def post(url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Post a body, and return the status of the answer.

    Raises:
        NotTakenError: If no answer came, or the address leads inside.
    """
    parts = _parts(url)
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    try:
        with only_outside():
            connection = made(parts.hostname or "", parts.port, timeout=_PATIENCE)
            try:
                connection.request("POST", target, body, dict(headers))
                return connection.getresponse().status
            finally:
                connection.close()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise NotTakenError(type(error).__name__) from error


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise EndpointError("This is no whole address.") from error
    if any(each.isspace() or not each.isprintable() for each in url):
        raise EndpointError("An address holds no blanks.")
    return parts


def _is_private(host: str) -> bool:
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit() or host.startswith("0x")
    return not found.is_global or found.is_multicast
