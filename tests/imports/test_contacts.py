"""Contacts and suppliers from a file."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Contact, PaymentTerms
from fieldops.common.importing.sheet import FileRefused
from fieldops.common.models import ChangeEntry
from fieldops.imports.kinds import KINDS, import_file
from fieldops.users.models import User
from tests.builders import make_contact, make_customer
from tests.imports.files import (
    counts,
    csv_text,
    do_import,
    errors,
    table_sizes,
    warnings,
)
from xero_sync.models import SyncSettings

pytestmark = pytest.mark.django_db

ADA = {
    "*ContactName": "Ada Lovelace Ltd",
    "AccountNumber": "ADA001",
    "EmailAddress": "ada@example.com",
    "POAddressLine1": "1 Mill Lane",
    "POCity": "Leeds",
    "POPostalCode": "LS1 1AA",
    "PhoneNumber": "0113 496 0001",
}


def only_contact() -> Contact:
    return Contact.objects.get()


def test_a_contact_arrives_as_a_lead_with_all_its_fields() -> None:
    report = do_import(
        "contacts",
        [
            ADA
            | {
                "FirstName": "Ada",
                "LastName": "Lovelace",
                "POAttentionTo": "Accounts",
                "SAAddressLine1": "2 Mill Lane",
                "SACountry": "United Kingdom",
                "FaxNumber": "1",
                "MobileNumber": "07700 900001",
                "DDINumber": "2",
                "TaxNumber": "GB1",
                "Website": "https://ada.example",
                "DueDateSalesDay": "14",
                "DueDateSalesTerm": "Days After End of Month",
            }
        ],
    )
    assert counts(report) == (1, 0, 0, 0)
    assert warnings(report) == []
    contact = only_contact()
    assert contact.group == "Lead"
    assert contact.billing_address == ["Accounts", "1 Mill Lane", "Leeds", "LS1 1AA"]
    assert contact.delivery_address == ["2 Mill Lane", "United Kingdom"]
    assert (contact.phone, contact.fax) == ("0113 496 0001", "1")
    assert (contact.mobile, contact.direct_dial) == ("07700 900001", "2")
    assert (contact.tax_number, contact.website) == ("GB1", "https://ada.example")
    assert contact.payment_terms == PaymentTerms.DAYS_AFTER_MONTH
    assert contact.payment_days == 14


def test_the_history_names_the_file_and_the_person(office: User) -> None:
    content = csv_text([ADA]).encode()
    import_file(KINDS["contacts"], content, "people.csv", user=office)
    entry = ChangeEntry.objects.of(only_contact()).get()
    assert (entry.user, entry.cause) == (office, "import of people.csv")


def test_the_name_of_the_file_may_be_long() -> None:
    do_import("contacts", [ADA], filename="x" * 300)
    assert len(ChangeEntry.objects.of(only_contact()).get().cause) == 120


def test_the_same_file_again_changes_nothing() -> None:
    rows = [
        ADA,
        {"*ContactName": "Ada Twin", "AccountNumber": "ADA001"},
        {"*ContactName": "John Smith", "PhoneNumber": "1"},
        {"*ContactName": "John Smith", "PhoneNumber": "2"},
        {"*ContactName": "John Smith", "AccountNumber": "JS9"},
    ]
    assert counts(do_import("contacts", rows)) == (5, 0, 0, 0)
    before = table_sizes()
    assert counts(do_import("contacts", rows)) == (0, 0, 5, 0)
    assert counts(do_import("contacts", rows[::-1])) == (0, 0, 5, 0)
    assert table_sizes() == before


def test_a_changed_file_changes_what_it_states() -> None:
    do_import("contacts", [ADA])
    report = do_import("contacts", [ADA | {"PhoneNumber": "5", "EmailAddress": ""}])
    assert counts(report) == (0, 1, 0, 0)
    assert report.entries[0].changed == ("PhoneNumber",)
    assert only_contact().phone == "5"
    assert only_contact().email == "ada@example.com"
    last = ChangeEntry.objects.of(only_contact()).first()
    assert last is not None
    assert (last.before, last.after) == ({"phone": "0113 496 0001"}, {"phone": "5"})


def test_a_new_spelling_under_the_same_number_renames() -> None:
    do_import("contacts", [ADA])
    do_import("contacts", [ADA | {"*ContactName": "Ada Lovelace Limited"}])
    assert only_contact().name == "Ada Lovelace Limited"


def test_a_customer_stays_a_customer() -> None:
    make_customer("Ada Lovelace Ltd", account_number="ADA001")
    do_import("contacts", [ADA])
    assert only_contact().group == "Customer"


def test_suppliers_arrive_as_suppliers() -> None:
    do_import("suppliers", [ADA])
    assert only_contact().group == "Supplier"


@pytest.mark.parametrize(
    "known",
    [
        {"name": "Ada Lovelace", "account_number": "ada001"},
        {"name": "ADA  LOVELACE LTD"},
    ],
)
def test_one_in_both_files_is_one_record(known: dict[str, str]) -> None:
    make_customer(**known)
    assert counts(do_import("suppliers", [ADA])) == (0, 1, 0, 0)
    assert only_contact().group == "Customer and supplier"


def test_a_supplier_with_a_customers_number_is_another_company() -> None:
    make_customer("Babbage Engines", account_number="ADA001")
    report = do_import("suppliers", [ADA])
    assert counts(report) == (1, 0, 0, 0)
    assert warnings(report) == [
        (2, "AccountNumber", "ADA001 is already recorded against Babbage Engines")
    ]
    assert Contact.objects.count() == 2


def test_what_is_not_ready_for_the_books_is_imported_with_a_warning() -> None:
    report = do_import(
        "contacts",
        [
            ADA | {"EmailAddress": "ada at example"},
            {"*ContactName": "Babbage Engines", "AccountNumber": "ADA001"},
            {"*ContactName": "x" * 256},
        ],
    )
    assert counts(report) == (3, 0, 0, 0)
    assert warnings(report) == [
        (2, "EmailAddress", '"ada at example" is not a valid email address'),
        (3, "AccountNumber", "ADA001 is already recorded against Ada Lovelace Ltd"),
        (4, "ContactName", "is 256 characters long; Xero takes 255"),
    ]
    assert Contact.objects.filter(email="ada at example").exists()


def test_the_rules_for_an_email_are_those_of_the_sync() -> None:
    emails = ["ada@münchen.example", "ada@localhost", "ada@example.com"]
    rows = [
        {"*ContactName": f"Contact {email}", "EmailAddress": email} for email in emails
    ]
    assert warnings(do_import("contacts", rows)) == [
        (2, "EmailAddress", '"ada@münchen.example" is not a valid email address'),
        (3, "EmailAddress", '"ada@localhost" is not a valid email address'),
    ]


@pytest.mark.parametrize("chosen", SyncSettings.Email)
def test_both_emails_are_looked_at_whichever_the_settings_choose(chosen: str) -> None:
    SyncSettings.current()
    SyncSettings.objects.update(email=chosen)
    make_contact("Ada Lovelace Ltd", accounting_email="books@")
    report = do_import("contacts", [ADA | {"EmailAddress": "ada@"}])
    assert warnings(report) == [
        (2, "EmailAddress", '"ada@" is not a valid email address'),
        (2, "Accounting email address", '"books@" is not a valid email address'),
    ]


def test_looking_for_flaws_costs_no_queries_by_row() -> None:
    def cost(count: int) -> int:
        rows = [
            ADA | {"*ContactName": f"Twin {n}", "EmailAddress": "x"}
            for n in range(count)
        ]
        do_import("contacts", rows)
        with CaptureQueriesContext(connection) as queries:
            report = do_import("contacts", rows)
        assert counts(report) == (0, 0, count, 0)
        assert len(report.all_warnings) == 2 * count - 1
        return len(queries)

    assert cost(2) == cost(20) == 1


def test_a_bad_row_is_named_and_the_others_are_not_lost() -> None:
    report = do_import(
        "contacts",
        '*ContactName,Website,DueDateSalesDay\n"Ada",x,1\n,y,soon\n"Bert\nCleo,z,3\n',
    )
    assert errors(report) == [
        (3, "ContactName", "is blank"),
        (3, "DueDateSalesDay", '"soon" is not a whole number'),
        (4, "", "a quotation mark is opened and never closed"),
    ]
    assert sorted(Contact.objects.values_list("name", flat=True)) == ["Ada", "Cleo"]


def test_a_text_the_database_has_no_room_for_is_refused() -> None:
    report = do_import("contacts", [ADA | {"PhoneNumber": "1" * 81}])
    assert errors(report) == [(2, "PhoneNumber", "is longer than 80 characters")]
    assert not Contact.objects.exists()


def test_a_stray_comma_is_a_bad_row() -> None:
    report = do_import("contacts", "ContactName,Website\nAda, Leeds,x\nBert,y\n")
    assert [line for line, _, _ in errors(report)] == [2]
    assert "has 3 values for 2 columns" in errors(report)[0][2]
    assert only_contact().name == "Bert"


def test_a_row_that_repeats_another_is_passed_over() -> None:
    report = do_import("contacts", [ADA, ADA])
    assert counts(report) == (1, 0, 1, 0)
    assert warnings(report) == [(3, "", "repeats line 2")]


def test_a_row_that_contradicts_another_is_refused() -> None:
    report = do_import("contacts", [ADA, ADA | {"PhoneNumber": "5"}])
    assert errors(report) == [(3, "AccountNumber", "line 2 already gives ADA001")]
    assert only_contact().phone == "0113 496 0001"


@pytest.mark.parametrize(
    "header",
    ["*ContactName", "ContactName", " contact name ", "CONTACT_NAME", "* Contact-Name"],
)
def test_the_star_and_the_case_of_a_name_do_not_count(header: str) -> None:
    do_import("contacts", f"{header}\nAda\n")
    assert only_contact().name == "Ada"


def test_columns_we_do_not_import_are_named_once() -> None:
    report = do_import(
        "contacts", "ContactName,Shoe size,SkypeName,LegalName,\nAda,38,,Ada plc,\n"
    )
    assert warnings(report) == [
        (1, "Shoe size", "this column is not imported"),
        (1, "LegalName", "this column is not imported"),
    ]
    assert only_contact().name == "Ada"


def test_payment_terms_need_both_their_columns() -> None:
    report = do_import("contacts", "ContactName,DueDateSalesDay\nAda,14\n")
    assert [field for _, field, _ in warnings(report)] == ["DueDateSalesTerm"]
    assert only_contact().payment_days is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ada,Leeds\nBert,York\n", "It must name at least ContactName."),
        ("ContactName,contactname\nAda,Bert\n", "a column twice: ContactName."),
        ("*ContactName,*InvoiceNumber\nAda,1\n", "looks like a file of invoices"),
        ("*ItemCode,ItemName\nA,B\n", "looks like a file of stock items"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(text: str, says: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        do_import("contacts", text)
    assert says in refusal.value.message
    assert not Contact.objects.exists()


def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    make_contact("Ada Lovelace Ltd", account_number="ADA001")
    rows = [ADA, {"*ContactName": "Bert"}, {"*ContactName": ""}, {"Website": "x"}]
    before = table_sizes()
    planned = do_import("contacts", rows, dry_run=True)
    assert table_sizes() == before
    assert only_contact().phone == ""
    assert do_import("contacts", rows) == planned
    assert counts(planned) == (1, 1, 0, 1)
