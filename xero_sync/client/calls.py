"""One call to the accounting API: limits, tokens, a few tries, and what it cost."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from xero_sync.client.answers import (
    Json,
    envelope,
    error_of,
    rate_limit,
    token_was_rejected,
)
from xero_sync.client.errors import (
    AnswerLost,
    NotFound,
    XeroError,
    XeroRefused,
    XeroUnavailable,
)
from xero_sync.client.exchange import (
    Clock,
    NoAnswer,
    NotSent,
    Request,
    Response,
    TokenSource,
    Transport,
)
from xero_sync.client.retry import Random, should_retry, wait_seconds
from xero_sync.client.throttle import Throttle

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """``resource`` is the list that the answer holds: Contacts, Items, Invoices."""

    method: str
    path: str
    resource: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)

    @property
    def writes(self) -> bool:
        return self.method != "GET"


class Calls:
    """``max_wait``: how many seconds one call may spend waiting before it gives up."""

    def __init__(
        self,
        transport: Transport,
        throttle: Throttle,
        tokens: TokenSource,
        *,
        tenant_id: str,
        api_url: str,
        clock: Clock,
        random: Random,
        max_wait: float,
    ) -> None:
        self._transport = transport
        self._throttle = throttle
        self._tokens = tokens
        self._tenant_id = tenant_id
        self._address = f"{api_url.rstrip('/')}/api.xro/2.0"
        self._clock = clock
        self._random = random
        self.max_wait = max_wait
        self._lock = threading.Lock()
        self.made = 0
        self.reads = 0
        self.writes = 0

    def answer(self, call: Call) -> Json:
        """Tried again with the same bytes, so under the same key, while that helps."""
        unknown = False
        waited = 0.0
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._attempt(call)
            except XeroError as error:
                unknown = unknown or error.outcome_unknown
                # A refusal under the same key is Xero's word about every try of it.
                if not isinstance(error, XeroRefused | NotFound):
                    error.outcome_unknown = unknown
                wait = wait_seconds(error, attempt, self._random)
                if not should_retry(error, attempt) or waited + wait > self.max_wait:
                    raise
            self._clock.sleep(wait)
            waited += wait

    def _attempt(self, call: Call) -> Json:
        token = self._tokens.access_token()
        response = self._exchange(call, token)
        if token_was_rejected(response):
            token = self._tokens.refresh(token)
            response = self._exchange(call, token)
        if response.status != 200 and token:
            # An error may quote the request; ours must not pass the token on.
            masked = response.body.replace(token.encode(), b"***")
            response = replace(response, body=masked)
        error = error_of(
            response, call.resource, writes=call.writes, now=self._clock.now()
        )
        if error:
            raise error
        self._tokens.worked(token)
        return envelope(response, call.resource, writes=call.writes)

    def _exchange(self, call: Call, token: str) -> Response:
        with self._throttle.slot(self.max_wait):
            self._count(call)
            started = self._clock.monotonic()
            try:
                response = self._transport.send(self._request(call, token))
            except NotSent as error:
                raise XeroUnavailable(f"Xero cannot be reached ({error}).") from None
            except NoAnswer as error:
                raise _no_answer(call, str(error)) from None
            self._learn(response)
        logger.debug(
            "%s %s: %s in %.0f ms, correlation %s",
            call.method,
            call.path,
            response.status,
            (self._clock.monotonic() - started) * 1000,
            response.correlation_id,
        )
        return response

    def _request(self, call: Call, token: str) -> Request:
        headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {token}",
            "User-Agent": "Fieldops",
            "Xero-Tenant-Id": self._tenant_id,
        }
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        return Request(
            call.method,
            f"{self._address}/{call.path}",
            params=call.params,
            headers=headers | dict(call.headers),
            body=call.body,
        )

    def _count(self, call: Call) -> None:
        with self._lock:
            self.made += 1
            if call.writes:
                self.writes += 1
            else:
                self.reads += 1

    def _learn(self, response: Response) -> None:
        self._throttle.learn(response.headers)
        if response.status == 429:
            limit = rate_limit(response, self._clock.now())
            self._throttle.hold(limit.problem, limit.retry_after)


def _no_answer(call: Call, why: str) -> XeroError:
    if call.writes:
        return AnswerLost(f"Xero did not answer; it may have been done ({why}).")
    return XeroUnavailable(f"Xero did not answer ({why}).")
