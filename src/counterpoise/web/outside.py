"""What the room reaches outside: the company's own sign-in, and its mail. Secrets by reference."""

from __future__ import annotations

import os
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _is_reference(text: str) -> str:
    if not _REFERENCE.fullmatch(text):
        raise ValueError("a secret is never written here; write ${NAME} and set NAME outside")
    return text


def _is_safe(address: str) -> str:
    if not address.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ValueError(f"{address!r} does not begin with https://")
    return address.rstrip("/")


Secret = Annotated[str, AfterValidator(_is_reference)]


class MissingSecretError(ValueError):
    """A secret that the settings refer to is not set."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"{reference} is not set in the environment of this process")


def revealed(reference: str) -> str:
    """Return the secret of a reference.

    Raises:
        MissingSecretError: If the environment has none.
    """
    try:
        return os.environ[_REFERENCE.sub(r"\1", reference)]
    except KeyError as error:
        raise MissingSecretError(reference) from error


class Oidc(BaseModel):
    """The company's own sign-in: who was invited here comes in by it, with no password of ours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "your company"
    """What the button says after "Sign in with"."""
    server: Annotated[str, AfterValidator(_is_safe)]
    """The issuer, below which `.well-known/openid-configuration` is found."""
    client_id: str
    client_secret: Secret

    def provider(self) -> dict[str, Any]:
        """Return what django-allauth wants to know."""
        app = {
            "provider_id": "company",
            "name": self.name,
            "client_id": self.client_id,
            "secret": revealed(self.client_secret),
            "settings": {"server_url": self.server, "oauth_pkce_enabled": True},
        }
        return {"openid_connect": {"APPS": [app]}}


class Mail(BaseModel):
    """Where mail is handed over; without it links are shown to who makes them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    sender: str
    """The address that mail comes from, such as `Counterpoise <room@example.com>`."""
    user: str = ""
    password: Secret | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"

    def settings(self) -> dict[str, Any]:
        """Return Django's settings of mail."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": self.host,
            "EMAIL_PORT": self.port,
            "EMAIL_HOST_USER": self.user,
            "EMAIL_HOST_PASSWORD": revealed(self.password) if self.password else "",
            "EMAIL_USE_TLS": self.security == "starttls",
            "EMAIL_USE_SSL": self.security == "tls",
            "EMAIL_TIMEOUT": 20,
            "DEFAULT_FROM_EMAIL": self.sender,
        }
