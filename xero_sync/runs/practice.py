"""Give the practice ledger its consent without a browser: what a person would press."""

import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

from fieldops.common.actor import Actor
from xero_sync.client.exchange import NoAnswer, NotSent, Request
from xero_sync.client.transport import HttpTransport
from xero_sync.models import XeroConnection
from xero_sync.runs.connecting import choose_organisation, finish_consent
from xero_sync.runs.errors import AnotherOrganisation, ConsentRefused
from xero_sync.runs.starting_again import start_again, stay_as_it_was
from xero_sync.runs.wiring import xero_auth


def connect_practice_ledger(
    url: str, *, by: Actor, organisation: str = "", again: bool = False
) -> XeroConnection:
    """Its consent form is posted as the page would post it; the first organisation is
    taken when there are several and none is named. ``again``: start again with it, when
    it is another one."""
    url = url.rstrip("/")
    state = secrets.token_urlsafe(16)
    address, _, query = xero_auth(url).authorize_url(state).partition("?")
    form = dict(parse_qsl(query)) | {"decision": "allow"}
    if organisation:
        form["organisation"] = organisation
    request = Request(
        "POST",
        address,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(form).encode(),
    )
    try:
        response = HttpTransport().send(request)
    except (NotSent, NoAnswer) as error:
        raise ConsentRefused(
            f"The practice ledger does not answer at {url}. Start it with "
            f"manage.py xero_sandbox."
        ) from error
    answer = dict(parse_qsl(urlsplit(response.headers.get("location", "")).query))
    if answer.get("state") != state or "code" not in answer:
        raise ConsentRefused(f"What answers at {url} is not the practice ledger.")
    connection = finish_consent(
        answer["code"], by=by, practice_url=url, another=bool(organisation) and again
    )
    if not connection.is_current:
        return _with_another(connection, organisation, by=by, again=again)
    if connection.state == XeroConnection.State.CHOOSING:
        first = connection.choices[0]["tenant_id"]
        connection = choose_organisation(connection, first, by=by)
    return connection


def _with_another(
    candidate: XeroConnection, organisation: str, *, by: Actor, again: bool
) -> XeroConnection:
    """Xero lists what was opened before as well: the named one, else the first."""
    choice = next(
        (one for one in candidate.choices if one["tenant_id"] == organisation),
        candidate.choices[0],
    )
    if again:
        return start_again(candidate, choice["tenant_id"], by=by)
    stay_as_it_was()
    current = XeroConnection.current()
    ours = current.tenant_name if current else "Xero"
    raise AnotherOrganisation(ours, choice["tenant_name"])
