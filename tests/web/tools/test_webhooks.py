"""Other programs hear of requests for tools, by ids and never by words."""

import json

from django.utils import timezone

from counterpoise.web.tools import messages
from counterpoise.web.tools.states import MessageKind
from counterpoise.web.webhooks import endpoints
from counterpoise.web.webhooks.gathering import gather
from counterpoise.web.webhooks.models import Message, Topic
from tests.web.desk.asking import Cast
from tests.web.tools.making import sent


def test_tells_of_a_request_and_of_its_answer_once(people: Cast) -> None:
    topics = [Topic.TOOL_ASKED, Topic.TOOL_SETTLED]
    endpoints.add(people.lena, "https://hears.example.com/", topics)
    now = timezone.now()
    request = sent(people.rhea, "Name no names.", now=now, competitor="Delta")
    sent(people.rhea, "Heard.", MessageKind.NOTE, now)
    assert gather(now) == 1
    messages.decline(people.kira, request.pk, "We have one.")
    later = timezone.now()
    assert [gather(later), gather(later)] == [1, 0]
    bodies = [json.loads(each.body) for each in Message.objects.order_by("pk")]
    assert [(each["type"], each["data"]["state"]) for each in bodies] == [
        ("tool.requested", "open"),
        ("tool.answered", "declined"),
    ]
    assert "Name no names." not in "".join(each.body for each in Message.objects.all())
