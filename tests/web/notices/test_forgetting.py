"""What people were told is not kept in words."""

import datetime as dt

from django.utils import timezone

from counterpoise.web.notices.chores import forget_what_was_told
from counterpoise.web.notices.erasing import forget
from counterpoise.web.notices.models import Delivery, Notice, State, Way
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User

NOW = timezone.now()


def test_keeps_no_words_that_were_told(person: User) -> None:
    other = User.objects.create_user("bo@example.com", name="Bo", side="sales")
    for about, hours in (("old", 49), ("new", 0), ("waits", 49)):
        made = notify(other, about, f"{person} says so", key=about)
        state = State.WAITING if about == "waits" else State.SENT
        told = {"state": state, "due_at": NOW}
        Delivery.objects.update_or_create(notice=made, way=Way.MAIL, defaults=told)
        Notice.objects.filter(key=about).update(made_at=NOW - dt.timedelta(hours=hours))
    forget_what_was_told(NOW)
    texts = dict(Notice.objects.values_list("key", "text"))
    assert (texts["old"], bool(texts["new"]), bool(texts["waits"])) == ("", True, True)
    forget(person)
    assert Notice.objects.get(key="new").text == ""
    assert notify(other, "old", "again", key="old") is None
