"""The state of the whole practice ledger: its organisations, grants, limits, faults and
clock. Clock and randomness are passed in, and so is what keeps the changes."""

import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from xero_sync.sandbox.books_loading import load_books
from xero_sync.sandbox.calls import CallLog
from xero_sync.sandbox.faults import Faults
from xero_sync.sandbox.idempotency import IdempotencyKeys
from xero_sync.sandbox.limits import RateLimits
from xero_sync.sandbox.oauth import Identity
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.tables import Change, Journal, Table

Keep = Callable[[list[Change]], None]


class Setting(msgspec.Struct, frozen=True):
    """What the ledger itself remembers: its organisations and the shift of its clock."""

    tenants: tuple[str, ...] = ()
    clock_shift_seconds: float = 0


class Ledger:
    """Any number of organisations, one user, one app."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        chance: random.Random,
        tier: str = "core",
        keep: Keep = lambda changes: None,
    ) -> None:
        self._real_clock = clock
        self._chance = chance
        self._keep = keep
        self.journal = Journal()
        self._settings = Table("setting", Setting, self.journal)
        self.organisations: dict[str, XeroOrganisation] = {}
        self.identity = Identity(
            journal=self.journal, clock=self.now, new_id=self.new_id
        )
        self.idempotency = IdempotencyKeys(self.journal)
        self.limits = RateLimits(tier)
        self.faults = Faults(chance)
        self.log = CallLog()

    def now(self) -> datetime:
        return self._real_clock() + timedelta(seconds=self.setting.clock_shift_seconds)

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    @property
    def setting(self) -> Setting:
        return self._settings.get("setting") or Setting()

    def change_setting(self, **fields: object) -> None:
        self._settings.put("setting", msgspec.structs.replace(self.setting, **fields))

    def open_organisation(self, name: str) -> XeroOrganisation:
        """A new organisation with a chart of accounts and VAT rates only."""
        org = self._organisation(self.new_id())
        org.open_books(name)
        self.change_setting(tenants=(*self.setting.tenants, org.tenant_id))
        self.commit()
        return org

    @property
    def home(self) -> XeroOrganisation:
        """The first organisation: the one meant when none is named."""
        return next(iter(self.organisations.values()))

    def load_books(self, books: Mapping[str, object]) -> None:
        """Contacts, Items and Invoices in wire shape, into the first organisation."""
        load_books(self.home, books)
        self.commit()

    def restore(self, rows: Iterable[Change]) -> None:
        """The state as it was kept; the organisations first, their rows then."""
        kept = list(rows)
        for change in kept:
            if change.table == "setting" and change.body is not None:
                self._settings.load(change.key, change.body)
        for tenant_id in self.setting.tenants:
            self._organisation(tenant_id)
        for change in kept:
            if change.table != "setting" and change.body is not None:
                self.journal.tables[change.table].load(change.key, change.body)

    def commit(self) -> None:
        changes = self.journal.commit()
        if changes:
            self._keep(changes)

    def _organisation(self, tenant_id: str) -> XeroOrganisation:
        org = XeroOrganisation(
            tenant_id, journal=self.journal, clock=self.now, new_id=self.new_id
        )
        self.organisations[tenant_id] = org
        return org
