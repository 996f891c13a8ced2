"""Connect Xero, choose the organisation, disconnect."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from fieldops.common.actor import Actor
from xero_sync.client.errors import XeroError
from xero_sync.mappers.organisation import forbidden_actions, organisation_from_wire
from xero_sync.models import SyncRun, XeroConnection
from xero_sync.outcomes.codes import RunProblem
from xero_sync.outcomes.drafts import Connection, TokenSet
from xero_sync.runs import ending
from xero_sync.runs.errors import AnotherOrganisation, ConsentRefused
from xero_sync.runs.keeping import ask_again
from xero_sync.runs.wiring import build_api, xero_auth
from xero_sync.store.lease import break_lease
from xero_sync.store.tokens import forget_tokens, read_tokens, save_tokens

_STATE = XeroConnection.State
# Each writes its own columns only: a worker may be writing the others.
_CHOSEN = (
    "tenant_id",
    "tenant_name",
    "remote_connection_id",
    "state",
    "broken_reason",
    "broken_at",
    "not_before",
    "connected_by",
    "connected_at",
    "next_due_at",
)
_READ = (
    "tenant_name",
    "short_code",
    "base_currency",
    "country",
    "is_demo",
    "lock_date",
    "forbidden_actions",
)


def consent_url(state: str) -> str:
    """Where the administrator's browser goes; ``state`` comes back with the code."""
    return xero_auth().authorize_url(state)


def finish_consent(
    code: str, *, by: Actor, practice_url: str = "", another: bool = False
) -> XeroConnection:
    """Keep the tokens; with one organisation it is chosen, with several it is asked.

    After the first sync, where ours is not among them or ``another`` one is wanted, what
    comes back is a candidate: nothing is touched before somebody says so
    (``starting_again``).
    """
    auth = xero_auth(practice_url)
    try:
        tokens = auth.exchange_code(code)
        found = [
            one
            for one in auth.connections(tokens.access_token)
            if one.tenant_type in ("ORGANISATION", "")
        ]
    except XeroError as error:
        raise ConsentRefused(
            f"Xero did not let us in. {error.message} Press Connect to try again."
        ) from error
    if not found:
        raise ConsentRefused("No organisation was opened for Fieldops. Connect again.")
    connection = _row(by)
    known = {one.tenant_id for one in found}
    if connection.first_sync_done_at and (another or connection.tenant_id not in known):
        others = [one for one in found if one.tenant_id != connection.tenant_id]
        return _set_aside(connection, tokens, others, practice_url)
    save_tokens(connection.pk, tokens, now=timezone.now())
    connection.refresh_from_db()
    connection.choices = [_as_choice(one) for one in found]
    connection.practice_url = practice_url
    connection.state = _STATE.CHOOSING
    connection.save(update_fields=["choices", "practice_url", "state"])
    if connection.tenant_id in known:
        return choose_organisation(connection, connection.tenant_id, by=by)
    if len(found) == 1:
        return choose_organisation(connection, found[0].tenant_id, by=by)
    return connection


@transaction.atomic
def _set_aside(
    current: XeroConnection,
    tokens: TokenSet,
    others: Sequence[Connection],
    practice_url: str,
) -> XeroConnection:
    if not others:
        raise ConsentRefused(
            f"Only {current.tenant_name} was opened for Fieldops. Connect again, and "
            f"choose the other organisation on Xero's page."
        )
    drop_candidates()
    candidate = XeroConnection.objects.create(
        is_current=False,
        choices=[_as_choice(one) for one in others],
        practice_url=practice_url,
    )
    save_tokens(candidate.pk, tokens, now=timezone.now())
    candidate.refresh_from_db()
    return candidate


def drop_candidates() -> None:
    XeroConnection.objects.filter(is_current=False, state=_STATE.CHOOSING).delete()


def choose_organisation(
    connection: XeroConnection, tenant_id: str, *, by: Actor
) -> XeroConnection:
    """Before the first sync any; after it, another one is refused: its books are not
    those our links speak of."""
    choice = next(
        (one for one in connection.choices if one["tenant_id"] == tenant_id), None
    )
    if choice is None:
        raise ConsentRefused("That organisation was not opened for Fieldops.")
    if connection.first_sync_done_at and connection.tenant_id != tenant_id:
        raise AnotherOrganisation(connection.tenant_name, choice["tenant_name"])
    if connection.tenant_id and connection.tenant_id != tenant_id:
        connection = _start_over(connection)
    broken_at = connection.broken_at
    connection.tenant_id = tenant_id
    connection.tenant_name = choice["tenant_name"]
    connection.remote_connection_id = choice["connection_id"]
    connection.state = _STATE.CONNECTED
    connection.broken_reason = ""
    connection.broken_at = None
    connection.not_before = None
    connection.connected_by = by.user
    connection.connected_at = timezone.now()
    if connection.first_sync_done_at:
        connection.next_due_at = connection.connected_at
    connection.save(update_fields=_CHOSEN)
    _read_organisation(connection)
    if broken_at:
        ask_again(connection, cut_off_since=broken_at)
    return connection


def disconnect(*, by: Actor) -> None:
    """Links and history stay: connecting the same organisation again goes on."""
    connection = XeroConnection.current()
    if connection is None:
        return
    tell_xero(connection)
    forget_tokens(connection.pk)
    with transaction.atomic():
        XeroConnection.objects.filter(pk=connection.pk).update(
            state=_STATE.DISCONNECTED, broken_reason="", broken_at=None
        )
        end_runs(connection, "disconnected here")


def _row(by: Actor) -> XeroConnection:
    connection = XeroConnection.current()
    if connection is None:
        connection = XeroConnection.objects.create(connected_by=by.user)
    return connection


@transaction.atomic
def _start_over(connection: XeroConnection) -> XeroConnection:
    """Before the first sync nothing is linked: a new row, with the tokens."""
    XeroConnection.objects.filter(pk=connection.pk).update(
        is_current=False, state=_STATE.DISCONNECTED
    )
    end_runs(connection, "another organisation was chosen")
    fresh = XeroConnection.objects.create(
        choices=connection.choices,
        practice_url=connection.practice_url,
        access_token=connection.access_token,
        refresh_token=connection.refresh_token,
        expires_at=connection.expires_at,
        renewed_at=connection.renewed_at,
        scope=connection.scope,
    )
    forget_tokens(connection.pk)
    return fresh


def end_runs(connection: XeroConnection, reason: str) -> None:
    """A worker that is in the middle of one can write nothing more."""
    break_lease(connection.pk)
    now = timezone.now()
    for run in SyncRun.objects.open().filter(connection=connection):
        ending.fail(run, RunProblem.DISCONNECTED, {"reason": reason}, now)


def _read_organisation(connection: XeroConnection) -> None:
    """Its currency and lock date, so that the settings page can propose from them.

    Not being able to read it now is no reason to refuse the connection: the first run
    reads it as well.
    """
    try:
        api = build_api(connection, by_hand=True)
        organisation = organisation_from_wire(api.organisation())
        forbidden = forbidden_actions(api.actions())
    except XeroError:
        return
    connection.tenant_name = organisation.name or connection.tenant_name
    connection.short_code = organisation.short_code
    connection.base_currency = organisation.base_currency
    connection.country = organisation.country
    connection.is_demo = organisation.is_demo
    connection.lock_date = organisation.lock_date
    connection.forbidden_actions = forbidden
    connection.save(update_fields=_READ)


def tell_xero(connection: XeroConnection) -> None:
    """Xero may have ended it already, or be out of reach: ours ends all the same."""
    try:
        tokens = read_tokens(connection.pk)
        if tokens.access and connection.remote_connection_id:
            xero_auth(connection.practice_url).disconnect(
                tokens.access, connection.remote_connection_id
            )
    except XeroError:
        return


def _as_choice(one: Connection) -> dict[str, str]:
    return {
        "tenant_id": one.tenant_id,
        "tenant_name": one.tenant_name,
        "connection_id": one.connection_id,
    }
