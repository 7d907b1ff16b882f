"""A program that calls with the same key from many threads at once: `WORKSPACE`, prints JSON."""

import json
import sys
import threading
from typing import Any

from counterpoise.books import Workspace
from counterpoise.web.setup import set_up

CALLERS = 8
BODY = {"request": {"deal": {"account_id": "A1", "list_amount": 1000, "rate": 0.12}}}


def main() -> None:
    """Call at the same instant and print what came back and what is on record."""
    set_up(Workspace.open(sys.argv[1]))
    from django.conf import settings
    from django.db import connections

    from counterpoise.web.api.models import Answered
    from counterpoise.web.api.scopes import TokenScope
    from counterpoise.web.api.tokens import Wanted, mint
    from counterpoise.web.audit.models import Entry
    from counterpoise.web.desk.models import Request
    from counterpoise.web.people.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    rep = User.objects.create_user(
        "rep@example.com", name="Rhea", side="sales", role="rep", person_id="R1"
    )
    secret = mint(rep, Wanted("Quotes", frozenset({TokenScope.ASK}), 30)).secret
    answers: list[tuple[int, int]] = []
    start = threading.Barrier(CALLERS)

    def call() -> None:
        start.wait()
        found = _post(secret)
        answers.append((found.status_code, found.json().get("id", 0)))
        connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {
        "answers": sorted(answers),
        "requests": Request.objects.count(),
        "answered": Answered.objects.count(),
        "entries": Entry.objects.filter(act="request.asked").count(),
    }
    sys.stdout.write(json.dumps(told))


def _post(secret: str) -> Any:
    from django.test import Client

    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "quote-1"}
    sent = json.dumps(BODY)
    return Client().post("/api/v1/requests", sent, content_type="application/json", headers=headers)


if __name__ == "__main__":
    main()
