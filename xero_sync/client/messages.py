"""Xero's sentences and what they mean for us: the code, and which field is to blame."""

import re

from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode

# First match wins. Sentences vary in punctuation and carry values: patterns do not.
SENTENCES: tuple[tuple[str, IssueCode, str], ...] = (
    # contacts
    (r"contact name .* already assigned", IssueCode.NAME_TAKEN_IN_XERO, "name"),
    (r"unique across all active contacts", IssueCode.NAME_TAKEN_IN_XERO, "name"),
    (
        r"account number already exists",
        IssueCode.ACCOUNT_NUMBER_USED_IN_XERO,
        "account_number",
    ),
    (r"has this contact number", IssueCode.REFUSED, "contact_number"),
    (r"contact number is already linked", IssueCode.REFUSED, "contact_number"),
    (r"email address must be valid", IssueCode.EMAIL_INVALID, "email"),
    (r"at least 1 of the following elements", IssueCode.NAME_MISSING, "name"),
    (r"contact name must be specified", IssueCode.NAME_MISSING, "name"),
    (r"name must not contain", IssueCode.NAME_CHARACTERS, "name"),
    (r"country must only contain", IssueCode.REFUSED, "address_country"),
    (r"archived contact", IssueCode.CONTACT_ARCHIVED_IN_XERO, ""),
    (
        r"contact details has been archived",
        IssueCode.CONTACT_ARCHIVED_IN_XERO,
        "customer",
    ),
    (
        r"'archived' is not valid for contacts",
        IssueCode.CONTACT_ARCHIVED_IN_XERO,
        "customer",
    ),
    # items
    (r"price list item with code .* already exists", IssueCode.POSSIBLE_TWIN, "code"),
    (r"item code .* is not valid", IssueCode.REFUSED, "item"),
    # invoices
    (
        r"invoice (#|number) must be unique",
        IssueCode.INVOICE_NUMBER_IN_XERO,
        "number",
    ),
    (r"period lock date", IssueCode.PERIOD_LOCKED, "issued_on"),
    (r"reached the limit of invoices", IssueCode.INVOICE_LIMIT, ""),
    (r"not permitted to", IssueCode.NOT_IN_XERO_PLAN, ""),
    (r"payment or credit note allocated", IssueCode.INVOICE_CANNOT_BE_CANCELLED, ""),
    (
        r"not of valid status for modification",
        IssueCode.INVOICE_CANNOT_BE_CANCELLED,
        "status",
    ),
    (r"one or more line items must be", IssueCode.LINES_MISSING, "lines"),
    (r"contact must be specified", IssueCode.CUSTOMER_NOT_IN_XERO, "customer"),
    (
        r"specified contactid could not be found",
        IssueCode.CUSTOMER_NOT_IN_XERO,
        "customer",
    ),
    (r"not subscribed to currency", IssueCode.CURRENCY, "currency"),
    (r"duedate field must be specified", IssueCode.REFUSED, "due_on"),
    # accounts and tax
    (r"taxtype code .* cannot be used", IssueCode.TAX_RATE_NOT_ALLOWED, "tax_rate"),
    (
        r"tax ?type .* (not valid|does not exist)",
        IssueCode.TAX_RATE_MISSING,
        "tax_rate",
    ),
    (r"account code or id must be specified", IssueCode.ACCOUNT_MISSING, "account"),
    (r"account code .* is not a valid code", IssueCode.ACCOUNT_MISSING, "account"),
    (r"account code .* does not exist", IssueCode.ACCOUNT_MISSING, "account"),
    (r"not match a recognised account", IssueCode.ACCOUNT_MISSING, "account"),
)

# Lengths: Xero's own wording is not known, so a word for it and the field have to do.
_LENGTH = re.compile(
    r"longer than|too long|maximum|exceed|max length|characters", re.IGNORECASE
)
_LENGTH_OF: tuple[tuple[str, IssueCode, str], ...] = (
    ("Code", IssueCode.CODE_TOO_LONG, "code"),
    ("Name", IssueCode.NAME_TOO_LONG, "name"),
    ("FirstName", IssueCode.FIELD_TOO_LONG, "first_name"),
    ("LastName", IssueCode.FIELD_TOO_LONG, "last_name"),
    ("EmailAddress", IssueCode.FIELD_TOO_LONG, "email"),
    ("AccountNumber", IssueCode.FIELD_TOO_LONG, "account_number"),
    ("TaxNumber", IssueCode.FIELD_TOO_LONG, "tax_number"),
    ("PhoneNumber", IssueCode.FIELD_TOO_LONG, "phone"),
    ("AttentionTo", IssueCode.FIELD_TOO_LONG, "address_attention"),
    ("AddressLine1", IssueCode.FIELD_TOO_LONG, "address_line1"),
    ("AddressLine2", IssueCode.FIELD_TOO_LONG, "address_line2"),
    ("AddressLine3", IssueCode.FIELD_TOO_LONG, "address_line3"),
    ("AddressLine4", IssueCode.FIELD_TOO_LONG, "address_line4"),
    ("City", IssueCode.FIELD_TOO_LONG, "address_city"),
    ("Region", IssueCode.FIELD_TOO_LONG, "address_region"),
    ("PostalCode", IssueCode.FIELD_TOO_LONG, "address_postcode"),
    ("Country", IssueCode.FIELD_TOO_LONG, "address_country"),
    ("PurchaseDescription", IssueCode.FIELD_TOO_LONG, "purchase_description"),
    ("Description", IssueCode.FIELD_TOO_LONG, "description"),
)

_SENTENCES = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), code, field)
    for pattern, code, field in SENTENCES
)
_FIELDS = tuple(
    (re.compile(rf"\b{name}\b", re.IGNORECASE), code, field)
    for name, code, field in _LENGTH_OF
)


def classify(message: str) -> Problem:
    """REFUSED for a sentence we do not know; its words are in ``details``."""
    is_about_length = _LENGTH.search(message)
    table = _SENTENCES + _FIELDS if is_about_length else _SENTENCES
    for pattern, code, field in table:
        if pattern.search(message):
            return Problem(code, field, {"xero": message})
    code = IssueCode.FIELD_TOO_LONG if is_about_length else IssueCode.REFUSED
    return Problem(code, details={"xero": message})
