"""A made-up company's room begins as if its people had used it."""

from django.utils import timezone

from counterpoise.books import Workspace
from counterpoise.web import house
from counterpoise.web.audit.models import Entry
from counterpoise.web.cracks.models import Crack
from counterpoise.web.desk.approvals import waiting_for
from counterpoise.web.desk.models import Request
from counterpoise.web.desk.states import State
from counterpoise.web.example import fill_room
from counterpoise.web.joint.models import Action, Decision, JointReview, Point
from counterpoise.web.people.cast import Member
from counterpoise.web.pulse.answering import open_pulse
from counterpoise.web.pulse.page import counted, page_of
from counterpoise.web.talk.calendar import calendar_on
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.talk.quoting import figure_of
from counterpoise.web.talk.replies import replies_both_ways
from counterpoise.web.thanks.models import Thank
from tests.web.cracks.making import MONDAY, Seen, measured


def test_both_sides_spoke_sat_together_and_rated(
    cast: dict[str, Member], room_workspace: Workspace
) -> None:
    gap = Seen("tool_gap", "competitor", "Talmar|Cascade", side="marketing")
    goal = Seen("goal_gap", "goal", "realization", side="both")
    measured(room_workspace, gap, Seen("quarter_end", "team", "Europe 2"), goal, at=MONDAY)
    version, now = house.agreements().latest, timezone.now()
    assert version is not None
    fill_room([*cast.values()], version.agreement, now)

    replies = replies_both_ways(now)
    assert [(way.asker, way.owner) for way in replies] == [
        ("sales", "marketing"),
        ("marketing", "sales"),
    ]
    assert all(way.due >= 2 and way.in_time for way in replies)
    assert replies[1].in_time < replies[1].due
    unanswered = Question.objects.filter(settled_at=None)
    assert {each.asker_side for each in unanswered} == {"sales", "marketing"}
    quoted = Words.objects.get(thing=f"crack:{gap.id}", question__isnull=False)
    assert quoted.quote is not None
    assert figure_of(quoted.quote, cast["rep"].user).label == "Measured"
    assert unanswered.filter(owner=cast["lead"].user).get().words.thing == f"crack:{goal.id}"

    asked = {each.state: each for each in Request.objects.filter(asker=cast["rep"].user)}
    assert set(asked) == {State.GRANTED, State.APPROVED, State.OPEN}
    assert list(waiting_for(cast["manager"].user, now)) == [asked[State.OPEN]]

    held, coming, *_ = JointReview.objects.order_by("starts_at")
    assert (held.state, coming.state) == ("held", "planned")
    assert held.starts_at < now < coming.starts_at
    about = Point.objects.get(review=held, url=f"/cracks/{gap.id}/")
    assert cast["rep"].user.name in about.notes
    assert Decision.objects.count() >= 2
    assert {each.state for each in Action.objects.all()} == {"open", "done"}
    calendar = calendar_on(timezone.localdate(now))
    assert (calendar.kept, calendar.due) == (1, 2)

    pulses = counted()
    assert len(pulses) == 2
    assert all(len(page_of(each).columns) == 2 for each in pulses)
    assert open_pulse() is not None
    assert Thank.objects.filter(giver=cast["rep"].user, taker=cast["marketer"].user).exists()

    before = Entry.objects.count()
    fill_room([*cast.values()], version.agreement, now)
    assert Entry.objects.count() == before
    assert Crack.objects.filter(subject_type="team").exists()
