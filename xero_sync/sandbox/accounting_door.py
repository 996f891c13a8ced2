"""The door of api.xero.com: every check a call passes, in Xero's order, then its endpoint."""

from collections.abc import Callable, Mapping
from datetime import datetime

from xero_sync.sandbox import routes
from xero_sync.sandbox.call import Call
from xero_sync.sandbox.errors import (
    ApiError,
    Forbidden,
    NotFound,
    TextError,
    Unauthorised,
)
from xero_sync.sandbox.faults import Faults
from xero_sync.sandbox.http import Request, Response, json_response
from xero_sync.sandbox.idempotency import IdempotencyKeys
from xero_sync.sandbox.limits import RateLimits
from xero_sync.sandbox.oauth import AccessToken, Identity
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.tables import Journal

PREFIX = "/api.xro/2.0"
NEEDS_JSON = (
    "This practice ledger answers in JSON only, where Xero would send XML: "
    "send the header Accept: application/json."
)
OFFLINE = "The Organisation is offline"
MAINTENANCE = "The Xero API is currently offline for maintenance"


class AccountingDoor:
    """Authorises, counts, replays, and hands over to the endpoint."""

    def __init__(
        self,
        *,
        journal: Journal,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        identity: Identity,
        limits: RateLimits,
        faults: Faults,
        idempotency: IdempotencyKeys,
        organisations: Mapping[str, XeroOrganisation],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._new_id = new_id
        self._identity = identity
        self._limits = limits
        self._faults = faults
        self._organisations = organisations
        self._idempotency = idempotency

    def handle(self, request: Request) -> Response:
        try:
            matched = routes.match(request.method, request.path.removeprefix(PREFIX))
            token = self.bearer(request)
            org = self._tenant(request, token)
            if not matched.scopes & set(token.scope.split()):
                raise Unauthorised("AuthorizationUnsuccessful", self._new_id())
            self._check_open(org, request)
        except ApiError as error:
            return error.response()
        return self._counted(request, matched, token.client_id, org)

    def connections(self, request: Request) -> Response:
        """GET /connections and DELETE /connections/{id}: no tenant, one counter."""
        try:
            token = self.bearer(request)
            response = self._connections(request, token.client_id)
        except ApiError as error:
            return error.response()
        response.headers.update(
            self._limits.headers(token.client_id, None, self._clock())
        )
        return response

    def bearer(self, request: Request) -> AccessToken:
        kind, _, text = request.header("authorization").partition(" ")
        token = self._identity.access_tokens.get(text.strip())
        if kind.lower() != "bearer" or token is None:
            raise Unauthorised("AuthenticationUnsuccessful", self._new_id())
        is_faulty = self._faults.take("token_expired", request) is not None
        if is_faulty or self._clock() >= token.expires:
            shown = token.expires.strftime("%m/%d/%Y %H:%M:%S")
            detail = f"TokenExpired: token expired at {shown}"
            raise Unauthorised(detail, self._new_id())
        return token

    def _tenant(self, request: Request, token: AccessToken) -> XeroOrganisation:
        tenant_id = request.header("xero-tenant-id").lower() or token.tenant_id
        org = self._organisations.get(tenant_id)
        if org is None or not self._identity.connection(token.client_id, tenant_id):
            raise Forbidden("AuthenticationUnsuccessful", self._new_id())
        return org

    def _check_open(self, org: XeroOrganisation, request: Request) -> None:
        if org.profile.offline or self._faults.take("offline", request):
            raise TextError(503, OFFLINE)
        if self._faults.take("maintenance", request):
            raise TextError(503, MAINTENANCE)
        if self._faults.take("server_error", request):
            raise TextError(500, "An error occurred in Xero.")

    def _counted(
        self, request: Request, matched: routes.Match, app: str, org: XeroOrganisation
    ) -> Response:
        now = self._clock()
        fault = self._faults.take("rate_limit", request)
        if fault is not None:
            wait = 0 if fault.problem == "concurrent" else fault.retry_after
            return self._limits.forced(fault.problem, wait, app, org.tenant_id, now)
        refused = self._limits.check(
            app, org.tenant_id, now, in_flight=request.in_flight
        )
        if refused is not None:
            return refused
        response = self._once(request, matched, app, org)
        response.headers.update(self._limits.headers(app, org.tenant_id, now))
        return response

    def _once(
        self, request: Request, matched: routes.Match, app: str, org: XeroOrganisation
    ) -> Response:
        """Answered anew, or as kept under the idempotency key."""
        now = self._clock()
        try:
            kept = self._idempotency.replay(app, request, now)
        except ApiError as error:
            return error.response()
        if kept is not None:
            return kept
        response = self._answered(request, matched, app, org)
        self._idempotency.keep(app, request, response, now)
        return response

    def _answered(
        self, request: Request, matched: routes.Match, app: str, org: XeroOrganisation
    ) -> Response:
        keep_valid = self._faults.take("keep_valid", request) is not None
        before = self._journal.mark()
        call = Call(
            org,
            request,
            app_name=self._identity.apps[app].name,
        )
        try:
            if "application/json" not in request.header("accept").lower():
                raise TextError(406, NEEDS_JSON)
            return matched.endpoint(call, *matched.arguments)
        except ApiError as error:
            if not keep_valid:
                self._journal.roll_back(before)
            return error.response()

    def _connections(self, request: Request, app: str) -> Response:
        _, _, connection_id = request.path.lower().strip("/").partition("/")
        if not connection_id and request.method == "GET":
            event = request.query.get("authEventId", "").lower()
            rows = [
                self._identity.wire_connection(row)
                for row in self._identity.connections
                if row.client_id == app and event in ("", row.auth_event_id)
            ]
            return json_response(rows)
        known = self._identity.connections.get(connection_id)
        if request.method != "DELETE" or known is None or known.client_id != app:
            raise NotFound(request.path)
        self._identity.connections.remove(connection_id)
        return Response(204)
