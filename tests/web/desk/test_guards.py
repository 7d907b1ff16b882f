import pytest
from django.db import Error, transaction

from counterpoise.web.desk.erasing import forget
from counterpoise.web.desk.models import Answer, Request
from tests.web.desk.asking import Cast, asked, say


@pytest.mark.parametrize(
    "change",
    [
        {"decision": {}},
        {"verdict": "granted"},
        {"written": {}},
        {"terms": {}},
        {"rate": 0},
        {"agreement": "another"},
    ],
)
def test_refuses_to_change_what_was_asked_and_decided(
    people: Cast, change: dict[str, object]
) -> None:
    request = asked(people.rhea)
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        Request.objects.filter(pk=request.pk).update(**change)


@pytest.mark.parametrize("change", [{"said": "refused"}, {"capacity": "delegate"}])
def test_refuses_to_change_an_answer(people: Cast, change: dict[str, object]) -> None:
    say(people.mona, asked(people.rhea))
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        Answer.objects.update(**change)


def test_lets_ids_be_remapped_and_words_be_erased(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea, note="for Ann"))
    assert Request.objects.filter(pk=request.pk).update(account_id="A9", note="") == 1
    assert Answer.objects.update(comment="", decided_person_id="M9") == 1


def test_forgets_a_persons_own_words(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea, note="for Ann"), comment="for Bob")
    forget(people.rhea)
    forget(people.mona)
    request.refresh_from_db()
    assert (request.note, request.answers.get().comment) == ("", "")
    assert request.state == "approved"
