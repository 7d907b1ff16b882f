"""What is new to a person depends on when they were here before."""

import datetime as dt

import pytest
from django.utils import timezone

from counterpoise.web.balance.models import Visit
from counterpoise.web.balance.visits import news_since, note_visit
from counterpoise.web.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    """Return somebody who joined ten days ago."""
    made = User.objects.create_user("ada@example.com", name="Ada", side="sales")
    User.objects.filter(pk=made.pk).update(joined_at=timezone.now() - dt.timedelta(days=10))
    made.refresh_from_db()
    return made


def visited(user: User, seen: dt.timedelta, news: dt.timedelta) -> dt.datetime:
    """Note a visit that long ago, with news from before it."""
    now = timezone.now()
    Visit.objects.create(user=user, seen_at=now - seen, news_since=now - news)
    return now


def test_begins_with_the_day_of_joining(user: User) -> None:
    assert news_since(user) == user.joined_at


def test_tells_nothing_older_than_a_month(user: User) -> None:
    user.joined_at -= dt.timedelta(days=300)
    age = timezone.now() - news_since(user)
    assert dt.timedelta(days=29) < age <= dt.timedelta(days=30, minutes=1)


def test_tells_what_happened_since_the_visit_before(user: User) -> None:
    now = visited(user, dt.timedelta(hours=5), dt.timedelta(days=2))
    assert news_since(user) == now - dt.timedelta(hours=5)


def test_keeps_the_news_for_the_length_of_a_visit(user: User) -> None:
    now = visited(user, dt.timedelta(minutes=5), dt.timedelta(days=2))
    note_visit(user)
    assert news_since(user) == now - dt.timedelta(days=2)


def test_forgets_the_news_when_all_is_seen(user: User) -> None:
    note_visit(user)
    note_visit(user, all_is_seen=True)
    assert timezone.now() - news_since(user) < dt.timedelta(minutes=5)
    assert Visit.objects.count() == 1
