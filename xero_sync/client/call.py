"""One call to the accounting API: what goes out, and what each answer to it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from xero_sync.client.answers import Json, envelope, error_of
from xero_sync.client.errors import AnswerLost, XeroError, XeroUnavailable
from xero_sync.client.exchange import NoAnswer, NotSent, Request
from xero_sync.client.lines import Outcome


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


@dataclass(eq=False, slots=True)
class Turn:
    """A call on its way to its outcome, over all its tries."""

    call: Call
    tries: int = 0
    waited: float = 0.0
    due_at: float = 0.0
    token: str = field(default="", repr=False)
    token_was_renewed: bool = False
    may_have_arrived: bool = False
    stopped_by: XeroError | None = None
    outcome: Json | XeroError | None = field(default=None, repr=False)

    @property
    def answer(self) -> Json | XeroError:
        if self.outcome is None:
            raise ValueError("it is still on its way")
        return self.outcome

    def met(self, error: XeroError) -> XeroError:
        """An error of another call as this one's."""
        own = error.twin()
        own.outcome_unknown = self.may_have_arrived
        return own

    def request(self, address: str, tenant_id: str) -> Request:
        """The same bytes at each try, so under the same key."""
        call = self.call
        headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {self.token}",
            "User-Agent": "Fieldops",
            "Xero-Tenant-Id": tenant_id,
        }
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        return Request(
            call.method,
            f"{address}/{call.path}",
            params=call.params,
            headers=headers | dict(call.headers),
            body=call.body,
        )

    def answer_in(self, outcome: Outcome, *, now: datetime) -> Json:
        """The JSON, or one of our errors."""
        call = self.call
        if isinstance(outcome, NotSent):
            raise XeroUnavailable(f"Xero cannot be reached ({outcome}).")
        if isinstance(outcome, NoAnswer):
            raise _no_answer(call, str(outcome))
        if outcome.status != 200 and self.token:
            # An error may quote the request; ours must not pass the token on.
            masked = outcome.body.replace(self.token.encode(), b"***")
            outcome = replace(outcome, body=masked)
        error = error_of(outcome, call.resource, writes=call.writes, now=now)
        if error:
            raise error
        if call.method == "DELETE":
            return {}
        return envelope(outcome, call.resource, writes=call.writes, now=now)


def _no_answer(call: Call, why: str) -> XeroError:
    if call.writes:
        return AnswerLost(f"Xero did not answer; it may have been done ({why}).")
    return XeroUnavailable(f"Xero did not answer ({why}).")
