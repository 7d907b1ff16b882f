"""What second factors are checked by is sealed, and counted for all processes together."""

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from counterpoise.web.people.models import User
from counterpoise.web.profile.sealing import KEY_FILE, UnsealingError, is_sealed, sealed, unsealed
from tests.web.profile.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"


def _kept(person: User) -> dict[str, dict[str, object]]:
    return {each.type: each.data for each in Authenticator.objects.filter(user=person)}


def _code() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(SECRET, counter)))


def _with_code(person: User, code: str) -> tuple[Client, str]:
    """Sign in with a password and a code; return the page that answers."""
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    page = client.post(reverse("mfa_authenticate"), {"code": code})
    return client, page.content.decode()


def test_the_database_holds_no_secret(person: User) -> None:
    TOTP.activate(person, SECRET)
    codes = RecoveryCodes.activate(person).generate_codes()
    kept = _kept(person)
    assert SECRET not in str(kept)
    assert is_sealed(str(kept["totp"]["secret"]))
    assert is_sealed(str(kept["recovery_codes"]["seed"]))
    assert RecoveryCodes.activate(person).generate_codes() == codes
    assert unsealed(str(kept["totp"]["secret"])) == SECRET


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    assert sealed(SECRET) != sealed(SECRET)


@pytest.mark.parametrize("change", [lambda text: text[:-6] + "AAAA==", lambda _: SECRET])
def test_what_was_changed_or_never_sealed_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(UnsealingError):
        unsealed(change(sealed(SECRET)))


def test_seals_what_earlier_programs_kept_in_the_open(person: User) -> None:
    Authenticator.objects.create(user=person, type="totp", data={"secret": SECRET})
    codes = {"seed": "5eed", "used_mask": 0, "migrated_codes": ["123", "456"]}
    Authenticator.objects.create(user=person, type="recovery_codes", data=codes)
    migration = import_module("counterpoise.web.profile.migrations.0003_sealed_second_factors")
    editor = SimpleNamespace(connection=connection)
    migration._seal(apps, editor)
    once = _kept(person)
    migration._seal(apps, editor)
    assert _kept(person) == once
    assert unsealed(str(once["totp"]["secret"])) == SECRET
    assert not {SECRET, "5eed", "123", "456"} & set(str(once).replace("'", " ").split())
    migration._unseal(apps, editor)
    assert _kept(person) == {"totp": {"secret": SECRET}, "recovery_codes": codes}


def test_without_the_key_nobody_comes_in_and_the_page_says_why(
    person: User, settings: Settings, tmp_path: Path
) -> None:
    TOTP.activate(person, SECRET)
    settings.SECRETS_DIR = tmp_path / "elsewhere"
    client, page = _with_code(person, _code())
    assert "restore the keys, or let an administrator take the second factor away" in page
    assert client.get("/").status_code == 302
    assert (tmp_path / "elsewhere" / KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_code_is_used_once_whichever_process_takes_it(person: User) -> None:
    TOTP.activate(person, SECRET)
    code = _code()
    client, _ = _with_code(person, code)
    assert client.get("/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shared_cache WHERE cache_key LIKE %s", ["%totp.used%"])
        assert cursor.fetchone() == (1,)
    again, page = _with_code(person, code)
    assert "Incorrect code" in page
    assert again.get("/").status_code == 302


def test_counts_attempts_in_the_database(person: User) -> None:
    Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shared_cache WHERE cache_key LIKE %s", ["%:login:%"])
        assert cursor.fetchone() == (1,)
