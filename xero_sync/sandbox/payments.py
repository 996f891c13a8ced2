"""Payments: made, deleted, and what they do to the invoice they settle."""

import msgspec

from xero_sync.sandbox.documents import lock_problems
from xero_sync.sandbox.errors import ElementRefused, NotFound
from xero_sync.sandbox.invoice_wire import invoice_reference
from xero_sync.sandbox.invoices import invoice_by_key
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Account, Invoice, Payment
from xero_sync.sandbox.submission import (
    choice,
    day,
    enumeration,
    flag,
    guid,
    number,
    one,
    text,
)
from xero_sync.sandbox.wire import (
    ZERO,
    Element,
    JsonObject,
    date_time,
    iso_string,
    money,
    plain_date,
    present,
)

STATUSES = enumeration("AUTHORISED", "DELETED")


def create_payment(org: XeroOrganisation, element: Element) -> Payment:
    invoice = _paid_invoice(org, element)
    account = _bank_account(org, one(element, "Account"))
    amount = number(element, "Amount")
    on = day(element, "Date") or org.today()
    problems = _refusals(invoice, account, amount)
    problems += lock_problems(org, on)
    if problems or invoice is None or account is None or amount is None:
        raise ElementRefused(*problems)
    payment = Payment(
        payment_id=org.new_id(),
        invoice_id=invoice.invoice_id,
        account_code=account.code,
        date=on,
        amount=money(amount),
        reference=text(element, "Reference") or "",
        is_reconciled=flag(element, "IsReconciled") or False,
        updated=org.now(),
    )
    org.payments.put(payment.payment_id, payment)
    settle(org, invoice)
    return payment


def delete_payment(org: XeroOrganisation, payment_id: str, element: Element) -> Payment:
    """A payment cannot be edited, only deleted; that reopens the invoice."""
    known = org.payments.get(payment_id)
    if known is None:
        raise NotFound(payment_id)
    if choice(element, "Status", STATUSES) != "DELETED" or known.status == "DELETED":
        raise ElementRefused("Payments cannot be edited", record_id=payment_id)
    if problems := lock_problems(org, known.date):
        raise ElementRefused(*problems, record_id=payment_id)
    deleted = msgspec.structs.replace(known, status="DELETED", updated=org.now())
    org.payments.put(payment_id, deleted)
    invoice = org.invoices.get(known.invoice_id)
    if invoice is not None:
        settle(org, invoice)
    return deleted


def settle(org: XeroOrganisation, invoice: Invoice) -> Invoice:
    """Paid, credited and due anew from payments and allocations; PAID when nothing is due."""
    payments = [
        row
        for row in org.payments.find("invoice", invoice.invoice_id)
        if row.status == "AUTHORISED"
    ]
    credits_ = [
        allocation
        for note in org.credit_notes.find("contact", invoice.contact_id)
        for allocation in note.allocations
        if allocation.invoice_id == invoice.invoice_id
    ]
    paid = sum((row.amount for row in payments), ZERO)
    credited = sum((row.amount for row in credits_), ZERO)
    is_paid = invoice.total - paid - credited == 0 and bool(payments or credits_)
    dates = [row.date for row in payments] + [row.date for row in credits_]
    settled = msgspec.structs.replace(
        invoice,
        amount_paid=paid,
        amount_credited=credited,
        status="PAID" if is_paid else "AUTHORISED",
        fully_paid_on=max(dates) if is_paid else None,
        updated=org.now(),
    )
    return org.invoices.put(settled.invoice_id, settled)


def _paid_invoice(org: XeroOrganisation, element: Element) -> Invoice | None:
    sent = one(element, "Invoice")
    invoice_id = guid(sent, "InvoiceID")
    if invoice_id is not None:
        return org.invoices.get(invoice_id)
    number_sent = text(sent, "InvoiceNumber") or text(element, "InvoiceNumber")
    return invoice_by_key(org, number_sent) if number_sent else None


def _bank_account(org: XeroOrganisation, sent: Element) -> Account | None:
    account_id = guid(sent, "AccountID")
    if account_id is not None:
        return org.accounts.get(account_id)
    return org.account_by_code(text(sent, "Code") or "")


def _refusals(
    invoice: Invoice | None, account: Account | None, amount: object
) -> list[str]:
    problems = []
    if invoice is None:
        problems.append("The invoice to pay must be specified")
    elif invoice.status not in ("AUTHORISED", "PAID"):
        problems.append("Payments can only be made against authorised documents")
    if account is None:
        problems.append(
            "You must specify an Account code or Account ID for the payment"
        )
    elif account.type != "BANK" and not account.enable_payments:
        problems.append("Account does not accept payments")
    return problems + _amount_refusals(invoice, amount)


def _amount_refusals(invoice: Invoice | None, amount: object) -> list[str]:
    if not isinstance(amount, type(ZERO)) or amount <= 0:
        return ["The payment Amount must be greater than zero"]
    if invoice is not None and amount > invoice.amount_due:
        return ["Payment amount exceeds the amount outstanding on this document"]
    return []


def wire_payment(org: XeroOrganisation, payment: Payment) -> JsonObject:
    invoice = org.invoices.get(payment.invoice_id)
    account = org.account_by_code(payment.account_code)
    kind = invoice.type if invoice else "ACCREC"
    row: JsonObject = {
        "PaymentID": payment.payment_id,
        "Date": plain_date(payment.date),
        "BankAmount": payment.amount,
        "Amount": payment.amount,
        **present(Reference=payment.reference),
        "CurrencyRate": 1,
        "PaymentType": f"{kind}PAYMENT",
        "Status": payment.status,
        "UpdatedDateUTC": date_time(payment.updated),
        "UpdatedDateUTCString": iso_string(payment.updated),
        "HasAccount": account is not None,
        "IsReconciled": payment.is_reconciled,
        "HasValidationErrors": False,
    }
    if account is not None:
        row["Account"] = {"AccountID": account.account_id, "Code": account.code}
    if invoice is not None:
        row["Invoice"] = invoice_reference(org, invoice)
    return row
