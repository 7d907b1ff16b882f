"""Read numbers with decimal points or commas, thousands, signs, currencies and magnitudes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from counterpoise.books.quoting import let, literal
from counterpoise.books.schema import Kind

Mark = Literal[".", ","]

_GAP = r"['’ \x{00A0}\x{2009}\x{202F}]"
_CURRENCY = r"(?:[A-Z]{1,3}\$|\p{Sc}|[A-Z]{3}|kr\.?|Kč|zł|Fr\.?|Rs\.?|kn|lei)"
_SIGN = r"[-+−–]"
_DIGITS = rf"\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d*)?|\d[\d.,]*|[.,]\d+"
_FACTORS = {"k": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mio": 10**6, "b": 10**9, "bn": 10**9}
_MAGNITUDE = "(?i:mio|mm|mn|bn|[kmb])"
_NUMBER = (
    rf"^(\()?\s*({_SIGN}?)\s*{_CURRENCY}?\s*({_SIGN}?)\s*({_DIGITS})\s*({_MAGNITUDE}?)"
    rf"\s*(%?)\s*{_CURRENCY}?\s*(-?)\s*(\))?$"
)
_PARTS = ("open", "before", "sign", "digits", "magnitude", "percent", "after", "close")

_IS_NUMBER = (
    "digits <> '' AND (p.open = '') = (p.close = '') AND "
    "len(list_filter([p.open, p.before, p.sign, p.after], lambda sign: sign <> '')) <= 1"
)
_SCIENTIFIC = r"^[-+]?\d+(\.\d*)?[eE][-+]?\d{1,2}$"

# Forms of the digits, thousands apart by gaps already closed. Two of them can be read in two ways.
_WHOLE = r"^\d{1,14}$"
_EITHER_COMMA = r"^[1-9]\d{0,2},\d{3}$"
_EITHER_POINT = r"^[1-9]\d{0,2}\.\d{3}$"
_SURELY_POINT = r"^(\d*\.\d*|\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)|\d{1,3}(,\d{2,3})+,\d{3})$"
_SURELY_COMMA = r"^(\d*,\d*|\d{1,3}(\.\d{3})+(,\d*)|\d{1,3}(\.\d{3}){2,})$"

_TYPES = {
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DECIMAL(18, 4)",
    Kind.MONEY: "DECIMAL(18, 4)",
    Kind.RATE: "DECIMAL(18, 6)",
}


def sql_type(kind: Kind) -> str:
    """Return the type that numbers of a kind have in a snapshot."""
    return _TYPES[kind]


def plain(x: str, kind: Kind) -> str:
    """Return SQL that reads digits with a decimal point, and NULL where there is anything else."""
    read = f"try_cast({x} AS {_TYPES[kind]})"
    if kind is Kind.INTEGER:
        return f"CASE WHEN NOT contains({x}, '.') AND NOT contains({x}, 'x') THEN {read} END"
    return read


def form(x: str) -> str:
    """Return SQL that names the form of a text: the evidence for how a column is written.

    The forms are `whole`, `code` (leading zeros), `point` and `comma` (the mark of decimals is
    sure), `point?` and `comma?` (one mark before three digits), each with `%` after a percentage,
    and `bad`.
    """
    name = (
        f"CASE WHEN regexp_matches({x}, '{_SCIENTIFIC}') THEN 'point' "
        f"WHEN NOT ({_IS_NUMBER}) THEN 'bad' "
        r"WHEN regexp_matches(digits, '^0\d') THEN 'code' "
        f"WHEN regexp_matches(digits, '{_WHOLE}') THEN 'whole' || p.percent "
        r"WHEN regexp_matches(digits, '^\d{15,}') THEN 'bad' "
        "WHEN gaps AND contains(digits, ',') THEN 'comma' || p.percent "
        "WHEN gaps THEN 'point' || p.percent "
        f"WHEN regexp_matches(digits, '{_EITHER_COMMA}') THEN 'comma?' || p.percent "
        f"WHEN regexp_matches(digits, '{_EITHER_POINT}') THEN 'point?' || p.percent "
        f"WHEN regexp_matches(digits, '{_SURELY_POINT}') THEN 'point' || p.percent "
        f"WHEN regexp_matches(digits, '{_SURELY_COMMA}') THEN 'comma' || p.percent "
        "ELSE 'bad' END"
    )
    return _with_parts(x, name)


@dataclass(frozen=True)
class NumberStyle:
    """How a column's numbers are written, and what had to be assumed to say so."""

    mark: Mark
    assumed: bool = False
    mixed: int = 0
    """Rows whose mark of decimals is surely the other one; each is read by its own."""

    @classmethod
    def decide(
        cls,
        forms: Mapping[str, int],
        convention: Mark | None,
        neighbours: Sequence[Mapping[str, int]] = (),
        kind: Kind = Kind.NUMBER,
    ) -> NumberStyle:
        """Decide by the adapter's convention, else the column, else its table's other columns.

        A comma before three digits in every value stands for thousands, a point for decimals; of
        whole numbers, which have none, for thousands too. All are marked as assumed.
        """
        point, comma = _votes(forms)
        mark: Mark | None = convention
        if mark is None and point + comma:
            mark = "." if point >= comma else ","
        if mark is None:
            mark = _mark_of_neighbours(neighbours)
        commas, points = _count(forms, "comma?"), _count(forms, "point?")
        assumed = mark is None and bool(commas + points)
        mark = mark or ("," if kind is Kind.INTEGER and points > commas else ".")
        return cls(mark, assumed, comma if mark == "." else point)

    def reading(self, x: str, kind: Kind) -> str:
        """Return SQL that reads a text as a number of this kind, NULL where it is none."""
        as_point, as_comma = "replace(digits, ',', '')", _comma_as_point("digits")
        otherwise = as_point if self.mark == "." else as_comma
        digits = (
            f"CASE WHEN gaps THEN replace(digits, ',', '.') "
            f"WHEN regexp_matches(digits, '{_EITHER_COMMA}|{_EITHER_POINT}') THEN {otherwise} "
            f"WHEN regexp_matches(digits, '{_SURELY_POINT}') THEN {as_point} "
            f"WHEN regexp_matches(digits, '{_SURELY_COMMA}') THEN {as_comma} ELSE digits END"
        )
        negative = (
            "p.open <> '' OR p.before IN ('-', '−', '–') OR p.sign IN ('-', '−', '–') "
            "OR p.after <> ''"
        )
        amount = f"try_cast({digits} AS DECIMAL(26, 8)) * {_factor()}"
        cast = _cast("amount", kind)
        allowed = "true" if kind in (Kind.RATE, Kind.NUMBER) else "p.percent = ''"
        value = let("amount", f"try(CASE WHEN {negative} THEN -({amount}) ELSE {amount} END)", cast)
        read = f"CASE WHEN regexp_matches({x}, '{_SCIENTIFIC}') THEN {_cast(x, kind)} "
        read += f"WHEN {_IS_NUMBER} AND {allowed} THEN"
        return _with_parts(x, f"{read} {value} END")


def is_number_column(forms: Mapping[str, int]) -> bool:
    """Tell whether every value of a column is a number: none a code, all or none a percentage."""
    total = sum(forms.values())
    percentages = sum(count for name, count in forms.items() if name.endswith("%"))
    return (
        total > 0 and not forms.get("bad") and not forms.get("code") and percentages in (0, total)
    )


def _with_parts(x: str, body: str) -> str:
    """Give `body` the parts `p` of a text, its `digits` without gaps, and whether it had `gaps`."""
    names = ", ".join(map(literal, _PARTS))
    without_gaps = f"regexp_replace(p.digits, {literal(_GAP)}, '', 'g')"
    inner = let("gaps", "digits <> p.digits", body)
    return let(
        "p",
        f"regexp_extract({x}, {literal(_NUMBER)}, [{names}])",
        let("digits", without_gaps, inner),
    )


def _factor() -> str:
    whens = " ".join(f"WHEN '{word}' THEN {factor}" for word, factor in _FACTORS.items())
    factor = f"CASE lower(p.magnitude) {whens} ELSE 1 END"
    return f"CAST(CASE WHEN p.percent <> '' THEN 0.01 ELSE {factor} END AS DECIMAL(12, 2))"


def _cast(amount: str, kind: Kind) -> str:
    if kind is Kind.INTEGER:
        whole = f"try_cast({amount} AS DECIMAL(38, 10))"
        return f"CASE WHEN {whole} = trunc({whole}) THEN try_cast({whole} AS BIGINT) END"
    return f"try_cast({amount} AS {_TYPES[kind]})"


def _comma_as_point(digits: str) -> str:
    return f"replace(replace({digits}, '.', ''), ',', '.')"


def _count(forms: Mapping[str, int], name: str) -> int:
    return forms.get(name, 0) + forms.get(f"{name}%", 0)


def _votes(forms: Mapping[str, int]) -> tuple[int, int]:
    return _count(forms, "point"), _count(forms, "comma")


def _mark_of_neighbours(neighbours: Sequence[Mapping[str, int]]) -> Mark | None:
    together: Counter[str] = Counter()
    for forms in neighbours:
        together.update(forms)
    point, comma = _votes(together)
    if point and not comma:
        return "."
    return "," if comma and not point else None
