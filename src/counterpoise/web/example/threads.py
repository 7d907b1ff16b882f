"""What people of a made-up company asked each other where the thing is: a clause, a deal, a crack.

Sentences are made of what the books and the agreement hold; where a thing is missing, nobody
speaks of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from counterpoise.agreement import Agreement
from counterpoise.web.access import scope_of
from counterpoise.web.example.campaigns import LATE, RUNNING, SOON, told_of
from counterpoise.web.example.exchanges import Answer, Exchange
from counterpoise.web.example.moments import Moments
from counterpoise.web.example.quoting import crack_of, measured
from counterpoise.web.example.staff import Staff
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from counterpoise.web.shell.templatetags.figures import percent
from counterpoise.web.talk.models import Announcement


def exchanges(staff: Staff, agreement: Agreement, moments: Moments) -> Iterator[Exchange]:
    """Yield what was asked, from both sides: most of it answered, some late, some not yet."""
    yield from _clause(staff, agreement, moments)
    yield from _deal(staff, moments)
    yield from _competitor(staff, moments)
    yield from _team(staff, moments)
    yield from _shelf(staff, moments)
    yield from _above_both(staff, moments)
    yield from _tool(staff, moments)


def about_campaigns(staff: Staff, moments: Moments) -> Iterator[Exchange]:
    """Yield what was asked about campaigns, once sales was told of them."""
    if running := told_of(RUNNING):
        yield _first_week(running, staff, moments)
    if late := told_of(LATE):
        yield _too_late(late, staff, moments)
    if soon := told_of(SOON):
        yield Exchange(
            f"campaign:{soon.campaign_id}",
            staff.rep,
            soon.given_by,
            "Whom do you invite first: customers whom we know, or those who do not know us yet? I "
            "would call the known ones myself before the invitation reaches them.",
            moments.before(1, 11, 40),
            "3 working days",
        )


def _clause(staff: Staff, agreement: Agreement, moments: Moments) -> Iterator[Exchange]:
    rates = {row.id: row.up_to.get(staff.rep.role) for row in agreement.discounts.limits}
    row = next((name for name in reversed(rates) if rates[name]), None)
    if row is None:
        yield from _protected(staff, agreement, moments)
        return
    yield Exchange(
        f"clause:discounts.limits.{row}",
        staff.rep,
        staff.marketer,
        f"Customers under “{row}” ask for {_written(rates[row])} in the first talk, as if they had "
        "read our limit. What can I give them before I speak of price at all?",
        moments.before(8, 10, 20),
        answer=Answer(staff.marketer, _instead(agreement), moments.before(7, 9, 35)),
        then=(
            Answer(
                staff.manager,
                f"Asking for something back works. @{staff.rep.name} tried it on two offers, and "
                "both customers chose the lever over the last point.",
                moments.before(6, 16, 5),
            ),
        ),
    )


def _written(rate: Decimal | None) -> str:
    return percent(rate).replace(".0%", "%")


def _protected(staff: Staff, agreement: Agreement, moments: Moments) -> Iterator[Exchange]:
    for row in agreement.protected[:1]:
        yield Exchange(
            f"clause:protected.{row.id}",
            staff.rep,
            staff.marketer,
            "A buyer asks for it deeper than we may go, and says the shelf stays empty otherwise. "
            "What can I offer that is not price?",
            moments.before(8, 10, 20),
            answer=Answer(
                staff.marketer,
                "A display in the two weeks before the holidays, paid when we see the photograph. "
                "It sells there on what it is; that is why we both protect it.",
                moments.before(7, 9, 35),
            ),
        )


def _instead(agreement: Agreement) -> str:
    """Return what earns more than price, by the agreement."""
    value = next((each for each in agreement.values if each.proof), None)
    levers = agreement.discounts.levers
    said = ["Begin with what they lose without us."]
    if value:
        said.append(
            f"“{value.says}” has its proof ({value.proof}): ask what it costs them now, show it."
        )
    if levers:
        given = " and ".join(
            f"{_written(each.adds)} for “{each.id.replace('_', ' ')}”" for each in levers[:2]
        )
        said.append(f"And let them give something back: the agreement adds {given}.")
    return " ".join(said)


def _deal(staff: Staff, moments: Moments) -> Iterator[Exchange]:
    """Yield a marketer's question about a deal that a campaign of theirs touched; it is overdue."""
    for marketer in (*staff.marketers, staff.marketer):
        for campaign_id in sorted(scope_of(marketer).campaigns):
            deal, campaign = _open_deal(staff.rep, campaign_id), live().campaign(campaign_id)
            if deal is not None and campaign is not None:
                asks = (
                    f"This one came to us through {campaign['name']}. What made them call? If it "
                    "is what we wrote, I say it again in the next one; if not, I would like to "
                    "know what it was."
                )
                yield Exchange(f"deal:{deal}", marketer, staff.rep, asks, moments.before(5, 14, 10))
                return


def _open_deal(owner: User, campaign_id: str) -> str | None:
    """Return the largest open deal of somebody that a campaign touched."""
    kept = latest()
    if kept is None:
        return None
    deals, touching = kept.tables.table("deals"), kept.tables.table("deal_campaigns")
    touched = touching.filter(touching.campaign_id == campaign_id).deal_id
    own = deals.filter(
        deals.owner_id == owner.person_id, deals.outcome == "open", deals.deal_id.isin(touched)
    )
    largest = own.order_by([own.list_amount.desc(), own.deal_id]).limit(1).select("deal_id")
    return next((row["deal_id"] for row in kept.tables.run(largest).to_pylist()), None)


def _competitor(staff: Staff, moments: Moments) -> Iterator[Exchange]:
    crack = crack_of("tool_gap")
    if crack is None:
        return
    name = crack.subject_id.partition("|")[0]
    yield Exchange(
        f"crack:{crack.slug}",
        staff.manager,
        staff.marketer,
        f"This figure is what my team tells me every Monday. What do you need from us so that we "
        f"have a card against {name}?",
        moments.before(7, 13, 15),
        answer=Answer(
            staff.marketer,
            "Three lost deals with the last offer on record, and half an hour with who lost them. "
            "The card is there ten working days later.",
            moments.before(6, 10, 50),
        ),
        quote=measured(crack, staff.manager, moments.before(7, 13, 15)),
        then=(
            Answer(
                staff.rep,
                f"Take mine: they showed {name} in the first talk, and I had nothing to put beside "
                "it. I have the time tomorrow.",
                moments.before(6, 11, 30),
            ),
        ),
    )


def _team(staff: Staff, moments: Moments) -> Iterator[Exchange]:
    crack = crack_of("quarter_end")
    if crack is None or not staff.marketers:
        return
    team = crack.subject_id
    leads = [
        row for row in live().people() if row["team"] == team and "Manager" in (row["role"] or "")
    ]
    who = leads[0]["name"] if leads else f"who leads {team}"
    yield Exchange(
        f"crack:{crack.slug}",
        staff.marketers[0],
        staff.manager,
        "Does a campaign of ours end in those ten days, or is it the calendar? If it is ours, I "
        "move the end by two weeks.",
        moments.before(9, 9, 45),
        "1 working day",
        answer=Answer(
            staff.manager,
            f"The calendar. I asked {who}: customers there have learned to wait for it. Until the "
            "quarter is over, each offer of those days is talked through before it goes out.",
            moments.before(7, 15, 20),
        ),
        quote=measured(crack, staff.marketers[0], moments.before(9, 9, 45)),
        then=(
            Answer(
                staff.lead,
                "I put it on the agenda: what is to hold for both is agreed with both.",
                moments.before(7, 16, 40),
            ),
        ),
    )


def _shelf(staff: Staff, moments: Moments) -> Iterator[Exchange]:
    """Yield what a company that sells through retailers speaks of: displays that nobody saw."""
    crack = crack_of("unsupported_promotion")
    if crack is None:
        return
    yield Exchange(
        f"crack:{crack.slug}",
        staff.rep,
        staff.marketer,
        "Two of my accounts say the displays came in the second week, when the offer was half "
        "over. Can they be there before the first day?",
        moments.before(7, 13, 15),
        answer=Answer(
            staff.marketer,
            "Yes, if you send the week of each account when the promotion is agreed. From the next "
            "one on nothing is paid without a photograph of the first week.",
            moments.before(6, 10, 50),
        ),
        quote=measured(crack, staff.rep, moments.before(7, 13, 15)),
    )


def _above_both(staff: Staff, moments: Moments) -> Iterator[Exchange]:
    """Yield what only who stands above both sides can answer; it waits."""
    asked = {
        "goal_gap": "This goal slips away from us, and no campaign of mine wins it back alone. Do "
        "we lower it together, or do we say no more often until the agreement ends?",
        "promotion_dependence": "More and more of it sells on deal, and I cannot build the brand "
        "while it does. May I keep it off deal for a quarter, and does sales stand by that?",
    }
    found = ((crack_of(kind), says) for kind, says in asked.items())
    at = moments.before(1, 15, 30)
    for crack, says in found:
        if crack is not None:
            quote = measured(crack, staff.marketer, at)
            name = f"crack:{crack.slug}"
            yield Exchange(name, staff.marketer, staff.lead, says, at, quote=quote)
            return


def _tool(staff: Staff, moments: Moments) -> Iterator[Exchange]:
    for row in live().tools():
        owner = staff.of(row["owner_id"])
        if owner is not None and staff.sellers:
            yield Exchange(
                f"tool:{row['tool_id']}",
                owner,
                staff.rep,
                "Do you still show the second page? I would cut it and let the proof stand alone.",
                moments.before(10, 10, 0),
                answer=Answer(
                    staff.rep,
                    "Nobody turns the page. Cut it; the proof is what they ask me to send.",
                    moments.before(10, 16, 25),
                ),
            )
            return


def _first_week(running: Announcement, staff: Staff, moments: Moments) -> Exchange:
    return Exchange(
        f"campaign:{running.campaign_id}",
        running.given_by,
        staff.manager,
        "One week into it: what do customers ask first when they call?",
        moments.before(7, 9, 10),
        answer=Answer(
            staff.manager,
            "How soon it is there, then for the proof. Price comes last, later than with the one "
            "before.",
            moments.before(6, 14, 30),
        ),
    )


def _too_late(late: Announcement, staff: Staff, moments: Moments) -> Exchange:
    return Exchange(
        f"campaign:{late.campaign_id}",
        staff.manager,
        late.given_by,
        "We heard of this three days before it began, and two customers knew it before we did. "
        "What keeps it from us until then?",
        moments.before(6, 9, 20),
        "1 working day",
        answer=Answer(
            late.given_by,
            "The money was cleared late, and I waited for it. Next time you get the day as soon as "
            "it is planned, with a word that it is not sure yet.",
            moments.before(5, 16, 40),
        ),
    )
