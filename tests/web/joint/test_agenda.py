"""The agenda that writes itself, on the demo company: both sides alike, and no single person."""

import datetime as dt
from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from counterpoise.books import Workspace
from counterpoise.web.cracks.models import Crack
from counterpoise.web.people.cast import Member
from counterpoise.web.places import Section, agenda_since
from tests.web.cracks.conftest import about_campaign, about_rep, about_team
from tests.web.cracks.making import MONDAY, Seen, measured
from tests.web.ledger.conftest import reviewed_workspace, room_workspace

__all__ = ["about_campaign", "about_rep", "about_team", "reviewed_workspace", "room_workspace"]


def test_brings_both_sides_matters_and_no_single_person(
    cast: dict[str, Member],
    client_of: Callable[[str], Client],
    room_workspace: Workspace,
    about_rep: Seen,
    about_team: Seen,
    about_campaign: Seen,
) -> None:
    smaller = [Seen("leakage", "team", f"Team {number}", stake=100.0) for number in range(4)]
    measured(room_workspace, about_rep, about_team, about_campaign, *smaller, at=MONDAY)
    items = agenda_since(None)
    of_cracks = [(item.side, item.says) for item in items if item.section is Section.CRACKS]
    assert [side for side, _ in of_cracks] == ["sales"] * 4 + ["marketing"]
    assert of_cracks[0][1].startswith("North gives 5 points more discount")
    assert of_cracks[0][1].endswith("9.00k a quarter at stake. No owner yet.")
    assert of_cracks[3][1] == "2 smaller cracks of sales, at most 200 a quarter"
    rep = cast["rep"].user
    assert not any(rep.person_id in item.says or rep.name in item.says for item in items)
    assert {Section.GOALS, Section.PROMISES, Section.THANKS} <= {item.section for item in items}
    assert [item.section for item in items] == sorted(
        (item.section for item in items), key=list(Section).index
    )
    rep_reads = client_of("rep").get("/talk/reviews/").content.decode()
    assert "Plan the first one</button>" not in rep_reads
    assert "goals (" in rep_reads
    assert Crack.objects.filter(subject_type="person").exists()


def test_tells_what_healed_since_the_sides_last_met(
    cast: dict[str, Member], room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team, at=MONDAY)
    week = dt.timedelta(days=7)
    measured(room_workspace, as_of=dt.date(2026, 7, 7), at=MONDAY + week)
    said = [item.says for item in agenda_since(MONDAY) if item.section is Section.CRACKS]
    assert said == ["Healed: North gives 5 points more discount than colleagues."]
    later = agenda_since(timezone.now() + week)
    assert [item for item in later if item.section is Section.CRACKS] == []
