from django.utils import timezone

from counterpoise.web.desk.home import happened_since, waits_for
from counterpoise.web.desk.search import find
from counterpoise.web.desk.states import Said
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast, asked, say
from tests.web.desk.company import NOW


def waits(user: User) -> list[tuple[str, str]]:
    return [(item.says, item.kind) for item in waits_for(user)]


def test_tells_approvers_what_waits_with_its_due_time(people: Cast) -> None:
    request = asked(people.rhea)
    (item,) = waits_for(people.mona)
    assert item.says == "Answer 12% off for Alder Works"
    assert item.url == f"/desk/requests/{request.pk}/"
    assert item.at == request.steps.get().due_at
    assert waits(people.rhea) == []
    assert waits(people.kira) == []


def test_tells_the_asker_of_a_counter_until_it_is_taken_up(people: Cast) -> None:
    request = asked(people.rhea, "0.15")
    lower = {**request.written, "deal": {**request.written["deal"], "rate": "0.12"}}
    say(people.mona, request, Said.COUNTERED, counter=lower)
    assert waits(people.rhea) == [
        ("Take or leave the counter to 15% off for Alder Works", "request")
    ]
    asked(people.rhea, "0.12", follows=request.pk)
    assert waits(people.rhea) == []


def test_tells_the_asker_what_happened_since(people: Cast) -> None:
    request = asked(people.rhea)
    say(people.mona, request, at=timezone.now())
    (item,) = happened_since(people.rhea, NOW)
    assert item.says == "12% off for Alder Works: approved"
    assert happened_since(people.rhea, timezone.now()) == []
    assert happened_since(people.rolf, NOW) == []


def test_finds_requests_by_number_deal_and_account(people: Cast) -> None:
    request = asked(people.rhea, deal_id="D1")
    for words in (str(request.pk), f"#{request.pk}", "D1", "alder"):
        (hit,) = find(people.rhea, words, 5)
        assert (hit.label, hit.kind) == ("12% off for Alder Works", "request")
        assert hit.url == f"/desk/requests/{request.pk}/"


def test_finds_nothing_that_does_not_open(people: Cast) -> None:
    request = asked(people.rhea, deal_id="D1")
    for words in (str(request.pk), "D1", "alder"):
        assert list(find(people.rolf, words, 5)) == []


def test_finds_nothing_for_odd_words(people: Cast) -> None:
    asked(people.rhea)
    for words in ("", " ", "\x00", "9" * 400, "²", "%", "' OR 1=1"):
        assert list(find(people.rhea, words, 5)) == []
