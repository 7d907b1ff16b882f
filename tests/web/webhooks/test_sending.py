"""What happens is told once an endpoint, signed, and told again until it is taken."""

import base64
import datetime as dt
import hashlib
import hmac
import json

from django.utils import timezone

from counterpoise.web.desk.requests import withdraw
from counterpoise.web.people.models import User
from counterpoise.web.webhooks import endpoints
from counterpoise.web.webhooks.gathering import gather
from counterpoise.web.webhooks.models import Endpoint, Message, Sending, State, Topic
from counterpoise.web.webhooks.posting import NotTakenError
from counterpoise.web.webhooks.sending import WAITS, send_due
from counterpoise.web.webhooks.signing import secret_of, signature
from tests.web.desk.asking import Cast, asked, say
from tests.web.webhooks.conftest import URL, Outside


def later(**span: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(**span)


def waiting_request(people: Cast) -> int:
    return asked(people.rhea, "0.12", at=timezone.now()).pk


def test_signs_as_the_standard_has_it() -> None:
    # The example of the specification.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_tells_of_a_request_and_of_its_end(
    people: Cast, endpoint: Endpoint, outside: Outside
) -> None:
    pk = waiting_request(people)
    assert gather(later()) == 1
    assert send_due(later()) == 1
    withdraw(people.rhea, pk)
    gather(later())
    send_due(later())
    told = [json.loads(body) for _, _, body in outside.got]
    assert [each["type"] for each in told] == ["request.asked", "request.settled"]
    assert [each["data"]["state"] for each in told] == ["open", "withdrawn"]
    assert told[0]["data"]["id"] == pk
    assert told[0]["data"]["rate"] == 0.12
    assert told[0]["data"]["url"].endswith(f"/desk/requests/{pk}/")
    assert "Rhea" not in outside.got[0][2].decode()


def test_the_receiver_can_tell_that_it_is_ours(
    people: Cast, endpoint: Endpoint, outside: Outside
) -> None:
    waiting_request(people)
    now = later()
    gather(now)
    send_due(now)
    ((url, headers, body),) = outside.got
    assert url == URL
    secret = base64.b64decode(secret_of(endpoint).removeprefix("whsec_"))
    at = int(now.timestamp())
    signed = f"{headers['webhook-id']}.{at}.".encode() + body
    mac = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-timestamp"] == str(at)
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert headers["content-type"] == "application/json"


def test_tells_once_what_was_taken(people: Cast, endpoint: Endpoint, outside: Outside) -> None:
    waiting_request(people)
    for _ in range(3):
        gather(later())
        send_due(later(hours=1))
    assert len(outside.got) == 1
    assert Sending.objects.get().state == State.SENT


def test_tries_again_with_the_same_id_and_another_time(
    people: Cast, endpoint: Endpoint, outside: Outside
) -> None:
    outside.answers = [500, NotTakenError("TimeoutError"), 204]
    waiting_request(people)
    gather(later())
    now = later()
    assert send_due(now) == 0
    assert send_due(now) == 0, "not before its time"
    now += WAITS[0]
    assert send_due(now) == 0
    assert Sending.objects.get().failure == "TimeoutError"
    now += WAITS[1]
    assert send_due(now) == 1
    heads = [headers for _, headers, _ in outside.got]
    assert len({each["webhook-id"] for each in heads}) == 1
    assert len({each["webhook-signature"] for each in heads}) == 3


def test_gives_up_in_the_end(people: Cast, endpoint: Endpoint, outside: Outside) -> None:
    outside.answers = [503] * 20
    waiting_request(people)
    gather(later())
    now = later()
    for wait in (*WAITS, dt.timedelta(days=9)):
        send_due(now)
        now += wait
    send_due(now)
    assert len(outside.got) == len(WAITS) + 1
    assert Sending.objects.get().state == State.FAILED


def test_stops_where_nobody_is_any_more(people: Cast, endpoint: Endpoint, outside: Outside) -> None:
    outside.answers = [410]
    waiting_request(people)
    gather(later())
    send_due(later())
    send_due(later(days=3))
    endpoint.refresh_from_db()
    assert not endpoint.is_on
    assert len(outside.got) == 1


def test_sends_again_what_a_worker_died_with(
    people: Cast, endpoint: Endpoint, outside: Outside
) -> None:
    waiting_request(people)
    gather(later())
    Sending.objects.update(state=State.SENDING, touched_at=later(minutes=-1))
    assert send_due(later()) == 0, "another worker has it"
    Sending.objects.update(touched_at=later(minutes=-6))
    assert send_due(later()) == 1


def test_tells_of_nothing_before_an_endpoint_was_there(
    people: Cast, chief: User, outside: Outside
) -> None:
    waiting_request(people)
    made = endpoints.add(chief, URL, [Topic.ASKED])
    assert gather(later()) == 0
    waiting_request(people)
    endpoints.switch(chief, made, is_on=False)
    assert gather(later()) == 0
    assert not Message.objects.exists()


def test_tells_each_of_what_it_wants_to_hear(people: Cast, chief: User, outside: Outside) -> None:
    endpoints.add(chief, "https://a.example.com/", [Topic.SETTLED])
    endpoints.add(chief, "https://b.example.com/", [Topic.ASKED])
    request = say(people.mona, asked(people.rhea, "0.12", at=timezone.now()), at=later())
    assert request.state == "approved"
    gather(later())
    send_due(later())
    told = {url: json.loads(body)["type"] for url, _, body in outside.got}
    assert told == {
        "https://a.example.com/": "request.settled",
        "https://b.example.com/": "request.asked",
    }


def test_another_secret_signs_otherwise(chief: User, endpoint: Endpoint) -> None:
    former = secret_of(endpoint)
    endpoints.renew(chief, endpoint)
    endpoint.refresh_from_db()
    assert secret_of(endpoint) != former
