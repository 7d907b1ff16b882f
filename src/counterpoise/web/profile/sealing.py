"""Sealing what a second factor is checked by, so that a copy of the database holds no secret.

The key lies beside that of the audit trail, outside the database and outside its backup.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from counterpoise.errors import CounterpoiseError
from counterpoise.web.keys import room_key

KEY_FILE = "second-factors.key"
_MARK = "sealed:"


class UnsealingError(CounterpoiseError):
    """What is sealed was sealed with another key than the one at hand."""

    def __init__(self) -> None:
        super().__init__(
            f"the key of second factors, {KEY_FILE}, is not the one they were sealed with; "
            "restore the keys, or let an administrator take the second factor away"
        )


def sealed(text: str) -> str:
    """Return a text that nobody reads without the key; it is another one each time."""
    return _MARK + _fernet().encrypt(text.encode()).decode("ascii")


def unsealed(text: str) -> str:
    """Return what was sealed.

    Raises:
        UnsealingError: If it was sealed with another key, or changed, or never sealed.
    """
    if not is_sealed(text):
        raise UnsealingError
    try:
        return _fernet().decrypt(text.removeprefix(_MARK)).decode()
    except InvalidToken as error:
        raise UnsealingError from error


def is_sealed(text: str) -> bool:
    """Tell whether a text is sealed.

    >>> is_sealed("JBSWY3DPEHPK3PXP")
    False
    """
    return text.startswith(_MARK)


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"counterpoise/second-factors/v1" + room_key(KEY_FILE)).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
