"""Messages to marketing: owners, promised times, reminders, answers, and who hears of them."""

import datetime as dt

import pytest

from counterpoise.web.audit.models import Entry
from counterpoise.web.notices.models import Notice
from counterpoise.web.people.models import User
from counterpoise.web.places import Item
from counterpoise.web.tools import (
    erasing,
    handing_over,
    home,
    messages,
    remapping,
    reminding,
    room_facts,
    using,
)
from counterpoise.web.tools.models import Message, Tool, Use
from counterpoise.web.tools.rights import NoDealError, NotYoursError
from counterpoise.web.tools.search import find
from counterpoise.web.tools.states import MessageKind
from tests.web.desk.asking import Cast, token
from tests.web.desk.company import NOW
from tests.web.tools.making import made, sent

WEEK = dt.timedelta(days=7)


def marketer(name: str, role: str = "product_marketing", side: str = "marketing") -> User:
    return User.objects.create_user(f"{name}@example.com", name=name, side=side, role=role)


def act_of(items: list[Item]) -> list[str]:
    return [item.says for item in items]


def test_the_promised_time_runs_in_working_days(people: Cast) -> None:
    request, note = sent(people.rhea), sent(people.rhea, kind=MessageKind.NOTE)
    # Sent on a Wednesday at ten: five working days are a week, two end on Friday.
    assert (request.due_at, note.due_at) == (NOW + WEEK, NOW + dt.timedelta(days=2))
    # Half of five days of eight hours is twenty hours: Friday, four hours after ten.
    assert request.remind_at == NOW + dt.timedelta(days=2, hours=4)


def test_who_made_most_tools_of_the_family_owns_a_request(people: Cast) -> None:
    kurt = marketer("Kurt")
    made(kurt, product_family="Valves")
    assert sent(people.rhea, product_family="valves").owner == kurt
    made(people.kira)
    assert sent(people.rhea, product_family="Pumps").owner == people.kira


def test_who_has_least_open_owns_what_no_family_decides(people: Cast) -> None:
    marketer("Anna", role="")  # not on the ladder
    kurt = marketer("Kurt")
    owners = [sent(people.rhea).owner for _ in range(4)]
    assert owners == [people.kira, kurt, people.kira, kurt]


def test_a_message_waits_for_marketing_to_come(people: Cast) -> None:
    User.objects.filter(pk=people.kira.pk).update(is_active=False)
    message = sent(people.rhea)
    assert message.owner is None
    assert reminding.give_owners() == 0
    kurt = marketer("Kurt")
    assert (reminding.give_owners(), reminding.give_owners()) == (1, 0)
    message.refresh_from_db()
    assert message.owner == kurt


def test_refuses_what_cannot_be_sent(people: Cast) -> None:
    with pytest.raises(NotYoursError):
        sent(people.kira)
    for text in ("", "  ", "a\x00", "a" * 2_001):
        with pytest.raises(messages.MessageError):
            sent(people.rhea, text)
    with pytest.raises(NoDealError):
        sent(people.rhea, deal_id="D2")
    with pytest.raises(messages.MessageError, match="A9"):
        sent(people.rhea, account_id="A9")
    assert not Message.objects.exists()


def test_a_form_sends_once(people: Cast) -> None:
    same, about = token(), messages.About()
    one = messages.send(people.rhea, MessageKind.NOTE, "Heard.", about, same, NOW)
    assert messages.send(people.rhea, MessageKind.NOTE, "Heard.", about, same, NOW) == one


def test_a_request_is_answered_with_a_tool_or_declined_with_a_reason(
    people: Cast, card: Tool
) -> None:
    request, other = sent(people.rhea), sent(people.rhea)
    for tool_id in ("", "T9"):
        with pytest.raises(messages.MessageError):
            messages.answer(people.kira, request.pk, "Here.", tool_id)
    with pytest.raises(messages.MessageError):
        messages.decline(people.kira, request.pk, " ")
    answered = messages.answer(people.kira, request.pk, "", card.tool_id, NOW)
    declined = messages.decline(people.kira, other.pk, "We have one.", NOW)
    assert (answered.state, answered.tool_id) == ("answered", card.tool_id)
    assert (declined.state, declined.answer) == ("declined", "We have one.")
    with pytest.raises(messages.SettledMeanwhileError, match="answered by Kira"):
        messages.decline(people.lena, request.pk, "No.")


def test_a_note_is_answered_in_words_and_never_declined(people: Cast) -> None:
    note = sent(people.rhea, kind=MessageKind.NOTE)
    with pytest.raises(messages.MessageError):
        messages.decline(people.kira, note.pk, "No.")
    assert messages.answer(people.kira, note.pk, "We will say so.").state == "answered"


def test_nobody_answers_their_own(people: Cast, card: Tool) -> None:
    own = sent(people.lena)
    with pytest.raises(NotYoursError):
        messages.answer(people.lena, own.pk, "", card.tool_id)
    with pytest.raises(NotYoursError):
        messages.withdraw(people.rhea, own.pk)
    assert messages.withdraw(people.lena, own.pk).state == "withdrawn"


def test_is_passed_on_to_marketing_alone(people: Cast) -> None:
    message, kurt = sent(people.rhea), marketer("Kurt")
    assert messages.pass_on(people.kira, message.pk, kurt).owner == kurt
    with pytest.raises(messages.MessageError):
        messages.pass_on(people.kira, message.pk, people.rhea)
    with pytest.raises(NotYoursError):
        messages.pass_on(people.rhea, message.pk, kurt)


def test_reminds_once_and_sees_what_is_overdue_once(people: Cast) -> None:
    sent(people.rhea)
    assert reminding.mark(NOW + dt.timedelta(days=1)) == 0
    assert [reminding.mark(NOW + dt.timedelta(days=3)) for _ in range(2)] == [1, 0]
    assert [reminding.mark(NOW + WEEK + WEEK) for _ in range(2)] == [1, 0]
    acts = Entry.objects.filter(subject__startswith="tool_request:").order_by("sequence")
    assert list(acts.values_list("act", flat=True)) == [
        "tool_request.sent",
        "tool_request.reminded",
        "tool_request.overdue",
    ]


def test_tells_each_what_concerns_them_once(people: Cast, card: Tool) -> None:
    User.objects.filter(pk=people.lena.pk).update(may_sign=True)
    request = sent(people.rhea, "A card for Delta.")
    late = NOW + WEEK + dt.timedelta(days=1)
    reminding.tell(NOW)
    reminding.mark(late)
    assert (reminding.tell(late) > 0, reminding.tell(late)) == (True, 0)
    messages.answer(people.kira, request.pk, "", card.tool_id, late)
    reminding.tell(late)
    told = Notice.objects.order_by("pk").values_list("user__name", "subject")
    assert sorted(told) == [
        ("Kira", "A request for a tool is overdue"),
        ("Kira", "A request for a tool still waits for you"),
        ("Kira", "A request for a tool waits for you"),
        ("Lena", "A request for a tool is overdue"),
        ("Rhea", "A request for a tool is overdue"),
        ("Rhea", "Your request for a tool was answered"),
    ]


def test_owners_hear_of_the_last_day_before_and_after(people: Cast) -> None:
    made(people.kira, expires_on=NOW.date() + WEEK)
    for at in (NOW - 2 * WEEK, NOW, NOW, NOW + 2 * WEEK):
        reminding.tell(at)
    assert list(Notice.objects.order_by("pk").values_list("user__name", "subject")) == [
        ("Kira", "A tool is offered until 17 Jun 2026"),
        ("Kira", "A tool is over 17 Jun 2026"),
    ]


def test_what_waits_and_what_happened_stand_on_the_home_page(people: Cast, card: Tool) -> None:
    request = sent(people.rhea, "A card for Delta.", now=NOW - 2 * WEEK)
    before = NOW - 3 * WEEK
    overdue = "Answer the request, overdue: A card for Delta."
    assert act_of([*home.waits_for(people.kira)]) == [overdue]
    assert [*home.waits_for(people.rhea)] == []
    messages.answer(people.kira, request.pk, "", card.tool_id, NOW)
    using.use(people.rhea, card.tool_id, "D1", helped=True, now=NOW)
    assert act_of([*home.happened_since(people.rhea, before)]) == [
        "Your request was answered: A card for Delta.",
        "Marketing made a tool: Pump case",
    ]
    assert act_of([*home.happened_since(people.kira, before)]) == ["Pump case helped sellers"]
    assert [*home.happened_since(people.guest, NOW)] == []


def test_the_next_review_reads_tools_uses_and_requests(people: Cast, card: Tool) -> None:
    request, gone = sent(people.rhea, deal_id="D1", competitor="Delta"), sent(people.rhea)
    messages.withdraw(people.rhea, gone.pk)
    messages.answer(people.kira, request.pk, "", card.tool_id, NOW + WEEK)
    using.use(people.rhea, "T1", now=NOW)
    using.use(people.rhea, card.tool_id, "D1", now=NOW)
    found = room_facts.rows()
    wall = NOW.replace(tzinfo=None)
    assert [(row["tool_id"], row["product_family"], row["owner_id"]) for row in found["tools"]] == [
        (card.tool_id, "Pumps", "K1")
    ]
    assert found["tool_uses"] == [
        {"tool_id": "T1", "used_at": wall, "deal_id": None, "person_id": "R1"},
        {"tool_id": card.tool_id, "used_at": wall, "deal_id": "D1", "person_id": "R1"},
    ]
    (row,) = found["tool_requests"]
    assert row == {
        "request_id": f"room-{request.pk}",
        "asked_by": "R1",
        "asked_at": wall,
        "owner_id": "K1",
        "deal_id": "D1",
        "product_family": None,
        "persona": None,
        "competitor": "Delta",
        "answered_by": "K1",
        "answered_at": wall + WEEK,
        "verdict": "answered",
        "tool_id": card.tool_id,
    }


def test_a_search_finds_tools_and_messages(people: Cast, card: Tool) -> None:
    sent(people.rhea, "They compare pumps with Delta.")
    assert [hit.label for hit in find(people.rolf, "PUMP", 5)] == [
        "Pump case",
        "They compare pumps with Delta.",
    ]
    assert find(people.rolf, "\x00", 5) == ()


def test_who_leaves_hands_tools_and_messages_on(people: Cast, card: Tool) -> None:
    message, kurt = sent(people.rhea), marketer("Kurt")
    assert handing_over.hand_over(people.kira, kurt) == 2
    for each in (message, card):
        each.refresh_from_db()
        assert each.owner == kurt
    assert handing_over.hand_over(kurt, people.mona) == 2
    message.refresh_from_db()
    assert message.owner is None


def test_words_are_forgotten_and_ids_follow(people: Cast, card: Tool) -> None:
    message = sent(people.rhea, deal_id="D1")
    using.use(people.rhea, card.tool_id, "D1", now=NOW)
    erasing.forget(people.rhea)
    assert remapping.remap("deal", "D1", "D7") == 2
    assert remapping.remap("person", "R1", "R7") == 2
    assert remapping.remap("campaign", "C1", "C2") == 0
    message.refresh_from_db()
    assert (message.text, message.deal_id, message.sender_person_id) == ("", "D7", "R7")
    assert Use.objects.get().deal_id == "D7"
