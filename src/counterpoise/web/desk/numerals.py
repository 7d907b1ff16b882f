"""Figures as people type them on a phone, written as the desk reads them."""

from __future__ import annotations

import re
from decimal import Decimal

from counterpoise.web.numbers import as_typed

_SPACES = re.compile(r"[\s'’\u00a0\u202f]")
_SCALED = re.compile(r"(-?\d+(?:\.\d+)?)([km])", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_COMMA = re.compile(r"-?\d+,\d+", re.ASCII)
_SCALES = {"k": Decimal(1_000), "m": Decimal(1_000_000)}
_LONGEST = 40


def amount_typed(text: str) -> str:
    """Return an amount as the desk reads it; what is no number stays, for the desk to refuse.

    >>> amount_typed("50,000"), amount_typed("50 000.5"), amount_typed("12,5"), amount_typed("1.2m")
    ('50000', '50000.5', '12.5', '1200000')
    >>> amount_typed("much")
    'much'
    """
    if len(text) > _LONGEST:
        return text
    short = _SPACES.sub("", as_typed(text)).lower()
    if _GROUPED.fullmatch(short):
        return short.replace(",", "")
    if _COMMA.fullmatch(short):
        return short.replace(",", ".")
    if scaled := _SCALED.fullmatch(short):
        return f"{(Decimal(scaled[1]) * _SCALES[scaled[2]]).normalize():f}"
    return short if short and short[-1].isdigit() else text


def percent_typed(text: str) -> str:
    """Return a rate typed in percent as the desk reads it.

    >>> percent_typed("18"), percent_typed("12,5 %"), percent_typed("nan")
    ('18%', '12.5%', 'nan%')
    """
    short = _SPACES.sub("", text)
    if len(short) > _LONGEST or not short:
        return short
    return f"{short.removesuffix('%').replace(',', '.')}%"


def plain_number(number: Decimal | int | None) -> str:
    """Write a number for a field of a form.

    >>> plain_number(Decimal("57000.0000")), plain_number(36), plain_number(None)
    ('57000', '36', '')
    """
    if number is None:
        return ""
    return f"{Decimal(number).normalize():f}" if number else "0"
