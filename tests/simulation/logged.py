"""The log of calls, as Xero would keep it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from xero_sync.client.allowance import SLOT_SECONDS

API = "/api.xro/2.0/"
_GUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def updated_by(method: str, path: str, body: bytes) -> frozenset[str]:
    if method != "POST" or not path.endswith(("/Contacts", "/Items")):
        return frozenset()
    return frozenset(one.decode() for one in _GUID.findall(body))


@dataclass(frozen=True)
class Logged:
    """One call as Xero saw it, for the invariants and for comparing two histories.
    ``leave`` is when its worker was let go, ``changes`` are the ids of the contacts or
    items that it updates."""

    at: datetime
    leave: datetime
    method: str
    path: str
    tenant: str
    key: str
    digest: str
    status: int
    ends: datetime
    changes: frozenset[str] = frozenset()

    @property
    def is_accounting(self) -> bool:
        return self.path.startswith(API)

    @property
    def was_held_up(self) -> bool:
        """Its worker stood still between its leave and the call, which it cannot take
        back, until its place was given to others."""
        return self.at - self.leave >= timedelta(seconds=SLOT_SECONDS)

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def line(self) -> str:
        return (
            f"{self.at.isoformat()} {self.method} {self.path} {self.tenant} "
            f"{self.key} {self.digest} {self.status}"
        )
