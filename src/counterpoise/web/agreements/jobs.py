"""Long work of the agreement: drafting from the books, comparing past deals."""

from __future__ import annotations

from counterpoise.books import Books
from counterpoise.books.facts import latest_day
from counterpoise.web import house
from counterpoise.web.agreements import comparing, drafts, reading
from counterpoise.web.agreements.drafting import JOB
from counterpoise.web.agreements.models import Draft, Origin
from counterpoise.web.people.models import User
from counterpoise.web.work.jobs import Running, job


@job(JOB, title="Draft an agreement from the books")
def draft_from_books(running: Running) -> dict[str, int]:
    """Write a draft from the books of the snapshot in use."""
    from counterpoise.agreement.drafting import draft, gather_evidence

    running.start("Reading what was done so far")
    with Books.open(house.workspace()) as books:
        text = draft(gather_evidence(books, latest_day(books, reading.today())))
        snapshot = books.manifest.snapshot
    running.done()
    user = User.objects.get(pk=running.asked_by_id or 0)
    based_on = snapshot[:64]
    made = Draft.objects.filter(origin=Origin.BOOKS, based_on=based_on, revision=1).first()
    made = made or drafts.start(user, text, Origin.BOOKS, based_on)
    return {"draft": made.pk}


@job(comparing.JOB, title="Judge past deals by two agreements")
def compare_past_deals(running: Running) -> dict[str, int]:
    """Count the past deals whose verdict differs, and keep them."""
    return {"deals": comparing.compare(int(running.arguments["comparison"]), running)}
