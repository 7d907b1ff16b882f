"""What happens when somebody leaves, or gets another id."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from counterpoise.web.audit.entries import record
from counterpoise.web.audit.models import Entry
from counterpoise.web.audit.verifying import verify
from counterpoise.web.people.changing import ClosedError, change, reopen
from counterpoise.web.people.erasing import erase
from counterpoise.web.people.models import User
from counterpoise.web.people.remapping import Kind, RemapError, current_id, remap_id
from counterpoise.web.profile.links import make_link


def test_nothing_in_the_database_says_who_was_erased(
    administrator: Client, person: User, chief: User
) -> None:
    Client().post(
        reverse("account_login"), {"login": person.email, "password": "a hat for the cat"}
    )
    EmailAddress.objects.create(user=person, email=person.email)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    make_link(person, chief)
    change(person, {"pseudonym": "Lovelace"}, chief)
    administrator.post(reverse("people:erasure", args=[person.pk]), {"sure": person.email})
    assert _everything().isdisjoint({"Ada", "Byron", "ada@example.com", "Lovelace"})
    assert not UserSession.objects.filter(user=person).exists()


def _everything() -> set[str]:
    """Return every word of every text in the database."""
    words: set[str] = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    text = str(value)
                    words |= {word for word in ("Ada", "Byron", "Lovelace") if word in text}
                    words |= {"ada@example.com"} if "ada@example" in text else set()
    return words


def test_the_trail_is_whole_after_somebody_was_erased(
    person: User,
    chief: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        record(person, "request.asked", "request:1")
        erase(person, chief)
    assert verify().is_whole
    assert Entry.objects.filter(actor_id=person.pk).exists()


def test_what_they_wrote_is_of_a_former_member(person: User, chief: User) -> None:
    erase(person, chief)
    assert str(User.objects.get(pk=person.pk)) == "a former member"


def test_who_was_erased_stays_so(person: User, chief: User) -> None:
    erase(person, chief)
    with pytest.raises(ClosedError):
        reopen(person, chief)
    with pytest.raises(ClosedError):
        erase(person, chief)


def test_asks_before_it_forgets(administrator: Client, person: User) -> None:
    administrator.get(reverse("people:erasure", args=[person.pk]))
    administrator.post(reverse("people:erasure", args=[person.pk]), {"sure": "yes"})
    person.refresh_from_db()
    assert person.erased_at is None


def test_an_erased_person_is_on_no_page(administrator: Client, person: User, chief: User) -> None:
    erase(person, chief)
    assert administrator.get(reverse("people:person", args=[person.pk])).status_code == 404
    assert b"former" not in administrator.get(reverse("people:people")).content


def test_a_person_s_place_in_the_books_is_free_again(person: User, chief: User) -> None:
    erase(person, chief)
    again = User.objects.create_user("ada@example.com", name="Ada", side="sales", person_id="P1")
    assert again.pk != person.pk


def test_passes_on_what_waits(administrator: Client, person: User, chief: User) -> None:
    administrator.post(reverse("people:hand_over", args=[person.pk]), {"successor": str(chief.pk)})
    entry = Entry.objects.get(act="person.handed_over")
    assert f"person:{chief.pk}" in entry.detail


def test_passes_on_to_nobody_who_left(administrator: Client, person: User) -> None:
    gone = User.objects.create_user("g@example.com", name="G", side="sales", is_active=False)
    for successor in (gone.pk, person.pk, 10**9, "x"):
        administrator.post(
            reverse("people:hand_over", args=[person.pk]), {"successor": str(successor)}
        )
    assert not Entry.objects.filter(act="person.handed_over").exists()


def test_a_new_id_takes_the_place_of_the_old_one(person: User, chief: User) -> None:
    assert remap_id(Kind.PERSON, "P1", "P9", chief) == 1
    person.refresh_from_db()
    assert person.person_id == "P9"
    assert current_id(Kind.PERSON, "P1") == "P9"
    assert current_id(Kind.ACCOUNT, "P1") == "P1"


def test_follows_ids_that_changed_twice(chief: User) -> None:
    remap_id(Kind.ACCOUNT, "A1", "A2", chief)
    remap_id(Kind.ACCOUNT, "A2", "A3", chief)
    assert current_id(Kind.ACCOUNT, "A1") == "A3"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("A1", "A1", "the same"),
        ("A1", "A5", "it became A2 before"),
        ("A2", "A1", "became the old one"),
    ],
)
def test_refuses_an_id_that_leads_back(chief: User, old: str, new: str, why: str) -> None:
    remap_id(Kind.ACCOUNT, "A1", "A2", chief)
    with pytest.raises(RemapError, match=why):
        remap_id(Kind.ACCOUNT, old, new, chief)


def test_refuses_to_make_two_accounts_one(person: User, chief: User) -> None:
    User.objects.create_user("b@example.com", name="B", side="sales", person_id="P2")
    with pytest.raises(RemapError, match="both have an account"):
        remap_id(Kind.PERSON, "P1", "P2", chief)
    with pytest.raises(ObjectDoesNotExist):
        Entry.objects.get(act="id.remapped")
