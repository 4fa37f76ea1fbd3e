"""What can be done to people and by them: each verb one transaction and one row in the audit trail."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.crypto import salted_hmac

from punte.core.access import ADMIN, BOTH, COMMAND_LINE, may_manage
from punte.core.audit.trail import Actor, one_action, write_audit
from punte.rooms.people import rules
from punte.rooms.people.models import SignInAttempt, User

DEVICE_DAYS = 180
_DEVICE_SALT = "punte.people.device"


def add_person(
    *,
    by: Actor,
    at: datetime,
    email: str,
    name: str,
    role: str,
    side: str,
    password: str | None = None,
    language: str = "en",
    time_zone: str = rules.DEFAULT_TIME_ZONE,
) -> User:
    """Give someone an account. Without a password they cannot sign in until they are given one.

    Raises: CannotManagePeople, CannotAddPerson (also when the e-mail is taken), WeakPassword.
    """
    _must_manage(by)
    with one_action():
        return _add(
            by=by,
            at=at,
            password=password,
            email=email,
            name=name,
            role=role,
            side=side,
            language=language,
            time_zone=time_zone,
        )


def create_admin(*, email: str, password: str, at: datetime, name: str = "", by: Actor = COMMAND_LINE) -> User:
    """Make the account that can make all others; run on the machine itself.

    Raises: CannotAddPerson, WeakPassword.
    """
    name = name or email.partition("@")[0]
    return add_person(by=by, at=at, email=email, name=name, role=ADMIN, side=BOTH, password=password)


def ensure_demo_accounts(*, at: datetime, by: Actor = COMMAND_LINE) -> tuple[User, ...]:
    """Have the three accounts of the demo company; those that exist stay as they are. Their password is DEMO_PASSWORD.

    Raises: NotADemoHome anywhere but in a demo home.
    """
    if not settings.PUNTE_IS_DEMO:
        raise rules.NotADemoHome(
            "Demo accounts have a password that everyone knows, so only a demo home may have them.",
            remedy="Make a demo home with `punte demo`.",
        )
    with one_action():
        return tuple(_demo_account(account, by, at) for account in rules.DEMO_ACCOUNTS)


def change_profile(*, person: User, name: str, language: str, time_zone: str, by: Actor, at: datetime) -> None:
    """Change what a person says about themselves.

    Raises: CannotAddPerson for a value that no account can have.
    """
    rules.must_be_a_person(
        email=person.email, name=name, role=person.role, side=person.side, language=language, time_zone=time_zone
    )
    _change(
        person, {"name": name.strip(), "language": language, "time_zone": time_zone}, "people.change_profile", by, at
    )


def set_language(*, person: User, language: str, by: Actor, at: datetime) -> None:
    """Change the language in which a person reads punte.

    Raises: CannotAddPerson for a language that punte does not speak.
    """
    rules.must_be_a_language(language)
    _change(person, {"language": language}, "people.set_language", by, at)


def change_password(*, person: User, password: str, by: Actor, at: datetime) -> None:
    """Give a person another password; every other session of theirs ends.

    Raises: WeakPassword.
    """
    _must_be_strong(password, person)
    person.set_password(password)
    with one_action():
        person.save(update_fields=["password"])
        write_audit(action="people.change_password", subject=f"person/{person.pk}", by=by, at=at)


def deactivate_person(*, person: User, by: Actor, at: datetime) -> None:
    """Let someone in no more, from their very next request on.

    Raises: CannotManagePeople, CannotRemoveLastAdmin.
    """
    _must_manage(by)
    with one_action():
        others = User.objects.filter(role=ADMIN, is_active=True).exclude(pk=person.pk)
        if person.role == ADMIN and not others.exists():
            raise rules.CannotRemoveLastAdmin(
                f"{person.name} is the only admin; without one nobody could add people any more.",
                remedy="Make someone else an admin first.",
                person=person.pk,
            )
        _change(person, {"is_active": False}, "people.deactivate", by, at)


@dataclass(frozen=True)
class SignedIn:
    """Someone who gave the right password, and the token that lets their device be told from a stranger's."""

    user: User
    device: str


def sign_in(*, email: str, password: str, address: str, device: str, at: datetime) -> SignedIn:
    """Check e-mail and password, unless too many attempts have failed lately.

    Attempts are counted per account and per network address. A device on which the account was opened before counts for
    itself, so that a stranger who guesses cannot lock the owner out.

    Raises: TooManyAttempts, with the minutes to wait. CannotSignIn, in the same words and after the same work whether
    the account exists or not.
    """
    keys = _attempt_keys(rules.normal_email(email), address, device)
    own = _note_attempts_or_refuse(keys, at)
    user = authenticate(username=rules.normal_email(email), password=password)
    if not isinstance(user, User):
        raise rules.CannotSignIn("E-mail and password do not belong together.", remedy="Check both and try again.")
    SignInAttempt.objects.filter(Q(pk__in=own) | Q(key=keys.account)).delete()
    with one_action():
        write_audit(action="people.sign_in", subject=f"person/{user.pk}", by=user, at=at)
    return SignedIn(user=user, device=keys.token_for_next_time)


def forget_attempts(*, before: datetime) -> int:
    """Remove the attempts that no limit counts any more, and give their number."""
    n_rows, _ = SignInAttempt.objects.filter(at__lt=before).delete()
    return n_rows


@dataclass(frozen=True)
class _AttemptKeys:
    account: str
    address: str
    token_for_next_time: str


def _attempt_keys(email: str, address: str, device: str) -> _AttemptKeys:
    account = _keyed("account", email)
    known = _known_device(device, account)
    token = device if known else signing.dumps([account, secrets.token_urlsafe(12)], salt=_DEVICE_SALT)
    return _AttemptKeys(_keyed("device", known) if known else account, _keyed("address", address), token)


def _known_device(device: str, account: str) -> str | None:
    try:
        of_account, name = signing.loads(device, salt=_DEVICE_SALT, max_age=DEVICE_DAYS * 24 * 60 * 60)
    except signing.BadSignature:
        return None
    return name if of_account == account else None


def _note_attempts_or_refuse(keys: _AttemptKeys, at: datetime) -> list[int]:
    """Written down before the password is looked at: of twenty that come together, each sees the others."""
    own = [SignInAttempt.objects.create(key=key, at=at).pk for key in (keys.account, keys.address)]
    minutes = max(_minutes(keys.account, rules.PER_ACCOUNT, at), _minutes(keys.address, rules.PER_ADDRESS, at))
    if minutes:
        SignInAttempt.objects.filter(pk__in=own).delete()
        raise rules.TooManyAttempts(
            f"Too many sign-ins have failed. Signing in is closed for {minutes} min.",
            remedy="Wait, then try again.",
            minutes=minutes,
        )
    return own


def _minutes(key: str, limit: rules.Limit, at: datetime) -> int:
    recent = SignInAttempt.objects.filter(key=key, at__gt=at - limit.window)
    return rules.minutes_to_wait(list(recent.values_list("at", flat=True)), limit, at)


def _keyed(what: str, value: str) -> str:
    return salted_hmac(f"punte.people.{what}", value, algorithm="sha256").hexdigest()


def _add(*, by: Actor, at: datetime, password: str | None, is_demo: bool = False, **fields: str) -> User:
    fields = {**fields, "email": rules.normal_email(fields["email"]), "name": fields["name"].strip()}
    rules.must_be_a_person(**fields)
    if User.objects.filter(email=fields["email"]).exists():
        raise rules.CannotAddPerson(
            f"There is an account with the e-mail {fields['email']}.",
            remedy="Take another address, or change that account.",
            field="email",
        )
    user = User(**fields, is_demo=is_demo, added_at=at)
    if password is None:
        user.set_unusable_password()
    else:
        _must_be_strong(password, user)
        user.set_password(password)
    user.save()
    after = {"role": user.role, "side": user.side, "is_demo": is_demo}
    write_audit(action="people.add", subject=f"person/{user.pk}", by=by, at=at, after=after)
    return user


def _demo_account(account: rules.DemoAccount, by: Actor, at: datetime) -> User:
    existing = User.objects.filter(email=account.email).first()
    return existing or _add(
        by=by,
        at=at,
        password=rules.DEMO_PASSWORD,
        is_demo=True,
        email=account.email,
        name=account.name,
        role=account.role,
        side=account.side,
        language="en",
        time_zone=rules.DEFAULT_TIME_ZONE,
    )


_PERSONAL = {"name"}


def _change(person: User, values: dict[str, Any], action: str, by: Actor, at: datetime) -> None:
    """Write those values that differ; the trail names personal ones without their content."""
    changed = {field: value for field, value in values.items() if getattr(person, field) != value}
    if not changed:
        return
    before = {field: _told(field, getattr(person, field)) for field in changed}
    after = {field: _told(field, value) for field, value in changed.items()}
    with one_action():
        for field, value in changed.items():
            setattr(person, field, value)
        person.save(update_fields=list(changed))
        write_audit(action=action, subject=f"person/{person.pk}", by=by, at=at, before=before, after=after)


def _told(field: str, value: Any) -> Any:
    return "(personal)" if field in _PERSONAL else value


def _must_manage(by: Actor) -> None:
    if not isinstance(by, str) and not may_manage(by):
        raise rules.CannotManagePeople("Only an admin adds or removes people.", remedy="Ask an admin.", by=by.pk)


def _must_be_strong(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise rules.WeakPassword(" ".join(error.messages), remedy="Choose another one.") from error
