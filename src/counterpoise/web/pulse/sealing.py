"""The urn: ballots of an open pulse, sealed together with a key that no database or backup holds.

Sealing is AES-256 in GCM. The ballots are sorted and padded first, so that neither their order nor
the length tells when or by whom one was added; a new nonce makes every sealing differ everywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from counterpoise.books.keys import read_key
from counterpoise.errors import CounterpoiseError
from counterpoise.web.pulse.scoring import Ballot

_NONCE = 12
_BLOCK = 4096
_PREFIX = ".pulse-"
"""Hidden files are left out when a backup saves the keys."""


class LostUrnError(CounterpoiseError):
    """An urn cannot be opened, because its key is gone."""

    def __init__(self) -> None:
        super().__init__(
            "The answers of this pulse cannot be read: their key stayed where the room ran before. "
            "Everybody is asked again."
        )


def seal(ballots: Iterable[Ballot], folder: Path, name: str) -> bytes:
    """Seal ballots with the key of a name; the key is made when first needed."""
    rows = [[each.side, each.team, list(each.ratings)] for each in sorted(ballots)]
    plain = json.dumps(rows).encode()
    padded = plain.ljust(-(-len(plain) // _BLOCK) * _BLOCK)
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(folder, name).encrypt(nonce, padded, name.encode())


def unseal(sealed: bytes, folder: Path, name: str) -> list[Ballot]:
    """Open an urn.

    Raises:
        LostUrnError: If its key is gone.
    """
    if not sealed:
        return []
    if not (folder / _file(name)).exists():
        raise LostUrnError
    try:
        padded = _cipher(folder, name).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
    except InvalidTag as error:
        raise LostUrnError from error
    return [Ballot(side, team, tuple(ratings)) for side, team, ratings in json.loads(padded)]


def forget_keys(folder: Path, needed: Collection[str]) -> int:
    """Remove the keys of pulses that are over, and return how many."""
    kept = {_file(name) for name in needed}
    gone = [file for file in folder.glob(f"{_PREFIX}*") if file.name not in kept]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def _cipher(folder: Path, name: str) -> AESGCM:
    return AESGCM(hashlib.sha256(read_key(folder, _file(name)).encode()).digest())


def _file(name: str) -> str:
    return f"{_PREFIX}{name}"
