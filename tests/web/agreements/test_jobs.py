import re
from collections.abc import Callable, Mapping

import pytest
from django.test import Client

from counterpoise.agreement import fingerprint, parse_agreement, write_agreement
from counterpoise.books import Workspace
from counterpoise.web import house
from counterpoise.web.agreements import comparing, drafts, jobs
from counterpoise.web.agreements.models import (
    Comparison,
    Draft,
    Origin,
    Proposal,
    Wording,
)
from counterpoise.web.people.cast import Member
from counterpoise.web.work.jobs import Running
from counterpoise.web.work.models import Job

Cast = Mapping[str, Member]
ClientOf = Callable[[str], Client]


def test_keeps_the_past_deals_that_change_verdict(
    cast: Cast, client_of: ClientOf, room_workspace: Workspace
) -> None:
    latest = house.agreements().latest
    assert latest is not None
    text = re.sub(r"rep: \d+%", "rep: 1%", write_agreement(latest.agreement))
    draft = drafts.start(cast["manager"].user, text, Origin.VERSION)
    proposed = Wording.objects.create(
        proposal=Proposal.objects.create(
            draft=draft, draft_revision=1, title="Tight", proposed_by=cast["manager"].user
        ),
        number=1,
        text=text,
        fingerprint=fingerprint(parse_agreement(text)),
        says="as proposed",
        made_by=cast["manager"].user,
    )
    pair = {"old": latest.fingerprint, "new": proposed.fingerprint}
    for _ in range(2):
        client_of("rep").post("/agreement/compare/past/", pair)
    comparison = Comparison.objects.get()
    assert Job.objects.filter(kind=comparing.JOB).count() == 1
    changed = jobs.compare_past_deals(Running(1, {"comparison": comparison.pk}))["deals"]
    comparison.refresh_from_db()
    past = comparing.past_of(comparison)
    assert past.changed == changed > 0
    lead = client_of("lead").get("/agreement/compare/", pair)
    assert len(lead.context["deals"]) == min(changed, 200)
    first = lead.context["deals"][0].deal_id
    assert f'<a href="/ledger/deals/{first}/">' in lead.content.decode()
    assert client_of("lead").get(f"/ledger/deals/{first}/").status_code == 200
    own = {
        each.deal_id for each in client_of("rep").get("/agreement/compare/", pair).context["deals"]
    }
    everything = {each.deal_id for each in lead.context["deals"]}
    assert own < everything or len(everything) == 200
    assert client_of("stranger").get("/agreement/compare/", pair).context["deals"] == []


@pytest.mark.usefixtures("room_workspace")
def test_drafts_from_the_books_once_a_snapshot(cast: Cast, client_of: ClientOf) -> None:
    client_of("manager").post("/agreement/drafts/from-books/")
    assert Job.objects.filter(kind="draft_from_books").count() == 1
    running = Running(1, {}, cast["manager"].user.pk)
    first, second = jobs.draft_from_books(running), jobs.draft_from_books(running)
    assert first == second
    draft = Draft.objects.get()
    assert parse_agreement(draft.revisions.get().text).in_force.measured_against
