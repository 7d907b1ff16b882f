"""Forgetting a person: name and address go, the id stays, and so does what was decided.

A feature joins with `erasing.py` in its folder: `forget(user)`, called inside the transaction.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.people.changing import close
from counterpoise.web.people.models import User
from counterpoise.web.places import offered
from counterpoise.web.profile.models import Link


def erase(user: User, by: User) -> None:
    """Erase a person's name, address, sign-in and everything else that says who they are.

    Raises:
        LastAdministratorError: If nobody would administer the room.
        ClosedError: If it was done before.
    """
    with transaction.atomic():
        close(user, by)
        for forget_person in offered("erasing", "forget"):
            forget_person(user)
        record(by, "person.erased", f"person:{user.pk}")


def forget(user: User) -> None:
    """Erase the account's own part."""
    for kept in (EmailAddress, SocialAccount, Authenticator, Link):
        kept.objects.filter(user=user).delete()
    there = User.objects.get(pk=user.pk)
    there.set_unusable_password()
    there.email = f"erased-{there.pk}@invalid"
    there.name, there.pseudonym, there.person_id = "a former member", "", ""
    there.time_zone = ""
    there.is_administrator = there.may_sign = there.is_active = False
    there.last_login, there.erased_at = None, timezone.now()
    there.save()
