"""What a form sends is done once; something else sent from the same form is done too."""

from __future__ import annotations

from hashlib import sha256


def once_key(token: str, *sent: object) -> str:
    """Return a token of a form together with what was sent.

    Whoever goes back in a browser finds the form with the token that it had.

    >>> once_key("a", "One") == once_key("a", "One"), once_key("a", "One") == once_key("a", "Two")
    (True, False)
    """
    return sha256(repr((token, *sent)).encode()).hexdigest()
