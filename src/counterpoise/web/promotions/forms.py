"""The form of a promotion. What a figure may be is the desk's to say; this lays out fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from counterpoise.desk.request import Problem
from counterpoise.web.desk.accounts import account_meant
from counterpoise.web.promotions.models import LONGEST_NOTE, AskedPromotion
from counterpoise.web.promotions.on_record import Known

_LONGEST = 200
_ENTRY = re.compile(r".*\(([^()]+)\)\s*")
_PERCENT = ("rate", "expected_lift")
FIELDS = (
    "account",
    "goods",
    "product_family",
    "starts_on",
    "weeks",
    "rate",
    "featured",
    "displayed",
    "trade_spend",
    "expected_lift",
)
_FIELD_OF = {"account_id": "account", "products": "goods", "ends_on": "weeks", "depth": "rate"}


def _text(label: str, hint: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(
        label=label, required=False, max_length=_LONGEST, widget=widget, help_text=hint
    )


class PromotionForm(forms.Form):
    """Account, goods, weeks, depth, and what goes with it."""

    account = _text("Account", list="accounts", placeholder="Name or id")
    goods = forms.CharField(
        label="Products",
        required=False,
        max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "products"}),
        help_text="One, or several with commas.",
    )
    product_family = _text("or a whole family", list="families")
    starts_on = forms.CharField(
        label="First day",
        required=False,
        max_length=20,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    weeks = _text("Weeks", inputmode="numeric", placeholder="2")
    rate = _text("Off the price", inputmode="decimal", placeholder="20")
    featured = forms.BooleanField(label="In the retailer's leaflet", required=False)
    displayed = forms.BooleanField(label="On a display", required=False)
    trade_spend = _text("What it costs us", "Trade spend.", inputmode="decimal")
    expected_lift = _text("Expected lift", "More units than usual.", inputmode="decimal")

    def __init__(self, given: Mapping[str, Any]) -> None:
        initial = {name: given.get(name, "") for name in FIELDS}
        for name in ("featured", "displayed"):
            initial[name] = bool(given.get(name))
        super().__init__(initial=initial, auto_id="ask-%s")

    def put_problems(self, problems: Iterable[Problem]) -> list[str]:
        """Lay what is wrong beside its fields; return what belongs to none of them."""
        self.cleaned_data: dict[str, Any] = {}
        self._errors = forms.utils.ErrorDict()
        rest = []
        for problem in problems:
            where = problem.field.removeprefix("promotion.").partition("[")[0]
            name = _FIELD_OF.get(where, where)
            if name in self.fields:
                self.add_error(name, problem.says)
            else:
                rest.append(f"{where.replace('_', ' ').capitalize()}: {problem.says}")
        return rest


class AnswerForm(forms.Form):
    """An approver's words."""

    comment = forms.CharField(
        label="Comment",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why, for who asked. The retailer never sees it.",
    )


class CounterForm(forms.Form):
    """The terms that an approver would grant; what stays empty stays as asked."""

    starts_on = forms.CharField(
        label="First day",
        required=False,
        max_length=20,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    weeks = _text("Weeks", inputmode="numeric")
    rate = _text("Off the price", inputmode="decimal")
    displayed = forms.BooleanField(label="On a display", required=False)

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(initial=dict(given), auto_id="counter-%s")


def countered_from(promotion: AskedPromotion, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked, with the terms that an approver would grant."""
    row = dict(promotion.written.get("promotion", {}))
    terms = {
        name: str(given.get(name) or "").replace("\x00", "").strip()[:_LONGEST]
        for name in ("starts_on", "weeks", "rate")
    }
    if terms["starts_on"] or terms["weeks"]:
        row.pop("ends_on", None)
        row.setdefault("weeks", str(((promotion.ends_on - promotion.starts_on).days + 7) // 7))
    for name in ("starts_on", "weeks"):
        if terms[name]:
            row[name] = terms[name]
    if terms["rate"]:
        row["rate"] = f"{_number(terms['rate']).removesuffix('%').strip()}%"
    if given.get("displayed"):
        row["displayed"] = True
    return {**promotion.written, "promotion": row}


def given_in(query: Mapping[str, Any]) -> dict[str, str]:
    """Return what a query or form fills in, without characters that nothing can hold."""
    found = {name: str(query.get(name) or "").replace("\x00", "").strip() for name in FIELDS}
    return {name: value[:2_000] for name, value in found.items() if value}


def written_from(given: Mapping[str, str], known: Known) -> dict[str, Any]:
    """Return what is asked, as the desk reads it."""
    row: dict[str, Any] = {}
    if account := given.get("account"):
        meant = account_meant(account).account
        row["account_id"] = meant.account_id if meant else account
    if goods := given.get("goods"):
        row["products"] = [_product(each, known) for each in _split(goods)]
    for name in ("product_family", "starts_on", "weeks"):
        if value := given.get(name):
            row[name] = value
    if cost := given.get("trade_spend"):
        row["trade_spend"] = _number(cost)
    for name in _PERCENT:
        if value := given.get(name):
            row[name] = f"{_number(value).removesuffix('%').strip()}%"
    for name in ("featured", "displayed"):
        if given.get(name):
            row[name] = True
    return {"promotion": row}


def _split(goods: str) -> list[str]:
    return [each.strip() for each in goods.split(",") if each.strip()]


def _product(entry: str, known: Known) -> str:
    """Return the id that an entry means: an id, the list's entry, or a name that one has."""
    if entry in known.by_id:
        return entry
    if (found := _ENTRY.fullmatch(entry)) and found[1].strip() in known.by_id:
        return found[1].strip()
    return known.by_name.get(entry.casefold(), entry)


def _number(text: str) -> str:
    """Take the thousands' separators out of a number.

    >>> _number("1,200"), _number("12.5")
    ('1200', '12.5')
    """
    return text.replace(",", "").replace(" ", "")
