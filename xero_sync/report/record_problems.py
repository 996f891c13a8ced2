"""What would stop one record on its way to Xero, before anything is sent."""

from customers.models import Contact
from customers.queries import contacts_with_account_number
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.models import SyncSettings
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
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
    if other is None:
        return []
    details = {"value": number, "other": other.name, "other_id": str(other.pk)}
    code = IssueCode.ACCOUNT_NUMBER_USED_HERE
    return [Problem(code, "account_number", details)]


def _item(item: StockItem) -> list[Problem]:
    draft = item_draft(item)
    problems = item_problems(draft) + code_problems(item)
    found = {problem.code for problem in problems}
    warnings = [one for one in item_warnings(draft) if one.code not in found]
    return problems + warnings


def code_problems(item: StockItem) -> list[Problem]:
    code = item.code.strip()
    others = StockItem.objects.active().filter(code__iexact=code).exclude(pk=item.pk)
    other = others.first() if code else None
    if other is None:
        return []
    details = {"value": code, "other": other.name, "other_id": str(other.pk)}
    return [Problem(IssueCode.CODE_USED_HERE, "code", details)]


def _invoice(invoice: Invoice) -> list[Problem]:
    lines = [line_draft(line, {}) for line in invoice.lines.all()]
    return line_problems(lines, Chart(is_known=False))
