"""Planned features and displays that did not happen."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import Rows
from counterpoise.watch.trade_measures import (
    account_names,
    of_other_trade,
    offers_of,
    signs_of,
)
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, money, of_few, percent


def _missing(watched: Watched) -> str:
    if why := of_other_trade(watched):
        return why
    signs = signs_of(watched)
    if signs.featured or signs.displayed:
        return ""
    return "the weeks record neither features nor displays"


def _planned(watched: Watched) -> ir.Table:
    """Return planned features and displays of which somebody knows whether they happened."""
    offers = offers_of(watched)
    planned = offers.filter(offers.shown.notnull())
    return planned.mutate(
        is_missing=(~planned.shown).ifelse(1, 0), base=planned.cost / watched.quarters
    )


def _test(watched: Watched) -> Iterator[Tested]:
    names = account_names(watched)
    rows = Rows(
        _planned(watched),
        subject="account_id",
        value="is_missing",
        base="base",
        group="campaign_id",
    )
    promise = Promise(
        side=Side.MARKETING,
        person=("account", lambda id_: Subject("account", id_, names.get(id_, id_))),
        group=("campaign", watched.campaign),
        formula="planned features and displays that did not happen, beyond the share that the "
        "agreement lets pass, a quarter × what promotions with one cost",
        measure="share of planned features and displays that did not happen",
    )
    yield from kept(watched, watched.cells(rows), promise)


def _bad(found: Tested) -> int:
    bad = found.notes["bad"]
    assert isinstance(bad, int)
    return bad


def _says(_: Watched, found: Tested) -> str:
    at = "At" if found.variant == "account" else "Of"
    return (
        f"{at} {found.subject.name} {_bad(found):,} of {counted(found.n, 'planned feature')} or "
        f"displays were seen in no week of their promotion: {percent(found.observed, 0)}, where "
        f"the agreement lets {percent(found.expected, 0)} pass.{of_few(found.n, 'promotion')}"
    )


def _next_step(_: Watched, found: Tested) -> str:
    if found.variant == "account":
        whom = f"Ask {found.subject.name} for a photograph of the shelf in the first week"
    else:
        whom = "Ask the accounts for a photograph of the shelf in the first week"
    return (
        f"{whom}, pay for a feature or a display only when it was seen, and send what it takes in "
        "time (clause promotions)."
    )


def _own(watched: Watched, found: Tested) -> ir.Table:
    planned = _planned(watched)
    whose = planned.account_id if found.variant == "account" else planned.campaign_id
    return planned.filter(whose == found.subject.id)


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _own(watched, found)
    missing = own.filter(own.is_missing == 1)
    beyond = max(0.0, 1.0 - found.expected / found.observed) if found.observed else 0.0
    return missing.select(
        "promotion_id",
        "account_id",
        "campaign_id",
        "family",
        "kind",
        "starts_on",
        "ends_on",
        "cost",
        stake_part=missing.base * beyond,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what sellers gave off the price in these promotions all the same."""
    own, currency = _own(watched, found), watched.books.workspace.currency
    missing = own.filter(own.is_missing == 1)
    given = watched.one(missing.depth.sum()) or 0.0
    spent = watched.one(missing.spend.sum()) or 0.0
    return OtherView(
        f"What sales gave all the same: {money(given, currency)} off the price and "
        f"{money(spent, currency)} of trade spend.",
        (("Off the price", money(given, currency)), ("Trade spend", money(spent, currency))),
    )


KIND = Kind(
    name="unsupported_promotion",
    side=Side.MARKETING,
    counterpart="losing_promotion",
    variants=MappingProxyType({"account": "account", "campaign": "campaign"}),
    asks="Did planned features and displays happen?",
    measure="Of the promotions of the window with a planned feature or display, the share in whose "
    "weeks none was seen of their goods at the account; held against the share that the agreement "
    "lets any promise be broken (exact binomial). Weeks that record neither tell nothing.",
    stake="What promotions without their feature or display cost, beyond the share that may slip, "
    "a quarter.",
    unit=Unit.POINTS,
    needs=("sell_through", "promotions", "products"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
