"""A made-up company that sells through retailers begins with plans for the coming weeks."""

from django.utils import timezone

from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.web import house
from counterpoise.web.example.moments import Moments
from counterpoise.web.example.promoting import plan_promotions
from counterpoise.web.example.staff import Staff
from counterpoise.web.people.models import User
from counterpoise.web.promotions.models import AskedPromotion


def test_agrees_about_goods_that_rested(people: dict[str, User]) -> None:
    version, now = house.agreements().latest, timezone.now()
    assert version is not None
    staff = Staff(people["lee"], people["kim"], people["kay"], people["bo"], [], [])
    moments = Moments(now, WorkCalendar.of(version.agreement.company))
    plan_promotions(staff, version.agreement, moments)
    planned = AskedPromotion.objects.order_by("pk")
    assert [(each.account_id, each.products, each.state) for each in planned] == [
        ("A1", ["P1"], "granted"),
        ("A2", ["P3"], "granted"),
    ]
    assert all(each.starts_on > now.date() for each in planned)
