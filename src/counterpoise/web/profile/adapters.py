"""Where django-allauth asks the room: who may come in, and how often they may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from counterpoise.web.audit.entries import record
from counterpoise.web.people.models import User
from counterpoise.web.profile import lockout, sealing

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.contrib.auth.base_user import AbstractBaseUser


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up, and guessing locks."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: people are invited."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return who signs in with these credentials, unless they failed too often."""
        address = str(credentials.get("email") or "").lower()
        ticket = lockout.attempt((lockout.ADDRESS, address), *self._machine(request))
        if ticket.is_refused:
            raise self.validation_error("too_many_login_attempts")
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            ticket.succeed()
        elif ticket.is_last:
            _record_lock(address)
        return user

    def _machine(self, request: HttpRequest) -> list[tuple[lockout.Limit, str]]:
        """Return the limit of the machine that asks, unless all seem to be one proxy."""
        is_known = settings.ROOM.proxies or not settings.ROOM.origins
        return [(lockout.MACHINE, self.get_client_ip(request))] if is_known else []

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave the counting to `lockout`, which counts failures alone."""

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Tell whether the password is this person's, who is signed in already."""
        assert isinstance(user, User)
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The company's sign-in lets in who has an account here with the same verified address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Refuse: people are invited."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How the room names itself in an authenticator app, and keeps what codes are made of."""

    def get_totp_issuer(self) -> str:
        """Return the name of the product."""
        return "Counterpoise"

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return sealing.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret as it was before it was stored."""
        return sealing.unsealed(encrypted_text)


class _Limited:
    """A form that takes a code, a few times."""

    user: User

    def clean_code(self) -> str:
        """Check the code unless too many were wrong."""
        ticket = lockout.attempt((lockout.SECOND_FACTOR, str(self.user.pk)))
        if ticket.is_refused:
            raise AccountAdapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except sealing.UnsealingError as error:
            raise ValidationError(f"{str(error).capitalize()}.") from error
        ticket.succeed()
        return code


class SecondFactorForm(_Limited, AuthenticateForm):  # type: ignore[misc]
    """Ask for a code while signing in."""


class SecondFactorAgainForm(_Limited, ReauthenticateForm):  # type: ignore[misc]
    """Ask for a code before something that matters."""


def _record_lock(address: str) -> None:
    user = User.objects.filter(email=address).first()
    if user:
        record(None, "person.locked_out", f"person:{user.pk}")
