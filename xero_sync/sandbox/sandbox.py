"""The whole practice ledger in one object: a pure `handle(Request) -> Response`.

Clock and randomness are passed in, and so is what keeps the changes; there are no
sockets and no files here. The server puts HTTP in front; a simulation calls it directly.
"""

import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from xero_sync.sandbox.accounting_door import PREFIX, AccountingDoor
from xero_sync.sandbox.books_loading import load_books
from xero_sync.sandbox.calls import CallLog
from xero_sync.sandbox.control import Control
from xero_sync.sandbox.errors import ApiError, NotFound
from xero_sync.sandbox.faults import Faults
from xero_sync.sandbox.http import Request, Response, html_response
from xero_sync.sandbox.identity_doors import IdentityDoors
from xero_sync.sandbox.limits import RateLimits
from xero_sync.sandbox.oauth import Identity
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.pages import home_page
from xero_sync.sandbox.tables import Change, Journal, Table

AUTHORIZE = "/identity/connect/authorize"
TOKEN = "/connect/token"  # noqa: S105
REVOKE = "/connect/revocation"
Keep = Callable[[list[Change]], None]


class Setting(msgspec.Struct, frozen=True):
    """What the ledger itself remembers: its organisations and the shift of its clock."""

    tenants: tuple[str, ...] = ()
    clock_shift_seconds: float = 0


class Sandbox:
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
        self.limits = RateLimits(tier)
        self.faults = Faults(chance)
        self.log = CallLog()
        self._identity_doors = IdentityDoors(self.identity)
        self._accounting = AccountingDoor(
            journal=self.journal,
            clock=self.now,
            new_id=self.new_id,
            identity=self.identity,
            limits=self.limits,
            faults=self.faults,
            organisations=self.organisations,
        )
        self._control = Control(self)

    # --- time, ids, organisations --------------------------------------------------

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

    # --- calls ---------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """One call from start to end; its changes are kept before the answer goes out."""
        try:
            response = self._answer(request)
        except ApiError as error:
            self.journal.roll_back(0)
            response = error.response()
        except Exception:
            self.journal.roll_back(0)
            raise
        self.commit()
        if not request.path.startswith("/sandbox/"):
            self._finish(request, response)
        return response

    def _finish(self, request: Request, response: Response) -> None:
        """Headers every answer has, the log, and what a fault does on the way back."""
        response.headers["Xero-Correlation-Id"] = self.new_id()
        if request.path != "/":
            self.log.note(request, response, self.now())
        delay = self.faults.take("delay", request)
        response.delay_ms = delay.delay_ms if delay else 0
        response.lost = self.faults.take("lose_answer", request) is not None
        response.truncated = self.faults.take("truncate", request) is not None

    def _answer(self, request: Request) -> Response:
        path = request.path
        if path.startswith(PREFIX + "/"):
            return self._accounting.handle(request)
        if path.lower().split("/")[1] == "connections":
            return self._accounting.connections(request)
        if path.startswith("/sandbox/"):
            return self._control.handle(request)
        if path == "/" and request.method == "GET":
            return html_response(home_page(self.organisations.values(), self.log))
        return self._identity_answer(request)

    def _identity_answer(self, request: Request) -> Response:
        names = {key: org.profile.name for key, org in self.organisations.items()}
        if request.path == AUTHORIZE and request.method in ("GET", "POST"):
            return self._identity_doors.authorize(request, names)
        if request.path == TOKEN and request.method == "POST":
            home = self.home
            return self._identity_doors.token(
                request, (home.tenant_id, home.profile.name)
            )
        if request.path == REVOKE and request.method == "POST":
            return self._identity_doors.revoke(request)
        raise NotFound(request.path)
