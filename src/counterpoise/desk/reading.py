"""Reading a request from JSON, strictly: everything that is wrong with it is said at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from counterpoise.agreement.conditions import Value
from counterpoise.agreement.fields import Field, UnknownFieldError
from counterpoise.books.schema import TABLES
from counterpoise.books.spelling import unknown
from counterpoise.desk.claims import Checker, name_of
from counterpoise.desk.predicates import DEAL_FIELDS
from counterpoise.desk.request import (
    AskedCustomization,
    AskedLine,
    Problem,
    Request,
    RequestError,
)

MAX_LINES = 1_000
"""The most lines that one request may hold."""

MAX_CUSTOMIZATIONS = 100
"""The most customizations that one request may ask for."""

MAX_BYTES = 1_000_000
"""The longest request that is read, in characters of JSON."""

_TOP = ("deal", "asked_by", "asked_at", "customizations")
_ASKED = ("rate", "lines")
_AMOUNTS = ("list_amount", "net_amount", "cost_amount")
_ENTITIES = ("account", "product", "owner")
_LINE_OWN = ("line_no", "product_id", "quantity", "list_price", "net_price", "unit_cost", "deal_id")
_FAMILY = ("product_family", "product__family")


def read_request(written: object, now: dt.datetime | None = None) -> Request:
    """Read a request from JSON text or from what a JSON parser made of it.

    Args:
        written: The request, as DESIGN of the command describes it.
        now: When it is asked, where the request itself does not say.

    Raises:
        RequestError: If anything in it cannot be used, with all that cannot.

    >>> asked = {"asked_by": "rep", "asked_at": "2026-06-10T10:00:00"}
    >>> read_request(asked | {"deal": {"list_amount": 1000, "net_amount": 900}}).net_amount
    Decimal('900')
    """
    content = parse_json(written) if isinstance(written, str | bytes) else written
    return _Reader(now).request(content)


def parse_json(text: str | bytes) -> Any:
    """Parse one JSON text, numbers as decimals.

    Raises:
        RequestError: If it is no JSON, is too long, nests too deeply or names a key twice.
    """
    if len(text) > MAX_BYTES:
        raise RequestError(
            [Problem("", f"it has {len(text):,} bytes; at most {MAX_BYTES:,} are read")]
        )
    try:
        return json.loads(text, parse_float=_number, parse_int=_number, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        says = f"line {error.lineno}, column {error.colno}: this is no JSON ({error.msg.lower()})"
        raise RequestError([Problem("", says)]) from None
    except UnicodeDecodeError:
        raise RequestError([Problem("", "the text is not UTF-8; save it as UTF-8")]) from None
    except RecursionError:
        raise RequestError([Problem("", "it nests too deeply; a request has few levels")]) from None


def _number(text: str) -> Decimal:
    """Read a number; one beyond all bounds becomes infinite, and is refused as such."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RequestError([Problem(name_of(twice)[1:-1], "it is given twice; give it once")])
    return content


class _Reader(Checker):
    """Walks a request once and collects the problems."""

    def __init__(self, now: dt.datetime | None) -> None:
        super().__init__()
        self.now = now

    def request(self, content: Any) -> Request:
        if not isinstance(content, Mapping):
            raise RequestError(
                [Problem("", f"{name_of(content)} is not an object with a deal in it")]
            )
        self._refuse_unknown("", content, _TOP)
        asked_by = self._asked_by(content.get("asked_by"))
        asked_at = self._asked_at(content.get("asked_at"))
        deal = content.get("deal", {})
        if not isinstance(deal, Mapping):
            self.refuse("deal", f"{name_of(deal)} is not an object with the deal's fields")
            deal = {}
        customizations = self._customizations(content.get("customizations"))
        lines = self._lines(deal.get("lines"))
        amounts = {name: self._optional_amount(f"deal.{name}", deal.get(name)) for name in _AMOUNTS}
        rate = self._rate(deal)
        claims = self._claims("deal", deal, (*_ASKED, *_AMOUNTS))
        request = Request(
            asked_by, asked_at, claims, lines, rate=rate, customizations=customizations, **amounts
        )
        self._check_whole(request)
        if self.problems:
            raise RequestError(self.problems, request)
        return request

    def _asked_by(self, value: object) -> str:
        if value is None:
            self.refuse("asked_by", "it is missing; name the role of the one who asks")
            return ""
        return self.text("asked_by", value) or ""

    def _asked_at(self, value: object) -> dt.datetime:
        if value is None and self.now is not None:
            return self.now
        if value is None:
            self.refuse("asked_at", "it is missing; say when it is asked, like 2026-07-01T09:30:00")
            return dt.datetime.min
        return self.instant("asked_at", value) or dt.datetime.min

    def _optional_amount(self, where: str, value: object) -> Decimal | None:
        return None if value is None else self.amount(where, value)

    def _rate(self, deal: Mapping[str, Any]) -> Decimal | None:
        if deal.get("rate") is None:
            return None
        if deal.get("net_amount") is not None:
            self.refuse("deal.rate", "net_amount is given too; give one of them")
        return self.rate("deal.rate", deal["rate"])

    def _customizations(self, written: object) -> tuple[AskedCustomization, ...]:
        rows = self._rows("customizations", written, MAX_CUSTOMIZATIONS)
        return tuple(found for where, row in rows if (found := self._customization(where, row)))

    def _customization(self, where: str, row: Mapping[str, Any]) -> AskedCustomization | None:
        self._refuse_unknown(where, row, ("kind", "cost"))
        kind = None if row.get("kind") is None else self.text(f"{where}.kind", row["kind"])
        if row.get("kind") is None:
            self.refuse(f"{where}.kind", "it is missing; say what is to be tailored")
        if row.get("cost") is None:
            self.refuse(f"{where}.cost", "it is missing; give what it costs, 0 if nothing")
            return None
        cost = self.amount(f"{where}.cost", row["cost"])
        return None if kind is None or cost is None else AskedCustomization(kind, cost)

    def _lines(self, written: object) -> tuple[AskedLine, ...]:
        rows = list(self._rows("deal.lines", written, MAX_LINES))
        lines = [self._line(where, row, at) for at, (where, row) in enumerate(rows, 1)]
        seen: set[int] = set()
        for (where, _), line in zip(rows, lines, strict=True):
            if line.line_no in seen:
                self.refuse(f"{where}.line_no", f"{line.line_no} is given twice; number the lines")
            seen.add(line.line_no)
        return tuple(lines)

    def _line(self, where: str, row: Mapping[str, Any], at: int) -> AskedLine:
        number = row.get("line_no")
        whole = None if number is None else self.whole(f"{where}.line_no", number)
        product = row.get("product_id")
        return AskedLine(
            line_no=at if whole is None else int(whole),
            quantity=self._quantity(f"{where}.quantity", row.get("quantity")),
            product_id=None if product is None else self.text(f"{where}.product_id", product),
            list_price=self._optional_amount(f"{where}.list_price", row.get("list_price")),
            net_price=self._optional_amount(f"{where}.net_price", row.get("net_price")),
            unit_cost=self._optional_amount(f"{where}.unit_cost", row.get("unit_cost")),
            claims=self._line_claims(where, row),
        )

    def _quantity(self, where: str, value: object) -> Decimal:
        if value is None:
            self.refuse(where, "it is missing; give how many are sold")
            return Decimal(1)
        number = self.number(where, value)
        if number is not None and number <= 0:
            self.refuse(where, f"{number:f} is not above zero; give how many are sold")
        return number or Decimal(1)

    def _line_claims(self, where: str, row: Mapping[str, Any]) -> Mapping[str, Value]:
        rest = {name: value for name, value in row.items() if name not in _LINE_OWN}
        if not rest:
            return MappingProxyType({})
        claims = self._claims(where, rest, ())
        for name in rest:
            column = self._column_of(name)
            if column and not column.startswith("product"):
                known = (*_LINE_OWN, "product_family", "product.family", "product.name")
                self.refuse(f"{where}.{name}", unknown("field of a line", name, known))
        return claims

    def _column_of(self, name: str) -> str | None:
        try:
            return "product" if name == "product" else DEAL_FIELDS.resolve(name).column
        except UnknownFieldError:
            return None

    def _claims(
        self, where: str, row: Mapping[str, Any], but: Sequence[str]
    ) -> Mapping[str, Value]:
        claims: dict[str, Value] = {}
        for path, field, value in self._fields(where, row, but):
            found = self._claim(path, field, value)
            if found is None:
                continue
            if claims.setdefault(field.column, found) != found:
                self.refuse(path, f"{field.path} is given twice, differently; give it once")
        family = next((claims[name] for name in _FAMILY if name in claims), None)
        if family is not None:
            claims = dict.fromkeys(_FAMILY, family) | claims
        return MappingProxyType(claims)

    def _claim(self, path: str, field: Field, value: object) -> Value | None:
        found = self.value(path, value, field.kind)
        entity, _, name = field.path.partition(".")
        table = {"deal": "deals", "account": "accounts", "product": "products", "owner": "people"}
        if not isinstance(found, str) or entity not in table or name.startswith("attr."):
            return found
        words = TABLES[table[entity]].column(name).one_of
        return self.word(path, found, words, name) if words else found

    def _fields(
        self, where: str, row: Mapping[str, Any], but: Sequence[str]
    ) -> Iterator[tuple[str, Field, object]]:
        """Yield path, field and value of all that is stated, looking into nested objects."""
        for name, value in row.items():
            if name in but:
                continue
            path = f"{where}.{_shown(name)}"
            if name in _ENTITIES or name == "attr":
                yield from self._nested(path, f"{name}.", value)
            elif field := self._resolved(path, name):
                yield path, field, value

    def _nested(
        self, where: str, prefix: str, value: object
    ) -> Iterator[tuple[str, Field, object]]:
        if not isinstance(value, Mapping):
            self.refuse(where, f"{name_of(value)} is not an object with fields")
            return
        for name, inner in value.items():
            path = f"{where}.{_shown(name)}"
            if name == "attr" and prefix != "attr.":
                yield from self._nested(path, f"{prefix}attr.", inner)
            elif field := self._resolved(path, f"{prefix}{name}"):
                yield path, field, inner

    def _resolved(self, path: str, name: str) -> Field | None:
        if len(name) > 200:
            self.refuse(path, "the name is too long")
            return None
        try:
            return DEAL_FIELDS.resolve(name)
        except UnknownFieldError:
            self.refuse(path, str(UnknownFieldError(name, (*DEAL_FIELDS.names, *_ASKED))))
            return None

    def _rows(
        self, where: str, written: object, most: int
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if written is None:
            return
        if not isinstance(written, list | tuple):
            self.refuse(where, f"{name_of(written)} is not a list")
            return
        if len(written) > most:
            self.refuse(where, f"it holds {len(written):,} entries; at most {most:,} are read")
            return
        for at, row in enumerate(written):
            if isinstance(row, Mapping):
                yield f"{where}[{at}]", row
            else:
                self.refuse(f"{where}[{at}]", f"{name_of(row)} is not an object")

    def _refuse_unknown(self, where: str, row: Mapping[str, Any], known: Sequence[str]) -> None:
        for name in row:
            if name not in known:
                path = f"{where}.{_shown(name)}" if where else _shown(name)
                self.refuse(path, unknown("field", str(name)[:200], known))

    def _check_whole(self, request: Request) -> None:
        """Check what single fields cannot say."""
        asks = request.is_priced or request.customizations or request.claims.get("deal_id")
        if not asks and not self.problems:
            self.refuse("deal", "nothing is asked; give lines, a net_amount or a rate")
        priced = [line.net_price is not None for line in request.lines]
        if any(priced) and not all(priced):
            at = priced.index(False)
            self.refuse(f"deal.lines[{at}].net_price", "it is missing; other lines have one")


def _shown(name: object) -> str:
    text = str(name)
    return text if len(text) <= 60 and text.isprintable() else f"{text[:40]!a}..."
