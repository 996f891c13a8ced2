"""Rights come from the role, whoever asks: pages, API, admin and templates."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from fieldops.common.permissions import ROLE_RIGHTS
from fieldops.users.models import User


class RoleBackend(ModelBackend):
    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Any = None
    ) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        return set(ROLE_RIGHTS.get(user_obj.role, frozenset()))

    def has_perm(
        self, user_obj: User | AnonymousUser, perm: str, obj: Any = None
    ) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        return any(
            right.startswith(f"{app_label}.")
            for right in self.get_all_permissions(user_obj)
        )
