"""Figures, days and names as people read them; every template may use these filters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from counterpoise.report import wording
from counterpoise.web.numbers import as_local, as_read, day_as_read, zone_read

register = template.Library()

Number = Decimal | float | int
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SPANS = (
    (_MINUTE, 1, ""),
    (_HOUR, _MINUTE, "minute"),
    (_DAY, _HOUR, "hour"),
    (30 * _DAY, _DAY, "day"),
    (365 * _DAY, 30 * _DAY, "month"),
)


@register.filter
@as_read
def money(amount: Number | None) -> str:
    """Write an amount without cents.

    >>> money(1234567.8)
    '1,234,568'
    >>> money(None)
    '–'
    """
    return wording.money(_exact(amount))


@register.filter
@as_read
def short_money(amount: Number | None) -> str:
    """Write an amount by its first three digits.

    >>> short_money(42043398.18), short_money(786_000), short_money(1490), short_money(-20)
    ('42.0M', '786k', '1.49k', '−20')
    """
    exact = _exact(amount)
    if exact is None:
        return wording.NOTHING
    for size, unit in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if abs(exact) >= size:
            return _first_digits(exact / size) + unit
    return wording.money(exact)


@register.filter
@as_read
def signed(amount: Number | None) -> str:
    """Write a change of an amount, with its sign.

    >>> signed(1200), signed(-3), signed(None)
    ('+1,200', '−3', '–')
    """
    exact = _exact(amount)
    return wording.NOTHING if exact is None else wording.signed(exact)


@register.filter
@as_read
def decimals(number: Number | None, places: int) -> str:
    """Write a figure with so many decimals.

    >>> decimals(-1.136, 2), decimals(46, 1), decimals(None, 1)
    ('−1.14', '46.0', '–')
    """
    return wording.NOTHING if number is None else f"{number:.{places}f}".replace("-", "−")


@register.filter
@as_read
def change(number: Number | None, places: int) -> str:
    """Write a difference with so many decimals and its sign.

    >>> change(-0.42, 1), change(3, 0), change(None, 0)
    ('−0.4', '+3', '–')
    """
    return wording.NOTHING if number is None else f"{number:+.{places}f}".replace("-", "−")


@register.filter
@as_read
def percent(rate: Number | None) -> str:
    """Write a rate with one digit.

    >>> percent(0.1834)
    '18.3%'
    """
    return wording.share(_exact(rate))


@register.filter
@as_read
def points(change: Number | None) -> str:
    """Write the difference of two rates in points, with its sign.

    >>> points(0.0123), points(-0.02), points(0)
    ('+1.2 points', '−2.0 points', '0.0 points')
    """
    exact = _exact(change)
    if exact is None:
        return wording.NOTHING
    digit = (exact * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    sign = "+" if digit > 0 else "−" if digit < 0 else ""
    return f"{sign}{abs(digit)} points"


@register.filter
@as_read
def count(number: int | None) -> str:
    """Write a whole number.

    >>> count(12000), count(None)
    ('12,000', '–')
    """
    return wording.NOTHING if number is None else f"{number:,}"


@register.filter
@as_read
def counted(number: int | None, thing: str) -> str:
    """Write how many there are of something; `entry,entries` where the plural is another word.

    >>> counted(1, "deal"), counted(2, "entry,entries")
    ('1 deal', '2 entries')
    """
    one, _, many = thing.partition(",")
    return wording.counted(number or 0, one, many)


@register.filter
def hours(span: Number | None) -> str:
    """Write working hours; under one in minutes.

    >>> hours(0.93), hours(4), hours(12.25)
    ('56 min', '4 h', '12.2 h')
    """
    exact = _exact(span)
    if exact is None:
        return wording.NOTHING
    if exact < 1:
        return f"{round(exact * 60)} min"
    digit = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    return f"{digit:f}".removesuffix(".0") + " h"


@register.filter
def day(when: date | str | None) -> str:
    """Write a day in the reader's style: of an instant the one where they are.

    A naive time is of the room, and its day stays the room's.

    >>> day("2026-06-30"), day(date(2026, 1, 5)), day(None)
    ('30 Jun 2026', '5 Jan 2026', '–')
    """
    if not when:
        return wording.NOTHING
    read = datetime.fromisoformat(when) if isinstance(when, str) else when
    if isinstance(read, datetime):
        read = _local(read).date()
    return day_as_read(read)


@register.filter
def moment(when: datetime | str | None) -> str:
    """Write an instant by the reader's clock; a naive one is of the room's zone.

    >>> moment("2026-06-30T14:05:00")
    '30 Jun 2026, 14:05'
    """
    if not when:
        return wording.NOTHING
    read = as_local(datetime.fromisoformat(when) if isinstance(when, str) else when)
    return f"{day(read)}, {read:%H:%M}"


def moment_there(when: datetime) -> str:
    """Write an instant with the name of the zone, for who reads it somewhere else.

    >>> moment_there(datetime(2026, 6, 30, 14, 5)).startswith("30 Jun 2026, 14:05 (")
    True
    """
    return f"{moment(when)} ({zone_read()})"


@register.filter
def weekday(when: datetime) -> str:
    """Write which day of the week an instant is on, by the reader's clock.

    >>> weekday(datetime(2026, 6, 30, 14, 5))
    'Tuesday'
    """
    return f"{as_local(when):%A}"


@register.filter
def ago(when: datetime | None) -> SafeString | str:
    """Write how long ago an instant was, or how far off it is, with the instant itself in a title.

    >>> ago(None)
    '–'
    """
    if when is None:
        return wording.NOTHING
    said = _span(round((timezone.now() - when).total_seconds()))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', when.isoformat(), moment(when), said
    )


@register.filter
def words(name: str | None) -> str:
    """Write a name that programs use as people read it.

    >>> words("on_path")
    'on path'
    """
    return wording.words(str(name or ""))


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the first and the last name.

    >>> initials("Ada Maria Abara"), initials("ada"), initials("")
    ('AA', 'A', '')
    """
    parts = name.split()
    return "".join(part[0] for part in parts[:1] + parts[1:][-1:]).upper()


def _span(seconds: int) -> str:
    """Say a span; a negative one is still to come.

    >>> _span(5), _span(-7300), _span(90000), _span(400 * _DAY)
    ('just now', 'in 2 hours', '1 day ago', '1 year ago')
    """
    size, unit = next(
        ((size, unit) for below, size, unit in _SPANS if abs(seconds) < below),
        (365 * _DAY, "year"),
    )
    if not unit:
        return "just now"
    said = wording.counted(abs(seconds) // size, unit)
    return f"in {said}" if seconds < 0 else f"{said} ago"


def _first_digits(number: Decimal) -> str:
    places = max(0, 3 - len(str(int(abs(number)))))
    return f"{number:.{places}f}".replace("-", "−")


def _local(when: datetime) -> datetime:
    return as_local(when) if timezone.is_aware(when) else when


def _exact(number: Number | None) -> Decimal | None:
    return Decimal(str(number)) if isinstance(number, float) else _whole(number)


def _whole(number: Decimal | int | None) -> Decimal | None:
    return None if number is None else Decimal(number)
