"""What an answer of Xero means: elements, or one of our errors. Decides nothing about
what is done with it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from xero_sync.client.errors import (
    AnswerLost,
    NotFound,
    PermissionMissing,
    RateLimited,
    UnreadableAnswer,
    XeroDisconnected,
    XeroError,
    XeroRefused,
    XeroUnavailable,
)
from xero_sync.client.exchange import Response
from xero_sync.outcomes.drafts import ElementResult
from xero_sync.outcomes.wire import decode, guid_of, kept, moment, updated_at

Json = dict[str, object]

# By how much a record may say that it was changed after Xero answered, by Xero's clock
# and by ours.
CLOCKS_DIFFER = timedelta(days=1)

NO_ID = "00000000-0000-0000-0000-000000000000"
# An organisation that is offline comes back after about five minutes (Xero's own page).
OFFLINE_SECONDS = 300.0
NO_REASON = "Xero refused it without a reason."
# A proxy asks who we are; too slow; still at the same key; another host; too early.
PASSING = frozenset({407, 408, 409, 421, 425})
# Its day is over by then; what asks for more is no wait of Xero's.
LONGEST_WAIT = 86_400.0

# resource: its own id, and the key under which we know the element
KEYS = {
    "Contacts": ("ContactID", "ContactNumber"),
    "Items": ("ItemID", "Code"),
    "Invoices": ("InvoiceID", "InvoiceNumber"),
    "Accounts": ("AccountID", "Code"),
    "TaxRates": ("TaxType", "TaxType"),
}


def envelope(response: Response, resource: str, *, writes: bool, now: datetime) -> Json:
    """The answer's JSON, once it is sure that it holds a list named ``resource``."""
    body = _json(response)
    if body is None or body.get("Status") != "OK" or not _has_list(body, resource):
        raise UnreadableAnswer(
            f"Xero's answer cannot be read as {resource} (status {response.status}).",
            outcome_unknown=writes,
            correlation_id=response.correlation_id,
        )
    answered = moment(body.get("DateTimeUTC"))
    if answered is not None:
        latest = max(answered, now) + CLOCKS_DIFFER
        _doubt_moments_after(latest, elements_of(body, resource))
    return body


def _doubt_moments_after(latest: datetime, elements: list[Json]) -> None:
    """Of a record that was changed in years to come nobody knows when it was: it would
    take the watermark past all that changes from now on."""
    for element in elements:
        changed = updated_at(element)
        if changed is not None and changed > latest:
            element["UpdatedDateUTC"] = f"{element['UpdatedDateUTC']}, later than now"


def _has_list(body: Json, resource: str) -> bool:
    elements = body.get(resource)
    return isinstance(elements, list) and len(elements_of(body, resource)) == len(
        elements
    )


def elements_of(body: Json, resource: str) -> list[Json]:
    elements = body.get(resource)
    if not isinstance(elements, list):
        return []
    return [element for element in elements if isinstance(element, dict)]


def element_result(element: Json, resource: str) -> ElementResult:
    id_field, key_field = KEYS.get(resource, ("", ""))
    xero_id = guid_of(element.get(id_field))
    text, digest = kept(element)
    return ElementResult(
        key=_text(element.get(key_field)),
        xero_id="" if xero_id == NO_ID else xero_id,
        errors=_errors(element),
        text=text,
        digest=digest,
        updated_at=updated_at(element),
    )


def _errors(element: Json) -> tuple[str, ...]:
    """Once each, in Xero's order; those of addresses, phones and lines included."""
    status = element.get("StatusAttributeString")
    flagged = (
        element.get("HasErrors") is True or element.get("HasValidationErrors") is True
    )
    if status == "OK" and not flagged:
        return ()
    said = tuple(dict.fromkeys(_messages(element)))
    refused = flagged or status == "ERROR"
    return said or ((NO_REASON,) if refused else ())


def _messages(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _messages(part)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if name == "ValidationErrors" and isinstance(part, list):
                yield from (_message(error) for error in part)
            else:
                yield from _messages(part)


def _message(error: object) -> str:
    said = error.get("Message") if isinstance(error, Mapping) else error
    return _text(said) or NO_REASON


def error_of(
    response: Response, resource: str, *, writes: bool, now: datetime
) -> XeroError | None:
    """None for an answer that is fine as far as its status goes."""
    status, correlation = response.status, response.correlation_id
    if status in (200, 204):
        return None
    if is_passing(response):
        said = f"Xero could not be reached as usual (status {status})."
        return _no_answer(said, writes=writes, correlation_id=correlation)
    if status in (401, 403):
        return _no_entry(response)
    if status == 404:
        return NotFound("Xero has nothing there.", correlation_id=correlation)
    if status == 429:
        return rate_limit(response, now)
    if status == 503:
        return _closed(response, now)
    if status >= 500 and status != 501:
        said = f"Xero failed (status {status})."
        return _no_answer(said, writes=writes, correlation_id=correlation)
    return _refusal(response, resource)


def is_passing(response: Response) -> bool:
    """Said by something between Xero and us, or of this moment only: no word of Xero's
    about what was asked, nor about the connection."""
    is_page = response.body.lstrip().startswith(b"<")
    return (
        200 < response.status < 400
        or response.status in PASSING
        or (response.status == 403 and is_page)
    )


def _no_answer(said: str, *, writes: bool, correlation_id: str) -> XeroError:
    if writes:
        return AnswerLost(said, correlation_id=correlation_id)
    return XeroUnavailable(said, correlation_id=correlation_id)


def token_was_rejected(response: Response) -> bool:
    return response.status == 401 and not _is_about_rights(response)


def _no_entry(response: Response) -> XeroError:
    if _is_about_rights(response):
        return PermissionMissing(correlation_id=response.correlation_id)
    reason = "token" if response.status == 401 else "organisation"
    return XeroDisconnected(reason, correlation_id=response.correlation_id)


def _is_about_rights(response: Response) -> bool:
    said = response.body.decode(errors="replace").casefold()
    return "authorizationunsuccessful" in said or "not permitted" in said


def rate_limit(response: Response, now: datetime) -> RateLimited:
    retry_after = _retry_after(response, now)
    problem = response.headers.get("x-rate-limit-problem", "").casefold()
    for known in ("day", "minute", "concurrent"):
        if known in problem:
            break
    else:
        # Only the limit of calls in flight comes without a wait.
        known = "concurrent" if retry_after is None else "minute"
    return RateLimited(
        known, retry_after=retry_after, correlation_id=response.correlation_id
    )


def _closed(response: Response, now: datetime) -> XeroUnavailable:
    said = response.body.decode(errors="replace")
    retry_after = _retry_after(response, now)
    if retry_after is None and "organisation is offline" in said.casefold():
        retry_after = OFFLINE_SECONDS
    return XeroUnavailable(
        "Xero is closed for the moment (status 503).",
        retry_after=retry_after,
        correlation_id=response.correlation_id,
    )


def _retry_after(response: Response, now: datetime) -> float | None:
    """Whole seconds in Xero's answers; a date is what HTTP allows besides."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return min(float(value), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
        return min(max(0.0, (until - now).total_seconds()), LONGEST_WAIT)
    except (ValueError, TypeError):
        return None


def _refusal(response: Response, resource: str) -> XeroRefused:
    body = _json(response) or {}
    elements = tuple(
        element_result(element, resource) for element in elements_of(body, "Elements")
    )
    messages = [message for element in elements for message in element.errors]
    said = _text(body.get("Message") or body.get("Detail"))
    return XeroRefused(
        response.status,
        tuple(dict.fromkeys(messages)) or ((said,) if said else ()),
        elements=elements,
        correlation_id=response.correlation_id,
    )


def _json(response: Response) -> Json | None:
    try:
        body = decode(response.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
