"""The review: the ledger as of a day, beside the agreement that it is measured by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import ibis.expr.types as ir

from counterpoise.agreement.versions import Agreements, Status, Version
from counterpoise.books.books import Books
from counterpoise.books.facts import View
from counterpoise.books.manifest import TableFacts
from counterpoise.books.problems import Problem
from counterpoise.ledger.budgets import BudgetState, budget_states
from counterpoise.ledger.crack import Crack, NotWatched, WatchState
from counterpoise.ledger.goals import GoalState, goal_states
from counterpoise.ledger.handoff import Handoff, handoff
from counterpoise.ledger.ledger import Ledger, ledger_deals, ledger_of
from counterpoise.ledger.period import Period
from counterpoise.ledger.promises import PromiseState, promise_states
from counterpoise.ledger.trade import Trade, trade


@dataclass(frozen=True)
class BooksState:
    """What the figures are made of: the snapshot, its tables, and what is wrong with them."""

    snapshot: str
    tables: Mapping[str, TableFacts]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class AgreementState:
    """The agreement that a review cites. Without any, title and fingerprint are None."""

    title: str | None
    fingerprint: str | None
    status: Status
    in_force: bool
    """Whether it is in force on the as-of day."""
    lapsed_on: dt.date | None = None
    """Its last day, where that is over."""
    measured: tuple[dt.date, dt.date] | None = None
    """The first and last of its days over which goals and promises are measured so far."""


@dataclass(frozen=True)
class Review:
    """Everything that a review tells, as of the end of a day."""

    as_of: dt.date
    currency: str
    books: BooksState
    agreement: AgreementState
    ledger: Ledger
    handoff: Handoff
    goals: tuple[GoalState, ...] = ()
    promises: tuple[PromiseState, ...] = ()
    budgets: tuple[BudgetState, ...] = ()
    not_watched: tuple[NotWatched, ...] = ()
    cracks: tuple[Crack, ...] = ()
    watch: WatchState | None = None
    """None where nothing was watched."""
    trade: Trade | None = None
    """None where the books hold no sell-through."""


def review(
    books: Books, agreements: Agreements, as_of: dt.date, fields: Iterable[str] = ()
) -> Review:
    """Review the books as of the end of a day.

    Args:
        books: The facts.
        agreements: Every version; a deal is judged by the one in force on its day.
        as_of: The day up to whose end the books are read.
        fields: Further fields to group by, as conditions name them (`attr.tier`).

    Raises:
        UnknownFieldError: If nothing has such a field, with the nearest name.
    """
    view = View(books, as_of)
    wanted = tuple(fields)
    return review_of(view, agreements, ledger_deals(view, agreements, wanted), wanted)


def review_of(
    view: View, agreements: Agreements, deals: ir.Table, fields: Iterable[str] = ()
) -> Review:
    """Review deals that are judged already.

    Args:
        view: The books as of a day.
        agreements: By which the deals were judged.
        deals: As `ledger_deals` or `whole_deals` keeps them, with the same further fields.
        fields: Further fields to group by, as conditions name them.
    """
    version = standing(agreements, view.as_of)
    starts = version.agreement.company.fiscal_year_starts if version else 1
    found = Review(
        as_of=view.as_of,
        currency=view.books.workspace.currency,
        books=_books_state(view.books),
        agreement=_agreement_state(version, view.as_of),
        ledger=ledger_of(view, agreements, deals, starts, tuple(fields)),
        handoff=handoff(view, version.agreement if version else None),
        trade=trade(view),
    )
    return _against(found, version, view, deals) if version else found


def with_cracks(
    found: Review,
    cracks: Iterable[Crack],
    not_watched: Iterable[NotWatched] = (),
    state: WatchState | None = None,
) -> Review:
    """Return the review with what the watch found in it."""
    return replace(found, cracks=tuple(cracks), not_watched=tuple(not_watched), watch=state)


def standing(agreements: Agreements, as_of: dt.date) -> Version | None:
    """Return the version that a review cites: that of the day, the last before it, or the next."""
    before = [version for version in agreements.versions if version.from_ <= as_of]
    return agreements.on(as_of) or (before[-1] if before else next(iter(agreements.versions), None))


def _against(found: Review, version: Version, view: View, deals: ir.Table) -> Review:
    """Add what the agreement asks for beyond discounts."""
    until = version.until or version.agreement.in_force.until
    last = _last_day(version, view.as_of)
    period = Period(view, deals, version.agreement, version.from_, last)
    return replace(
        found,
        goals=goal_states(period, until),
        promises=promise_states(period),
        budgets=budget_states(period),
    )


def _last_day(version: Version, as_of: dt.date) -> dt.date:
    return min(as_of, version.until) if version.until else as_of


def _books_state(books: Books) -> BooksState:
    manifest = books.manifest
    return BooksState(manifest.snapshot, manifest.tables, manifest.problems)


def _agreement_state(version: Version | None, as_of: dt.date) -> AgreementState:
    if version is None:
        return AgreementState(None, None, Status.AS_IF, in_force=False)
    until, last = version.until, _last_day(version, as_of)
    return AgreementState(
        title=version.agreement.title,
        fingerprint=version.fingerprint,
        status=version.status,
        in_force=version.covers(as_of),
        lapsed_on=until if until is not None and until < as_of else None,
        measured=(version.from_, last) if version.from_ <= last else None,
    )
