"""Write the invoices of a file: approved, with its numbers, moving no stock.

What is already here is never changed: equal it is passed over, different it is refused.
"""

from collections.abc import Iterable, Iterator

from django.db import transaction

from customers.models import Contact
from customers.services import create_contact
from fieldops.common.actor import Actor
from fieldops.common.errors import DomainError
from fieldops.common.importing.flaws import FlawsOf
from fieldops.common.importing.layout import Row, Table, read_table
from fieldops.common.importing.records import broken_entry
from fieldops.common.importing.report import Entry, ImportReport, Outcome, Remark
from fieldops.common.importing.sheet import Sheet
from fieldops.common.models import Company
from invoicing.imports.chart import tax_rate_choices
from invoicing.imports.columns import invoice_layout
from invoicing.imports.documents import Document, documents
from invoicing.imports.known import Known, invoices_by_number
from invoicing.imports.same import differences
from invoicing.models import Invoice
from invoicing.services.approve_invoice import approve_invoice
from invoicing.services.lines import LineValues
from invoicing.services.write_draft import create_invoice

INVOICE_FIELDS = (
    "number",
    "reference",
    "issued_on",
    "due_on",
    "currency",
    "amounts_are",
)
LINE_VALUES = (
    "description",
    "quantity",
    "unit_price",
    "discount_percent",
    "account_code",
    "tax_type",
)


class TotalBelowZero(DomainError):
    code = "total_below_zero"

    def __init__(self) -> None:
        super().__init__("The total is below zero: credit notes cannot be imported.")


def import_invoices(
    sheet: Sheet, *, flaws_of: FlawsOf[Contact], by: Actor
) -> ImportReport:
    """``flaws_of`` looks at the customers that are made."""
    table = read_table(sheet, invoice_layout(tax_rate_choices().code_of))
    return InvoicesImport(table, flaws_of=flaws_of, by=by).run()


class InvoicesImport:
    """One table against the invoices we have; ``run`` once."""

    def __init__(self, table: Table, *, flaws_of: FlawsOf[Contact], by: Actor) -> None:
        self.table = table
        self.flaws_of = flaws_of
        self.by = by
        self.known = Known()
        self.base_currency = Company.current().base_currency

    def run(self) -> ImportReport:
        found, strays = documents(self.table)
        self.here = invoices_by_number([each.number for each in found if each.number])
        entries = [self._entry(document) for document in found]
        entries += [broken_entry(line) for line in strays]
        entries.sort(key=lambda entry: entry.lines)
        return ImportReport(tuple(entries), self.table.warnings)

    def _entry(self, document: Document) -> Entry:
        errors = (*document.errors, *self._pairs_not_allowed(document))
        if errors:
            return _refused(document, errors)
        if document.number in self.here:
            return self._compared(document, self.here[document.number])
        try:
            warnings = tuple(self._write(document))
        except DomainError as refusal:
            field = self.table.name_of(refusal.field)
            remark = Remark(document.first_line, field, refusal.message)
            return _refused(document, (remark,))
        return Entry(document.lines, document.label, Outcome.CREATED, warnings=warnings)

    def _pairs_not_allowed(self, document: Document) -> Iterator[Remark]:
        """Said here as well as on approval, because here the line is known."""
        for row in document.rows:
            rate = self.known.rates.get(row.values.get("tax_type", ""))
            account = self.known.accounts.get(row.values.get("account_code", ""))
            if rate and account and not rate.applies_to(account):
                reason = f'"{rate.name}" cannot be used with account {account.code}'
                yield Remark(row.line, self.table.name_of("tax_type"), reason)

    def _compared(self, document: Document, invoice: Invoice) -> Entry:
        differing = [
            self.table.name_of(field) or field
            for field in differences(document, invoice)
        ]
        if differing:
            reason = (
                f"{invoice.number} is already here with another content "
                f"({', '.join(differing)}); an invoice that is here is never changed"
            )
            name = self.table.name_of("number")
            return _refused(document, (Remark(document.first_line, name, reason),))
        return Entry(document.lines, document.label, Outcome.UNCHANGED)

    @transaction.atomic
    def _write(self, document: Document) -> list[Remark]:
        head = document.head
        customer = self.known.customer(head["name"], head.get("email", ""))
        warnings = list(self._line_warnings(document))
        made = customer is None
        if customer is None:
            customer = self._new_customer(document)
            warnings += self._new_customer_warnings(document, customer)
        invoice = create_invoice(
            customer,
            {name: head[name] for name in INVOICE_FIELDS if name in head},
            [self._line(row) for row in document.rows],
            by=self.by,
        )
        if invoice.total < 0:
            raise TotalBelowZero
        approve_invoice(invoice, by=self.by, moves_stock=False)
        if made:
            self.known.add_customer(customer)
        warnings += self._head_warnings(document, invoice)
        return sorted(warnings, key=lambda remark: remark.line)

    def _line(self, row: Row) -> LineValues:
        values = {name: row.values[name] for name in LINE_VALUES if name in row.values}
        return LineValues(
            item=self.known.item(row.values.get("item_code", "")), **values
        )

    def _new_customer(self, document: Document) -> Contact:
        fields = {field.name for field in Contact._meta.concrete_fields}
        values = {k: v for k, v in document.head.items() if k in fields}
        return create_contact(values, by=self.by)

    def _new_customer_warnings(
        self, document: Document, customer: Contact
    ) -> Iterator[Remark]:
        line, name_of = document.first_line, self.table.name_of
        reason = f'no contact is called "{customer.name}": a new one is made'
        yield Remark(line, name_of("name"), reason)
        for flaw in self.flaws_of(customer, None):
            yield Remark(line, name_of(flaw.field) or flaw.label, flaw.message)

    def _line_warnings(self, document: Document) -> Iterator[Remark]:
        for row in document.rows:
            account, code = row.values["account_code"], row.values.get("item_code")
            if account not in self.known.accounts:
                reason = f"there is no account {account} in your chart"
                yield Remark(row.line, self.table.name_of("account_code"), reason)
            if code and self.known.item(code) is None:
                reason = f"no stock item has the code {code}; the line is kept without"
                yield Remark(row.line, self.table.name_of("item_code"), reason)

    def _head_warnings(self, document: Document, invoice: Invoice) -> Iterator[Remark]:
        line, name_of = document.first_line, self.table.name_of
        if invoice.currency != self.base_currency:
            reason = (
                f"{invoice.currency}: only {self.base_currency} can go to the books"
            )
            yield Remark(line, name_of("currency"), reason)
        stated = document.head.get("total")
        if stated is not None and stated != invoice.total:
            reason = f"{stated:.2f} in the file, {invoice.total} by its lines"
            yield Remark(line, name_of("total"), reason)
        yield from self._tax_warnings(document, invoice)

    def _tax_warnings(self, document: Document, invoice: Invoice) -> Iterator[Remark]:
        if not any("tax_amount" in row.values for row in document.rows):
            return
        for row, line in zip(document.rows, invoice.lines.all(), strict=True):
            stated = row.values.get("tax_amount")
            if stated is not None and stated != line.tax_amount:
                reason = f"{stated:.2f} in the file, {line.tax_amount} by its rate"
                yield Remark(row.line, self.table.name_of("tax_amount"), reason)


def _refused(document: Document, errors: Iterable[Remark]) -> Entry:
    return Entry(document.lines, document.label, Outcome.REFUSED, errors=tuple(errors))
