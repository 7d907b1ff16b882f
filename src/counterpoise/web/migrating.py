"""Apply the migrations of the room's database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext


def is_behind() -> bool:
    """Tell whether there are migrations that the database has not had."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def apply_migrations() -> None:
    """Bring the tables up to date.

    A new database gets every migration, which leads to the same tables each time: they are made
    in a quarter of the time.
    """
    from django.core.management import call_command

    with building_what_changes() if _is_new() else nullcontext():
        call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def building_what_changes() -> Iterator[None]:
    """Build only the model that a step of a migration changes, and not what is related to it.

    Django builds all that refers to it anew at each step, which are most models at most steps, lest
    a column change to which others refer. Before data is moved all models are built, as ever.
    """
    from django.db.migrations.state import ProjectState

    def reload_itself(state: ProjectState, app_label: str, model_name: str, **_: object) -> None:
        if "apps" in state.__dict__:  # else nothing is built as yet
            state.is_delayed = True
            state.apps.unregister_model(app_label, model_name)
            state.apps.render_multiple([state.models[app_label, model_name]])

    usual = ProjectState.reload_model
    ProjectState.reload_model = reload_itself  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        ProjectState.reload_model = usual  # type: ignore[method-assign]


def _is_new() -> bool:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return not MigrationRecorder(connection).applied_migrations()
