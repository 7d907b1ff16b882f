"""People who answer at the same instant, in one process: `python -m tests.web.tools.meeting ROOM`.

Prints as JSON what became of every request, and of what each was told.
"""

import datetime as dt
import json
import sys
from pathlib import Path

from counterpoise.books import Workspace
from counterpoise.web.setup import set_up

ROUNDS = 5
PAGES = ("/tools/", "/tools/requests/?show=overdue", "/tools/notes/", "/tools/what-helps/", "/")


def main(root: Path) -> None:
    """Let two marketers, and the seller who takes it back, meet over request after request."""
    set_up(Workspace.open(root))
    from django.test import Client
    from django.utils import timezone

    from counterpoise.web.audit.models import Entry
    from counterpoise.web.audit.verifying import verify
    from counterpoise.web.people.models import User
    from counterpoise.web.tools import messages, reminding, room_facts, using
    from counterpoise.web.tools.models import Message, Use
    from tests.web.agreements.racing import at_once
    from tests.web.desk.asking import make_people
    from tests.web.tools.making import made, sent

    people = make_people()
    kurt = User.objects.create_user(
        "kurt@example.com", name="Kurt", side="marketing", role="product_marketing"
    )
    tool = made(people.kira)
    told = []
    for number in range(ROUNDS):
        message = sent(people.rhea, f"Request {number}")
        acts = [
            lambda pk=message.pk: messages.answer(people.kira, pk, "", tool.tool_id),
            lambda pk=message.pk: messages.decline(kurt, pk, "We have one."),
        ]
        if number == ROUNDS - 1:
            acts.append(lambda pk=message.pk: messages.withdraw(people.rhea, pk))
        told.append([type(each).__name__ if each else "done" for each in at_once(*acts)])
    used = at_once(*[lambda: using.use(people.rhea, tool.tool_id, "D1", helped=True)] * 3)
    entries = Entry.objects.filter(subject__startswith="tool_request:").exclude(
        act="tool_request.sent"
    )
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    settled = list(entries.order_by("sequence").values_list("act", flat=True))
    late = timezone.now() + dt.timedelta(days=60)
    sent(people.rhea, "Nobody answers this.", now=timezone.now())
    marked = at_once(lambda: reminding.mark(late), lambda: reminding.mark(late))
    overdue = Entry.objects.filter(act="tool_request.overdue").count()
    reminding.tell(late)
    client = Client(SERVER_NAME="localhost")
    client.force_login(people.kira)
    shown = {
        "told": told,
        "states": states,
        "settled": settled,
        "overdue": [f"{overdue} by a chore", "none by the next" if marked else ""],
        "facts": {name: len(rows) for name, rows in room_facts.rows().items()},
        "pages": [client.get(path).status_code for path in PAGES],
        "uses": [Use.objects.count(), used.count(None)],
        "said": Entry.objects.filter(act__in=["tool.used", "tool.helped"]).count(),
        "findings": [found.says for found in verify().findings],
    }
    sys.stdout.write(json.dumps(shown))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
