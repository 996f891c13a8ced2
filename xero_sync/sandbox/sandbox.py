"""The practice ledger in one object: a pure `handle(Request) -> Response`, no sockets.

The server puts HTTP in front of it; a simulation calls it directly.
"""

from xero_sync.sandbox.accounting_door import PREFIX, AccountingDoor
from xero_sync.sandbox.control import Control
from xero_sync.sandbox.errors import ApiError, NotFound
from xero_sync.sandbox.http import Request, Response, html_response
from xero_sync.sandbox.identity_doors import IdentityDoors
from xero_sync.sandbox.ledger import Ledger
from xero_sync.sandbox.pages import home_page

AUTHORIZE = "/identity/connect/authorize"
TOKEN = "/connect/token"  # noqa: S105
REVOKE = "/connect/revocation"


class Sandbox:
    """Finds the door a call belongs to, and keeps what it changed."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._identity_doors = IdentityDoors(ledger.identity)
        self._accounting = AccountingDoor(
            journal=ledger.journal,
            clock=ledger.now,
            new_id=ledger.new_id,
            identity=ledger.identity,
            limits=ledger.limits,
            faults=ledger.faults,
            idempotency=ledger.idempotency,
            organisations=ledger.organisations,
        )
        self._control = Control(ledger)

    def handle(self, request: Request) -> Response:
        """One call from start to end; its changes are kept before the answer goes out."""
        try:
            response = self._answer(request)
        except ApiError as error:
            self.ledger.journal.roll_back(0)
            response = error.response()
        except Exception:
            self.ledger.journal.roll_back(0)
            raise
        self.ledger.commit()
        if not request.path.startswith("/sandbox/"):
            self._finish(request, response)
        return response

    def _finish(self, request: Request, response: Response) -> None:
        """Headers every answer has, the log, and what a fault does on the way back."""
        response.headers["Xero-Correlation-Id"] = self.ledger.new_id()
        if request.path not in ("/", "/favicon.ico"):
            self.ledger.log.note(request, response, self.ledger.now())
        delay = self.ledger.faults.take("delay", request)
        response.delay_ms = delay.delay_ms if delay else 0
        response.lost = self.ledger.faults.take("lose_answer", request) is not None
        response.truncated = self.ledger.faults.take("truncate", request) is not None

    def _answer(self, request: Request) -> Response:
        path = request.path
        if path.startswith(PREFIX + "/"):
            return self._accounting.handle(request)
        if path.lower().split("/")[1] == "connections":
            return self._accounting.connections(request)
        if path.startswith("/sandbox/"):
            return self._control.handle(request)
        if path == "/" and request.method == "GET":
            return html_response(
                home_page(self.ledger.organisations.values(), self.ledger.log)
            )
        return self._identity_answer(request)

    def _identity_answer(self, request: Request) -> Response:
        names = {
            key: org.profile.name for key, org in self.ledger.organisations.items()
        }
        if request.path == AUTHORIZE and request.method in ("GET", "POST"):
            return self._identity_doors.authorize(request, names)
        if request.path == TOKEN and request.method == "POST":
            home = self.ledger.home
            return self._identity_doors.token(
                request, (home.tenant_id, home.profile.name)
            )
        if request.path == REVOKE and request.method == "POST":
            return self._identity_doors.revoke(request)
        raise NotFound(request.path)
