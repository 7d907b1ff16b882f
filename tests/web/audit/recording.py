"""A process that records acts: `python -m tests.web.audit.recording WORKSPACE NAME COUNT`."""

import sys
from pathlib import Path

from counterpoise.books import Workspace
from counterpoise.web.setup import set_up


def main(root: str, name: str, count: int) -> None:
    """Record acts, every third in a transaction that fails."""
    set_up(Workspace.open(Path(root)))
    from django.db import transaction

    from counterpoise.web.audit.entries import record

    for number in range(count):
        try:
            with transaction.atomic():
                record(None, "request.asked", f"{name}:{number}")
                if number % 3 == 2:
                    raise LookupError
        except LookupError:
            pass


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
