"""Judged deals: every deal with the desk's answer, and its concession divided by authority.

Made once a review and read by every measure after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

import ibis
import ibis.expr.datatypes as types
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View, deal_facts, line_facts
from counterpoise.books.money import CENTS, MONEY, above_zero, narrow, product, smaller
from counterpoise.desk.coverage import covered_rates
from counterpoise.desk.judge import ANSWERS, judge
from counterpoise.desk.margin_floor import with_floor
from counterpoise.desk.placing import place
from counterpoise.desk.rules import GRANTED, REFUSED, Rules

_NOTHING = ibis.literal(Decimal(0), MONEY)
_PARTS = ("within_authority", "approved", "leakage", "unjudged", "leakage_high")
_PLACED = (
    "version",
    "persona",
    "ladder_role",
    "first_row",
    "last_row",
    "possible",
    "levers_low",
    "levers_high",
)
_KEPT = (
    "deal_id",
    "account_id",
    "owner_id",
    "campaign_id",
    "source",
    "outcome",
    "loss_reason",
    "created_at",
    "closed_at",
    "day",
    "list_amount",
    "net_amount",
    "cost_amount",
    "customization_cost",
    "adjustment_amount",
    "priced",
    "concession",
    "above_list",
    "has_lines",
    "product_family",
    "account__segment",
    "account__industry",
    "owner__team",
)
"""What measures read of every deal; whatever else they want, they name."""


def judged_deals(
    books: Books, agreements: Agreements, as_of: dt.date, also: Iterable[str] = ()
) -> ir.Table:
    """Return every deal known at the end of a day with the desk's answer to it.

    Args:
        books: The facts.
        agreements: Every version; a deal is judged by the one in force on its day.
        as_of: The day up to which the books are seen.
        also: Further fields of conditions (`attr.tier`, `account.country`) to carry along, each
            under its column name.

    Returns:
        One row a deal: the columns of `deal_facts` that measures share and those named in `also`,
        `persona`, `ladder_role`, `agreement` (fingerprint of the version in force, NULL without
        one), `clause`, `authority_low`, `authority_high`, `verdict` (granted, needs_approval,
        refused or unjudged; NULL unless priced), `approver`, and the parts of the concession:
        within_authority, approved, leakage, unjudged, which sum to it, and leakage_high (NULL
        unless priced).
    """
    return _Judging(View(books, as_of), agreements, tuple(also)).table()


class _Judging:
    """One run over the books: facts, placed on the chain, judged, and divided."""

    def __init__(self, view: View, agreements: Agreements, also: tuple[str, ...]) -> None:
        self.view = view
        self.books = view.books
        self.rules = Rules(agreements)
        self.fields = Fields(Scope.DEAL, self.books.all_attributes)
        self.also = tuple(self.fields.resolve(name).column for name in also)

    def table(self) -> ir.Table:
        """Return the judged deals."""
        judged = self._divided(judge(self._placed, self.rules), self._placed, ("deal_id",))
        if self._numbers("line"):
            judged = self._by_lines(judged)
        return self._worded(with_floor(judged, self.rules))

    @cached_property
    def _facts(self) -> ir.Table:
        return deal_facts(self.books, self.view.as_of)

    @cached_property
    def _placed(self) -> ir.Table:
        """Place every deal once, and keep what later steps and measures read."""
        placed = place(self._facts, self.rules, self.fields)
        return self.books.keep(placed.select(*self._columns(placed)), "placed")

    def _columns(self, placed: ir.Table) -> tuple[str, ...]:
        there = set(placed.columns)
        wanted = dict.fromkeys((*_KEPT, *self.also, *_PLACED))
        return tuple(name for name in wanted if name in there)

    def _numbers(self, basis: str) -> tuple[int, ...]:
        """Return the numbers of the versions that judge on a basis."""
        versions = enumerate(self.rules.versions)
        return tuple(number for number, each in versions if each.agreement.discounts.basis == basis)

    def _divided(self, judged: ir.Table, placed: ir.Table, key: tuple[str, ...]) -> ir.Table:
        """Add the parts of the concession.

        The excess over authority is a range where authority or an approval is in doubt: what is
        within, approved or leaked in every reading is so, the rest is unjudged.
        """
        judged = self._with_approvals(judged, placed, key)
        gap = judged.list_amount - judged.net_amount

        def beyond(rate: ir.DecimalValue) -> ir.DecimalValue:
            """Return the part of the concession that a rate leaves uncovered, in cents."""
            covered = product(judged.list_amount, rate)
            over = above_zero(gap - covered)
            return smaller(judged.concession, narrow(narrow(over, CENTS)))

        most, least = beyond(judged.authority_low), beyond(judged.authority_high)
        judged = judged.mutate(excess_most=most, excess_least=least)
        judged = judged.mutate(
            leak_least=smaller(judged.excess_least, beyond(judged.approved_high)),
            leak_most=smaller(judged.excess_least, beyond(judged.approved_low)),
        )
        parts = self._parts(judged)
        return judged.mutate(**parts).drop(
            "approved_low",
            "approved_high",
            "excess_most",
            "excess_least",
            "leak_least",
            "leak_most",
        )

    def _parts(self, judged: ir.Table) -> dict[str, ir.Value]:
        bound = judged.version.notnull()
        recorded = ibis.literal(self._approvals_recorded)
        within = ibis.ifelse(bound, judged.concession - judged.excess_most, _zero_of(judged))
        leakage = ibis.ifelse(bound & recorded, judged.leak_least, _zero_of(judged))
        approved = ibis.ifelse(
            bound & recorded, judged.excess_least - judged.leak_most, _zero_of(judged)
        )
        unjudged = judged.concession - within - approved - leakage
        parts = {
            "within_authority": within,
            "approved": approved,
            "leakage": leakage,
            "unjudged": unjudged,
            "leakage_high": ibis.ifelse(bound, leakage + unjudged, leakage),
        }
        return {name: narrow(part) for name, part in parts.items()}

    @cached_property
    def _approvals_recorded(self) -> bool:
        return self.books.has("approvals")

    def _with_approvals(self, judged: ir.Table, placed: ir.Table, key: tuple[str, ...]) -> ir.Table:
        none = ibis.literal(Decimal(0), types.Decimal(18, 6))
        if not (self._approvals_recorded and self.rules.versions):
            return judged.mutate(approved_low=none, approved_high=none)
        covered = covered_rates(self.view, placed, self.rules, self.fields, key)
        joined = judged.left_join(
            covered, [judged[name] == covered[f"covered_{name}"] for name in key]
        )
        return joined.select(
            *judged.columns,
            approved_low=ibis.coalesce(joined.approved_low, none),
            approved_high=ibis.coalesce(joined.approved_high, none),
        )

    def _by_lines(self, judged: ir.Table) -> ir.Table:
        """Judge deals under a version whose basis is the line by their lines, strictest first."""
        placed = self._placed_lines()
        lines = self._divided(judge(placed, self.rules, _LINE), placed, _LINE)
        worst = lines.strict_code * _LINES - lines.line_no
        best = lines.lenient_code * _LINES - lines.line_no
        summed = lines.group_by("deal_id").aggregate(
            line_clause=lines.clause.argmax(worst),
            line_authority_low=lines.authority_low.min(),
            line_authority_high=lines.authority_high.min(),
            line_strict_code=lines.strict_code.max(),
            line_lenient_code=lines.lenient_code.max(),
            line_strict_approver=lines.strict_approver.argmax(worst),
            line_lenient_approver=lines.lenient_approver.argmax(best),
            line_asker_rank_low=lines.asker_rank_low.min(),
            line_asker_rank_high=lines.asker_rank_high.max(),
            **{f"line_{part}": lines[part].sum().cast(MONEY) for part in _PARTS},
        )
        summed = summed.rename(lined_deal="deal_id")
        joined = judged.left_join(summed, judged.deal_id == summed.lined_deal)
        by_line = joined.lined_deal.notnull() & joined.priced
        names = (*ANSWERS, *_PARTS)
        return joined.select(
            *(name for name in judged.columns if name not in names),
            **{name: ibis.ifelse(by_line, joined[f"line_{name}"], joined[name]) for name in names},
        )

    def _placed_lines(self) -> ir.Table:
        """Return the priced lines, each with its deal's facts and its own product and amounts."""
        lines = line_facts(self.view)
        own = {name: lines[name] for name in lines.columns if name != "deal_id"}
        facts = self._facts.drop(*(name for name in self._facts.columns if name in own))
        joined = lines.inner_join(facts, "deal_id")
        placed = place(joined, self.rules, self.fields)
        placed = placed.filter(
            placed.version.isin(self._numbers("line")) & placed.concession.notnull()
        )
        columns = dict.fromkeys((*self._columns(placed), "line_no"))
        return self.books.keep(placed.select(*columns), "placed_lines")

    def _worded(self, judged: ir.Table) -> ir.Table:
        """Turn codes into verdicts."""
        agree = (judged.strict_code == judged.lenient_code) & (
            ibis.coalesce(judged.strict_approver, "") == ibis.coalesce(judged.lenient_approver, "")
        )
        verdict = ibis.cases(
            (~judged.priced, ibis.null("string")),
            (judged.version.isnull() | ~ibis.coalesce(agree, ibis.literal(False)), "unjudged"),
            (judged.strict_code == GRANTED, "granted"),
            (judged.strict_code == REFUSED, "refused"),
            else_="needs_approval",
        )
        fingerprints = [
            (judged.version == number, each.fingerprint)
            for number, each in enumerate(self.rules.versions)
        ]
        nothing = ibis.null("string")
        return judged.mutate(
            verdict=verdict,
            approver=judged.strict_approver,
            agreement=ibis.cases(*fingerprints, else_=nothing) if fingerprints else nothing,
        ).drop("first_row", "last_row", "possible")


_LINE = ("deal_id", "line_no")
_LINES = 1_000_000


def _zero_of(judged: ir.Table) -> ir.DecimalValue:
    """Return 0 where the deal has a concession to divide, else NULL."""
    return ibis.ifelse(judged.concession.notnull(), _NOTHING, ibis.null(MONEY))
