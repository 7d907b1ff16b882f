"""The demo's room begins with some hand-offs."""

from counterpoise.web.handoffs.example import hand_some_over
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.states import LeadState
from tests.web.handoffs.company import NOW
from tests.web.handoffs.making import Cast


def test_three_in_four_are_answered(people: Cast) -> None:
    made = hand_some_over(people.kira, [people.rita, people.lena], NOW)
    states = [Handoff.objects.get(pk=each.pk).state for each in made]
    assert states[0] in {LeadState.WAITING, LeadState.ASSIGNED}
    assert states[1:4] == [LeadState.ANSWERED, LeadState.ACCEPTED, LeadState.REJECTED]
    assert all(each.passed_at < NOW and each.campaign_id == "C1" for each in made)


def test_a_room_that_holds_any_stays_as_it_is(people: Cast) -> None:
    first = hand_some_over(people.kira, [people.lena], NOW)
    assert hand_some_over(people.kira, [people.lena], NOW) == []
    assert Handoff.objects.count() == len(first)
