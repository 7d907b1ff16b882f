"""The ledger: where value was made and where it was given away, and how sure that is.

From judged deals and their lines to a review: the waterfall from list to margin, value held and
given over time and by every grouping, how concessions divide by authority, cycle time, offers,
fit, the hand-over of leads, goals, promises and budgets; and the trade of consumer goods, with what
promotions did. Every sum is one of decimals and reconciles with the deals to the cent; what cannot
be told is said, with what to record.
"""

from counterpoise.ledger.crack import Crack, NotWatched, SideStake, Subject, WatchState
from counterpoise.ledger.fiscal import fiscal_quarter, fiscal_quarter_expr
from counterpoise.ledger.review import Review, review, standing, with_cracks
from counterpoise.ledger.review_json import review_json, review_object

__all__ = [
    "Crack",
    "NotWatched",
    "Review",
    "SideStake",
    "Subject",
    "WatchState",
    "fiscal_quarter",
    "fiscal_quarter_expr",
    "review",
    "review_json",
    "review_object",
    "standing",
    "with_cracks",
]
