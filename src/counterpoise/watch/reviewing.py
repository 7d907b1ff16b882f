"""One review with its watch: the deals are judged once for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal

import ibis.expr.types as ir

from counterpoise.agreement.versions import Agreements
from counterpoise.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.crack import NotWatched, SideStake, WatchState
from counterpoise.ledger.ledger import whole_deals
from counterpoise.ledger.review import Review, review_of, standing, with_cracks
from counterpoise.watch.deals import DEAL_FIELDS
from counterpoise.watch.registry import all_kinds
from counterpoise.watch.watched import Watched
from counterpoise.watch.watching import Found, Watching, watch

_NOTHING_AGREED = "there is no agreement to hold the books against"


def review_and_watch(
    books: Books,
    agreements: Agreements,
    as_of: dt.date,
    fields: Iterable[str] = (),
    is_open: Collection[str] = (),
) -> tuple[Review, Watching]:
    """Review the books as of the end of a day, and watch for cracks in the same deals.

    The review carries the cracks, and what could not be watched; the watching has what each
    crack came from, to be read while the books are open.

    Args:
        books: The facts.
        agreements: Every version; a deal is judged by the one in force on its day.
        as_of: The day up to whose end the books are read.
        fields: Further fields to group by, as conditions name them (`attr.tier`).
        is_open: Ids of cracks that are open: they stay until they close by measurement. Who looks
            back at another day names none.

    Raises:
        UnknownFieldError: If nothing has such a field, with the nearest name.
    """
    view, named = View(books, as_of), tuple(fields)
    deals = whole_deals(view, agreements, (*named, *DEAL_FIELDS))
    found = review_of(view, agreements, deals, named)
    watching = _watching(view, agreements, deals, is_open)
    state = _state(watching)
    return with_cracks(found, watching.cracks, watching.not_watched, state), watching


def _state(watching: Watching) -> WatchState | None:
    if watching.watched is None:
        return None
    rules = watching.watched.agreement.watch
    by_side: dict[str, list[Found]] = {}
    for each in watching.found:
        by_side.setdefault(each.crack.side, []).append(each)
    sides = tuple(
        SideStake(side, len(cracks), watching.total_stake(cracks))
        for side, cracks in sorted(by_side.items())
    )
    return WatchState(
        questions=watching.questions,
        false_alarms=Decimal(rules.false_alarms),
        material=Decimal(rules.material),
        stake=sides[0].stake if len(sides) == 1 else watching.total_stake(),
        sides=sides,
    )


def _watching(
    view: View, agreements: Agreements, deals: ir.Table, is_open: Collection[str]
) -> Watching:
    version = standing(agreements, view.as_of)
    if version is None:
        silent = tuple(NotWatched(name, _NOTHING_AGREED) for name in all_kinds())
        return Watching(None, (), silent, 0)
    return watch(Watched(view, agreements, version.agreement, deals), is_open)
