"""What a sentence of Xero's means to us: the code, the field and the details."""

import pytest

from xero_sync.client.messages import classify
from xero_sync.outcomes.codes import IssueCode

UNIQUE = "The contact name must be unique across all active contacts."


@pytest.mark.parametrize(
    ("sentence", "code", "field"),
    [
        (
            f"The contact name Ada is already assigned to another contact. {UNIQUE}",
            IssueCode.NAME_TAKEN_IN_XERO,
            "name",
        ),
        (
            "The Account Number already exists. Please enter a different one.",
            IssueCode.ACCOUNT_NUMBER_USED_IN_XERO,
            "account_number",
        ),
        (
            "Another contact has this contact number.",
            IssueCode.REFUSED,
            "contact_number",
        ),
        ("Email address must be valid.", IssueCode.EMAIL_INVALID, "email"),
        ("Email address must be valid", IssueCode.EMAIL_INVALID, "email"),
        (
            "The specified contact details matched an archived contact. Archived "
            "contacts cannot currently be edited via the API.",
            IssueCode.CONTACT_ARCHIVED_IN_XERO,
            "",
        ),
        (
            "The contact with the specified contact details has been archived. The "
            "contact must be un-archived before creating new invoices.",
            IssueCode.CONTACT_ARCHIVED_IN_XERO,
            "customer",
        ),
        (
            "Price List Item with Code 'abc' already exists",
            IssueCode.POSSIBLE_TWIN,
            "code",
        ),
        ("Item code 'X' is not valid", IssueCode.REFUSED, "item"),
        ("Invoice # must be unique.", IssueCode.INVOICE_NUMBER_IN_XERO, "number"),
        (
            "The document date cannot be before the period lock date, currently set "
            "at 31 March 2026",
            IssueCode.PERIOD_LOCKED,
            "issued_on",
        ),
        (
            "You have reached the limit of invoices you can approve",
            IssueCode.INVOICE_LIMIT,
            "",
        ),
        (
            "This document cannot be edited as it has a payment or credit note "
            "allocated to it.",
            IssueCode.INVOICE_CANNOT_BE_CANCELLED,
            "",
        ),
        (
            "Users Organisation is not subscribed to currency NZD",
            IssueCode.CURRENCY,
            "currency",
        ),
        (
            "The TaxType code 'INPUT2' cannot be used with account code '200'.",
            IssueCode.TAX_RATE_NOT_ALLOWED,
            "tax_rate",
        ),
        (
            "Account code '999' is not a valid code for this document",
            IssueCode.ACCOUNT_MISSING,
            "account",
        ),
        (
            "One or more line items must be specified",
            IssueCode.LINES_MISSING,
            "lines",
        ),
        (
            "A Contact must be specified for this type of transaction",
            IssueCode.CUSTOMER_NOT_IN_XERO,
            "customer",
        ),
        (
            "The Name must not be longer than 50 characters.",
            IssueCode.NAME_TOO_LONG,
            "name",
        ),
        (
            "The Code must not be longer than 30 characters.",
            IssueCode.CODE_TOO_LONG,
            "code",
        ),
        (
            "The FirstName must not be longer than 255 characters.",
            IssueCode.FIELD_TOO_LONG,
            "first_name",
        ),
        (
            "The PostalCode must not be longer than 50 characters.",
            IssueCode.FIELD_TOO_LONG,
            "address_postcode",
        ),
        ("Something is too long", IssueCode.FIELD_TOO_LONG, ""),
        ("Mercury is in retrograde", IssueCode.REFUSED, ""),
        ("", IssueCode.REFUSED, ""),
    ],
)
def test_knows_what_a_sentence_means(
    sentence: str, code: IssueCode, field: str
) -> None:
    verdict = classify(sentence)

    assert (verdict.code, verdict.field_name) == (code, field)
    assert verdict.details == {"xero": sentence}
