"""How one entry is chained to the one before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from counterpoise.web.keys import room_key

KEY_FILE = "audit.key"
FIRST = "0" * 64
"""What the first entry follows."""


@dataclass(frozen=True)
class Written:
    """What an entry says, without its MAC."""

    sequence: int
    at: dt.datetime
    actor_id: int | None
    act: str
    subject: str
    detail: str
    previous: str

    def mac(self, key: bytes) -> str:
        """Return the MAC over every column, each kept apart from the next by JSON."""
        columns = [
            "counterpoise/audit/v1",
            self.sequence,
            self.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            self.actor_id,
            self.act,
            self.subject,
            self.detail,
            self.previous,
        ]
        text = json.dumps(columns, ensure_ascii=True, separators=(",", ":"))
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def canonical(detail: Mapping[str, JsonValue]) -> str:
    """Write a detail in the one form that is chained and kept.

    >>> canonical({"rate": 0.18, "deal": "D1"})
    '{"deal":"D1","rate":0.18}'
    """
    return json.dumps(
        dict(detail), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )


def chain_key() -> bytes:
    """Return the key of this room's trail."""
    return room_key(KEY_FILE)
