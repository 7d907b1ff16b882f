"""Addresses of chats: which kinds are taken, and that none leads into the company's own network."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from counterpoise.books import nearest
from counterpoise.errors import CounterpoiseError

KINDS = {
    "slack": "Slack",
    "workflows": "Microsoft Teams",
    "discord": "Discord",
    "tgram": "Telegram",
    "gchat": "Google Chat",
    "webex": "Webex",
    "zulip": "Zulip",
    "mmosts": "Mattermost",
    "rockets": "Rocket.Chat",
    "matrixs": "Matrix",
    "ntfys": "ntfy",
}


class ChatAddressError(CounterpoiseError):
    """A chat's address cannot be used."""


class InsideError(OSError):
    """A name leads to an address that is not on the public internet."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not on the public internet")


def check_address(address: str) -> None:
    """Refuse an address that is of no chat, or not on the public internet.

    Raises:
        ChatAddressError: If it is one of these.
    """
    import apprise

    kind = address.partition("://")[0].lower()
    if kind not in KINDS:
        close = nearest(kind, KINDS)
        meant = f"; did you mean {close}://?" if close else ""
        taken = ", ".join(f"{each}:// ({name})" for each, name in KINDS.items())
        raise ChatAddressError(f"{kind}:// is not taken here{meant} Taken are {taken}.")
    found = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if found is None:
        raise ChatAddressError(f"This is no whole address of {KINDS[kind]}.")
    if _is_plainly_inside(str(getattr(found, "host", "") or "")):
        raise ChatAddressError("An address inside the company's own network is not taken.")


def masked(address: str) -> str:
    """Return an address without its secrets."""
    kind = address.partition("://")[0]
    return f"{KINDS.get(kind, kind)} ({kind}://…)" if address else ""


@contextlib.contextmanager
def only_outside() -> Iterator[None]:
    """Refuse, in this block, to look up any name that leads inside, redirects included.

    What is connected to is what was looked up here, so a name that changes its mind is of no use.
    """
    _install()
    token = _is_guarded.set(True)
    try:
        yield
    finally:
        _is_guarded.reset(token)


_is_guarded: ContextVar[bool] = ContextVar("only_outside", default=False)
_look_up = socket.getaddrinfo


def _guarded(host: Any, *arguments: Any, **options: Any) -> Any:
    found = _look_up(host, *arguments, **options)
    if _is_guarded.get() and any(not _is_public(str(each[4][0])) for each in found):
        raise InsideError(str(host))
    return found


def _install() -> None:
    global _look_up
    if socket.getaddrinfo is not _guarded:
        _look_up, socket.getaddrinfo = socket.getaddrinfo, _guarded


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return found.is_global and not found.is_multicast


def _is_plainly_inside(host: str) -> bool:
    bare = host.strip("[]").rstrip(".").lower()
    if bare == "localhost" or bare.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not _is_public(bare)
    except ValueError:
        return False
