"""Everything that writes a person's account."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from fieldops.common.actor import Actor
from fieldops.common.changes import (
    change_record,
    create_record,
    locked,
    record_event,
    stripped,
)
from fieldops.common.permissions import Role
from fieldops.users.errors import LastAdministrator, PasswordTooWeak
from fieldops.users.models import User
from fieldops.users.tokens import open_sign_ins, revoke


@transaction.atomic
def create_user(values: Mapping[str, Any], *, password: str, by: Actor) -> User:
    user = User(**stripped(values))
    _check_password(password, user)
    user.set_password(password)
    return create_record(user, by=by)


@transaction.atomic
def change_user(
    user: User, values: Mapping[str, Any], *, by: Actor, revision: int | None = None
) -> User:
    """Somebody who is deactivated is signed out of every device."""
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    remaining = set(administrators.select_for_update().values_list("pk", flat=True))
    user = locked(user, revision=revision)
    change_record(user, stripped(values), by=by)
    stays = user.is_active and user.is_administrator
    if user.pk in remaining and not stays and remaining == {user.pk}:
        raise LastAdministrator
    if not user.is_active:
        revoke(open_sign_ins(user))
    return user


@transaction.atomic
def set_password(user: User, password: str, *, by: Actor) -> User:
    """Whoever knew the old one is signed out: sessions and devices alike."""
    user = locked(user)
    _check_password(password, user)
    user.set_password(password)
    user.revision += 1
    user.save(update_fields=["password", "revision", "updated_at"])
    record_event(user, "password changed", by=by)
    revoke(open_sign_ins(user))
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise PasswordTooWeak(weak.messages) from None
