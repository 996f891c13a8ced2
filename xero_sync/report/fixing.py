"""Put a failed record right from its row: the one bad value, then another try."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from customers.models import Contact
from customers.services import change_contact
from fieldops.common.actor import Actor
from invoicing.models import Invoice
from invoicing.services.write_draft import change_invoice
from stock.models import StockItem
from stock.services import change_item
from xero_sync.models import (
    MirrorRecord,
    SyncIssue,
    SyncRun,
    SyncSettings,
    XeroConnection,
)
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.readiness import contact_problems, item_problems, item_warnings
from xero_sync.report.errors import NothingToAccept, NothingToFix, StillBad
from xero_sync.report.fields import EditableField, editable_field
from xero_sync.report.queries import unsent_invoices
from xero_sync.report.record_problems import account_number_problems, code_problems
from xero_sync.report.states import IN_XERO, state_without_issue
from xero_sync.report.wording import note_of, words_of
from xero_sync.runs.requests import send_records, sync_now
from xero_sync.steps.drafts import contact_draft, item_draft
from xero_sync.store.issues import close_issues_of, forget_refusals
from xero_sync.store.links import LINK_MODELS

_SERVICES: dict[type, Callable[..., object]] = {
    Contact: change_contact,
    StockItem: change_item,
    Invoice: change_invoice,
}
# Xero's names of what must be unique among its active contacts, by our draft's.
_UNIQUE_IN_XERO = {
    "account_number": ("AccountNumber", IssueCode.ACCOUNT_NUMBER_USED_IN_XERO),
    "name": ("Name", IssueCode.NAME_TAKEN_IN_XERO),
}


def fix_field(issue: SyncIssue, value: str, *, by: Actor) -> None:
    """Save the corrected value; one that would be refused again is not saved."""
    field = editable_field(issue, SyncSettings.current())
    record = issue.record
    if field is None or record is None:
        raise NothingToFix
    typed = _typed(field, value)
    problem = _problem_with(issue, record, field, typed)
    if problem:
        raise StillBad(sentence_of(problem, issue.kind))
    _SERVICES[type(record)](record, {field.column: typed}, by=by)


def try_again(issue: SyncIssue, *, by: Actor) -> SyncRun | None:
    """Send the record once more, and the invoices that wait for it.

    None before the first sync is done, and while Xero is not connected: it goes with
    the next sync there is.
    """
    forget_refusals([issue])
    record = issue.record
    if issue.connection.first_sync_done_at is None or not issue.connection.is_connected:
        return None
    if record is None:
        return sync_now(by=by)
    invoices = waiting_invoices(record) if isinstance(record, Contact) else []
    if invoices:
        run = send_records(Kind.INVOICE, invoices, by=by)
    else:
        run = send_records(issue.kind, [record.pk], by=by)
    if state_without_issue(record).state == IN_XERO:
        # Put back to what was agreed: there is nothing left that a run would send.
        close_issues_of(run, issue.kind, [issue.subject], now=timezone.now())
    return run


def try_all_again(issues: Iterable[SyncIssue], *, by: Actor) -> SyncRun | None:
    """One run over everything; None before the first sync is done."""
    issues = list(issues)
    forget_refusals(issues)
    if not issues or issues[0].connection.first_sync_done_at is None:
        return None
    pressed_at = timezone.now()
    run = sync_now(by=by)
    if run.created_at < pressed_at:
        # A run under way made its plan before these were to be sent again.
        _send_each_kind(issues, by=by)
    return run


@transaction.atomic
def accept_xeros_value(issue: SyncIssue, *, by: Actor) -> None:
    """An account's type or a VAT rate's percentage: the next plan takes it over."""
    if issue.code not in (IssueCode.ACCOUNT_DIFFERS, IssueCode.TAX_RATE_DIFFERS):
        raise NothingToAccept
    connection = XeroConnection.objects.select_for_update().get(pk=issue.connection_id)
    key = str(issue.details["key"])
    if key not in connection.accepted_differences:
        connection.accepted_differences = [*connection.accepted_differences, key]
        connection.save(update_fields=["accepted_differences"])


def waiting_invoices(contact: Contact) -> list[int]:
    """Those that would have gone by now if their customer were in Xero."""
    invoices = unsent_invoices(SyncSettings.current()).filter(customer=contact)
    return list(invoices.values_list("pk", flat=True))


def sentence_of(problem: Problem, kind: str) -> str:
    words = words_of(problem.code, kind)
    return note_of(problem.code, kind, problem.details) or f"{words.title}."


def _send_each_kind(issues: Iterable[SyncIssue], *, by: Actor) -> None:
    ids: dict[str, list[int]] = {}
    for issue in issues:
        if issue.record is not None:
            ids.setdefault(issue.kind, []).append(issue.record.pk)
    for kind, members in ids.items():
        send_records(kind, members, by=by)


def _typed(field: EditableField, value: str) -> str | date:
    value = value.strip()
    if not field.is_date:
        return value
    try:
        day = parse_date(value)
    except ValueError:
        day = None
    if day is None:
        raise StillBad("Enter a date, like 2026-11-21.")
    return day


def _problem_with(
    issue: SyncIssue,
    record: Contact | StockItem | Invoice,
    field: EditableField,
    value: str | date,
) -> Problem | None:
    """What the same checks would say of the record with the new value in it."""
    trial = copy(record)
    setattr(trial, field.column, value)
    if isinstance(trial, Contact):
        problems = _contact_problems(issue, trial)
    elif isinstance(trial, StockItem):
        problems = _item_problems(issue, trial)
    else:
        problems = _invoice_problems(issue, trial)
    return next((one for one in problems if one.field_name == field.name), None)


def _contact_problems(issue: SyncIssue, trial: Contact) -> list[Problem]:
    draft = contact_draft(trial, SyncSettings.current())
    problems = contact_problems(draft) + account_number_problems(trial)
    for name, (key, code) in _UNIQUE_IN_XERO.items():
        value = getattr(draft, name)
        other = holder_in_xero(issue, key, value)
        if other is not None:
            details = {"value": value, "other": str(other.get("Name", ""))}
            problems.append(Problem(code, name, details))
    return problems


def _item_problems(issue: SyncIssue, trial: StockItem) -> list[Problem]:
    """What Xero itself has refused once is held to Xero's own limits."""
    draft = item_draft(trial)
    problems = item_problems(draft) + code_problems(trial)
    return problems + (item_warnings(draft) if "xero" in issue.details else [])


def _invoice_problems(issue: SyncIssue, trial: Invoice) -> list[Problem]:
    lock_date = issue.connection.lock_date
    if lock_date and trial.issued_on <= lock_date:
        details = {"value": f"{lock_date:%-d %b %Y}"}
        return [Problem(IssueCode.PERIOD_LOCKED, "issued_on", details)]
    other = trial.number and holder_in_xero(issue, "InvoiceNumber", trial.number)
    if other:
        details = {"value": trial.number}
        return [Problem(IssueCode.INVOICE_NUMBER_IN_XERO, "number", details)]
    return []


def holder_in_xero(issue: SyncIssue, key: str, value: str) -> Mapping[str, Any] | None:
    """The other record in Xero that has this value, if there is one."""
    if not value:
        return None
    model: Any = LINK_MODELS[issue.kind]
    record = issue.record
    own = model.objects.filter(record=record, connection=issue.connection)
    mirror = MirrorRecord.objects.filter(
        connection=issue.connection,
        kind=issue.kind,
        is_gone=False,
        **{f"payload__{key}__iexact": value},
    ).exclude(xero_id__in=own.values("xero_id"))
    for payload in mirror.values_list("payload", flat=True):
        if _holds(key, payload):
            return dict(payload)
    return None


def _holds(key: str, payload: Mapping[str, Any]) -> bool:
    """Names are free again in archived contacts; bills carry their supplier's numbers."""
    if key == "Name":
        return payload.get("ContactStatus") != "ARCHIVED"
    if key == "InvoiceNumber":
        return payload.get("Type") == "ACCREC" and payload.get("Status") != "DELETED"
    return True
