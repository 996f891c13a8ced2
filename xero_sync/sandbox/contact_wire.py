"""How a contact looks on the wire: in full, in lists, in summaries, inside invoices."""

from decimal import Decimal

from xero_sync.sandbox.contacts import ADDRESS_FIELDS, PHONE_FIELDS
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.records import Address, Contact, Terms
from xero_sync.sandbox.wire import ZERO, JsonObject, date_time, present

WRITE_PHONES = ("DEFAULT", "DDI", "FAX", "MOBILE")
READ_PHONES = ("DDI", "DEFAULT", "FAX", "MOBILE")


def contact_reference(contact: Contact) -> JsonObject:
    """The short form inside listed invoices."""
    return {
        "ContactID": contact.contact_id,
        "Name": contact.name,
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def contact_summary(contact: Contact) -> JsonObject:
    """summaryOnly=true: without addresses, balances, flags and defaults."""
    return {
        "ContactID": contact.contact_id,
        **_identity(contact),
        **_phones(contact, READ_PHONES),
        **_stamps(contact),
    }


def listed_contact(contact: Contact) -> JsonObject:
    """One row of an unpaged list: the light field set."""
    return {
        "ContactID": contact.contact_id,
        **_identity(contact),
        "BankAccountDetails": contact.bank_account_details,
        **_tax_types(contact),
        "Addresses": [_read_address(contact, kind) for kind in ("POBOX", "STREET")],
        **_phones(contact, READ_PHONES),
        **_stamps(contact),
        "IsSupplier": contact.is_supplier,
        "IsCustomer": contact.is_customer,
        **present(DefaultCurrency=contact.default_currency),
    }


def full_contact(org: XeroOrganisation, contact: Contact) -> JsonObject:
    """A row of a page, or a single contact."""
    return {
        **listed_contact(contact),
        "ContactPersons": _persons(contact),
        "ContactGroups": [],
        **_defaults(contact),
        **present(
            Website=contact.website,
            MergedToContactID=contact.merged_to_contact_id,
            Balances=_balances(org, contact),
        ),
        "HasAttachments": False,
    }


def single_contact(org: XeroOrganisation, contact: Contact) -> JsonObject:
    return {
        **full_contact(org, contact),
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
        "Attachments": [],
    }


def written_contact(contact: Contact) -> JsonObject:
    """The answer to a write: every slot, with empty texts for what is unset."""
    return {
        "ContactID": contact.contact_id,
        **_identity(contact),
        "BankAccountDetails": contact.bank_account_details,
        **_tax_types(contact),
        "Addresses": [_whole_address(contact, kind) for kind in ("STREET", "POBOX")],
        **_phones(contact, WRITE_PHONES),
        **_stamps(contact),
        "ContactGroups": [],
        "IsSupplier": contact.is_supplier,
        "IsCustomer": contact.is_customer,
        **present(DefaultCurrency=contact.default_currency),
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
        "ContactPersons": _persons(contact),
        **_defaults(contact),
    }


def _identity(contact: Contact) -> JsonObject:
    return present(
        ContactNumber=contact.contact_number,
        AccountNumber=contact.account_number,
        ContactStatus=contact.status,
        Name=contact.name,
        FirstName=contact.first_name,
        LastName=contact.last_name,
        CompanyNumber=contact.company_number,
        TaxNumber=contact.tax_number,
    ) | {"EmailAddress": contact.email_address}


def _stamps(contact: Contact) -> JsonObject:
    return {
        "UpdatedDateUTC": date_time(contact.updated),
        "HasValidationErrors": False,
    }


def _tax_types(contact: Contact) -> JsonObject:
    return present(
        AccountsReceivableTaxType=contact.accounts_receivable_tax_type,
        AccountsPayableTaxType=contact.accounts_payable_tax_type,
    )


def _defaults(contact: Contact) -> JsonObject:
    terms: JsonObject = {}
    if contact.bills_terms:
        terms["Bills"] = _one_term(contact.bills_terms)
    if contact.sales_terms:
        terms["Sales"] = _one_term(contact.sales_terms)
    return present(
        SalesDefaultAccountCode=contact.sales_default_account_code,
        PurchasesDefaultAccountCode=contact.purchases_default_account_code,
        PaymentTerms=terms or None,
    )


def _one_term(terms: Terms) -> JsonObject:
    return {"Day": terms.day, "Type": terms.type}


def _phones(contact: Contact, order: tuple[str, ...]) -> JsonObject:
    rows: list[JsonObject] = []
    for kind in order:
        phone = contact.phones.get(kind)
        parts = {
            name: getattr(phone, field) if phone else ""
            for name, (field, _) in PHONE_FIELDS.items()
        }
        rows.append({"PhoneType": kind, **parts})
    return {"Phones": rows}


def _whole_address(contact: Contact, kind: str) -> JsonObject:
    address = contact.addresses.get(kind, Address())
    parts = {
        name: getattr(address, field) for name, (field, _) in ADDRESS_FIELDS.items()
    }
    return {"AddressType": kind, **parts}


def _read_address(contact: Contact, kind: str) -> JsonObject:
    """A slot never filled shows its type alone; once filled, every part."""
    if kind not in contact.addresses:
        return {"AddressType": kind}
    return _whole_address(contact, kind)


def _persons(contact: Contact) -> list[JsonObject]:
    return [
        {
            **present(
                FirstName=row.first_name,
                LastName=row.last_name,
                EmailAddress=row.email_address,
            ),
            "IncludeInEmails": row.include_in_emails,
        }
        for row in contact.persons
    ]


def _balances(org: XeroOrganisation, contact: Contact) -> JsonObject | None:
    sums = {
        ("ACCREC", "Outstanding"): ZERO,
        ("ACCREC", "Overdue"): ZERO,
        ("ACCPAY", "Outstanding"): ZERO,
        ("ACCPAY", "Overdue"): ZERO,
    }
    today = org.today()
    for invoice in org.invoices.find("contact", contact.contact_id):
        if invoice.status == "AUTHORISED":
            sums[invoice.type, "Outstanding"] += invoice.amount_due
            if invoice.due_date is not None and invoice.due_date < today:
                sums[invoice.type, "Overdue"] += invoice.amount_due
    if not any(sums.values()):
        return None
    return {
        "AccountsReceivable": _side(sums, "ACCREC"),
        "AccountsPayable": _side(sums, "ACCPAY"),
    }


def _side(sums: dict[tuple[str, str], Decimal], kind: str) -> JsonObject:
    return {name: sums[kind, name] for name in ("Outstanding", "Overdue")}
