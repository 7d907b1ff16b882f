"""What is asked of the desk about a promotion, read strictly from JSON.

A request is for one account or all, some products, a family or everything, some days, a depth, and
what goes with it: feature, display, trade spend, and the lift that whoever asks expects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from counterpoise.agreement.conditions import Value
from counterpoise.agreement.fields import Fields, Scope, UnknownFieldError
from counterpoise.books.schema import TABLES
from counterpoise.books.spelling import unknown
from counterpoise.desk.claims import Checker, name_of
from counterpoise.desk.promotion_calendar import Days
from counterpoise.desk.reading import parse_json
from counterpoise.desk.request import NO_CLAIMS, Claims, Problem, RequestError

MOST_PRODUCTS = 100
"""The most products that one request may name."""

LONGEST_DAYS = 366
"""The longest promotion that is decided."""

PROMOTION_FIELDS = Fields(Scope.PROMOTION)
_TOP = ("promotion", "asked_by", "asked_at")
_KINDS = TABLES["promotions"].column("kind").one_of
_OWN = (
    "account_id",
    "products",
    "product_id",
    "product_family",
    "starts_on",
    "ends_on",
    "weeks",
    "rate",
    "depth",
    "kind",
    "featured",
    "displayed",
    "trade_spend",
    "expected_lift",
)


@dataclass(frozen=True)
class PromotionRequest:
    """A question about a promotion; without products it is for the family, else for everything."""

    asked_by: str
    asked_at: dt.datetime
    days: Days
    depth: Decimal
    account_id: str | None = None
    products: tuple[str, ...] = ()
    product_family: str | None = None
    kind: str | None = None
    featured: bool = False
    displayed: bool = False
    trade_spend: Decimal | None = None
    expected_lift: Decimal | None = None
    claims: Claims = field(default_factory=lambda: NO_CLAIMS)

    @property
    def told_kind(self) -> str:
        """Return its kind, as said or as what goes with it tells."""
        if self.kind:
            return self.kind
        return "display" if self.displayed else "feature" if self.featured else "price_off"

    def moved(self, days: Days) -> PromotionRequest:
        """Return the same on other days."""
        return replace(self, days=days)


def is_about_a_promotion(content: object) -> bool:
    """Tell whether a parsed request asks about a promotion and not about a deal.

    >>> is_about_a_promotion({"promotion": {}}), is_about_a_promotion({"deal": {}})
    (True, False)
    """
    return isinstance(content, Mapping) and "promotion" in content


def read_promotion(written: object, now: dt.datetime | None = None) -> PromotionRequest:
    """Read a request from JSON text or from what a JSON parser made of it.

    Raises:
        RequestError: If anything in it cannot be used, with all that cannot.

    >>> asked = {"asked_by": "rep", "asked_at": "2026-02-10T10:00:00"}
    >>> promotion = {"rate": "20%", "starts_on": "2026-03-02", "weeks": 2}
    >>> read_promotion(asked | {"promotion": promotion}).days.last
    datetime.date(2026, 3, 15)
    """
    content = parse_json(written) if isinstance(written, str | bytes) else written
    return _Reader(now).request(content)


class _Reader(Checker):
    """Walks a request once and collects the problems."""

    def __init__(self, now: dt.datetime | None) -> None:
        super().__init__()
        self.now = now

    def request(self, content: object) -> PromotionRequest:
        if not isinstance(content, Mapping):
            raise RequestError([Problem("", f"{name_of(content)} is not an object")])
        for name in content:
            if name not in _TOP:
                self.refuse(str(name)[:60], unknown("field", str(name)[:60], _TOP))
        row = content.get("promotion")
        if not isinstance(row, Mapping):
            self.refuse("promotion", f"{name_of(row)} is not an object with the promotion's fields")
            row = {}
        request = PromotionRequest(
            asked_by=self._text("asked_by", content.get("asked_by"), "name the role that asks"),
            asked_at=self._asked_at(content.get("asked_at")),
            days=self._days(row),
            depth=self._depth(row),
            account_id=self._given("account_id", row, self.text),
            products=self._products(row),
            product_family=self._given("product_family", row, self.text),
            kind=self._kind(row),
            featured=bool(self._given("featured", row, self._flag)),
            displayed=bool(self._given("displayed", row, self._flag)),
            trade_spend=self._given("trade_spend", row, self.amount),
            expected_lift=self._given("expected_lift", row, self._lift),
            claims=MappingProxyType(dict(self._claims(row))),
        )
        if self.problems:
            raise RequestError(self.problems)
        return request

    def _given(self, name: str, row: Mapping[str, Any], check: Any) -> Any:
        value = row.get(name)
        return None if value is None or value == "" else check(f"promotion.{name}", value)

    def _text(self, where: str, value: object, do: str) -> str:
        if value is None:
            self.refuse(where, f"it is missing; {do}")
            return ""
        return self.text(where, value) or ""

    def _asked_at(self, value: object) -> dt.datetime:
        if value is None and self.now is not None:
            return self.now
        if value is None:
            self.refuse("asked_at", "it is missing; say when it is asked, like 2026-07-01T09:30:00")
            return dt.datetime.min
        return self.instant("asked_at", value) or dt.datetime.min

    def _flag(self, where: str, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        self.refuse(where, f"{name_of(value)} is neither true nor false")
        return None

    def _lift(self, where: str, value: object) -> Decimal | None:
        """Return what is sold beyond a usual week, a share of it; `80%` is read too."""
        is_percent = isinstance(value, str) and value.strip().endswith("%")
        bare = value.strip()[:-1] if is_percent and isinstance(value, str) else value
        number = self.number(where, bare)
        if number is None:
            return None
        lift = number / 100 if is_percent else number
        if not -1 <= lift <= 100:
            self.refuse(where, f"{name_of(value)} is no lift; twice as much is written 100% or 1")
            return None
        return lift

    def _depth(self, row: Mapping[str, Any]) -> Decimal:
        names = [name for name in ("rate", "depth") if row.get(name) not in (None, "")]
        if not names:
            self.refuse(
                "promotion.rate", "it is missing; write 20%, or 0 for a feature or display alone"
            )
            return Decimal(0)
        if len(names) == 2:
            self.refuse("promotion.depth", "rate is given too; give one of them")
        found = self.rate(f"promotion.{names[0]}", row[names[0]])
        if found is not None and found < 0:
            self.refuse(f"promotion.{names[0]}", "it is below 0; a promotion cuts the price")
        return found or Decimal(0)

    def _days(self, row: Mapping[str, Any]) -> Days:
        first = self._given("starts_on", row, self._on)
        last = self._given("ends_on", row, self._on)
        weeks = self._given("weeks", row, self.whole)
        nothing = Days(dt.date.min, dt.date.min)
        if first is None:
            if not any(each.field == "promotion.starts_on" for each in self.problems):
                self.refuse("promotion.starts_on", "it is missing; give the first day")
            return nothing
        if last is not None and weeks is not None:
            self.refuse("promotion.weeks", "ends_on is given too; give one of them")
        if last is None and weeks is None:
            if not any(each.field in _ENDS for each in self.problems):
                self.refuse("promotion.ends_on", "it is missing; give the last day, or weeks")
            return nothing
        if last is None:
            if not 1 <= weeks <= LONGEST_DAYS // 7:
                self.refuse("promotion.weeks", f"{weeks:f} is not 1 to {LONGEST_DAYS // 7} weeks")
                return nothing
            return Days(first, first + dt.timedelta(days=7 * int(weeks) - 1))
        if last < first:
            self.refuse("promotion.ends_on", f"{last} lies before the first day, {first}")
        elif (last - first).days >= LONGEST_DAYS:
            self.refuse("promotion.ends_on", f"a promotion lasts at most {LONGEST_DAYS} days")
        return Days(first, last)

    def _on(self, where: str, value: object) -> dt.date | None:
        at = self.value(where, value, _DAY)
        return at if isinstance(at, dt.date) else None

    def _products(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        written = row.get("products")
        single = self._given("product_id", row, self.text)
        if written is None:
            return (single,) if single else ()
        if single:
            self.refuse("promotion.product_id", "products are given too; give one of them")
        if not isinstance(written, list | tuple):
            self.refuse("promotion.products", f"{name_of(written)} is not a list of product ids")
            return ()
        if len(written) > MOST_PRODUCTS:
            says = f"it holds {len(written):,} products; at most {MOST_PRODUCTS} are read"
            self.refuse("promotion.products", says)
            return ()
        ids = [self.text(f"promotion.products[{at}]", each) for at, each in enumerate(written)]
        return tuple(dict.fromkeys(each for each in ids if each))

    def _kind(self, row: Mapping[str, Any]) -> str | None:
        kind = self._given("kind", row, self.text)
        return kind and self.word("promotion.kind", kind, _KINDS, "kind")

    def _claims(self, row: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
        """Yield the further facts that a condition may ask for."""
        for name, value in row.items():
            if name in _OWN or value is None or value == "":
                continue
            shown = str(name)[:60]
            try:
                known = PROMOTION_FIELDS.resolve(shown)
            except UnknownFieldError:
                says = str(UnknownFieldError(shown, (*PROMOTION_FIELDS.names, *_OWN)))
                self.refuse(f"promotion.{shown}", says)
                continue
            found = self.value(f"promotion.{shown}", value, known.kind)
            if found is not None:
                yield known.column, found


_ENDS = ("promotion.ends_on", "promotion.weeks")
_DAY = TABLES["promotions"].column("starts_on").kind
