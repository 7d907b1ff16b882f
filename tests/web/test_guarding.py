"""What the database refuses itself, tried on every guarded table of the room."""

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, models, transaction

from counterpoise.books import Workspace
from counterpoise.web import guarding
from counterpoise.web.audit import guards as audit_guards
from counterpoise.web.audit.verifying import verify
from counterpoise.web.guarding import Deed, Guard
from counterpoise.web.people import erasing
from counterpoise.web.people.models import User
from counterpoise.web.people.remapping import Kind, remap_id
from counterpoise.web.places import features
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.thanks.models import Thank
from counterpoise.web.upgrade import upgrade
from tests.web.agreements.conftest import room

__all__ = ["room"]
pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
TODAY = NOW.date()

_QUOTE = {"label": "Held", "value": "90", "note": "n", "day": "2026-06-01", "source": "Balance"}
_ENDED = {"settled_at": NOW, "settled_by": "user"}
_STATES: dict[str, dict[str, Any]] = {
    "talk_words_quoted": {"quote": _QUOTE},
    "talk_words_withdrawn": {"text": "", "withdrawn_at": NOW},
    "talk_question_settled": {"state": "answered", **_ENDED},
    "joint_jointreview_unchanged": {"state": "held", "ended_at": NOW},
    "joint_jointreview_kept": {"state": "skipped", "ended_at": NOW},
    "joint_action_settled": {"state": "done", **_ENDED},
    "promises_transfer_settled": {"state": "signed", **_ENDED},
    "pulse_pulse_closed": {"closed_on": TODAY},
    "pulse_pulse_sealed": {"urn": b"ballots"},
}
"""What a row is that a guard with a condition of its own row holds."""

_MADE: dict[str, dict[str, Any]] = {
    "talk_announcement": {"ends_on": None},
    "talk_question": {"state": "open"},
    "talk_words": {"text": "words", "answers": None},
    "joint_jointreview": {"state": "open"},
    "joint_action": {"state": "open"},
    "promises_transfer": {"state": "open", "to_budget": "other"},
    "room_cracks_act": {"deed": "answered", "actor": "user"},
    "room_cracks_crack": {"state": "new", "seen": None},
    "room_desk_request": {"state": "open", "follows": None},
    "promotions_askedpromotion": {"state": "open"},
    "handoffs_handoff": {"state": "waiting", "follows": None, "reason": "r"},
}
"""What a row needs for its table to take it."""

GUARDS = guarding.every()


def _of(deed: Deed) -> list[Any]:
    return [pytest.param(each, id=each.trigger) for each in GUARDS if each.deed is deed]


@cache
def _model(table: str) -> type[models.Model]:
    return next(each for each in apps.get_models() if each._meta.db_table == table)


def _value(field: Any, made: dict[type[models.Model], models.Model]) -> Any:
    """Return something that a column takes."""
    match field:
        case models.ForeignKey():
            related: Any = field.related_model
            return _row(related, made)
        case models.DateTimeField():
            return NOW
        case models.DateField():
            return TODAY
        case models.JSONField():
            return {}
        case models.BooleanField():
            return False
        case models.DecimalField() | models.IntegerField() | models.FloatField():
            return 1
        case models.BinaryField():
            return b""
        case _:
            return next(iter(dict(field.choices or {"abc": ""})))


def _row(
    model: type[models.Model], made: dict[type[models.Model], models.Model], **told: Any
) -> models.Model:
    """Make a row with what it belongs to; a table has one, but people are many."""
    if model is User:
        return User.objects.create_user(f"u{User.objects.count()}@example.com", side="sales")
    if model in made and not told:
        return made[model]
    wanted = {**_MADE.get(model._meta.db_table, {}), **told}
    values = {}
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        if field.name in wanted:
            value = wanted[field.name]
            values[field.name] = _value(field, made) if value == "user" else value
        elif not field.null and (field.is_relation or not field.has_default()):
            values[field.name] = _value(field, made)
    made[model] = model._default_manager.create(**values)
    return made[model]


def _finished(guard: Guard) -> models.Model:
    """Return a row that a guard holds, after all that it belongs to is over."""
    made: dict[type[models.Model], models.Model] = {}
    row = _row(_model(guard.table), made, **_STATES.get(guard.trigger, {}))
    if guard.trigger == "talk_words_answered":
        _row(Question, made, words=row, state="answered", settled_at=NOW, settled_by="user")
    for model, ended in (("joint.JointReview", {"state": "held", "ended_at": NOW}),
                         ("pulse.Pulse", {"closed_on": TODAY})):  # fmt: skip
        above = apps.get_model(model)
        if guard.name in {"closed", "none_added", "none_removed"} or "SELECT" in guard.when:
            above._default_manager.filter(pk=getattr(made.get(above), "pk", None)).update(**ended)
    return row


def _other(row: models.Model, column: str) -> Any:
    """Return another value for a column."""
    name, _, key = column.partition(".")
    field: Any = next(
        each for each in row._meta.concrete_fields if name in {each.name, each.attname}
    )
    value = getattr(row, field.attname)
    match field:
        case models.JSONField():
            return {**(value or {}), key or "other": "other"}
        case models.ForeignKey():
            return (value or 0) + 1
        case models.DateTimeField() | models.DateField():
            return (value or NOW) + dt.timedelta(days=1)
        case models.BooleanField():
            return not value
        case models.DecimalField():
            return Decimal(value or 0) + 1
        case models.IntegerField() | models.FloatField():
            return (value or 0) + 1
        case models.BinaryField():
            return bytes(value) + b"more"
        case _:
            return f"x{value[1:]}"


@pytest.mark.parametrize("guard", _of(Deed.CHANGE))
def test_refuses_a_change(guard: Guard) -> None:
    row = _finished(guard)
    rows = type(row)._default_manager.filter(pk=row.pk)
    for column in (*guard.kept, *guard.words):
        with pytest.raises(Error, match=guard.says), transaction.atomic():
            rows.update(**{column.partition(".")[0]: _other(row, column)})
    rows.get().save()
    for column in guard.words:
        assert rows.update(**{column: ""}) == 1


@pytest.mark.parametrize("guard", _of(Deed.REMOVE))
def test_refuses_to_remove(guard: Guard) -> None:
    row = _finished(guard)
    with pytest.raises(Error, match=guard.says), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).delete()


@pytest.mark.parametrize("guard", _of(Deed.ADD))
def test_refuses_to_add(guard: Guard) -> None:
    row = _finished(guard)
    row.pk = None
    row._state.adding = True
    with pytest.raises(Error, match=guard.says), transaction.atomic():
        row.save()


def test_refuses_to_empty_a_sealed_urn_but_by_counting_it() -> None:
    (guard,) = (each for each in GUARDS if each.name == "sealed")
    row = _finished(guard)
    rows = type(row)._default_manager.filter(pk=row.pk)
    with pytest.raises(Error, match=guard.says), transaction.atomic():
        rows.update(urn=b"")
    assert rows.update(urn=b"fewer") == rows.update(urn=b"", closed_on=TODAY) == 1


def test_a_figure_goes_with_words_that_are_withdrawn() -> None:
    row = _row(Words, {}, quote=_QUOTE)
    Words.objects.filter(pk=row.pk).update(quote=None, text="", withdrawn_at=NOW)
    assert Words.objects.get().quote is None


def test_lets_people_be_forgotten_and_ids_be_remapped() -> None:
    made: dict[type[models.Model], models.Model] = {}
    for guard in GUARDS:
        _row(_model(guard.table), made)
    Words.objects.update(thing="deal:D1")
    Thank.objects.update(key="deal:D1:won")
    boss = User.objects.create_user("boss@example.com", side="both", is_administrator=True)
    remap_id(Kind.DEAL, "D1", "D9", boss)
    for user in User.objects.exclude(pk=boss.pk):
        erasing.erase(user, boss)
    assert set(Words.objects.values_list("thing", "text")) == {("deal:D9", "")}
    assert not Thank.objects.exists()


def test_lifts_before_the_schema_changes_and_guards_after() -> None:
    before = _triggers()
    assert {guard.trigger for guard in GUARDS} <= before
    feature = next(each for each in features() if each.label == "joint")
    guarding.lift_before(feature, "default", plan=())
    assert _triggers() == before
    guarding.lift_before(feature, "default", plan=[("a migration", False)])
    assert {
        each for each in before - _triggers() if each.startswith("joint_")
    } == before - _triggers()
    assert not any(each.startswith("joint_") for each in _triggers())
    guarding.install_after(feature, "default")
    assert _triggers() == before


def test_an_upgrade_puts_back_what_the_audit_misses(room: Workspace) -> None:
    guarding.lift(connection, GUARDS[:1])
    assert [each.says.split()[2] for each in verify().findings] == [GUARDS[0].trigger]
    assert f"guards of the database put back: {GUARDS[0].trigger}" in list(upgrade(room))
    assert verify().findings == ()


def _hollow(trigger: str) -> str:
    """Return what puts a trigger that refuses nothing in the place of one of the same name."""
    if connection.vendor == "postgresql":
        does = "BEGIN RETURN NEW; END"
        return (
            f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $${does}$$"
        )
    return f"CREATE TRIGGER {trigger} BEFORE UPDATE ON talk_words BEGIN SELECT 1; END"


def test_sees_a_trigger_of_the_same_name_that_refuses_nothing() -> None:
    guard = next(each for each in GUARDS if each.trigger == "talk_words_unchanged")
    assert guarding.missing(connection) == audit_guards.missing(connection) == []
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(f"DROP TRIGGER {guard.trigger}")
        cursor.execute(_hollow(guard.trigger))
    assert guarding.missing(connection) == [guard.trigger]
    guarding.install(connection)
    assert guarding.missing(connection) == []


def test_sees_an_audit_trail_whose_trigger_was_made_hollow() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_hollow("audit_entry_refuse"))
        else:
            cursor.execute("DROP TRIGGER audit_entry_unchanged")
            cursor.execute(_hollow("audit_entry_unchanged").replace("talk_words", "audit_entry"))
    assert audit_guards.missing(connection) == ["audit_entry_unchanged"]
    assert "does something else" in verify().findings[0].says
    audit_guards.install(connection)
    assert verify().findings == ()


def _triggers() -> set[str]:
    asked = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}
