"""The chain for promotions: every row that may decide one, in the order in which it is tried.

Protected goods come first, then the limits of promotions, then what no row fits. Both forms of
the desk walk this chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.document import Agreement, Budget, WeeksOnDeal
from counterpoise.agreement.fields import Scope
from counterpoise.desk.chain import Grant, grants_of, ranks_of

OTHERWISE = "promotions.otherwise"
"""The clause that is cited where no row fits."""

UNSAID = "promotions"
"""The clause that is cited where the agreement says nothing about promotions."""

WEEK = 7


class Ending(StrEnum):
    """What is said to a promotion that no row fits."""

    REFUSED = "refused"
    GRANTED = "granted"
    UNSAID = "unsaid"


@dataclass(frozen=True)
class PromotionRule:
    """A row of the chain, or its end, which alone has an `ending`.

    The condition of protected goods asks about a deal's account and goods (`Scope.DEAL`), that of
    a limit about the promotion.
    """

    clause: str
    scope: Scope = Scope.PROMOTION
    condition: Condition = Condition()
    grants: tuple[Grant, ...] = ()
    weeks_on_deal: WeeksOnDeal | None = None
    gap_weeks: int | None = None
    says: str | None = None
    ending: Ending | None = None

    @property
    def singles(self) -> tuple[Grant, ...]:
        """Return the grants of one role, the only ones that a person has by themselves."""
        return tuple(grant for grant in self.grants if grant.is_single)


def promotion_chain(agreement: Agreement) -> tuple[PromotionRule, ...]:
    """Return the rows that may decide a promotion, first match first, the end last."""
    ranks, promotions = ranks_of(agreement), agreement.promotions
    protected = (
        PromotionRule(
            f"protected.{row.id}", Scope.DEAL, row.when, grants_of(row.up_to, ranks), says=row.says
        )
        for row in agreement.protected
    )
    if promotions is None:
        return (*protected, PromotionRule(UNSAID, ending=Ending.UNSAID))
    limits = (
        PromotionRule(
            f"promotions.limits.{row.id}",
            Scope.PROMOTION,
            row.when,
            grants_of(row.up_to, ranks),
            row.weeks_on_deal,
            row.gap_weeks,
            row.says,
        )
        for row in promotions.limits
    )
    return (*protected, *limits, PromotionRule(OTHERWISE, ending=Ending(promotions.otherwise)))


def promotion_budgets(agreement: Agreement) -> tuple[Budget, ...]:
    """Return the budgets that the trade spend of a promotion counts against."""
    return tuple(each for each in agreement.budgets if each.of == "promotion_spend")


def is_of_goods(column: str) -> bool:
    """Tell whether a fact of a promotion is one of its account and goods, as a deal has them.

    >>> is_of_goods("account__segment"), is_of_goods("kind")
    (True, False)
    """
    if column in {"account_id", "campaign_id", "product_family", "persona"}:
        return True
    return column.startswith(("account__", "product__"))
