"""A process that acts on the desk at a signal: `python -m tests.web.desk.together ROOT ACT NAME`.

For every round it says that it is ready, waits for the signal, acts, and prints what came of it.
"""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from counterpoise.books import Workspace
from counterpoise.web.setup import set_up

ROUNDS = 6
"""How often approvers meet."""

THREADS = 8
"""How many people ask in one process."""


def main(root: Path, act: str, name: str) -> None:
    """Act at the signal."""
    set_up(Workspace.open(root))
    acts: dict[str, Callable[[Path, str], None]] = {"answer": answer_rounds, "ask": ask_at_once}
    acts[act](root, name)


def answer_rounds(root: Path, name: str) -> None:
    """Answer request after request, each at its signal: milo refuses, everybody else approves."""
    from counterpoise.errors import CounterpoiseError
    from counterpoise.web.desk.approvals import Saying, answer
    from counterpoise.web.desk.models import Request
    from counterpoise.web.desk.states import Said
    from counterpoise.web.people.models import User

    user = User.objects.get(email=f"{name}@example.com")
    said = Said.REFUSED if name == "milo" else Said.APPROVED
    for turn, pk in enumerate(Request.objects.order_by("pk").values_list("pk", flat=True)):
        wait_for(root, f"{name}-{turn}", f"go-{turn}")
        try:
            answer(user, pk, Saying(said))
        except CounterpoiseError as error:
            say(type(error).__name__)
        else:
            say("done")


def ask_at_once(root: Path, name: str) -> None:
    """Let several people ask at the same signal."""
    from django.db import connections

    from counterpoise.web.desk.requests import Asking, ask
    from counterpoise.web.people.models import User

    wait_for(root, f"{name}-0", "go-0")

    def asks(number: int) -> None:
        user = User.objects.get(email=f"asker-{name}-{number}@example.com")
        for turn in range(3):
            deal = {"account_id": "A1", "list_amount": 100_000, "rate": "0.12"}
            made = ask(user, {"deal": deal}, Asking(f"token-{turn}-of-{number}"))
            say(made.state)
        connections.close_all()

    threads = [threading.Thread(target=asks, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def say(word: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def wait_for(root: Path, ready: str, signal: str) -> None:
    """Say that one is ready and wait for the signal."""
    (root / ready).touch()
    while not (root / signal).exists():
        time.sleep(0.0005)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
