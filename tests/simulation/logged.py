"""The log of calls, as Xero would keep it."""

from dataclasses import dataclass
from datetime import datetime

API = "/api.xro/2.0/"


@dataclass(frozen=True)
class Logged:
    """One call as Xero saw it, for the invariants and for comparing two histories."""

    at: datetime
    method: str
    path: str
    tenant: str
    key: str
    digest: str
    status: int
    ends: datetime

    @property
    def is_accounting(self) -> bool:
        return self.path.startswith(API)

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def line(self) -> str:
        return (
            f"{self.at.isoformat()} {self.method} {self.path} {self.tenant} "
            f"{self.key} {self.digest} {self.status}"
        )
