"""Who does something, and why: every write through a service says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldops.users.models import User


@dataclass(frozen=True)
class Actor:
    """``user`` is None when nobody was at the keyboard (a sync run, a command)."""

    user: User | None
    cause: str

    @classmethod
    def person(cls, user: User, cause: str = "by hand") -> Actor:
        return cls(user, cause)

    @classmethod
    def system(cls, cause: str) -> Actor:
        return cls(None, cause)
