"""Start again with another organisation: first the demo company, then the real one.

All that tied our records to the old books goes; the records stay, and so does what they
say about money. The old connection's row stays for its runs and reports.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from fieldops.common.actor import Actor
from invoicing.models import Invoice
from xero_sync.models import (
    FoundPair,
    Intent,
    MirrorRecord,
    NameInXero,
    PairDecision,
    SyncCursor,
    SyncIssue,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.kinds import Kind
from xero_sync.runs.choices import change_settings
from xero_sync.runs.connecting import (
    choose_organisation,
    drop_candidates,
    end_runs,
    tell_xero,
)
from xero_sync.runs.errors import ConsentRefused, NotConnected
from xero_sync.store.links import LINK_MODELS
from xero_sync.store.tokens import forget_tokens

_OF_THE_OTHER_SIDE = (
    *(Intent, MirrorRecord, SyncCursor, SyncIssue, FoundPair, PairDecision),
    NameInXero,
)
_TO_CONFIRM_AGAIN = ("email_confirmed", "address_confirmed", "invoices_confirmed")


@dataclass(frozen=True)
class Stake:
    """What starting again is about, in numbers. ``sent_again`` invoices were sent to the
    old organisation and are dated so that they go to the new one as well."""

    contacts: int
    items: int
    invoices: int
    issues: int
    decisions: int
    open_runs: int
    sent_again: int
    paid_among_them: int


def stake_of(connection: XeroConnection) -> Stake:
    linked = {kind: _links(connection, kind).count() for kind in LINK_MODELS}
    again = _sent_again(connection)
    return Stake(
        contacts=linked[Kind.CONTACT],
        items=linked[Kind.ITEM],
        invoices=linked[Kind.INVOICE],
        issues=SyncIssue.objects.open().filter(connection=connection).count(),
        decisions=PairDecision.objects.filter(connection=connection).count(),
        open_runs=SyncRun.objects.open().filter(connection=connection).count(),
        sent_again=again.count(),
        paid_among_them=again.filter(amount_paid__gt=0).count(),
    )


def start_again(
    candidate: XeroConnection, tenant_id: str, *, by: Actor
) -> XeroConnection:
    """The candidate becomes the connection, as on the first day: everything is to be
    confirmed, then comes a first sync."""
    old = XeroConnection.current()
    if old is None:
        raise NotConnected
    if tenant_id not in {one["tenant_id"] for one in candidate.choices}:
        raise ConsentRefused("That organisation was not opened for Fieldops.")
    with transaction.atomic():
        end_runs(old, "started again with another organisation")
        _forget_the_other_side(old)
        XeroConnection.objects.filter(pk=old.pk).update(
            is_current=False,
            state=XeroConnection.State.DISCONNECTED,
            next_due_at=None,
            kept_back=[],
            to_archive={},
        )
        XeroConnection.objects.filter(pk=candidate.pk).update(is_current=True)
        asked_again = dict.fromkeys(_TO_CONFIRM_AGAIN, False)
        start_with = SyncSettings.StartWith.CHECK
        change_settings(asked_again | {"start_with": start_with}, by=by)
    candidate.refresh_from_db()
    connection = choose_organisation(candidate, tenant_id, by=by)
    tell_xero(old)
    forget_tokens(old.pk)
    return connection


def stay_as_it_was() -> None:
    """The other organisation's consent is forgotten; nothing else was touched."""
    drop_candidates()


def _forget_the_other_side(connection: XeroConnection) -> None:
    for kind in LINK_MODELS:
        _links(connection, kind).delete()
    for model in _OF_THE_OTHER_SIDE:
        model._default_manager.filter(connection=connection).delete()


def _links(connection: XeroConnection, kind: str) -> Any:
    model: Any = LINK_MODELS[kind]
    return model.objects.filter(connection=connection)


def _sent_again(connection: XeroConnection) -> Any:
    invoices = Invoice.objects.not_cancelled().filter(xero_links__connection=connection)
    first_day = SyncSettings.current().invoices_from
    return invoices.filter(issued_on__gte=first_day) if first_day else invoices
