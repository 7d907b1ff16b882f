"""One of everything that a room keeps, made by its people, and the addresses of its pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.urls import URLResolver, get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone

from counterpoise.books import Books, Workspace
from counterpoise.web import house
from counterpoise.web.access import scope_of
from counterpoise.web.agreements import drafts, proposals
from counterpoise.web.agreements.models import Origin
from counterpoise.web.books_room.models import Source
from counterpoise.web.cracks.models import Crack, Round, Sighting
from counterpoise.web.desk.delegation import delegate
from counterpoise.web.desk.requests import Asking, ask
from counterpoise.web.handoffs.answering import assign
from counterpoise.web.handoffs.leads import Lead
from counterpoise.web.handoffs.passing import pass_lead
from counterpoise.web.joint import beginning, writing
from counterpoise.web.joint.models import JointReview
from counterpoise.web.people.cast import Member
from counterpoise.web.people.models import User
from counterpoise.web.promotions.asking import ask_promotion
from counterpoise.web.rehearsals import keeping
from counterpoise.web.rehearsals.trial import Trial
from counterpoise.web.results.evidence import mark_of
from counterpoise.web.talk import questions, saying
from counterpoise.web.talk.announcing import Told, announce
from counterpoise.web.talk.models import Question
from counterpoise.web.tools import editing, messages, using
from counterpoise.web.tools.states import MessageKind

LATER = "2099-01-01"


@dataclass(frozen=True)
class Samples:
    """Ids to fill addresses with; what is of a person is the rep's."""

    draft: int
    proposal: int
    request: int
    delegation: int
    source: int
    user: int
    own_deal: str
    """A deal of the rep's that no campaign of the marketer's touched."""
    other_deal: str
    """A deal of somebody outside the manager's team."""
    fingerprint: str
    snapshot: str
    crack: str
    """A crack about the rep, after the days in which only the rep saw it."""
    rehearsal: int
    attachment: int
    tool: str
    tool_request: int
    tool_use: int
    handoff: int
    """A lead of the marketer's that the rep has."""
    words: int
    """Words of the rep's about their own deal."""
    question: int
    """A question of the rep's about it, which the manager owes an answer."""
    campaign: str
    """A campaign of which marketing told sales, and which the books do not have."""
    joint_review: int
    """One that is open."""
    joint_point: int
    joint_decision: int
    joint_action: int
    """One that the rep owns."""
    promotion: int
    """One that the rep asked for."""


def make_samples(workspace: Workspace, cast: dict[str, Member]) -> Samples:
    """Make one of everything."""
    lead, rep, manager = (cast[part].user for part in ("lead", "rep", "manager"))
    text = re.sub(
        r"(?m)^in_force:.*$",
        f"in_force: {{from: {LATER}, until: 2099-12-31, if_lapsed: continue}}",
        workspace.agreement_file.read_text("utf-8"),
    )
    draft = drafts.start(lead, text, Origin.WORKSPACE)
    proposal = proposals.propose(lead, draft, 1, "for the matrix")
    own, other = _deals(workspace, cast)
    request = ask(rep, {"deal": {"deal_id": own}}, Asking("matrix-0001"), timezone.now())
    today = timezone.localdate()
    handed = delegate(manager, cast["stranger"].user, today, today + dt.timedelta(days=3))
    source = Source.objects.create(name="Export", address=str(workspace.root / "export"))
    version = house.agreements().latest
    assert version is not None
    with Books.open(workspace) as books:
        snapshot = books.manifest.snapshot
    trial = Trial.read(QueryDict("r0=1"), lead)
    assert trial is not None
    candidate = keeping.keep(lead, trial, "for the matrix")
    attached = keeping.attach(lead, candidate, proposal, trial.behaviour)
    return Samples(
        draft.pk,
        proposal.pk,
        request.pk,
        handed.pk,
        source.pk,
        rep.pk,
        own,
        other,
        version.fingerprint,
        snapshot,
        _crack(rep, snapshot),
        candidate.rehearsal_id,
        attached.pk,
        *_tool(cast["marketer"].user, rep),
        _handoff(cast["marketer"].user, rep, lead),
        *_talk(rep, manager, f"deal:{own}"),
        _campaign(cast["marketer"].user),
        *_joint(lead, rep),
        _promotion(rep),
    )


def _promotion(rep: User) -> int:
    """Ask for a promotion."""
    asked = {"promotion": {"starts_on": "2099-01-05", "weeks": 1, "rate": "5%"}}
    return ask_promotion(rep, asked, "matrix-promotion").pk


def _campaign(marketer: User) -> str:
    """Tell sales of a campaign."""
    told = Told("For the matrix", dt.date(2099, 1, 5), "Say so.")
    return announce(marketer, told, "matrix-campaign").campaign_id


def _talk(rep: User, manager: User, thing: str) -> tuple[int, int]:
    """Say something about a thing, and ask the manager about it."""
    words = saying.say(rep, thing, saying.Said("For the matrix.", "matrix-words"))
    asks = saying.Said("Is it for the matrix?", "matrix-question")
    asked = questions.ask(rep, thing, asks, manager, "2 working days")
    return words.pk, Question.objects.get(words=asked).pk


def _joint(lead: User, rep: User) -> tuple[int, int, int, int]:
    """Begin a joint review at which the rep promises something."""
    now = timezone.now()
    review = JointReview.objects.create(
        period_on=now.date(), until_on=now.date(), starts_at=now, minutes=45, planned_at=now
    )
    beginning.begin(lead, review.pk)
    point = beginning.bring(lead, review.pk, "For the matrix", "matrix-point")
    decision = writing.decide(lead, point.pk, "We keep it.", "matrix-decision")
    due_on = timezone.localdate() + dt.timedelta(days=7)
    action = writing.promise(lead, point.pk, "Write it up.", rep, due_on, "matrix-action")
    return review.pk, point.pk, decision.pk, action.pk


def _handoff(marketer: User, rep: User, lead: User) -> int:
    """Pass a lead to the rep."""
    made = pass_lead(marketer, Lead("matrix", about="for the matrix", score=Decimal(99)))
    return assign(lead, made.pk, rep.person_id).pk


def _tool(marketer: User, rep: User) -> tuple[str, int, int]:
    """Make a tool of the marketer's, which the rep used, and a request for another."""
    tool = editing.make(marketer, editing.Written({"title": "Case"}), "matrix-tool")
    asked = messages.send(
        rep, MessageKind.REQUEST, "A card, please.", messages.About(), "matrix-message"
    )
    return tool.tool_id, asked.pk, using.use(rep, tool.tool_id).pk


def _crack(rep: User, snapshot: str) -> str:
    """Make a crack about the rep, found a week ago."""
    ago = timezone.now() - dt.timedelta(days=7)
    taken = Round.objects.create(
        snapshot=snapshot, as_of=ago.date(), measured_by="matrix", review="x", at=ago
    )
    crack = Crack.objects.create(
        crack_id="discount_drift-rep-matrix",
        slug="discount_drift-rep-matrix",
        kind="discount_drift",
        variant="rep",
        side="sales",
        subject_type="person",
        subject_id=rep.person_id,
        opened_at=ago,
        opened_on=ago.date(),
        shown_at=ago,
        stake=12_000,
    )
    says = f"{mark_of(rep.person_id)} gives more than colleagues."
    crack.seen = Sighting.objects.create(
        crack=crack, round=taken, is_found=True, since=ago.date(), told={"says": says}
    )
    crack.save()
    return crack.slug


def _deals(workspace: Workspace, cast: dict[str, Member]) -> tuple[str, str]:
    """Return an open deal of the rep's that marketing did not touch, and one of another team's."""
    team = scope_of(cast["manager"].user).owners
    touched = scope_of(cast["marketer"].user).campaigns
    from counterpoise.web.live import live

    with Books.open(workspace) as books:
        deals = books.table("deals")
        found = books.run(deals.select("deal_id", "owner_id", "outcome").order_by("deal_id"))
    rows = found.to_pylist()
    rep = cast["rep"].user.person_id
    own = next(
        row["deal_id"]
        for row in rows
        if row["owner_id"] == rep
        and row["outcome"] == "open"
        and not live().deal_campaigns(row["deal_id"]) & touched
    )
    other = next(
        row["deal_id"]
        for row in rows
        if row["owner_id"] not in team and not live().deal_campaigns(row["deal_id"]) & touched
    )
    return own, other


def patterns() -> Iterator[tuple[str, str, URLPattern]]:
    """Yield every pattern of the room: its name, its route and itself."""
    yield from _walk(get_resolver(), "", ())


def _walk(
    resolver: URLResolver, prefix: str, names: tuple[str, ...]
) -> Iterator[tuple[str, str, URLPattern]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield ":".join([*names, each.name or route]), route, each
        else:
            yield from _walk(each, route, (*names, each.namespace) if each.namespace else names)


def address(name: str, pattern: URLPattern, filled: dict[str, object]) -> str:
    """Return an address of a pattern, its parts filled."""
    groups = pattern.pattern.regex.groupindex
    return reverse(name, kwargs={part: filled[part] for part in groups})
