"""Read days and times: ISO with offsets, numeric in any order, worded, serial, epoch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from counterpoise.books.quoting import let, literal
from counterpoise.books.schema import Kind

Order = Literal["mdy", "dmy", "ymd"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")
Way = Order | Literal["mixed"]
"""How dates are read: in one order, or each in the only one that it fits, if not in both."""
MIXED: Way = "mixed"
SEPARATORS = ("/", "-", ".", " ")

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"((?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))\.?"
)
_WEEKDAY = r"(?:[A-Za-z]{3,9}\.?,?\s+)?"
_CLOCK = (
    r"(?:(?:T|,?\s+)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(?:([AaPp])\.?[Mm]\.?)?"
    r"\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$"
)
_CLOCK_PARTS = ("hour", "minute", "second", "fraction", "half", "offset")

_ISO = r"^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})" + _CLOCK
_NUMERIC = r"^(\d{1,2})([-/. ])(\d{1,2})[-/. ](\d{4}|\d{2})" + _CLOCK
_DAY_FIRST = (
    rf"^{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*{_MONTH}[-/,. ]*(\d{{4}}|\d{{2}})" + _CLOCK
)
_MONTH_FIRST = (
    rf"^{_WEEKDAY}{_MONTH}[-/. ]*(\d{{1,2}})(?:st|nd|rd|th)?[-/,. ]+(\d{{4}}|\d{{2}})" + _CLOCK
)
_COMPACT = r"^(?:19|20)\d{6}$"
_SERIAL = r"^[2-7]\d{4}(\.\d+)?$"
_EPOCH = r"^(\d{10}|\d{13}|\d{16})(\.0+)?$"
_SCALES = {10: 10**6, 13: 10**3, 16: 1}
_FIRST_YEAR_OF_1900S = 70


def plain(x: str, kind: Kind) -> str:
    """Return SQL that reads ISO days, and times to the second, without an offset; else NULL."""
    is_day, is_time = f"strlen({x}) = 10", f"strlen({x}) = 19 AND {x}[17] = ':'"
    if kind is Kind.DAY:
        return f"CASE WHEN {is_day} THEN try_cast({x} AS DATE) END"
    return f"CASE WHEN {is_day} OR ({is_time}) THEN try_cast({x} AS TIMESTAMP) END"


def form(x: str) -> str:
    """Return SQL that names the form of a text: the evidence for how a column is written.

    The forms are `iso`, `worded`, `compact`, `serial`, `epoch`, `bad`, and of numeric ones with
    the year last, followed by their separator: `d` and `m` (the first part is surely the day, the
    month), `y` (surely the year), `=` (day and month are the same number) and `?` (either).
    """
    parts = f"regexp_extract({x}, {literal(_NUMERIC)}, ['a', 'sep', 'b', 'y'])"
    a, b = "CAST(p.a AS INTEGER)", "CAST(p.b AS INTEGER)"
    numeric = (
        f"CASE WHEN {a} > 31 AND {b} <= 12 AND strlen(p.y) = 2 THEN 'y' "
        f"WHEN {a} > 31 OR {b} > 31 OR ({a} > 12 AND {b} > 12) THEN 'bad' "
        f"WHEN {a} > 12 THEN 'd' WHEN {b} > 12 THEN 'm' WHEN {a} = {b} THEN '=' ELSE '?' END"
    )
    with_separator = let("n", numeric, "CASE n WHEN 'bad' THEN n ELSE n || p.sep END")
    name = (
        f"CASE WHEN p.a <> '' THEN {with_separator} "
        f"WHEN regexp_matches({x}, {literal(_ISO)}) THEN 'iso' "
        f"WHEN regexp_matches({x}, {literal(_DAY_FIRST)}) "
        f"OR regexp_matches({x}, {literal(_MONTH_FIRST)}) THEN 'worded' "
        f"WHEN regexp_matches({x}, '{_COMPACT}') THEN 'compact' "
        f"WHEN regexp_matches({x}, '{_SERIAL}') THEN 'serial' "
        f"WHEN regexp_matches({x}, '{_EPOCH}') THEN 'epoch' ELSE 'bad' END"
    )
    return let("p", parts, name)


@dataclass(frozen=True)
class Undecided:
    """A separator whose dates can be read in two ways: nothing decides, or years come first too."""

    separator: str
    certain: Mapping[Order, int] = field(default_factory=dict)
    """By order, how many dates can be read in no other."""


@dataclass(frozen=True)
class Zones:
    """The zone of the wall times that are kept, and that of times without an offset."""

    kept: str
    naive: str | None = None

    @property
    def converts(self) -> bool:
        """Tell whether times without an offset are of another zone."""
        return self.naive is not None and self.naive != self.kept


@dataclass(frozen=True)
class MomentStyle:
    """In which order a column writes numeric dates, by their separator."""

    orders: Mapping[str, Way]

    @classmethod
    def decide(
        cls,
        forms: Mapping[str, int],
        convention: Order | None,
        neighbours: Sequence[Mapping[str, int]] = (),
    ) -> MomentStyle | Undecided:
        """Decide by the adapter's convention, else the column, else its table's other columns.

        Dates with points are day first where nothing says otherwise.
        """
        together: Counter[str] = Counter()
        for other in neighbours:
            together.update(other)
        orders: dict[str, Way] = {}
        for separator in SEPARATORS:
            order = convention or _decide(separator, forms, together)
            if isinstance(order, Undecided):
                return order
            orders[separator] = order
        return cls(orders)

    def reading(self, x: str, kind: Kind, zones: Zones) -> str:
        """Return SQL that reads a text as a day or a wall time, NULL where it is neither."""
        forms = (
            (_ISO, ("year", "month", "day"), _date("p.year", "p.month", "p.day")),
            (_NUMERIC, ("a", "sep", "b", "c"), self._numeric()),
            (_DAY_FIRST, ("day", "month", "year"), _date(_year("p.year"), _month(), "p.day")),
            (_MONTH_FIRST, ("month", "day", "year"), _date(_year("p.year"), _month(), "p.day")),
        )
        whens = " ".join(
            f"WHEN regexp_matches({x}, {literal(pattern)}) "
            f"THEN {_read(x, pattern, names, date, zones)}"
            for pattern, names, date in forms
        )
        read = (
            f"CASE {whens} WHEN regexp_matches({x}, '{_COMPACT}') "
            f"THEN try_cast({_date(f'{x}[1:4]', f'{x}[5:6]', f'{x}[7:8]')} AS TIMESTAMP) "
            f"WHEN regexp_matches({x}, '{_SERIAL}') THEN {_serial(x)} "
            f"WHEN regexp_matches({x}, '{_EPOCH}') THEN {_epoch(x, zones)} END"
        )
        return f"CAST({read} AS DATE)" if kind is Kind.DAY else read

    def _numeric(self) -> str:
        by_order: dict[Way, str] = {
            "mdy": _date(_year("p.c"), "p.a", "p.b"),
            "dmy": _date(_year("p.c"), "p.b", "p.a"),
            "ymd": _date(_year("p.a"), "p.b", "p.c"),
        }
        a, b = "CAST(p.a AS INTEGER)", "CAST(p.b AS INTEGER)"
        by_order[MIXED] = (
            f"CASE WHEN {a} > 12 OR {a} = {b} THEN {by_order['dmy']} "
            f"WHEN {b} > 12 THEN {by_order['mdy']} END"
        )
        whens = " ".join(
            f"WHEN {literal(separator)} THEN {by_order[order]}"
            for separator, order in self.orders.items()
        )
        return f"CASE p.sep {whens} END"


def _decide(
    separator: str, forms: Mapping[str, int], together: Mapping[str, int]
) -> Way | Undecided:
    own = certain_orders(separator, forms)
    certain = own or certain_orders(separator, together)
    if len(certain) == 1:
        return next(iter(certain))
    if certain.keys() == {"dmy", "mdy"}:
        return MIXED
    if not certain and separator == ".":
        return "dmy"
    return Undecided(separator, own) if own or forms.get(f"?{separator}") else "mdy"


def certain_orders(separator: str, forms: Mapping[str, int]) -> dict[Order, int]:
    """Count the dates that can be read in no other order, by order."""
    found = {order: forms.get(f"{order[0]}{separator}", 0) for order in ORDERS}
    return {order: count for order, count in found.items() if count}


def _read(x: str, pattern: str, names: tuple[str, ...], date: str, zones: Zones) -> str:
    listed = ", ".join(map(literal, (*names, *_CLOCK_PARTS)))
    read = let("wall", f"{date} || ' ' || {_clock()}", _in_zone(zones))
    return let("p", f"regexp_extract({x}, {literal(pattern)}, [{listed}])", read)


def _in_zone(zones: Zones) -> str:
    offset = (
        "CASE WHEN p.offset[1] IN ('+', '-') "
        r"THEN regexp_replace(p.offset, '^(...):?(\d\d)$', '\1:\2') ELSE '+00' END"
    )
    aware = in_kept_zone(f"try_cast(wall || {offset} AS TIMESTAMPTZ)", zones)
    naive = "try_cast(wall AS TIMESTAMP)"
    if zones.converts:
        naive = f"CASE WHEN p.hour = '' THEN {naive} ELSE {moved(naive, zones)} END"
    return f"CASE WHEN p.offset <> '' THEN {aware} ELSE {naive} END"


def moved(naive: str, zones: Zones) -> str:
    """Return SQL of a wall time of the source's zone as one of the zone that is kept."""
    return in_kept_zone(f"timezone({literal(zones.naive or zones.kept)}, {naive})", zones)


def in_kept_zone(aware: str, zones: Zones) -> str:
    """Return SQL of an instant as wall time of the zone that is kept."""
    return f"timezone({literal(zones.kept)}, {aware})"


def _clock() -> str:
    hour = "CAST(p.hour AS INTEGER)"
    in_day = (
        f"CASE p.half WHEN '' THEN p.hour WHEN 'a' THEN CAST({hour} % 12 AS VARCHAR) "
        f"WHEN 'A' THEN CAST({hour} % 12 AS VARCHAR) ELSE CAST({hour} % 12 + 12 AS VARCHAR) END"
    )
    second = "coalesce(nullif(p.second, ''), '00')"
    fraction = "coalesce(nullif(left(p.fraction, 6), ''), '0')"
    return (
        f"CASE WHEN p.hour = '' THEN '00:00:00' "
        f"ELSE {in_day} || ':' || p.minute || ':' || {second} || '.' || {fraction} END"
    )


def _date(year: str, month: str, day: str) -> str:
    return f"{year} || '-' || {month} || '-' || {day}"


def _year(year: str) -> str:
    century = f"CASE WHEN {year} < '{_FIRST_YEAR_OF_1900S}' THEN '20' ELSE '19' END"
    return f"CASE strlen({year}) WHEN 2 THEN {century} || {year} ELSE {year} END"


def _month() -> str:
    whens = " ".join(f"WHEN '{name}' THEN '{number}'" for number, name in enumerate(_MONTHS, 1))
    return f"CASE lower(left(p.month, 3)) {whens} END"


def _serial(x: str) -> str:
    # Spreadsheets count days from the end of 1899, and their fractions are the time of day.
    seconds = f"CAST(round(CAST({x} AS DOUBLE) * 86400) AS BIGINT)"
    return f"TIMESTAMP '1899-12-30' + to_seconds({seconds})"


def _epoch(x: str, zones: Zones) -> str:
    digits = f"split_part({x}, '.', 1)"
    scales = " ".join(f"WHEN {length} THEN {scale}" for length, scale in _SCALES.items())
    micros = f"CAST({digits} AS BIGINT) * CASE strlen({digits}) {scales} END"
    return in_kept_zone(f"timezone('UTC', make_timestamp({micros}))", zones)
