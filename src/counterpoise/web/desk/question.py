"""A question to the desk as it was filled in: the state of a page, as parameters of its address.

Everything in it is text, checked by nobody yet; the desk reads it and says all that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from counterpoise.web.desk.numerals import amount_typed, percent_typed, plain_number

MOST_ROWS = 50
"""The most lines, customizations or further facts that a page takes."""

FACT = "f."
"""What stands before a further fact's name in an address."""

_LINE = ("product", "quantity", "unit_net", "unit_list")
_CUSTOMIZATION = ("kind", "cost")
_PLAIN = ("deal", "account", "amount", "rate", "net", "currency", "term_months", "payment")


@dataclass(frozen=True)
class Line:
    """Goods: how many, at which unit prices."""

    product: str = ""
    quantity: str = ""
    unit_net: str = ""
    unit_list: str = ""


@dataclass(frozen=True)
class Tailoring:
    """Something to be tailored, and what it costs."""

    kind: str = ""
    cost: str = ""


@dataclass(frozen=True)
class Question:
    """What is asked, as filled in."""

    deal: str = ""
    account: str = ""
    amount: str = ""
    rate: str = ""
    net: str = ""
    currency: str = ""
    term_months: str = ""
    payment: str = ""
    lines: tuple[Line, ...] = ()
    customizations: tuple[Tailoring, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    """Further facts by the name that conditions give them."""

    @classmethod
    def of_parameters(cls, given: QueryDict) -> Question:
        """Read the parameters of an address or a form."""
        plain = {name: str(given.get(name) or "").strip() for name in _PLAIN}
        lines = (Line(*row) for row in _rows(given, _LINE))
        tailored = (Tailoring(*row) for row in _rows(given, _CUSTOMIZATION))
        facts = [
            (name.removeprefix(FACT), str(given.get(name) or "").strip())
            for name in given
            if name.startswith(FACT)
        ]
        known = tuple(sorted((name, value) for name, value in facts if name and value))
        return cls(
            **plain, lines=tuple(lines), customizations=tuple(tailored), facts=known[:MOST_ROWS]
        )

    def parameters(self) -> list[tuple[str, str]]:
        """Return the parameters that stand for this question; what is blank is left out."""
        found = [(name, getattr(self, name)) for name in _PLAIN]
        pairs = [pair for pair in found if pair[1]]
        for line in self.lines:
            pairs += [(name, getattr(line, name)) for name in _LINE]
        for tailored in self.customizations:
            pairs += [(name, getattr(tailored, name)) for name in _CUSTOMIZATION]
        return pairs + [(f"{FACT}{name}", value) for name, value in self.facts]

    def query(self) -> str:
        """Return the question as the query of an address."""
        return urlencode(self.parameters())

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is filled in."""
        return self == Question()

    @property
    def has_price(self) -> bool:
        """Tell whether it says at what price to sell, or what to tailor."""
        by_line = any(line.unit_net for line in self.lines)
        return bool(self.rate or self.net or by_line or self.customizations)

    def written(self, asked_by: str, account_id: str | None) -> dict[str, Any]:
        """Return the question as the desk reads it."""
        stated = {
            "deal_id": self.deal,
            "account_id": account_id,
            "list_amount": "" if self.lines else amount_typed(self.amount),
            "rate": percent_typed(self.rate),
            "net_amount": amount_typed(self.net),
            "currency": self.currency.upper(),
            "term_months": amount_typed(self.term_months),
            "payment": self.payment,
        }
        deal: dict[str, Any] = {name: value for name, value in stated.items() if value}
        deal.update(dict(self.facts))
        if self.lines:
            deal["lines"] = [_line_written(line) for line in self.lines]
        asked: dict[str, Any] = {"deal": deal, "asked_by": asked_by}
        if self.customizations:
            asked["customizations"] = [
                {"kind": each.kind or None, "cost": amount_typed(each.cost) or None}
                for each in self.customizations
            ]
        return asked

    def with_offer(self, offer: Mapping[str, Any]) -> Question:
        """Return the question as it would be asked again under a counter-offer of a decision."""
        changed = self
        is_by_line = any(need["field"].startswith("lines.") for need in offer["needs"])
        if offer["net_amount"] is not None and not is_by_line:
            changed = replace(
                changed,
                rate="",
                net=_text(offer["net_amount"]),
                lines=tuple(replace(line, unit_net="") for line in changed.lines),
            )
        for need in offer["needs"]:
            changed = changed.with_need(need["field"], need["value"])
        return changed

    def with_need(self, field: str, value: object) -> Question:
        """Return the question with one term as an offer needs it."""
        text = _text(value)
        part, _, rest = field.partition(".")
        if part == "customizations":
            return replace(self, customizations=_limited(self.customizations, rest, value, text))
        if part == "lines":
            at = int(rest.partition(".")[0]) - 1
            lines = tuple(
                replace(line, unit_net=text) if place == at else line
                for place, line in enumerate(self.lines)
            )
            return replace(self, rate="", net="", lines=lines)
        if field == "term_months":
            return replace(self, term_months=text)
        if field == "payment":
            return replace(self, payment=text)
        others = tuple(pair for pair in self.facts if pair[0] != field)
        return replace(self, facts=(*others, (field, text)))


def _limited(
    asked: tuple[Tailoring, ...], kind: str, value: object, text: str
) -> tuple[Tailoring, ...]:
    if value is None:
        return tuple(each for each in asked if each.kind != kind)
    return tuple(replace(each, cost=text) if each.kind == kind else each for each in asked)


def _line_written(line: Line) -> dict[str, Any]:
    stated = {
        "product_id": line.product,
        "quantity": amount_typed(line.quantity),
        "net_price": amount_typed(line.unit_net),
        "list_price": amount_typed(line.unit_list),
    }
    return {name: value for name, value in stated.items() if value}


def _rows(given: QueryDict, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of repeated parameters in which anything is filled in."""
    columns = [list(given.getlist(name))[:MOST_ROWS] for name in names]
    for at in range(max(map(len, columns))):
        row = tuple(column[at].strip() if at < len(column) else "" for column in columns)
        if any(row):
            yield row


def question_of(written: Mapping[str, Any]) -> Question:
    """Return what would be filled in to ask a written request again.

    Facts that no field of the page holds stand among the further ones.
    """
    deal = dict(written.get("deal") or {})
    lines = tuple(
        Line(
            *(
                _text(row.get(name))
                for name in ("product_id", "quantity", "net_price", "list_price")
            )
        )
        for row in deal.pop("lines", None) or ()
    )
    tailored = tuple(
        Tailoring(_text(row.get("kind")), _text(row.get("cost")))
        for row in written.get("customizations") or ()
    )
    named = {
        "deal": _text(deal.pop("deal_id", None)),
        "account": _text(deal.pop("account_id", None)),
        "amount": _text(deal.pop("list_amount", None)),
        "rate": _percent(deal.pop("rate", None)),
        "net": _text(deal.pop("net_amount", None)),
        "currency": _text(deal.pop("currency", None)),
        "term_months": _text(deal.pop("term_months", None)),
        "payment": _text(deal.pop("payment", None)),
    }
    return Question(**named, lines=lines, customizations=tailored, facts=tuple(sorted(_flat(deal))))


def _flat(facts: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif value is not None:
            yield f"{prefix}{name}", _text(value)


def _percent(rate: object) -> str:
    text = _text(rate)
    if not text or text.endswith("%"):
        return text.removesuffix("%")
    return plain_number(Decimal(text) * 100)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return plain_number(Decimal(repr(value)))
    return str(value)
