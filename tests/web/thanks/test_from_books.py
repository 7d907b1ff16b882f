"""What the other side did for a person, as the books of a company tell it."""

import datetime as dt

import ibis

from counterpoise.web.live import live
from counterpoise.web.people.cast import Member
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from counterpoise.web.thanks import from_books
from counterpoise.web.thanks.thanking import done_for
from tests.web.ledger.conftest import reviewed_workspace, room_workspace

__all__ = ["reviewed_workspace", "room_workspace"]

LATER = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
"""After the end of the books, which are read over their own last weeks."""

FIRST = dt.date(2026, 1, 1)


def busy_marketer(cast: dict[str, Member], first: dt.date) -> User:
    """Let the marketer be who owns the campaign that touched most deals closed from a day on."""
    kept = latest()
    assert kept is not None
    deals, touching = kept.tables.table("deals"), kept.tables.table("deal_campaigns")
    closed = deals.filter(deals.outcome.isin(["won", "lost"]), deals.day >= ibis.literal(first))
    touched = touching.filter(touching.deal_id.isin(closed.deal_id))
    most = touched.group_by("campaign_id").aggregate(n=touched.count())
    most = most.order_by([ibis.desc("n"), "campaign_id"]).limit(1)
    campaign = live().campaign(kept.tables.run(most).column("campaign_id")[0].as_py())
    assert campaign is not None
    marketer = cast["marketer"].user
    User.objects.filter(person_id=campaign["owner_id"]).update(person_id="")
    User.objects.filter(pk=marketer.pk).update(person_id=campaign["owner_id"])
    marketer.refresh_from_db()
    return marketer


def test_tells_a_marketer_of_prices_that_held_and_of_lost_deals(cast: dict[str, Member]) -> None:
    kept, marketer = latest(), busy_marketer(cast, FIRST)
    assert kept is not None
    found = list(from_books.deeds(marketer, kept, FIRST))
    deals = kept.tables.table("deals")
    touching = kept.tables.table("deal_campaigns")
    campaigns = sorted(live().campaigns_of(marketer.person_id))
    own = touching.filter(touching.campaign_id.isin(campaigns)).deal_id
    ids = [deed.url.split("/")[-2] for deed in found]
    rows = kept.tables.run(deals.filter(deals.deal_id.isin(ids), deals.deal_id.isin(own)))
    by_id = {row["deal_id"]: row for row in rows.to_pylist()}
    assert found
    assert set(ids) == set(by_id)  # nothing that does not open
    for deed in found:
        row = by_id[deed.url.split("/")[-2]]
        assert ("the price held" in deed.says) == (
            row["outcome"] == "won" and row["concession"] == 0
        )
        assert ("why it was lost" in deed.says) == (row["outcome"] == "lost")
    assert any("why it was lost" in deed.says for deed in found)
    assert any("the price held" in deed.says or " won " in deed.says for deed in found)


def test_tells_a_seller_of_campaigns_behind_own_deals(cast: dict[str, Member]) -> None:
    kept = latest()
    assert kept is not None
    deals, touching = kept.tables.table("deals"), kept.tables.table("deal_campaigns")
    touched = deals.filter(
        deals.outcome == "lost",
        deals.day >= ibis.literal(FIRST),
        deals.deal_id.isin(touching.deal_id),
    )
    row = kept.tables.run(touched.order_by(deals.day.desc(), "deal_id").limit(1)).to_pylist()[0]
    rep = cast["rep"].user
    User.objects.filter(person_id=row["owner_id"]).exclude(pk=rep.pk).update(person_id="")
    User.objects.filter(pk=rep.pk).update(person_id=row["owner_id"])
    rep.refresh_from_db()
    found = [each for each in from_books.deeds(rep, kept, FIRST) if row["deal_id"] in each.key]
    assert found
    assert found[0].says.endswith("even though it was lost")
    assert found[0].at.date() == row["day"]


def test_books_that_end_earlier_are_read_over_their_own_last_weeks(
    cast: dict[str, Member],
) -> None:
    kept = latest()
    assert kept is not None
    first = kept.as_of - dt.timedelta(weeks=4)
    found = done_for(busy_marketer(cast, first), LATER)
    assert found
    assert min(deed.at.date() for deed in found) >= first
    assert all(deed.by is None or deed.by.side == "sales" for deed in found)
    assert done_for(cast["lead"].user, LATER) == []
