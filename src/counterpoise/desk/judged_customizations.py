"""Judged customizations: every one on record with the desk's answer, and whether it stands."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View, in_workspace_currency
from counterpoise.desk.asked_customizations import asked_customizations
from counterpoise.desk.coverage import Deciders, standing_yeses
from counterpoise.desk.customization_rules import CustomizationRules
from counterpoise.desk.dividing import is_recorded
from counterpoise.desk.judge import may_decide
from counterpoise.desk.judge_customizations import judge_customizations, place_customizations
from counterpoise.desk.outcome import Verdict
from counterpoise.desk.rules import GRANTED, REFUSED, ladders_of

_SUBJECT = "customization"
_YES, _NO, _OPEN = ibis.literal(True), ibis.literal(False), ibis.null("boolean")
UNJUDGED = "unjudged"


class Standing(StrEnum):
    """Where a customization stands: by whose word it was made."""

    WITHIN = "within_authority"
    APPROVED = "approved"
    OUTSIDE = "outside"
    UNJUDGED = "unjudged"


_KEPT = (
    "customization_id",
    "deal_id",
    "kind",
    "requested_at",
    "day",
    "asker_id",
    "owner_id",
    "owner__team",
    "outcome",
    "closed_at",
    "cost",
    "known_cost",
    "is_costed",
    "persona",
    "ladder_role",
)


def judged_customizations(books: Books, agreements: Agreements, as_of: dt.date) -> ir.Table:
    """Return every customization on record at the end of a day with the desk's answer to it.

    Args:
        books: The facts.
        agreements: Every version; a customization is judged by the one in force on the day on
            which it was asked.
        as_of: The day up to which the books are seen.

    Returns:
        One row a customization: customization_id, deal_id, kind, requested_at, day, asker_id,
        owner_id, owner__team, outcome and closed_at of the deal, cost, known_cost and is_costed
        (what the kind had cost the deal by then), persona, ladder_role of who asked, agreement
        (fingerprint, NULL where none was in force), clause (NULL where several rows may decide),
        authority_low and authority_high (money that who asked may grant), verdict (granted,
        needs_approval, refused or unjudged), approver, over_quota, covered (whether a valid
        approval covers the cost) and standing (`Standing`). over_quota and covered are NULL where
        nobody knows. Amounts are in the workspace's currency.
    """
    return _Judging(View(books, as_of), CustomizationRules(agreements)).table()


class _Judging:
    """One run over the books: asked, placed, judged, and held against approvals."""

    def __init__(self, view: View, rules: CustomizationRules) -> None:
        self.view = view
        self.books = view.books
        self.rules = rules
        self.fields = Fields(Scope.DEAL, self.books.all_attributes)

    def table(self) -> ir.Table:
        """Return the judged customizations."""
        asked = asked_customizations(self.view, self.rules.periods)
        placed = place_customizations(asked, self.rules, self.fields)
        periods = [each.column for each in self.rules.periods]
        kept = [name for name in _KEPT if name != "kind"]
        placed = placed.select(*kept, "asked_kind", "version", "last_place", "possible", *periods)
        placed = self.books.keep(placed, "asked_customizations")
        judged = judge_customizations(placed, self.rules)
        return _worded(self._with_approvals(judged, placed), self.rules)

    def _with_approvals(self, judged: ir.Table, placed: ir.Table) -> ir.Table:
        since = self.books.approvals_from
        if since is None or not self.rules.versions:
            return judged.mutate(covered=_OPEN)
        covered = _covered(self._yeses(placed), placed, self.rules)
        covered = covered.rename(covered_id="customization_id")
        joined = judged.left_join(covered, judged.customization_id == covered.covered_id)
        is_open = ibis.ifelse(joined.maybe == 1, _OPEN, _NO)
        unsaid = ibis.ifelse(is_recorded(joined.day, since), _NO, _OPEN)
        return joined.mutate(
            covered=ibis.cases(
                (joined.covered_id.isnull(), unsaid), (joined.surely == 1, _YES), else_=is_open
            )
        ).select(*judged.columns, "covered")

    def _yeses(self, placed: ir.Table) -> ir.Table:
        """Return the standing yeses to each customization; one without a kind may be to any."""
        approvals = self.view.seen(self.books.table("approvals"), "decided_at")
        approvals = approvals.filter(approvals.subject == _SUBJECT)
        approvals = in_workspace_currency(self.view, approvals, "value")
        asked = placed.select(
            "customization_id",
            asked_deal_id=placed.deal_id,
            asked_kind=placed.asked_kind,
            asked_version=placed.version,
            asked_closed_at=placed.closed_at,
            asked_asker_id=placed.asker_id,
        )
        is_it = approvals.kind == asked.asked_kind
        joined = approvals.inner_join(
            asked, [approvals.deal_id == asked.asked_deal_id, ibis.coalesce(is_it, _YES)]
        )
        joined = joined.mutate(asked_is_sure=joined.kind.notnull())
        ladders = ladders_of(self.rules.versions)
        deciders = Deciders(self.view, self.rules.versions, ladders, self.fields)
        return standing_yeses(joined, deciders, ("customization_id",))


def _covered(yeses: ir.Table, placed: ir.Table, rules: CustomizationRules) -> ir.Table:
    """Return the customizations to which somebody said yes, and whether that covers their cost.

    Grain: customization_id. Columns: surely and maybe (1 or 0). A yes covers if it reaches the
    cost, and whoever said it, alone or together, may grant that by every row that may decide.
    """
    by_row = _covering(_granted(yeses, placed, rules))
    by_request = by_row.group_by("customization_id", "request").aggregate(
        sure_rows=by_row.surely.sum(), rows_there=by_row.rows_there.max(), maybe=by_row.maybe.max()
    )
    sure = ibis.ifelse(by_request.sure_rows == by_request.rows_there, 1, 0)
    return by_request.group_by("customization_id").aggregate(
        surely=sure.max(), maybe=by_request.maybe.max()
    )


def _granted(yeses: ir.Table, placed: ir.Table, rules: CustomizationRules) -> ir.Table:
    """Lay each yes beside the grants that its role takes part in, in every row that may decide."""
    asked = placed.select(
        "customization_id", "version", "last_place", "possible", "known_cost", "is_costed"
    )
    asked = asked.mutate(
        rows_there=asked.possible.substr(0, asked.last_place.cast("int32"))
        .replace("0", "")
        .length()
    ).rename(asked_id="customization_id")
    said = yeses.inner_join(asked, yeses.customization_id == asked.asked_id)
    members = rules.members()
    return said.inner_join(
        members,
        [
            said.version == members.row_version,
            said.role == members.member,
            members.place <= said.last_place,
            may_decide(said.possible, members.place),
        ],
    )


def _covering(granted: ir.Table) -> ir.Table:
    """Tell for each request and row whether a grant of it is whole, and covers the cost."""
    grant = ("customization_id", "request", "place", "rows_there", "grant_number", "size")
    by_grant = granted.group_by(*grant).aggregate(
        present=granted.role.nunique(),
        is_sure=granted.is_sure.min() == 1,
        value=granted.value.min(),
        is_valued=ibis.ifelse(granted.value.notnull(), 1, 0).min() == 1,
        amount=granted.amount.min(),
        known_cost=granted.known_cost.min(),
        is_costed=ibis.ifelse(granted.is_costed, 1, 0).min() == 1,
    )
    whole = by_grant.filter(by_grant.present == by_grant["size"])
    most = ibis.coalesce(whole.value, whole.amount)
    reaches = ibis.coalesce((whole.known_cost <= most) & (most <= whole.amount), _NO)
    is_sure = whole.is_sure & whole.is_costed & whole.is_valued
    whole = whole.mutate(maybe=reaches, surely=reaches & is_sure)
    return whole.group_by("customization_id", "request", "place", "rows_there").aggregate(
        surely=ibis.ifelse(whole.surely, 1, 0).max(), maybe=ibis.ifelse(whole.maybe, 1, 0).max()
    )


def _worded(judged: ir.Table, rules: CustomizationRules) -> ir.Table:
    """Turn codes into verdicts, and tell where each customization stands."""
    agree = (judged.strict_code == judged.lenient_code) & (
        ibis.coalesce(judged.strict_approver, "") == ibis.coalesce(judged.lenient_approver, "")
    )
    verdict = ibis.cases(
        (~ibis.coalesce(agree, _NO), UNJUDGED),
        (judged.strict_code == GRANTED, Verdict.GRANTED.value),
        (judged.strict_code == REFUSED, Verdict.REFUSED.value),
        else_=Verdict.NEEDS_APPROVAL.value,
    )
    over_quota = ibis.cases(
        (judged.over_least == 1, _YES), (judged.over_most == 0, _NO), else_=_OPEN
    )
    fingerprints = [
        (judged.version == number, each.fingerprint) for number, each in enumerate(rules.versions)
    ]
    nothing = ibis.null("string")
    judged = judged.mutate(
        kind=judged.asked_kind,
        agreement=ibis.cases(*fingerprints, else_=nothing) if fingerprints else nothing,
        verdict=verdict,
        approver=ibis.ifelse(
            verdict == Verdict.NEEDS_APPROVAL.value, judged.strict_approver, ibis.null("string")
        ),
        over_quota=over_quota,
    )
    return judged.select(
        *_KEPT,
        "agreement",
        "clause",
        "authority_low",
        "authority_high",
        "verdict",
        "approver",
        "over_quota",
        "covered",
        standing=_standing(judged),
    )


def _standing(judged: ir.Table) -> ir.StringValue:
    """Tell by whose word a customization was made; what is not known is never outside."""
    may_be_granted = ibis.coalesce(judged.lenient_code == GRANTED, _YES)
    is_open = judged.over_quota.isnull() | judged.covered.isnull() | may_be_granted
    return ibis.cases(
        (ibis.coalesce(judged.over_quota, _NO), Standing.OUTSIDE.value),
        (judged.verdict == Verdict.GRANTED.value, Standing.WITHIN.value),
        (ibis.coalesce(judged.covered & ~judged.over_quota, _NO), Standing.APPROVED.value),
        (is_open, Standing.UNJUDGED.value),
        else_=Standing.OUTSIDE.value,
    )
