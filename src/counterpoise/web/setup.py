"""Making this process a part of the room of one workspace."""

from __future__ import annotations

import os

from counterpoise.books import Workspace, WorkspaceError
from counterpoise.web.options import RoomOptions

_SETTINGS = "counterpoise.web.settings"


def set_up(workspace: Workspace) -> None:
    """Start Django for a workspace, once a process; processes started from here inherit it.

    Raises:
        WorkspaceError: If this process is the room of another workspace, or its settings cannot
            be used.
    """
    import django
    from django.conf import settings

    if settings.configured:
        _refuse_another(workspace, settings.COUNTERPOISE_WORKSPACE)
        return
    RoomOptions.of(workspace)
    os.environ["COUNTERPOISE_WORKSPACE"] = str(workspace.root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _SETTINGS)
    django.setup()


def _refuse_another(workspace: Workspace, there: str) -> None:
    if str(workspace.root) != os.path.realpath(there):
        raise WorkspaceError(f"{workspace.root}: this process already serves {there}")
