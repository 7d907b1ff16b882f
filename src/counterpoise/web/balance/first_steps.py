"""The first five minutes of a workspace: each step shows from the facts whether it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from counterpoise.agreement import Agreements
from counterpoise.books.snapshot import current_snapshot
from counterpoise.report import wording
from counterpoise.web import house
from counterpoise.web.balance.models import RevenueCheck
from counterpoise.web.balance.weighing import Review
from counterpoise.web.books_room.who import may_import
from counterpoise.web.desk.models import Request
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags import figures


@dataclass(frozen=True)
class FirstStep:
    """Something to do once; `says` tells what came of it, or what to do."""

    name: str
    title: str
    says: str
    is_done: bool
    act: str
    url: str
    """Where it is done; empty where this person or this moment does not allow it."""
    is_next: bool = False


def first_steps(user: User, review: Review | None, agreements: Agreements) -> list[FirstStep]:
    """Return the steps in order."""
    snapshot = current_snapshot(house.workspace())
    has_books = snapshot is not None
    steps = [
        _books(user, review, has_books=has_books),
        _revenue(snapshot),
        _agreement(review, has_books=has_books),
        _ask(has_agreement=has_books and bool(agreements.versions)),
    ]
    upcoming = next((step for step in steps if step.url and not step.is_done), None)
    return [replace(step, is_next=step is upcoming) for step in steps]


def _books(user: User, review: Review | None, *, has_books: bool) -> FirstStep:
    says = (
        "An export of your CRM as CSV, Excel or Parquet, one file or a folder. "
        "Rows that cannot be used are set aside and shown, never dropped."
    )
    if review is not None:
        tables, nothing = review["books"]["tables"], {"rows": 0, "set_aside": 0}
        deals = tables.get("deals", nothing)
        says = f"{wording.counted(deals['rows'], 'deal')} in the books"
        if not deals["rows"] and (weeks := tables.get("sell_through", nothing))["rows"]:
            deals = weeks
            says = f"{wording.counted(weeks['rows'], 'week')} of products at accounts in the books"
        says += f", {figures.count(deals['set_aside'])} set aside." if deals["set_aside"] else "."
    elif has_books:
        says = "The books are open; a review is on its way."
    elif not may_import(user):
        says = "An administrator, or who stands above both sides, brings it in."
    url = reverse("facts:import") if may_import(user) else ""
    return FirstStep("books", "Drop an export", says, has_books, "Import", url)


def _revenue(snapshot: str | None) -> FirstStep:
    check = RevenueCheck.objects.filter(snapshot=snapshot).first() if snapshot else None
    says = (
        "Type won revenue as your CRM's own report gives it. "
        "It is the same here, or each difference is explained."
    )
    if check is not None:
        says = f"{figures.money(check.reported)} in the report, laid beside the books."
    url = reverse("balance:revenue") if snapshot else ""
    title = "See your own revenue in it"
    return FirstStep("revenue", title, says, check is not None, "Compare", url)


def _agreement(review: Review | None, *, has_books: bool) -> FirstStep:
    title = review["agreement"]["title"] if review else None
    says = (
        "A draft from your books: the roles found, limits at what was really given, "
        "personas from who is won. Nobody is bound by it; it is measured as if."
    )
    if review is not None and title is not None:
        parts = review["ledger"]["concessions"]
        standing = wording.STATUSES[review["agreement"]["status"]]
        beyond = figures.short_money(parts["leakage_low"])
        says = f"{title}, {standing}: {beyond} given above authority without approval."
    url = reverse("agreements:drafts") if has_books else ""
    name = "Draft an agreement"
    return FirstStep("agreement", name, says, title is not None, "Open Agreement", url)


def _ask(*, has_agreement: bool) -> FirstStep:
    asked = _has_request()
    says = (
        "One ask is on record, with its answer."
        if asked
        else "A customer, an amount, a rate: the verdict, its clause and what to say instead."
    )
    url = reverse("desk:start") if has_agreement else ""
    return FirstStep("ask", "Ask the desk once", says, asked, "Open Desk", url)


def _has_request() -> bool:
    return Request.objects.exists()
