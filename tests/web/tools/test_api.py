"""Tools for programs: the same rights and rules as on the pages."""

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.people.models import User
from counterpoise.web.tools.models import Message, Tool, Use
from tests.web.api.calling import Caller, kind_of
from tests.web.desk.asking import Cast
from tests.web.tools.making import sent

BOTH = frozenset({TokenScope.READ, TokenScope.TOOLS})


def caller(user: User, scopes: frozenset[TokenScope] = BOTH) -> Caller:
    return Caller(mint(user, Wanted("Test", scopes, 30)).secret)


def test_lists_imported_tools_and_those_of_the_room(people: Cast, card: Tool) -> None:
    listed = caller(people.rhea).get("tools").json()["tools"]
    assert [each["title"] for each in listed] == ["Downtime calculator", "Pump case", "Valve guide"]
    one = caller(people.rhea).get(f"tools/{card.tool_id}").json()
    assert one == listed[1]
    assert caller(people.rhea).get("tools/T9").status_code == 404


def test_marketing_makes_changes_and_retires(people: Cast) -> None:
    kira = caller(people.kira)
    made = kira.post("tools", {"title": "Case", "value_ids": ["uptime"], "owner": people.kira.pk})
    assert made.status_code == 201
    tool_id = made.json()["tool_id"]
    changed = kira.post(f"tools/{tool_id}", {"title": "Case two", "revision": 1})
    assert (changed.json()["title"], changed.json()["revision"]) == ("Case two", 2)
    late = kira.post(f"tools/{tool_id}", {"title": "Case three", "revision": 1})
    assert kind_of(late) == "not-in-this-state"
    retired = kira.post(f"tools/{tool_id}/retire", {"is_retired": True})
    assert retired.json()["is_retired"] is True
    assert kind_of(caller(people.rhea).post("tools", {"title": "Mine"})) == "not-open"
    wrong = kira.post("tools", {"title": "", "link": "http://example.com"})
    assert {each["field"] for each in wrong.json()["errors"]} == {"title", "link"}
    assert Tool.objects.count() == 1


def test_a_use_counts_once_a_day_and_helps_once(people: Cast, card: Tool) -> None:
    rhea = caller(people.rhea)
    used = rhea.post(f"tools/{card.tool_id}/use", {"deal_id": "D1"}).json()
    again = rhea.post(f"tools/{card.tool_id}/use", {"deal_id": "D1"}).json()
    assert used["id"] == again["id"]
    assert rhea.post(f"tool-uses/{used['id']}/helped", {}).json()["helped"] is True
    assert caller(people.rolf).post(f"tool-uses/{used['id']}/helped", {}).status_code == 404
    assert rhea.post(f"tools/{card.tool_id}/use", {"deal_id": "D2"}).status_code == 409
    assert Use.objects.count() == 1


def test_a_request_is_sent_read_and_settled_once(people: Cast, card: Tool) -> None:
    asked = {"kind": "request", "text": "They say Delta is cheaper.", "deal_id": "D1"}
    made = caller(people.rhea).post("tool-messages", asked, Idempotency_Key="k1")
    assert caller(people.kira).post("tool-messages", asked).status_code == 403
    number = made.json()["id"]
    assert made.json()["owner"] == {"id": people.kira.pk, "name": "Kira"}
    kira = caller(people.kira)
    assert kira.get(f"tool-messages/{number}").json()["deal_id"] is None  # it does not open
    body = {"state": "answered", "tool_id": card.tool_id}
    assert kira.post(f"tool-messages/{number}/settle", body).json()["state"] == "answered"
    late = kira.post(f"tool-messages/{number}/settle", {"state": "declined", "text": "No."})
    assert kind_of(late) == "not-in-this-state"
    assert Message.objects.count() == 1


def test_needs_the_scope(people: Cast, card: Tool) -> None:
    message = sent(people.rhea)
    reader = caller(people.kira, frozenset({TokenScope.READ}))
    assert reader.get("tool-messages?kind=request").json()["messages"][0]["id"] == message.pk
    for path in ("tools", f"tools/{card.tool_id}/use", f"tool-messages/{message.pk}/settle"):
        assert reader.post(path, {}).status_code == 403
