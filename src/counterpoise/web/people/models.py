"""A person who may sign in. Names and addresses stand here alone, so that they can be erased."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from counterpoise.agreement import Side
from counterpoise.web.numbers import Days, Figures
from counterpoise.web.zones import LONGEST_ZONE


class UserManager(BaseUserManager["User"]):
    """Make users."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a user; without a password only an invitation or OIDC lets them in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user of an address, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person with a side, a role on the ladder, and their id in the books."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    side = models.CharField(max_length=9, choices=[(side.value, side.value) for side in Side])
    role = models.CharField(max_length=100, blank=True)
    """The role on the agreement's ladder; empty for someone who decides nothing."""
    person_id = models.CharField(max_length=200, blank=True)
    """Who they are in the books; empty for someone who is not in them."""
    is_administrator = models.BooleanField(default=False)
    may_sign = models.BooleanField(default=False)
    """May sign agreements for their side."""
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    pseudonym = models.CharField(max_length=100, blank=True)
    """What others see instead of the name, where a person prefers it."""
    figures = models.CharField(
        max_length=12,
        choices=[(style.value, style.value) for style in Figures],
        default=Figures.COMMA_POINT,
    )
    """How numbers are written for this person."""
    days = models.CharField(
        max_length=12,
        choices=[(style.value, style.value) for style in Days],
        default=Days.NAMED,
    )
    """How days are written for this person."""
    time_zone = models.CharField(max_length=LONGEST_ZONE, blank=True)
    """By whose clock hours are shown to this person; empty for the room's."""
    erased_at = models.DateTimeField(null=True, blank=True)
    """When name and address were erased; the id stays, for the trail and for what was decided."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name", "side"]
    objects = UserManager()

    class Meta:
        """One person of the books signs in once."""

        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id"], condition=~models.Q(person_id=""), name="one_user_a_person"
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=[side.value for side in Side]), name="user_has_a_side"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the name that others see."""
        if self.erased_at:
            return "a former member"
        return self.pseudonym or self.name

    def get_short_name(self) -> str:
        """Return how the room addresses the person."""
        return self.pseudonym or self.name.partition(" ")[0]


class Remap(models.Model):
    """An id that the CRM changed, and what it became."""

    kind = models.CharField(max_length=20)
    old = models.CharField(max_length=200)
    new = models.CharField(max_length=200)
    by_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """An id becomes another once."""

        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "old"], name="one_remap_an_id")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.old} is {self.new}"
