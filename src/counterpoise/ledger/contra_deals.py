"""The deals that contra-effects are told of: rates, mix, and who touched them before they began."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from counterpoise.books.facts import View
from counterpoise.ledger.contra_regression import Flags, Floats, Ints, Mix, coded, mix_of
from counterpoise.ledger.fit import OUTSIDE
from counterpoise.ledger.fit_sides import account_of

MOST_DEALS = 1_000_000
"""Deals that are read at most; more would make intervals narrower than anybody needs."""
TOUCH_DAYS = 365
"""How long before a deal a touch counts."""
_DAY = 86_400
_TINY = 1e-9
"""Added before rounding down: to some engines the logarithm of 1,000 is a little less than 3."""

BEFORE = ("segment", "industry", "kind", "is_outside", "team", "repeat", "quarter")
"""What a deal's chance of winning is adjusted for: known before its outcome, and recorded alike
however it ends. Its source is left out, for that may be marketing itself."""
PRICED = (*BEFORE, "clause", "size_band", "product_family", "term_band", "payment", "is_contested")
"""What its rate is adjusted for; nothing here follows from the rate or from who gave it."""
ALL = (*PRICED, "source")


@dataclass(frozen=True)
class Deals:
    """Deals that were won or lost, as arrays of one length, in order of account and time.

    Attributes:
        account: Whose deal, as a number.
        won: Whether it was won.
        rate: 1 − net / list, NaN where nobody knows.
        negotiated: Whether it may be negotiated as others.
        touched: Whether marketing touched its account or lead in the year before it began.
        factors: What it is like, by the names of `ALL`, as numbers.
    """

    account: Ints
    won: Flags
    rate: Floats
    negotiated: Flags
    touched: Flags
    factors: dict[str, Ints]

    def __len__(self) -> int:
        return len(self.account)

    def part(self, kept: Flags) -> Deals:
        """Return some of the deals, accounts numbered anew."""
        account = np.unique(self.account[kept], return_inverse=True)[1]
        return Deals(
            account.astype(np.int64),
            self.won[kept],
            self.rate[kept],
            self.negotiated[kept],
            self.touched[kept],
            {name: each[kept] for name, each in self.factors.items()},
        )

    def mix(self, names: Sequence[str]) -> Mix:
        """Return what the deals are alike in by some factors."""
        return mix_of([self.factors[name] for name in names], len(self))


def compared(view: View, deals: ir.Table) -> ir.Table:
    """Return the deals won or lost, with what was known of them before.

    Grain: a deal. Columns: `deal_id`, `account`, `at` (when it was closed), `won`, `rate`,
    `negotiated`, `touched`, and the factors by the names of `ALL`.

    Args:
        view: The books as of a day; touches and offers are read from them.
        deals: One row a deal, as `deal_table` gives them.
    """
    closed = _counted(deals)
    closed = closed.filter(closed.outcome.isin(("won", "lost")) & closed.day.notnull())
    begun = _begun(view, closed)
    touched = touched_before(view, begun)
    joined = begun.left_join(touched, begun.deal_id == touched.touched_deal)
    return joined.select(
        deal_id=joined.deal_id,
        account=account_of(joined),
        at=joined.closed_at,
        won=joined.outcome == "won",
        rate=_rate(joined),
        negotiated=~_is_fixed(joined),
        touched=joined.touched_deal.notnull(),
        **_factors(joined),
    )


def read_deals(view: View, table: ir.Table) -> Deals:
    """Read deals as `compared` gives them, in order of account and time.

    Of very many, all deals of some accounts: those by the last two characters of whose ids there
    are `MOST_DEALS` at most; the intervals are then those of the deals that were read.
    """
    if view.books.is_large:
        table = table.filter(table.account.right(2).isin(_endings(view, table)))
    return _arrays(view.books.run(table.order_by("account", "at", "deal_id")))


def _endings(view: View, table: ir.Table) -> list[str]:
    """Return endings of account ids, drawn by their digests, with as many deals as are read."""
    counted = table.group_by(ending=table.account.right(2)).aggregate(n=table.count())
    found = view.books.run(counted).to_pylist()
    found.sort(key=lambda each: hashlib.sha256(each["ending"].encode()).digest())
    upto = np.cumsum([each["n"] for each in found])
    enough = max(int(np.searchsorted(upto, MOST_DEALS, side="right")), 1)
    return [each["ending"] for each in found[:enough]]


def repeat_rates(table: ir.Table) -> ir.Table:
    """Return the priced deals of `compared` with the rate of the customer's deal before.

    Grain: a deal. Columns: `deal_id`, `touched`, `rate` and `rate_before` (NULL of a first one).
    """
    priced = table.filter(table.rate.notnull() & table.negotiated)
    own = ibis.window(group_by="account", order_by=["at", "deal_id"])
    before = priced.select("deal_id", rate_before=priced.rate.lag().over(own))
    before = before.rename(priced_deal="deal_id")
    joined = table.left_join(before, table.deal_id == before.priced_deal)
    return joined.select("deal_id", "touched", "rate", "rate_before")


def touched_before(view: View, begun: ir.Table) -> ir.Table:
    """Return the deals that marketing touched in the year before they began.

    Grain: a deal; column `touched_deal`. A touch is one of its account, of a lead of its account,
    or of its own lead.

    Args:
        view: The books as of a day.
        begun: Deals with `began`, seconds, `account_id` and `lead_id`.
    """
    if not view.books.has("touches"):
        return begun.filter(ibis.literal(False)).select(touched_deal="deal_id")
    touches = _touch_days(view)
    deals = begun.select("deal_id", "began", "account_id", "lead_id")
    of_account = touches.filter(touches.party_account.notnull()).select("party_account", "at")
    of_lead = touches.filter(touches.lead_id.notnull()).select(party_lead="lead_id", at="at")
    found = []
    for parties, own, key in (
        (of_account, deals.account_id, "party_account"),
        (of_lead, deals.lead_id, "party_lead"),
    ):
        when = [parties.at < deals.began, parties.at >= deals.began - TOUCH_DAYS * _DAY]
        met = deals.semi_join(parties, [own == parties[key], *when])
        found.append(met.select(touched_deal="deal_id"))
    return found[0].union(found[1], distinct=True)


def _touch_days(view: View) -> ir.Table:
    """Return the first touch of a day by lead and account. `at` is in seconds."""
    touches = view.seen(view.books.table("touches"), "touched_at")
    leads = view.books.table("leads")
    named = leads.select(of_lead=leads.lead_id, lead_account=leads.account_id)
    joined = touches.left_join(named, touches.lead_id == named.of_lead)
    days = joined.mutate(
        party_account=ibis.coalesce(joined.account_id, joined.lead_account),
        touched_on=joined.touched_at.date(),
        at=joined.touched_at.epoch_seconds(),
    )
    days = days.filter(days.party_account.notnull() | days.lead_id.notnull())
    return days.group_by("party_account", "lead_id", "touched_on").aggregate(at=days.at.min())


def _begun(view: View, deals: ir.Table) -> ir.Table:
    """Add `began`, in seconds: when the deal was created, or its first offer made if earlier."""
    created = deals.created_at.epoch_seconds()
    if not view.books.has("offers"):
        return deals.mutate(began=created)
    offers = view.seen(view.books.table("offers"), "offered_at")
    first = offers.group_by(offered_deal=offers.deal_id).aggregate(first=offers.offered_at.min())
    joined = deals.left_join(first, deals.deal_id == first.offered_deal)
    created, offered = joined.created_at.epoch_seconds(), joined["first"].epoch_seconds()
    is_earlier = ibis.coalesce(offered < created, ibis.literal(False))
    return joined.mutate(began=ibis.ifelse(is_earlier, offered, created)).drop(
        "offered_deal", "first"
    )


def _counted(deals: ir.Table) -> ir.Table:
    """Count the deals of the account that were begun before each."""
    own = ibis.window(group_by="account_id", order_by=["created_at", "deal_id"])
    return deals.mutate(repeat=ibis.row_number().over(own))


def _rate(deals: ir.Table) -> ir.FloatingValue:
    listed = deals.list_amount.cast("float64").nullif(0.0)
    found: ir.FloatingValue = 1.0 - deals.net_amount.cast("float64") / listed
    return found


def _is_fixed(deals: ir.Table) -> ir.BooleanValue:
    """Tell of deals that nobody may negotiate as others: protected goods and exclusions."""
    clause = ibis.coalesce(deals.clause, "")
    found: ir.BooleanValue = clause.startswith("protected.") | clause.startswith(
        "discounts.exclusions."
    )
    return found


def _factors(deals: ir.Table) -> dict[str, ir.Value]:
    listed = deals.list_amount.cast("float64").nullif(0.0)
    months, repeat = deals.term_months, deals.repeat
    return {
        "segment": deals.account__segment,
        "industry": deals.account__industry,
        "kind": deals.kind,
        "is_outside": _text(deals.persona == OUTSIDE),
        "team": deals.owner__team,
        "repeat": _text(
            ibis.cases((repeat < 2, repeat), (repeat < 4, 2), (repeat < 8, 3), else_=4)
        ),
        "quarter": _text(deals.day.year() * 4 + deals.day.quarter()),
        "clause": deals.clause,
        "size_band": _text((listed.log10() * 2 + _TINY).floor().cast("int32")),
        "product_family": deals.product_family,
        "term_band": ibis.cases(
            (months.isnull(), "-"), (months < 24, "short"), (months < 36, "two"), else_="long"
        ),
        "payment": deals.payment,
        "is_contested": _text(deals.competitor.notnull()),
        "source": deals.source,
    }


def _text(value: ir.Value) -> ir.StringValue:
    found: ir.StringValue = value.cast("string")
    return found


def _arrays(found: pa.Table) -> Deals:
    rate = found["rate"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    return Deals(
        account=coded(found["account"]),
        won=_flags(found["won"]),
        rate=np.asarray(rate, dtype=np.float64),
        negotiated=_flags(found["negotiated"]),
        touched=_flags(found["touched"]),
        factors={name: coded(found[name]) for name in ALL},
    )


def _flags(column: pa.ChunkedArray) -> Flags:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.bool_)
