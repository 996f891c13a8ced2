"""Rows of the sync's own tables, for tests that need no ledger."""

from typing import Any

from django.utils import timezone

from customers.models import Contact
from invoicing.models import Invoice
from stock.models import StockItem
from tests.builders import make_customer
from xero_sync.models import (
    MirrorRecord,
    SyncIssue,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.models.links import XeroLink
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.outcomes.kinds import Kind
from xero_sync.report.states import KINDS
from xero_sync.steps.drafts import contact_draft, item_draft, slots
from xero_sync.store.issues import raise_issue, subject_of
from xero_sync.store.links import LINK_MODELS

Record = Contact | StockItem | Invoice


def make_connection(**values: Any) -> XeroConnection:
    """Connected, and in step since a first sync."""
    defaults = {
        "state": XeroConnection.State.CONNECTED,
        "tenant_id": "tenant",
        "tenant_name": "Practice Company",
        "base_currency": "GBP",
        "connected_at": timezone.now(),
        "first_sync_done_at": timezone.now(),
        "last_good_sync_at": timezone.now(),
    }
    return XeroConnection.objects.create(**defaults | values)


def confirm_settings() -> None:
    SyncSettings.current()
    SyncSettings.objects.update(
        email_confirmed=True, address_confirmed=True, invoices_confirmed=True
    )


def make_run(connection: XeroConnection, **values: Any) -> SyncRun:
    now = timezone.now()
    defaults = {
        "reason": SyncRun.Reason.ASKED,
        "state": SyncRun.State.FINISHED,
        "started_at": now,
        "finished_at": now,
    }
    return SyncRun.objects.create(connection=connection, **defaults | values)


def make_issue(
    run: SyncRun,
    record: Record,
    code: IssueCode,
    field_name: str = "",
    *,
    xero_id: str = "",
    sent_revision: int | None = None,
    **details: str,
) -> SyncIssue:
    kind = KINDS[type(record)]
    raise_issue(
        run,
        Problem(code, field_name, details),
        kind=kind,
        title=str(record),
        now=timezone.now(),
        local_id=record.pk,
        xero_id=xero_id,
        sent_revision=sent_revision,
    )
    subject = subject_of(kind, record.pk, xero_id)
    return SyncIssue.objects.open().get(subject=subject, code=code)


def bad_email_issue(run: SyncRun, name: str = "Castle Bakery") -> SyncIssue:
    contact = make_customer(name, email="accounts@castle")
    return make_issue(
        run, contact, IssueCode.EMAIL_INVALID, "email", value="accounts@castle"
    )


def link(connection: XeroConnection, record: Record, xero_id: str = "") -> XeroLink:
    """In step: the base is what the record says now."""
    settings = SyncSettings.current()
    base: dict[str, Any] = {}
    if isinstance(record, Contact):
        base = {"draft": draft_to_json(contact_draft(record, settings))}
    elif isinstance(record, StockItem):
        base = {"draft": draft_to_json(item_draft(record))}
    model: Any = LINK_MODELS[KINDS[type(record)]]
    made: XeroLink = model.objects.create(
        connection=connection,
        record=record,
        xero_id=xero_id or f"xero-{record.uid}",
        origin="created_there",
        base=base,
        base_slots=slots(settings) if isinstance(record, Contact) else {},
        revision=record.revision,
    )
    return made


def mirror_contact(connection: XeroConnection, xero_id: str, **payload: Any) -> None:
    MirrorRecord.objects.create(
        connection=connection,
        kind=Kind.CONTACT,
        xero_id=xero_id,
        updated_at=timezone.now(),
        payload={
            "ContactID": xero_id,
            "ContactStatus": "ACTIVE",
            "UpdatedDateUTC": "/Date(1700000000000+0000)/",
            "IsCustomer": True,
            **payload,
        },
        digest=xero_id,
    )
