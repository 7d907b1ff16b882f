"""Who is told of a crack, when, and that nothing is told twice."""

import datetime as dt

from django.utils import timezone

from counterpoise.books import Workspace
from counterpoise.web.cracks.acting import accept, answer, assign, end_acceptances
from counterpoise.web.cracks.home import happened_since
from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.notices import tell
from counterpoise.web.live import live
from counterpoise.web.notices.digest import _digest
from counterpoise.web.notices.models import Notice
from counterpoise.web.people.cast import Member
from counterpoise.web.talk import reminding, saying
from counterpoise.web.talk.models import Mention
from tests.web.cracks.making import FIRST, MONDAY, Seen, measured

Cast = dict[str, Member]
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


def told(cast: Cast) -> dict[str, list[str]]:
    parts = {member.user.pk: part for part, member in cast.items()}
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.order_by("pk"):
        found.setdefault(parts[notice.user_id], []).append(notice.subject)
    return found


def managed(cast: Cast) -> None:
    """Make the manager of the cast the rep's own in the books' eyes."""
    found = live().person(cast["rep"].user.person_id)
    assert found is not None
    assert found["manager_id"] == cast["manager"].user.person_id


def test_tells_the_person_named_first_and_the_manager_then(cast: Cast, reps: Crack) -> None:
    managed(cast)
    tell(MONDAY + MINUTE)
    assert told(cast) == {"rep": ["A crack about your own work"]}
    tell(reps.shown_at + MINUTE)
    assert told(cast) == {
        "rep": ["A crack about your own work"],
        "manager": ["A crack waits for an owner"],
    }


def test_tells_nothing_twice(cast: Cast, reps: Crack) -> None:
    assert tell(MONDAY + MINUTE) == 1
    assert tell(MONDAY + 2 * MINUTE) == 0
    assert tell(reps.shown_at + MINUTE) == 1
    assert tell(reps.shown_at + 2 * MINUTE) == 0


def test_names_nobody_to_others(cast: Cast, reps: Crack) -> None:
    tell(reps.shown_at + MINUTE)
    person = live().person(reps.subject_id)
    assert person is not None
    notice = Notice.objects.get(user=cast["manager"].user)
    for hidden in (person["name"], reps.subject_id):
        assert hidden not in notice.subject + notice.text + notice.url


def test_tells_the_manager_with_the_answer(cast: Cast, reps: Crack) -> None:
    answer(cast["rep"].user, reps.slug, "A renewal.", MONDAY + MINUTE)
    tell(MONDAY + 2 * MINUTE)
    assert told(cast)["manager"] == ["A crack waits for an owner"]


def test_tells_who_leads_the_side_of_what_is_about_no_person(
    cast: Cast, room_workspace: Workspace, about_campaign: Seen
) -> None:
    measured(room_workspace, about_campaign)
    tell(MONDAY + MINUTE)
    assert set(told(cast)) == {"lead", "marketer"}


def test_tells_a_new_owner_but_not_who_took_it(cast: Cast, teams: Crack) -> None:
    lead, manager = cast["lead"].user, cast["manager"].user
    assign(lead, teams.slug, manager, MONDAY.date() + 9 * DAY, MONDAY)
    tell(MONDAY + MINUTE)
    assert told(cast) == {"manager": ["A crack is yours to heal"]}
    assign(manager, teams.slug, manager, MONDAY.date() + 10 * DAY, MONDAY + MINUTE)
    tell(MONDAY + 2 * MINUTE)
    assert told(cast) == {"manager": ["A crack is yours to heal"]}


def test_reminds_an_overdue_owner_each_week_and_tells_above_once(cast: Cast, teams: Crack) -> None:
    manager = cast["manager"].user
    assign(manager, teams.slug, manager, MONDAY.date() + DAY, MONDAY)
    for days in range(2, 17):
        tell(MONDAY + days * DAY)
    assert told(cast)["manager"] == ["A crack of yours is overdue"] * 3
    assert told(cast)["lead"] == ["A crack is overdue"]


def test_tells_the_owner_that_it_healed(
    cast: Cast, room_workspace: Workspace, teams: Crack
) -> None:
    manager = cast["manager"].user
    assign(manager, teams.slug, manager, MONDAY.date() + 30 * DAY, MONDAY)
    measured(room_workspace, as_of=FIRST + 7 * DAY, at=MONDAY + 7 * DAY)
    tell(MONDAY + 7 * DAY + MINUTE)
    assert told(cast) == {"manager": ["A crack healed"]}


def test_tells_when_an_acceptance_is_over(cast: Cast, teams: Crack) -> None:
    manager = cast["manager"].user
    assign(manager, teams.slug, manager, MONDAY.date() + 90 * DAY, MONDAY)
    accept(manager, teams.slug, "For now.", MONDAY.date() + DAY, MONDAY)
    end_acceptances(MONDAY + 2 * DAY)
    tell(MONDAY + 2 * DAY + MINUTE)
    assert told(cast) == {"manager": ["A crack is no longer accepted"]}


def test_floods_nobody_after_a_long_silence(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    assert tell(MONDAY + 30 * DAY) == 0


def test_is_news_to_others_when_it_is_shown_to_them(cast: Cast, reps: Crack) -> None:
    manager, rep = cast["manager"].user, cast["rep"].user
    answer(rep, reps.slug, "A renewal.", MONDAY + DAY)
    since = MONDAY + DAY - MINUTE
    assert [item.says.partition(":")[0] for item in happened_since(manager, since)] == [
        "Answered",
        "New crack",
    ]
    assert list(happened_since(rep, since)) == []


def test_stands_in_the_digest(cast: Cast, teams: Crack) -> None:
    _, text, _ = _digest(cast["manager"].user, MONDAY + DAY - MINUTE)
    assert "Give an owner: North gives 5 points more" in text
    assert "New crack: North gives 5 points more" in text


def test_stands_in_nobody_elses_digest_before_it_is_shown(cast: Cast, reps: Crack) -> None:
    Crack.objects.update(shown_at=timezone.now() + DAY)
    rep, manager = cast["rep"].user, cast["manager"].user
    said = saying.Said(f"@{manager.name}, a word about the renewal of June.", "private-words")
    saying.say(rep, f"crack:{reps.slug}", said)
    reminding.tell(timezone.now())
    assert not Mention.objects.exists()
    assert not Notice.objects.filter(key__startswith="named:").exists()
    since = reps.opened_at - MINUTE
    heard = {part: _digest(cast[part].user, since + DAY)[1] for part in cast}
    assert "Answer: " in heard.pop("rep")
    for text in heard.values():
        assert not any(word in text for word in ("crack", "renewal", rep.name, reps.slug))
