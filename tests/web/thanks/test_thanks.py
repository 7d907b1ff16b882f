"""What the other side did, from the room, and saying thank you for it."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.handoffs.answering import respond
from counterpoise.web.handoffs.leads import Lead
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.passing import pass_lead
from counterpoise.web.people.erasing import erase
from counterpoise.web.thanks import agenda, home, thanking
from counterpoise.web.thanks.models import Thank, Told
from counterpoise.web.thanks.remapping import remap
from counterpoise.web.tools import messages, using
from counterpoise.web.tools.models import Message, Tool, Use
from counterpoise.web.tools.states import MessageKind
from tests.web.desk.asking import Cast, asked, say

NOW = dt.datetime(2026, 6, 10, 10, tzinfo=dt.UTC)


def told(user: object, now: dt.datetime = NOW) -> list[str]:
    return [deed.says for deed in thanking.done_for(user, now)]  # type: ignore[arg-type]


@pytest.fixture
def approved(people: Cast) -> str:
    """Return the key of an approval by marketing, given in ten minutes."""
    now = timezone.now()
    request = asked(people.mona, "0.25", at=now - dt.timedelta(minutes=11))
    say(people.milo, request, at=now - dt.timedelta(minutes=4))
    say(people.kira, request, at=now - dt.timedelta(minutes=1))
    (deed,) = thanking.done_for(people.mona, now)
    return deed.key


def test_tells_of_an_approval_by_the_other_side_alone(people: Cast, approved: str) -> None:
    now = timezone.now()
    (says,) = told(people.mona, now)
    assert says.startswith("Kira approved 25% off")
    assert says.endswith("for Alder Works in 10 minutes")
    assert told(people.lena, now) == told(people.rhea, now) == []
    assert told(people.mona, now + dt.timedelta(weeks=4)) == []


def test_tells_of_tools_won_or_lost_and_of_answers(people: Cast, card: Tool) -> None:
    use = using.use(people.rhea, card.tool_id, "D1")
    Use.objects.filter(pk=use.pk).update(at=NOW)
    sent = messages.send(
        people.rhea, MessageKind.REQUEST, "A card for pumps.", messages.About(), "token-of-sixteen"
    )
    messages.answer(people.kira, sent.pk, "Here.", card.tool_id)
    Message.objects.filter(pk=sent.pk).update(
        at=NOW - dt.timedelta(hours=3), settled_at=NOW + dt.timedelta(minutes=5)
    )
    assert told(people.rhea) == [
        "Kira answered your request in 3 hours: A card for pumps.",
        f"“{card.title}” was beside you on Alder pumps",
    ]
    assert told(people.kira) == []


def test_thanks_for_a_tool_name_a_deal_to_those_alone_to_whom_it_opens(
    people: Cast, card: Tool
) -> None:
    Use.objects.filter(pk=using.use(people.rhea, card.tool_id, "D1").pk).update(at=NOW)
    (deed,) = thanking.done_for(people.rhea, NOW)
    assert deed.says.endswith("on Alder pumps")
    assert thanking.thank(people.rhea, deed.key, NOW).taker == people.kira
    (came,) = home.happened_since(people.kira, NOW - dt.timedelta(days=1))
    assert came.says == f"Rhea thanks you: “{card.title}” was beside you"


def test_tells_marketing_of_a_lead_that_was_answered(people: Cast) -> None:
    made = pass_lead(people.kira, Lead("L1", about="Alder", account_id="A1"))
    respond(people.rhea, made.pk)
    soon = made.passed_at + dt.timedelta(minutes=20)
    Handoff.objects.filter(pk=made.pk).update(responded_at=soon)
    assert told(people.kira, soon) == ["Rhea answered your lead in 20 minutes: Alder"]


def test_thanks_once_with_one_click(
    people: Cast,
    approved: str,
    signed_in: Callable[[str], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    now = timezone.now()
    mona, kira = signed_in("mona"), signed_in("kira")
    with django_assert_num_queries(7):
        page = mona.get("/talk/thanks/").content.decode()
    assert "Thank Kira" in page
    for _ in range(2):
        assert mona.post("/talk/thanks/say/", {"key": approved}).status_code == 302
    said = Thank.objects.get()
    assert (said.giver, said.taker, said.key) == (people.mona, people.kira, approved)
    assert ">thanked<" in mona.get("/talk/thanks/").content.decode()
    (item,) = home.happened_since(people.kira, now - dt.timedelta(minutes=1))
    assert item.says.startswith("Mona thanks you: Kira approved 25% off")
    assert "Kira approved" in kira.get("/talk/thanks/").content.decode()
    assert "Kira approved" not in signed_in("rolf").get("/talk/thanks/").content.decode()
    (point,) = agenda.on_agenda(None)
    assert (point.section, point.side) == ("thanks", "sales")
    assert "Kira" not in point.says
    assert agenda.on_agenda(timezone.now()) == []


@pytest.mark.parametrize("key", ["", "approval:999", "x" * 900, "week:2026-W01"])
def test_thanks_for_nothing_that_was_not_done(signed_in: Callable[[str], Client], key: str) -> None:
    assert signed_in("rhea").post("/talk/thanks/say/", {"key": key}).status_code == 302
    assert not Thank.objects.exists()


def test_nobody_thanks_for_what_was_done_for_another(people: Cast, approved: str) -> None:
    with pytest.raises(thanking.NoDeedError):
        thanking.thank(people.rhea, approved, timezone.now())


def test_the_database_refuses_thanks_to_oneself(people: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Thank.objects.create(
            giver=people.mona, taker=people.mona, key="k", says="x", url="/", at=NOW
        )


def test_is_forgotten_with_either_of_the_two(people: Cast, approved: str) -> None:
    thanking.thank(people.mona, approved, timezone.now())
    erase(people.kira, people.lena)
    assert not Thank.objects.exists()


def test_follows_an_id_that_the_crm_changed(people: Cast) -> None:
    for key in ("deal:D1:won", "deal:D10:won", "deal:D2:campaign:C1"):
        Told.objects.create(user=people.mona, key=key, at=NOW)
    assert remap("deal", "D1", "D2") == 1
    assert remap("account", "D1", "D2") == 0
    keys = set(Told.objects.values_list("key", flat=True))
    assert keys == {"deal:D2:won", "deal:D10:won", "deal:D2:campaign:C1"}
