"""Pages of the rehearsal: rates moved, past deals answered, candidates kept and laid beside."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from counterpoise.agreement import Agreement, load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.rehearse.candidates import Replaying
from counterpoise.rehearse.results import Behaviour
from counterpoise.web.access import scope_of
from counterpoise.web.agreements import drafts, proposals
from counterpoise.web.agreements.models import Draft, Origin, Proposal
from counterpoise.web.audit.models import Entry
from counterpoise.web.people.cast import Member
from counterpoise.web.rehearsals import home, laid, replaying, search
from counterpoise.web.rehearsals.models import Attachment, Candidate, Estimate, Rehearsal
from counterpoise.web.rehearsals.rates import sheet_of, with_rates
from counterpoise.web.rehearsals.written import written
from counterpoise.web.results.reading import latest
from counterpoise.web.work.jobs import run_job
from counterpoise.web.work.models import Job
from tests.web.served import PASSWORD

ClientOf = Callable[[str], Client]


def _standing(workspace: Workspace) -> Agreement:
    found = load_agreements(workspace.root).latest
    assert found is not None
    return found.agreement


def _keep(client: Client, name: str, **moved: str) -> Any:
    return client.post("/rehearsals/try/keep/", {"name": name, **moved}, follow=True)


def test_answers_what_the_books_answer(room_workspace: Workspace) -> None:
    kept = latest()
    assert kept is not None
    agreements = load_agreements(room_workspace.root)
    base = _standing(room_workspace)
    candidate = with_rates(base, sheet_of(base, {"r0": "1", "r1": "50"}))
    with Books.open(room_workspace, kept.snapshot) as books:
        expected = Replaying.of(books, agreements, kept.as_of).replay(candidate)
    assert laid.read(kept, agreements).replay(candidate) == expected
    assert expected.changed.deals > 0


def test_shows_every_rate_and_what_past_deals_would_have_met(client_of: ClientOf) -> None:
    page = client_of("rep").get("/rehearsals/try/").content.decode()
    assert 'name="r0"' in page
    assert "What past deals would have met" in page
    assert "Keep it" not in page


def test_answers_anew_where_a_rate_is_moved(client_of: ClientOf) -> None:
    client = client_of("marketer")
    headers = {"HX-Request": "true", "HX-Target": "replay"}
    part = client.get("/rehearsals/try/?r0=0", headers=headers)
    told = part.content.decode()
    assert told.lstrip().startswith('<div id="replay"')
    changed = re.search(r'Changed</span> <span class="figure-value">([\d,]+)<', told)
    assert changed is not None
    assert int(changed[1].replace(",", "")) > 0
    assert "Keep it" in told


def test_says_which_rate_cannot_be_read(client_of: ClientOf) -> None:
    page = client_of("lead").get("/rehearsals/try/?r0=lots").content.decode()
    assert 'aria-invalid="true"' in page
    assert "What past deals would have met" not in page


def test_opens_the_deals_behind_a_figure_within_the_scope(
    client_of: ClientOf, cast: dict[str, Member]
) -> None:
    whole = client_of("lead").get("/rehearsals/deals/?r0=0&changed=1")
    page = whole.context["page"]
    assert page.opened == page.everywhere == len(page.rows) + max(0, page.everywhere - 50)
    assert all(row.told["was"] != row.told["now"] for row in page.rows)
    own = client_of("rep").get("/rehearsals/deals/?r0=0&changed=1").context["page"]
    assert own.everywhere == page.everywhere
    assert own.opened < page.everywhere
    assert {row.told["owner_id"] for row in own.rows} <= {cast["rep"].user.person_id}
    assert client_of("stranger").get("/rehearsals/deals/?changed=1").context["page"].opened == 0


def test_counts_what_its_figures_count(client_of: ClientOf) -> None:
    client = client_of("lead")
    shown = client.get("/rehearsals/try/?r0=0").context["replay"]
    for url, counted in (
        (shown.changed_url, shown.replay.changed.deals),
        (shown.verdicts[0].now_url, shown.replay.now.counts.granted),
        (shown.verdicts[1].was_url, shown.replay.was.counts.needs_approval),
        (shown.moves[0].url, shown.replay.moves[0].sums.deals),
        (shown.loads[0].now_url, shown.loads[0].now.deals),
        (shown.loads[0].busiest_url, shown.loads[0].now.busiest),
        (shown.groups[0].url, shown.groups[0].group.changed.deals),
    ):
        assert client.get(url).context["page"].everywhere == counted, url


def test_hides_single_people_beyond_the_scope(client_of: ClientOf, cast: dict[str, Member]) -> None:
    shown = client_of("rep").get("/rehearsals/try/?r0=0&by=owner").context["replay"]
    assert {each.group.key for each in shown.groups} <= {cast["rep"].user.person_id}
    assert shown.hidden > 0
    other = client_of("rep").get("/rehearsals/deals/?r0=0&by=owner&key=nobody")
    assert other.status_code == 403


def test_keeps_up_to_four_candidates(client_of: ClientOf) -> None:
    client = client_of("marketer")
    page = _keep(client, "Tight", r0="0", title="Reps give nothing")
    rehearsal = Rehearsal.objects.get()
    assert page.redirect_chain[-1][0] == f"/rehearsals/{rehearsal.pk}/"
    for at, name in enumerate(("Two", "Three", "Four"), start=2):
        _keep(client, name, r0=str(at), **{"in": str(rehearsal.pk)})
    again = _keep(client, "The first again", r0="0", **{"in": str(rehearsal.pk)})
    assert "already" in again.content.decode()
    fifth = _keep(client, "Five", r0="5.5", **{"in": str(rehearsal.pk)})
    assert "4 candidates stand side by side already" in fifth.content.decode()
    assert [each.name for each in rehearsal.candidates.all()] == ["Tight", "Two", "Three", "Four"]
    page = client_of("rep").get(f"/rehearsals/{rehearsal.pk}/").content.decode()
    assert "Reps give nothing" in page
    assert "Take it away" not in page
    kept = list(Entry.objects.filter(act="rehearsal.kept").values_list("actor_id", flat=True))
    assert len(kept) == 4


def test_keeps_nothing_for_a_rep_and_nothing_that_cannot_be_read(client_of: ClientOf) -> None:
    assert client_of("rep").post("/rehearsals/try/keep/", {"r0": "0"}).status_code == 403
    _keep(client_of("lead"), "Odd", r0="many")
    assert not Candidate.objects.exists()


def test_goes_from_a_candidate_to_a_signed_change(client_of: ClientOf) -> None:
    lead = client_of("lead")
    _keep(lead, "Tight", r0="0")
    lead.post(f"/rehearsals/{Rehearsal.objects.get().pk}/candidates/1/draft/")
    draft = Draft.objects.get()
    assert Attachment.objects.get().draft == draft
    page = lead.get(f"/agreement/drafts/{draft.pk}/").content.decode()
    assert "These are the rates that stand here" in page
    sent = {"draft": str(draft.pk), "revision": "1", "says": "tried on two years"}
    lead.post("/agreement/proposals/propose/", sent)
    proposal = Proposal.objects.get()
    where = f"/agreement/proposals/{proposal.pk}/"
    seen = client_of("marketer").get(where).content.decode()
    assert "Rehearsed on the past" in seen
    assert "These are the rates that stand here" in seen
    wording = proposal.wordings.get()
    for part, side in (("manager", "sales"), ("marketer", "marketing")):
        signed = {"side": side, "fingerprint": wording.fingerprint, "password": PASSWORD}
        client_of(part).post(f"{where}sign/", signed)
    proposal.refresh_from_db()
    assert proposal.state == "ratified"
    after = client_of("rep").get(where).content.decode()
    assert "These are the rates that stand here" in after
    assert "Take it off" not in after


def test_lays_a_candidate_beside_a_proposal_and_takes_it_off(
    client_of: ClientOf, cast: dict[str, Member], room_workspace: Workspace
) -> None:
    proposal = _proposal(room_workspace, cast)
    marketer = client_of("marketer")
    _keep(marketer, "Tight", r0="0")
    rehearsal = Rehearsal.objects.get()
    where = f"/rehearsals/{rehearsal.pk}/candidates/1/"
    marketer.post(f"{where}attach/", {"to": f"proposal-{proposal.pk}"})
    page = client_of("manager").get(f"/agreement/proposals/{proposal.pk}/").content.decode()
    assert "What stands here is not what was rehearsed" in page
    lead, before = cast["lead"].user, rehearsal.made_at - dt.timedelta(minutes=1)
    happened = [item.says for item in home.happened_since(lead, before)]
    laid_by = cast["marketer"].user.name
    assert happened == [f"{laid_by} laid the rehearsal Tight beside {proposal.title}"]
    assert [hit.url for hit in search.find(lead, "tight", 5)] == [f"/rehearsals/{rehearsal.pk}/"]
    assert not search.find(lead, "loose", 5)
    refused = marketer.post(f"{where}remove/", follow=True).content.decode()
    assert "Signers see this candidate" in refused
    attached = Attachment.objects.get()
    marketer.post(f"/rehearsals/attachments/{attached.pk}/detach/")
    assert not Attachment.objects.exists()
    marketer.post(f"{where}remove/")
    assert not Candidate.objects.exists()
    acts = Entry.objects.filter(act__startswith="rehearsal.").order_by("sequence")
    assert [each.act for each in acts] == [
        "rehearsal.kept",
        "rehearsal.attached",
        "rehearsal.detached",
        "rehearsal.removed",
    ]


def _proposal(workspace: Workspace, cast: dict[str, Member]) -> Proposal:
    text = re.sub(
        r"(?m)^in_force:.*$",
        "in_force: {from: 2099-01-01, if_lapsed: continue}",
        workspace.agreement_file.read_text("utf-8"),
    )
    draft = drafts.start(cast["lead"].user, text, Origin.WORKSPACE)
    return proposals.propose(cast["lead"].user, draft, 1, "")


def test_asks_for_an_estimate_once_and_lets_overtaken_ones_go(client_of: ClientOf) -> None:
    client = client_of("marketer")
    for rate in ("0", "1", "1"):
        client.post("/rehearsals/try/estimate/", {"r0": rate})
    assert [each.state for each in Estimate.objects.order_by("id")] == ["left", "asked"]
    assert Job.objects.filter(kind="rehearse").count() == 2
    page = client.get("/rehearsals/try/?r0=1").content.decode()
    assert "waits for a worker" in page
    assert client_of("rep").post("/rehearsals/try/estimate/", {"r0": "2"}).status_code == 403


@pytest.mark.parametrize("path", ["try/?from=abc", "try/?from=draft-99.1", "deals/?from=ffff"])
def test_knows_no_agreement_of_that_name(client_of: ClientOf, path: str) -> None:
    assert client_of("lead").get(f"/rehearsals/{path}").status_code == 404


def test_works_the_effect_out_once_and_shows_it_to_programs_too(
    client_of: ClientOf, cast: dict[str, Member]
) -> None:
    client = client_of("lead")
    _keep(client, "Tight", r0="0")
    rehearsal = Rehearsal.objects.get()
    client.post(f"/rehearsals/{rehearsal.pk}/estimate/")
    job = Job.objects.get(kind="rehearse")
    run_job.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.failure) == ("done", "")
    client.post(f"/rehearsals/{rehearsal.pk}/estimate/")
    assert Job.objects.filter(kind="rehearse").count() == 1
    page = client.get("/rehearsals/try/?r0=0")
    told = page.context["told"].object
    assert told["schema"] == "counterpoise/rehearsal/v1"
    assert told["replay"]["verdicts_changed"] == page.context["replay"].replay.changed.deals
    said = page.content.decode()
    assert ("The past cannot tell this" in said) == (told["effect"]["status"] == "refused")
    cut = client.get("/rehearsals/deals/?r0=0&cut=within_authority").context["page"]
    assert cut.everywhere == page.context["effect"].effect["cut"] > 0
    assert all(each.left_rate < each.rate for each in cut.rows)
    rep = cast["rep"].user
    told = written(rehearsal, Behaviour.WITHIN_AUTHORITY, latest(), scope_of(rep))
    by = told["candidates"][0]["rehearsal"]["replay"]["by"]
    assert {row["key"] for row in by["owner"]} <= {rep.person_id}
    assert len(by["segment"]) > 1


def test_lays_deals_out_for_a_draft_with_other_rows(
    client_of: ClientOf, cast: dict[str, Member], room_workspace: Workspace
) -> None:
    text = room_workspace.agreement_file.read_text("utf-8")
    other = re.sub(r"(?m)^( *)- \{id: midsize,.*\n", "", text)
    assert other != text
    draft = drafts.start(cast["lead"].user, other, Origin.WORKSPACE)
    client, where = client_of("lead"), f"from=draft-{draft.pk}.1"
    assert "have to be laid out" in client.get(f"/rehearsals/try/?{where}").content.decode()
    client.post("/rehearsals/try/lay-out/", {"from": f"draft-{draft.pk}.1"})
    run_job.call(Job.objects.get(kind="lay_out_deals").pk)
    shown = client.get(f"/rehearsals/try/?{where}")
    assert shown.context["replay"].replay.changed.deals > 0


def test_asks_the_database_no_more_for_more_rehearsals(
    client_of: ClientOf, django_assert_num_queries: Any
) -> None:
    client = client_of("marketer")
    for at in range(3):
        _keep(client, "Tight", r0=str(at))
    client.get("/rehearsals/")
    with django_assert_num_queries(8):
        client.get("/rehearsals/")


def test_asks_again_on_the_word_of_who_drafts(client_of: ClientOf) -> None:
    assert client_of("rep").post("/rehearsals/try/attest/", {"r0": "1"}).status_code == 403
    client_of("marketer").post("/rehearsals/try/attest/", {"r0": "1"})
    asked = Estimate.objects.get()
    assert (asked.is_attested, asked.state) == (True, "asked")
    assert Entry.objects.get(act="rehearsal.attested").subject == f"estimate:{asked.pk}"


def test_leaves_more_deals_than_fit_to_the_worker(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "MOST_DEALS", 100)
    client = client_of("lead")
    page = client.get("/rehearsals/try/?r0=0").content.decode()
    assert "too many to answer while you wait" in page
    assert client.get("/rehearsals/deals/?r0=0").status_code == 404
