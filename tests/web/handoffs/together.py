"""A process that judges leads at a signal: `python -m tests.web.handoffs.together ROOT NAME`.

For every lead it says that it is ready, waits for the signal, judges, and prints what came of it.
"""

import sys
from pathlib import Path

from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
from tests.web.desk.together import say, wait_for

ROUNDS = 5
"""How often two people meet at one lead."""


def main(root: Path, name: str) -> None:
    """Judge lead after lead, each at its signal: mona rejects, everybody else accepts."""
    set_up(Workspace.open(root))
    from counterpoise.errors import CounterpoiseError
    from counterpoise.web.handoffs.answering import Verdict, judge
    from counterpoise.web.handoffs.models import Handoff
    from counterpoise.web.handoffs.states import LeadEvent
    from counterpoise.web.people.models import User

    user = User.objects.get(email=f"{name}@example.com")
    verdict = (
        Verdict(LeadEvent.REJECTED, "no budget") if name == "mona" else Verdict(LeadEvent.ACCEPTED)
    )
    for turn, pk in enumerate(Handoff.objects.order_by("pk").values_list("pk", flat=True)):
        wait_for(root, f"{name}-{turn}", f"go-{turn}")
        try:
            judge(user, pk, verdict)
        except CounterpoiseError as error:
            say(type(error).__name__)
        else:
            say("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
