"""Pages of cracks: what each reader reads, and what none may read."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from counterpoise.books import Workspace
from counterpoise.web.audit.models import Entry
from counterpoise.web.cracks.life import CrackState
from counterpoise.web.cracks.measuring import take_in
from counterpoise.web.cracks.models import Crack, Look, Setting
from counterpoise.web.cracks.naming import pseudonym_of
from counterpoise.web.live import live
from counterpoise.web.people.cast import Member
from tests.web.cracks.making import FIRST, Row, Seen, measured, review

Cast = dict[str, Member]
ClientOf = Callable[[str], Client]


@pytest.fixture
def shown(reps: Crack) -> Crack:
    """Return the crack about the rep once others see it."""
    Crack.objects.update(shown_at=reps.opened_at)
    reps.refresh_from_db()
    return reps


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def name_of(cast: Cast) -> str:
    person = live().person(cast["rep"].user.person_id)
    assert person is not None
    return str(person["name"])


def test_lists_cracks_by_stake(
    client_of: ClientOf,
    room_workspace: Workspace,
    about_team: Seen,
    about_campaign: Seen,
) -> None:
    measured(room_workspace, about_team, about_campaign)
    said = read(client_of("stranger"), "/cracks/")
    assert said.index("C1 gives") < said.index("North gives")
    assert "2 cracks" in said
    only = read(client_of("stranger"), "/cracks/?side=sales")
    assert "North gives" in only
    assert "C1 gives" not in only


@pytest.mark.parametrize(
    "query",
    ["?state=closed", "?order=side", "?order=age", "?state=x&side=y&order=z", "?kind=leakage"],
)
def test_reads_any_filter(client_of: ClientOf, teams: Crack, query: str) -> None:
    read(client_of("rep"), f"/cracks/{query}")


def test_counts_a_deals_money_once(client_of: ClientOf, room_workspace: Workspace) -> None:
    first = Seen("leakage", "team", "North", stake=9_000.0, rows=(Row("D1", None, 9_000.0),))
    second = Seen(
        "discount_drift",
        "team",
        "North",
        stake=10_000.0,
        rows=(Row("D1", None, 4_000.0), Row("D2", None, 6_000.0)),
    )
    measured(room_workspace, first, second)
    assert "<strong>15.0k USD</strong>" in read(client_of("rep"), "/cracks/")


def test_asks_the_database_little(
    client_of: ClientOf,
    room_workspace: Workspace,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    measured(room_workspace, *(Seen("leakage", "team", f"T{number}") for number in range(30)))
    client = client_of("lead")
    client.get("/cracks/")
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        client.get("/cracks/")


def test_shows_evidence_rows_and_story(client_of: ClientOf, teams: Crack) -> None:
    said = read(client_of("manager"), f"/cracks/{teams.slug}/")
    for part in (
        "The evidence",
        "9,000",
        "11.0%",
        "A competitor was named",
        "Found by the review",
    ):
        assert part in said


def test_says_why_the_last_review_could_not_look_for_it(
    client_of: ClientOf, room_workspace: Workspace, teams: Crack
) -> None:
    later = FIRST + dt.timedelta(days=7)
    measured(room_workspace, as_of=later, watched=["discount_drift", "lead_quality"])
    said = read(client_of("manager"), f"/cracks/{teams.slug}/")
    assert "The last review could not look for this: the books hold no deals." in said
    assert "the figures are those of 30 Jun 2026" in said
    assert "could not look for this crack" in said


def test_names_nobody_before_it_is_opened(client_of: ClientOf, cast: Cast, shown: Crack) -> None:
    client = client_of("manager")
    for path in (
        "/cracks/",
        f"/cracks/{shown.slug}/",
        "/cracks/since/",
        "/",
        "/search/?q=discount",
    ):
        assert f"{name_of(cast)} gives" not in read(client, path), path
    assert "omebody in" in read(client, f"/cracks/{shown.slug}/")
    assert not Entry.objects.filter(act="crack.viewed").exists(), "reading a list is no look"


def test_names_the_person_to_who_opened_it(client_of: ClientOf, cast: Cast, shown: Crack) -> None:
    client = client_of("manager")
    client.post(f"/cracks/{shown.slug}/look/")
    assert f"{name_of(cast)} gives" in read(client, f"/cracks/{shown.slug}/")
    entry = Entry.objects.get(act="crack.viewed")
    assert (entry.actor_id, entry.subject) == (cast["manager"].user.pk, f"crack:{shown.slug}")


def test_shows_their_own_to_the_person_at_once(
    client_of: ClientOf, cast: Cast, reps: Crack
) -> None:
    Crack.objects.update(shown_at=timezone.now() + dt.timedelta(days=2))
    said = read(client_of("rep"), f"/cracks/{reps.slug}/")
    assert f"{name_of(cast)} gives" in said
    assert "You see this first" in said
    assert client_of("manager").get(f"/cracks/{reps.slug}/").status_code == 404
    assert "Answer:" in read(client_of("rep"), "/")


def test_hides_names_everywhere_behind_pseudonyms(
    client_of: ClientOf, cast: Cast, room_workspace: Workspace, shown: Crack
) -> None:
    Setting.objects.create(people="pseudonyms")
    client, person = client_of("lead"), cast["rep"].user.person_id
    client.post(f"/cracks/{shown.slug}/look/")
    hidden = (name_of(cast), person, "/ledger/deals/D1/", ">D1<")
    paths = ("/cracks/", f"/cracks/{shown.slug}/", "/cracks/since/", "/search/?q=crack")
    for path in paths:
        said = read(client, path)
        assert [each for each in hidden if each in said] == [], path
    assert pseudonym_of(person) in read(client, f"/cracks/{shown.slug}/")
    assert (
        "discount"
        not in read(client, f"/search/?q={name_of(cast).split()[0]}").partition("Results")[2]
    )
    assert client.get(f"/cracks/{shown.slug}/sheet/").status_code == 404


def test_opens_only_rows_within_the_scope(
    client_of: ClientOf, cast: Cast, room_workspace: Workspace
) -> None:
    own = cast["rep"].user.person_id
    rows = (Row("D1", own, 5_000.0), Row("D2", "X", 3_000.0), Row("D3", None, 1_000.0))
    measured(room_workspace, Seen("leakage", "team", "North", stake=9_000.0, rows=rows))
    slug = Crack.objects.get().slug
    said = read(client_of("rep"), f"/cracks/{slug}/")
    assert "<strong>1 of 3</strong> are yours" in said
    assert re.search(r"\bD1\b", said)
    assert not re.search(r"\bD[23]\b", said)
    assert "3 deals" in read(client_of("lead"), f"/cracks/{slug}/")


def test_answers_assigns_and_accepts(client_of: ClientOf, cast: Cast, teams: Crack) -> None:
    base, today = f"/cracks/{teams.slug}", timezone.localdate()
    client_of("rep").post(f"{base}/answer/", {"text": "One <b>order</b>."})
    lead = client_of("lead")
    assert "One &lt;b&gt;order&lt;/b&gt;." in read(lead, f"{base}/")
    given = {"owner": cast["manager"].user.pk, "due_on": today.isoformat()}
    assert lead.post(f"{base}/assign/", given).status_code == 302
    assert Crack.objects.get().state == CrackState.HEALING
    lead.post(f"{base}/accept/", {"reason": "Agreed.", "until_on": today.isoformat()})
    assert Crack.objects.get().state == CrackState.ACCEPTED
    assert "Accepted for now" in read(lead, f"{base}/")


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("answer", {"text": ""}),
        ("assign", {"owner": "999999", "due_on": "2099-01-01"}),
        ("assign", {"owner": "x", "due_on": "never"}),
        ("accept", {"reason": "", "until_on": "2000-01-01"}),
        ("accept", {"reason": "Because.", "until_on": "2000-01-01"}),
    ],
)
def test_says_what_is_wrong_and_changes_nothing(
    client_of: ClientOf, teams: Crack, act: str, given: dict[str, str]
) -> None:
    answer = client_of("lead").post(f"/cracks/{teams.slug}/{act}/", given)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert Crack.objects.get().state == CrackState.NEW


def test_refuses_what_is_not_theirs(client_of: ClientOf, shown: Crack) -> None:
    text = {"text": "On their behalf."}
    assert client_of("manager").post(f"/cracks/{shown.slug}/answer/", text).status_code == 403
    assert client_of("marketer").post(f"/cracks/{shown.slug}/answer/", text).status_code == 404


def test_tells_what_the_last_review_changed(
    client_of: ClientOf, room_workspace: Workspace, about_team: Seen, about_campaign: Seen
) -> None:
    measured(room_workspace, about_team)
    day = FIRST + dt.timedelta(days=7)
    grown = Seen("quarter_end", "team", "South")
    take_in(review(room_workspace, about_campaign, grown, as_of=day))
    said = read(client_of("rep"), "/cracks/since/")
    assert said.index("New <span") < said.index("C1 gives") < said.index("Healed")
    assert "North gives" in said[said.index("Healed") :]


def test_puts_what_matters_on_the_home_page(client_of: ClientOf, teams: Crack) -> None:
    said = read(client_of("manager"), "/")
    assert "The cracks that matter" in said
    assert "North gives" in said
    assert "Give an owner" in said


def test_finds_cracks_by_what_the_reader_may_read(
    client_of: ClientOf, cast: Cast, shown: Crack
) -> None:
    first = name_of(cast).split()[0]
    assert "gives 5 points" in read(client_of("rep"), f"/search/?q={first}+points")
    assert "gives 5 points" not in read(client_of("manager"), f"/search/?q={first}+points")
    assert "gives 5 points" in read(client_of("manager"), "/search/?q=somebody+points")


def test_sets_how_people_are_shown(client_of: ClientOf, cast: Cast) -> None:
    client = client_of("analyst")
    assert client.post("/cracks/people/", {"people": "pseudonyms"}).status_code == 302
    assert Setting.objects.get().people == "pseudonyms"
    assert Entry.objects.filter(act="cracks.people_shown").count() == 1
    assert client.post("/cracks/people/", {"people": "nicknames"}).status_code == 422


def test_writes_nothing_when_it_is_read(client_of: ClientOf, shown: Crack) -> None:
    before = Entry.objects.count()
    client = client_of("manager")
    for path in ("/cracks/", f"/cracks/{shown.slug}/", "/cracks/since/"):
        client.get(path)
    assert (Entry.objects.count(), Look.objects.count()) == (before, 0)


def test_coaches_with_three_deals_and_what_could_have_been_offered(
    client_of: ClientOf, cast: Cast, room_workspace: Workspace
) -> None:
    from counterpoise.web.results.reading import latest

    kept = latest()
    assert kept is not None
    deals = kept.tables.table("deals")
    given = deals.filter(
        deals.outcome == "won", deals.concession > 0, deals.ladder_role.notnull()
    ).order_by(deals.concession.desc())
    ids = kept.tables.run(given.select("deal_id", "owner_id").limit(4)).to_pylist()
    rows = tuple(Row(each["deal_id"], each["owner_id"], 1_000.0) for each in ids)
    measured(room_workspace, Seen("leakage", "team", "North", stake=4_000.0, rows=rows))
    slug = Crack.objects.get().slug
    assert "Three deals to talk about" in read(client_of("lead"), f"/cracks/{slug}/")
    said = read(client_of("lead"), f"/cracks/{slug}/sheet/")
    assert said.count('class="card coached"') == 3
    assert "What could have been offered instead" in said
    assert client_of("marketer").get(f"/cracks/{slug}/sheet/").status_code == 404
