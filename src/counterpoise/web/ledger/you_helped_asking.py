"""The deals that a person helped: what the review and the room know of it, as far as it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.ledger.credit import OUTCOMES
from counterpoise.ledger.credit_rules import CREDITS, OF_PATHS, Rule
from counterpoise.ledger.helping import Helping
from counterpoise.web.access import Reach, Scope, scope_of
from counterpoise.web.ledger.own_acts import own_acts
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.results.figures import kept_answer, opens_deal
from counterpoise.web.results.helping import HELPER_ROWS
from counterpoise.web.results.journeys import PARTS
from counterpoise.web.results.reading import KeptReview

_PARTS_OF_ONE = 10_000
"""In which the review holds credit."""


@dataclass(frozen=True)
class Helper:
    """A person who may have helped deals, by what the books and the room know them as."""

    person_id: str
    campaigns: tuple[str, ...]
    """The campaigns that they own themselves."""
    acts: tuple[tuple[Helping, tuple[str, ...]], ...]
    """What they did in the room, and the deals that it was about."""
    scope: Scope

    @classmethod
    def of(cls, user: User) -> Helper:
        """Return a user as a helper of deals."""
        every = live().campaigns() if user.person_id else ()
        campaigns = sorted(
            each["campaign_id"] for each in every if each["owner_id"] == user.person_id
        )
        acts = tuple((how, tuple(sorted(deals))) for how, deals in own_acts(user).items() if deals)
        return cls(user.person_id, tuple(campaigns), acts, scope_of(user))


@dataclass(frozen=True)
class YouHelped:
    """Some of the deals that a person helped, the latest first, and how many there are."""

    rows: tuple[dict[str, Any], ...]
    """`opens` tells whether a deal opens; of one that does not, only its outcome, the first day of
    its month and how it was helped are told."""
    counts: Mapping[str, int]
    """By outcome."""


def is_kept(kept: KeptReview) -> bool:
    """Tell whether the review knows who helped."""
    return kept.tables.has(HELPER_ROWS) and kept.tables.has(PARTS)


def rule_told(rule: Rule) -> Rule:
    """Return the rule by which single deals are told: removal effects know no single deal."""
    return rule if rule in OF_PATHS else Rule.LINEAR


def you_helped(
    kept: KeptReview,
    helper: Helper,
    outcome: str,
    rule: Rule,
    part: tuple[int | None, int] = (None, 0),
) -> YouHelped:
    """Return the deals that a person helped.

    Args:
        kept: The review.
        helper: The person.
        outcome: The only outcome that is meant; empty for every one.
        rule: The rule by which their campaigns are credited.
        part: How many deals, None for all, and how many to pass over.

    Raises:
        LockHeldError: If too many questions wait.
    """
    named = (helper.person_id, helper.campaigns, helper.acts)
    asked = ("you helped", named, outcome, rule, part)
    return kept_answer(kept, helper.scope, asked, lambda: _asked(kept, helper, outcome, rule, part))


def _asked(
    kept: KeptReview, helper: Helper, outcome: str, rule: Rule, part: tuple[int | None, int]
) -> YouHelped:
    rows = _opened(kept, helper, _helped(kept, helper))
    counted = rows.group_by("outcome").aggregate(deals=rows.count())
    counts = {row["outcome"]: row["deals"] for row in kept.tables.run(counted).to_pylist()}
    if outcome:
        rows = rows.filter(rows.outcome == outcome)
    limit, offset = part
    order = [ibis.desc("month"), ibis.desc("opens"), ibis.desc("day"), "deal_id"]
    page = rows.order_by(order).limit(limit, offset=offset)
    credited = _credited(kept, helper, rule, page)
    found = kept.tables.run(credited.order_by(order)).to_pylist()
    return YouHelped(tuple(map(_told, found)), {name: counts.get(name, 0) for name in OUTCOMES})


def _helped(kept: KeptReview, helper: Helper) -> ir.Table:
    """Return the deals of others that a person helped, with a column a way."""
    deals = kept.tables.table("deals")
    rows = kept.tables.table(HELPER_ROWS)
    written = rows.filter(rows.person_id == helper.person_id).select("deal_id", "helped")
    touching = kept.tables.table("deal_campaigns")
    touched = touching.filter(touching.campaign_id.isin(list(helper.campaigns)))
    ways = [written, _by(touched, Helping.CAMPAIGN)]
    ways += [_by(deals.filter(deals.deal_id.isin(list(ids))), how) for how, ids in helper.acts]
    both = ibis.union(*ways)
    found = both.group_by("deal_id").aggregate(
        **{_did(how): (both.helped == how.value).any() for how in Helping}
    )
    own = ibis.coalesce(deals.owner_id == helper.person_id, ibis.literal(False))
    return deals.filter(~own).inner_join(found, "deal_id")


def _did(how: Helping) -> str:
    """Return the column of a way, named like no column of deals, which have `approved`."""
    return f"did_{how.value}"


_WAYS = frozenset(map(_did, Helping))


def _by(rows: ir.Table, how: Helping) -> ir.Table:
    return rows.select("deal_id", helped=ibis.literal(how.value))


def _opened(kept: KeptReview, helper: Helper, rows: ir.Table) -> ir.Table:
    """Tell which deals open, and of the others nothing by which they could be known."""
    everything = helper.scope.reach is Reach.EVERYTHING
    opens = ibis.literal(True) if everything else opens_deal(kept, rows, helper.scope)
    rows = rows.mutate(opens=ibis.coalesce(opens, ibis.literal(False)))
    is_over = rows.outcome != "open"
    nothing = {name: ibis.null(rows[name].type()) for name in _CLOSED_UP}
    shut = {name: ibis.ifelse(rows.opens, rows[name], none) for name, none in nothing.items()}
    return rows.select(
        "deal_id",
        "outcome",
        "opens",
        *map(_did, Helping),
        month=rows.day.truncate("M"),
        day=ibis.ifelse(rows.opens & is_over, rows.day, ibis.null("date")),
        **shut,
    )


_CLOSED_UP = ("name", "account__name", "net_amount")


def _credited(kept: KeptReview, helper: Helper, rule: Rule, rows: ir.Table) -> ir.Table:
    """Add what a person's campaigns are credited with on the won deals that open."""
    parts = kept.tables.table(PARTS)
    own = parts.filter(parts.campaign_id.isin(list(helper.campaigns)), parts.outcome == "won")
    sums = own.group_by(credited_deal="deal_id").aggregate(
        credit=own[CREDITS[rule]].sum().cast("int64")
    )
    joined = rows.left_join(sums, [("deal_id", "credited_deal")]).drop("credited_deal")
    return joined.mutate(credit=ibis.ifelse(joined.opens, joined.credit, ibis.null("int64")))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave the id out where a deal does not open, and the columns of ways for their list."""
    ways = tuple(how for how in Helping if row[_did(how)])
    kept = {name: value for name, value in row.items() if name not in _WAYS}
    credit = row["credit"]
    kept["credit"] = None if credit is None else Decimal(credit) / _PARTS_OF_ONE
    if not row["opens"]:
        kept["deal_id"] = None
    kept["month"] = None if row["outcome"] == "open" else row["month"]
    return {**kept, "helped": ways}
