"""A process that closes an account: `python -m tests.web.people.closing WORKSPACE BY WHOM`."""

import sys
from pathlib import Path

from counterpoise.books import Workspace
from counterpoise.web.setup import set_up


def main(root: str, by: str, whom: str) -> None:
    """Close an account on behalf of another, and say how it went."""
    set_up(Workspace.open(Path(root)))
    from counterpoise.web.people.changing import LastAdministratorError, close
    from counterpoise.web.people.models import User

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    try:
        close(User.objects.get(email=whom), User.objects.get(email=by))
        sys.stdout.write("closed\n")
    except LastAdministratorError:
        sys.stdout.write("refused\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
