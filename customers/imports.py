"""Contacts and suppliers from a table in the columns of Xero's contact template.

Contacts arrive as leads (an invoice makes a customer), suppliers as suppliers. Blank
cells never wipe what we have, and people who are not in the file stay.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from customers.imported_people import (
    is_nobody,
    people_columns,
    stated_people,
    with_people,
)
from customers.models import ADDRESS_PARTS, Contact, PaymentTerms
from customers.services import change_contact, create_contact
from fieldops.common.actor import Actor
from fieldops.common.importing.cells import CellError, whole_number
from fieldops.common.importing.flaws import FlawsOf
from fieldops.common.importing.layout import (
    Column,
    Layout,
    Row,
    longest_of,
    read_table,
)
from fieldops.common.importing.records import Recipe, RecordsImport
from fieldops.common.importing.report import ImportReport, Remark
from fieldops.common.importing.sheet import Sheet

TERMS = {
    "daysafter": PaymentTerms.DAYS_AFTER_INVOICE,
    "daysaftertheinvoicedate": PaymentTerms.DAYS_AFTER_INVOICE,
    "daysafterinvoicedate": PaymentTerms.DAYS_AFTER_INVOICE,
    "daysafterbilldate": PaymentTerms.DAYS_AFTER_INVOICE,
    "daysafterendofmonth": PaymentTerms.DAYS_AFTER_MONTH,
    "daysaftertheendoftheinvoicemonth": PaymentTerms.DAYS_AFTER_MONTH,
    "daysafterbillmonth": PaymentTerms.DAYS_AFTER_MONTH,
    "currentmonth": PaymentTerms.OF_CURRENT_MONTH,
    "ofcurrentmonth": PaymentTerms.OF_CURRENT_MONTH,
    "ofthecurrentmonth": PaymentTerms.OF_CURRENT_MONTH,
    "followingmonth": PaymentTerms.OF_FOLLOWING_MONTH,
    "offollowingmonth": PaymentTerms.OF_FOLLOWING_MONTH,
    "ofthefollowingmonth": PaymentTerms.OF_FOLLOWING_MONTH,
}
# The template's names for the parts of an address, in the order of ADDRESS_PARTS.
ADDRESS_NAMES = (
    "AttentionTo",
    "AddressLine1",
    "AddressLine2",
    "AddressLine3",
    "AddressLine4",
    "City",
    "Region",
    "PostalCode",
    "Country",
)


def payment_terms(cell: str) -> PaymentTerms:
    key = "".join(letter for letter in cell.casefold() if letter.isalpha())
    if key not in TERMS:
        raise CellError(
            f'"{cell.strip()}" is not one of: Days After, Days After End of Month, '
            "Current Month, Following Month"
        )
    return TERMS[key]


def text_column(name: str, field: str, *, required: bool = False) -> Column:
    longest = longest_of(Contact, field)
    return Column(name, field, required=required, longest=longest)


def address_columns() -> Iterator[Column]:
    for prefix, slot in (("PO", "billing"), ("SA", "delivery")):
        for name, part in zip(ADDRESS_NAMES, ADDRESS_PARTS, strict=True):
            yield text_column(f"{prefix}{name}", f"{slot}_{part}")


LAYOUT = Layout(
    columns=(
        text_column("ContactName", "name", required=True),
        text_column("AccountNumber", "account_number"),
        text_column("EmailAddress", "email"),
        text_column("FirstName", "first_name"),
        text_column("LastName", "last_name"),
        *address_columns(),
        text_column("PhoneNumber", "phone"),
        text_column("FaxNumber", "fax"),
        text_column("MobileNumber", "mobile"),
        text_column("DDINumber", "direct_dial"),
        text_column("TaxNumber", "tax_number"),
        text_column("Website", "website"),
        Column("DueDateSalesDay", "payment_days", whole_number),
        Column("DueDateSalesTerm", "payment_terms", payment_terms),
        *people_columns(),
    ),
    anchors=("ContactName",),
    unused=(
        "SkypeName",
        "BankAccountName",
        "BankAccountNumber",
        "BankAccountParticulars",
        "TaxNumberName",
        "AccountsReceivableTaxCodeName",
        "AccountsPayableTaxCodeName",
        "LegalName",
        "Discount",
        "CompanyNumber",
        "DueDateBillDay",
        "DueDateBillTerm",
        "SalesAccount",
        "PurchasesAccount",
        "BrandingTheme",
        "DefaultTaxBills",
        "DefaultTaxBillsName",
        "DefaultTaxSales",
        "DefaultTaxSalesName",
        *(f"TrackingName{n}" for n in (1, 2)),
        *(f"SalesTrackingOption{n}" for n in (1, 2)),
        *(f"PurchasesTrackingOption{n}" for n in (1, 2)),
    ),
    foreign={"invoicenumber": "invoices", "itemcode": "stock items"},
)
TERMS_FIELDS = {"payment_days", "payment_terms"}


def import_contacts(
    sheet: Sheet, *, flaws_of: FlawsOf[Contact], by: Actor
) -> ImportReport:
    return _import(sheet, {}, flaws_of=flaws_of, by=by)


def import_suppliers(
    sheet: Sheet, *, flaws_of: FlawsOf[Contact], by: Actor
) -> ImportReport:
    """A customer in the file becomes a supplier as well."""
    return _import(sheet, {"is_supplier": True}, flaws_of=flaws_of, by=by)


def _import(
    sheet: Sheet, flags: dict[str, Any], *, flaws_of: FlawsOf[Contact], by: Actor
) -> ImportReport:
    def values_of(row: Row) -> dict[str, Any]:
        return _stated(row) | flags

    recipe = Recipe[Contact](
        number_field="account_number",
        values_of=values_of,
        create=lambda row: create_contact(
            _with_people(Contact(), values_of(row)), by=by
        ),
        change=lambda contact, values: change_contact(contact, values, by=by),
        flaws_of=flaws_of,
        warnings_of=_warnings,
        beside=_with_people,
    )
    table = read_table(sheet, LAYOUT)
    return RecordsImport(table, Contact.objects.all(), recipe).run()


def _stated(row: Row) -> dict[str, Any]:
    """Payment terms need both their columns."""
    values, people = stated_people(row.values)
    if people:
        values["people"] = list(people.values())
    if not values.keys() >= TERMS_FIELDS:
        values = {k: v for k, v in values.items() if k not in TERMS_FIELDS}
    return values


def _with_people(contact: Contact, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the row's people among those the contact has."""
    if "people" not in values:
        return dict(values)
    people = with_people(contact.contact_people, values["people"])
    return {**values, "people": people}


def _warnings(row: Row) -> Iterator[Remark]:
    if len(TERMS_FIELDS & row.values.keys()) == 1:
        yield Remark(
            row.line,
            "DueDateSalesTerm",
            "payment terms need DueDateSalesDay and DueDateSalesTerm; left out",
        )
    for number, person in stated_people(row.values)[1].items():
        if is_nobody(person):
            reason = "this person has neither name nor email; left out"
            yield Remark(row.line, f"Person{number}IncludeInEmails", reason)
