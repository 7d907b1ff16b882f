"""Make the room of a workspace ready: its settings in place and its tables up to date."""

from __future__ import annotations

import os
import signal
import threading
import time

from counterpoise.books import Workspace, WorkspaceError
from counterpoise.books.lock import waiting_lock
from counterpoise.web.migrating import apply_migrations, is_behind
from counterpoise.web.options import RoomOptions
from counterpoise.web.upgrade import refuse_newer, refuse_newer_database, write_stamp

SETTINGS_MODULE = "counterpoise.web.settings"
PARENT = "COUNTERPOISE_PARENT"
"""Names the process without which a web or job worker ends."""

_LOOK_EVERY = 1.0  # seconds


def set_up(workspace: Workspace) -> None:
    """Point Django at a workspace, once a process, and bring the room's tables up to date.

    Processes started from here inherit it.

    Raises:
        WorkspaceError: If this process is the room of another workspace, or its settings cannot
            be used.
        NewerWorkspaceError: If a newer program has written the workspace.
    """
    from django.conf import settings

    if settings.configured:
        _refuse_another(workspace, settings.COUNTERPOISE_WORKSPACE)
        return
    refuse_newer(workspace)
    configure(workspace)
    refuse_newer_database(workspace)
    migrate(workspace)
    write_stamp(workspace)


def configure(workspace: Workspace) -> None:
    """Point Django at a workspace without touching its database.

    Raises:
        WorkspaceError: If its settings cannot be used.
    """
    import django

    RoomOptions.of(workspace)
    os.environ["COUNTERPOISE_WORKSPACE"] = str(workspace.root)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
    django.setup()


def _refuse_another(workspace: Workspace, there: str) -> None:
    if str(workspace.root) != os.path.realpath(there):
        raise WorkspaceError(f"{workspace.root}: this process already serves {there}")


def migrate(workspace: Workspace) -> bool:
    """Bring the room's tables up to date and tell whether they were behind.

    Who comes second waits and finds nothing to do.
    """
    from django.db import connections

    if not is_behind():
        return False
    with waiting_lock(workspace.root / ".migrating.lock"):
        is_mine = is_behind()
        if is_mine:
            apply_migrations()
    connections.close_all()
    return is_mine


def end_with_parent() -> None:
    """End this process, as if asked to, soon after the one that started it is gone."""
    parent = os.environ.get(PARENT)
    if parent and parent.isdigit() and os.getppid() == int(parent):
        threading.Thread(target=_watch_parent, args=(int(parent),), daemon=True).start()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
