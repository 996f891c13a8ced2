"""The same rights as the pages', asked per action of a view."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from fieldops.common.permissions import EVERY_RIGHT, SIGNED_IN


class HasRight(BasePermission):
    """A view names the right of each action in ``rights``; one it forgot is refused."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        if view.action in (None, "metadata"):  # a method that is not there: 405 follows
            return True
        right = view.rights[view.action]
        self.message = f"Your role does not include this right: {right}."
        return right == SIGNED_IN or request.user.has_perm(right)


def check_rights(view: type, rights: dict[str, str]) -> None:
    unknown = set(rights.values()) - EVERY_RIGHT - {SIGNED_IN}
    if unknown:
        raise TypeError(f"{view.__name__} names no known right: {sorted(unknown)}")
