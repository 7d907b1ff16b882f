"""Judged deals: every deal with the desk's answer, and its concession divided by authority.

Made once a review and read by every measure after it. Facts are read once; what takes more than
the facts of a deal (a missing one, approvals, lines that are judged by themselves) is worked out
afterwards, for the deals that need it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View, deal_facts
from counterpoise.desk.by_line import laid_over, lines_judged
from counterpoise.desk.coverage import covered_rates
from counterpoise.desk.dividing import PARTS, divided, divided_by_authority, excess, is_recorded
from counterpoise.desk.judge import in_doubt, judge_by_number, judge_sure
from counterpoise.desk.margin_floor import with_floor
from counterpoise.desk.placing import PLACED, place
from counterpoise.desk.rules import GRANTED, REFUSED, Rules, named

_FACTS = (
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
    "line_count",
    "product_family",
    "account__segment",
    "account__industry",
    "owner__team",
)
"""What measures read of every deal; whatever else they want, they name."""

_KEY = ("deal_id",)
_VERDICTS = ("granted", "needs_approval", "refused", "unjudged")
_GRANTED, _NEEDS_APPROVAL, _REFUSED, _UNJUDGED = range(4)


def judged_deals(
    books: Books,
    agreements: Agreements,
    as_of: dt.date,
    also: Iterable[str] = (),
    reads: Iterable[str] | None = None,
) -> ir.Table:
    """Return every deal known at the end of a day with the desk's answer to it.

    Args:
        books: The facts.
        agreements: Every version; a deal is judged by the one in force on its day.
        as_of: The day up to which the books are seen.
        also: Further fields of conditions (`attr.tier`, `account.country`) to carry along, each
            under its column name.
        reads: The columns that are wanted of those below, where not all are; what nobody reads
            is not worked out.

    Returns:
        One row a deal: the columns of `deal_facts` that measures share and those named in `also`,
        `persona`, `ladder_role`, `agreement` (fingerprint of the version in force, NULL without
        one), `clause`, `authority_low`, `authority_high`, `verdict` (granted, needs_approval,
        refused or unjudged; NULL unless priced), `approver`, and the parts of the concession:
        within_authority, approved, leakage, unjudged, which sum to it, and leakage_high (NULL
        unless priced).
    """
    wanted = None if reads is None else frozenset(reads)
    return _Judging(View(books, as_of), Rules(agreements), tuple(also), wanted).table()


@dataclass(frozen=True)
class _Judging:
    """One run over the books: facts, placed on the chain, judged, and divided."""

    view: View
    rules: Rules
    also: tuple[str, ...]
    reads: frozenset[str] | None

    def table(self) -> ir.Table:
        """Return the judged deals."""
        first = self.view.books.keep(self._first(), "judged")
        if not self.rules.versions:
            return self._told(first)
        settled = first.filter(~first.is_open).select(*self._stored)
        reopened = self.view.books.keep(self._reopened(first), "judged_again")
        return self._told(settled.union(reopened))

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        """Return the columns that are wanted."""
        own = [self.fields.resolve(name).column for name in self.also]
        facts = [name for name in dict.fromkeys((*_FACTS, *own)) if name in self._facts.columns]
        known = (*facts, *_ANSWERS, *PARTS)
        if self.reads is None:
            return known
        return tuple(name for name in known if name in self.reads or name in own)

    @property
    def _stored(self) -> tuple[str, ...]:
        """Return the wanted columns as both ways of judging give them, names as numbers."""
        return tuple(_NUMBERS.get(name, name) for name in self._columns)

    @cached_property
    def fields(self) -> Fields:
        """Return the fields that conditions may name."""
        return Fields(Scope.DEAL, self.view.books.all_attributes)

    @cached_property
    def _facts(self) -> ir.Table:
        return deal_facts(self.view.books, self.view.as_of)

    @cached_property
    def _approvals_from(self) -> dt.date | None:
        return self.view.books.approvals_from

    def _first(self) -> ir.Table:
        """Judge every deal by the facts, as if no approval counted, and mark who needs more."""
        judged = judge_sure(place(self._facts, self.rules, self.fields), self.rules)
        judged = judged.mutate(excess_most=excess(judged, judged.authority_low))
        needs_more = in_doubt(judged) | judged.version.isin(self.rules.judging_lines)
        if self._approvals_from:
            above = judged.version.notnull() & (judged.excess_most > 0)
            needs_more |= above & is_recorded(judged.day, self._approvals_from)
        judged = judged.mutate(is_open=ibis.coalesce(needs_more, ibis.literal(False)))
        judged = divided_by_authority(judged, judged.excess_most)
        answered = self._answered(with_floor(judged, self.rules))
        if not self.rules.versions:
            return answered.select(*self._stored)
        return answered.select(*dict.fromkeys((*self._stored, *_NEEDED, *PLACED, "is_open")))

    def _reopened(self, first: ir.Table) -> ir.Table:
        """Judge again the deals that are open, with all that is on record."""
        anew = {"is_open", *_ANSWERS, *_NUMBERS.values(), *PARTS} - {*PLACED}
        placed = first.filter(first.is_open).drop(*(anew & {*first.columns}))
        covered = self._covered(placed, _KEY)
        since = self._approvals_from
        judged = divided(judge_by_number(placed, self.rules), covered, _KEY, since)
        if self.rules.judging_lines:
            lines = lines_judged(self.view, self._facts, self.rules, self.fields)
            covered = self._covered(lines.placed, lines.key)
            judged = laid_over(judged, divided(lines.judged, covered, lines.key, since))
        return self._answered(with_floor(judged, self.rules)).select(*self._stored)

    def _covered(self, placed: ir.Table, key: tuple[str, ...]) -> ir.Table | None:
        if self._approvals_from is None:
            return None
        return covered_rates(self.view, placed, self.rules, self.fields, key)

    def _answered(self, judged: ir.Table) -> ir.Table:
        """Turn codes into the number of a verdict."""
        agree = judged.strict_code == judged.lenient_code
        agree &= ibis.coalesce(judged.strict_approver_number, -1) == ibis.coalesce(
            judged.lenient_approver_number, -1
        )
        verdict = ibis.cases(
            (~judged.priced, ibis.null("int16")),
            (judged.version.isnull() | ~ibis.coalesce(agree, ibis.literal(False)), _UNJUDGED),
            (judged.strict_code == GRANTED, _GRANTED),
            (judged.strict_code == REFUSED, _REFUSED),
            else_=_NEEDS_APPROVAL,
        )
        return judged.mutate(verdict_number=verdict.cast("int16"))

    def _told(self, judged: ir.Table) -> ir.Table:
        """Put words in the place of numbers."""
        names = {
            "agreement": [each.fingerprint for each in self.rules.versions],
            "clause": self.rules.clauses,
            "verdict": _VERDICTS,
            "approver": self.rules.approvers,
        }
        told = {
            name: named(judged[number], names[name])
            for name, number in _NUMBERS.items()
            if name in self._columns
        }
        return judged.mutate(**told).select(*self._columns)


_NUMBERS = {
    "agreement": "version",
    "clause": "clause_number",
    "verdict": "verdict_number",
    "approver": "strict_approver_number",
}
"""What is written as a number until somebody reads it."""

_ANSWERS = (*_NUMBERS, "persona", "ladder_role", "authority_low", "authority_high")

_NEEDED = (
    "deal_id",
    "owner_id",
    "closed_at",
    "day",
    "list_amount",
    "net_amount",
    "cost_amount",
    "customization_cost",
    "priced",
    "concession",
)
"""The facts by which a deal is judged again."""
