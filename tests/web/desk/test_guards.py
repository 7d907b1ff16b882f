from counterpoise.web.desk.erasing import forget
from counterpoise.web.desk.models import Answer, Request
from tests.web.desk.asking import Cast, asked, say


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
