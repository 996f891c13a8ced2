"""What would stop one record on its way to Xero, before anything is sent."""

from dataclasses import replace

from django.db.models.fields.json import KT

from customers.models import Contact
from customers.queries import contacts_with_account_number
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.models import ItemLink, MirrorRecord, SyncSettings
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.inputs import Chart
from xero_sync.planner.readiness import (
    contact_problems,
    item_problems,
    item_warnings,
    line_problems,
)
from xero_sync.steps.drafts import contact_draft, item_draft, line_draft

AnyRecord = Contact | StockItem | Invoice


def problems_of(record: AnyRecord) -> list[Problem]:
    """Empty for a record that is left out anyway: nobody needs to act on it."""
    if isinstance(record, Contact):
        return [] if record.is_lead or record.is_archived else _contact(record)
    if isinstance(record, StockItem):
        return [] if record.is_archived else _item(record)
    return [] if record.is_cancelled else _invoice(record)


def _contact(contact: Contact) -> list[Problem]:
    problems = contact_problems(contact_draft(contact, SyncSettings.current()))
    return problems + account_number_problems(contact)


def account_number_problems(contact: Contact) -> list[Problem]:
    number = contact.account_number.strip()
    if not number:
        return []
    others = contacts_with_account_number(number).exclude(pk=contact.pk)
    other = others.exclude(is_customer=False, is_supplier=False).first()
    return shared_number_problems(contact, other)


def shared_number_problems(contact: Contact, other: Contact | None) -> list[Problem]:
    """``other`` is the one that keeps the account number, if there is one."""
    code = IssueCode.ACCOUNT_NUMBER_USED_HERE
    return _shared(code, "account_number", contact.account_number, other)


def _item(item: StockItem) -> list[Problem]:
    return item_findings(item) + code_problems(item)


def item_findings(item: StockItem) -> list[Problem]:
    """Problems, and the warnings that add something to them."""
    draft = item_draft(item)
    problems = item_problems(draft)
    found = {problem.code for problem in problems}
    warnings = [one for one in item_warnings(draft) if one.code not in found]
    if IssueCode.CODE_MISSING in found:
        problems = [_with_code_there(one, item) for one in problems]
    return problems + warnings


def _with_code_there(problem: Problem, item: StockItem) -> Problem:
    """Xero keeps the code of an item whose code was taken out here."""
    link = ItemLink.objects.filter(record=item.pk).first() if item.pk else None
    if problem.code is not IssueCode.CODE_MISSING or link is None:
        return problem
    mirror = MirrorRecord.objects.filter(
        connection=link.connection_id, kind=Kind.ITEM, xero_id=link.xero_id
    )
    there = mirror.values_list(KT("payload__Code"), flat=True).first()
    return replace(problem, details={"there": there}) if there else problem


def code_problems(item: StockItem) -> list[Problem]:
    code = item.code.strip()
    others = StockItem.objects.active().filter(code__iexact=code).exclude(pk=item.pk)
    return shared_code_problems(item, others.first() if code else None)


def shared_code_problems(item: StockItem, other: StockItem | None) -> list[Problem]:
    """``other`` is the one that keeps the code, if there is one."""
    return _shared(IssueCode.CODE_USED_HERE, "code", item.code, other)


def _shared(
    code: IssueCode, field: str, value: str, other: Contact | StockItem | None
) -> list[Problem]:
    if other is None:
        return []
    details = {
        "value": value.strip(),
        "other": other.name,
        "other_id": str(other.pk),
    }
    return [Problem(code, field, details)]


def _invoice(invoice: Invoice) -> list[Problem]:
    lines = [line_draft(line, {}) for line in invoice.lines.all()]
    return line_problems(lines, Chart(is_known=False))
