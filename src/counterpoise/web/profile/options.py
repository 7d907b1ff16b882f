"""Django's settings of signing in: django-allauth's, sessions and cookies."""

from __future__ import annotations

from typing import Any

from counterpoise.books import WorkspaceError
from counterpoise.web.options import RoomOptions
from counterpoise.web.outside import MissingSecretError

_ADAPTERS = "counterpoise.web.profile.adapters"
_NO_MAIL = {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
_YEAR = 365 * 24 * 60 * 60


def sign_in_settings(room: RoomOptions) -> dict[str, Any]:
    """Return the settings of signing in for an installation.

    Raises:
        WorkspaceError: If a secret that the options refer to is not set.
    """
    try:
        return (
            _allauth()
            | _cookies(is_behind_https=room.is_behind_https)
            | (room.mail.settings() if room.mail else _NO_MAIL)
            | {
                "SOCIALACCOUNT_PROVIDERS": room.oidc.provider() if room.oidc else {},
                "ALLAUTH_TRUSTED_PROXY_COUNT": room.proxies,
                "SECURE_PROXY_SSL_HEADER": (
                    ("HTTP_X_FORWARDED_PROTO", "https") if room.proxies else None
                ),
            }
        )
    except MissingSecretError as error:
        raise WorkspaceError(f"[room]: {error}; set it, or take the part out") from error


def _allauth() -> dict[str, Any]:
    return {
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "ACCOUNT_ADAPTER": f"{_ADAPTERS}.AccountAdapter",
        "ACCOUNT_FORMS": {"login": "counterpoise.web.profile.forms.SignInForm"},
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
        "ACCOUNT_RATE_LIMITS": {"login": "300/m/ip"},  # `lockout` counts what fails
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
        "SOCIALACCOUNT_ADAPTER": f"{_ADAPTERS}.SocialAdapter",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "MFA_ADAPTER": f"{_ADAPTERS}.SecondFactorAdapter",
        "MFA_FORMS": {
            "authenticate": f"{_ADAPTERS}.SecondFactorForm",
            "reauthenticate": f"{_ADAPTERS}.SecondFactorAgainForm",
        },
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,  # administrators state addresses, nobody changes them
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_TOLERANCE": 1,
    }


def _cookies(*, is_behind_https: bool) -> dict[str, Any]:
    """Return cookies that scripts cannot read; behind https bound to this very host."""
    bound = "__Host-" if is_behind_https else ""
    return {
        "SESSION_COOKIE_NAME": f"{bound}session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": is_behind_https,
        "CSRF_COOKIE_NAME": f"{bound}csrf",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": is_behind_https,
        "SECURE_HSTS_SECONDS": _YEAR if is_behind_https else 0,
    }
