"""How the watch writes figures in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from counterpoise.agreement.quantities import format_rate

SMALL = 60
"""Rows up to which a sentence says on how few it stands."""


def percent(share: float, places: int = 1) -> str:
    """Write a share.

    >>> percent(0.1234), percent(-0.004), percent(0.75, 0)
    ('12.3%', '−0.4%', '75%')
    """
    rounded = round(Decimal(repr(float(share))), places + 2)
    return format_rate(rounded).replace("-", "−")


def points(shift: float) -> str:
    """Write a difference of two shares.

    >>> points(0.0663), points(0.01)
    ('6.6 points', '1 point')
    """
    number = percent(shift).rstrip("%")
    return f"{number} point" if number == "1" else f"{number} points"


def money(amount: Decimal | float, currency: str) -> str:
    """Write an amount in whole units.

    >>> money(Decimal("35902.83"), "USD")
    '35,903 USD'
    """
    return f"{round(amount):,} {currency}".replace("-", "−")


def counted(n: int, one: str, many: str = "") -> str:
    """Write a number of things.

    >>> counted(1, "deal"), counted(1200, "deal"), counted(0, "reply", "replies")
    ('1 deal', '1,200 deals', '0 replies')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def of_few(n: int, one: str, many: str = "") -> str:
    """Return a warning that a figure stands on few rows; "" where it does not.

    >>> of_few(41, "deal"), of_few(300, "deal")
    (' Only 41 deals tell, so read it with care.', '')
    """
    return f" Only {counted(n, one, many)} tell, so read it with care." if n < SMALL else ""


def listed(items: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last
