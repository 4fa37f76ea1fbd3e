"""The tables of people."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from punte.core import access
from punte.rooms.people.rules import DEFAULT_TIME_ZONE, normal_email


class Users(BaseUserManager):
    """Finds users by their e-mail, however it was typed."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this e-mail. Raises User.DoesNotExist."""
        return self.get(email=normal_email(username or ""))


class User(AbstractBaseUser):
    """Someone who uses punte. Never removed, so that what they decided keeps its author; made inactive instead."""

    email = models.EmailField(max_length=254, unique=True)  # personal
    name = models.CharField(max_length=120)  # personal
    side = models.CharField(max_length=20, choices=[(side, side) for side in access.SIDES])
    role = models.CharField(max_length=20, choices=[(role, role) for role in access.ROLES])
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default=DEFAULT_TIME_ZONE)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = Users()

    class Meta:
        app_label = "people"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_in_lower_case"),
            models.CheckConstraint(condition=models.Q(side__in=access.SIDES), name="side_is_known"),
            models.CheckConstraint(condition=models.Q(role__in=access.ROLES), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class SignInAttempt(models.Model):
    """A sign-in that is being tried or has failed, under a keyed hash of the account, the device or the address."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        app_label = "people"
        indexes = [models.Index(fields=["key", "at"], name="attempts_by_key")]

    def __str__(self) -> str:
        return f"attempt at {self.at}"
