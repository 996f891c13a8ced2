"""Contacts: what identifies one, what is unique, what a partial update keeps."""

import pytest

from tests.sandbox.conftest import Books

TAKEN = (
    "The contact name Ann Ltd is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)
ARCHIVED = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)
ZERO = "00000000-0000-0000-0000-000000000000"


def test_a_new_contact_has_every_slot(books: Books) -> None:
    made = books.made(
        "/Contacts", {"Name": "  Ann   Ltd ", "EmailAddress": "a@b.example"}
    )

    assert made["Name"] == "Ann Ltd"
    assert made["ContactStatus"] == "ACTIVE"
    assert (made["IsCustomer"], made["IsSupplier"]) == (False, False)
    assert [row["AddressType"] for row in made["Addresses"]] == ["STREET", "POBOX"]
    assert made["Addresses"][0]["City"] == ""
    phones = [row["PhoneType"] for row in made["Phones"]]
    assert phones == ["DEFAULT", "DDI", "FAX", "MOBILE"]
    assert made["UpdatedDateUTC"] == "/Date(1780315200000+0000)/"


def test_a_slot_never_filled_is_read_as_its_type_alone(books: Books) -> None:
    made = books.made("/Contacts", {"Name": "Ann Ltd"})
    (row,) = books.rows(f"/Contacts/{made['ContactID']}")

    assert row["Addresses"] == [{"AddressType": "POBOX"}, {"AddressType": "STREET"}]
    assert [p["PhoneType"] for p in row["Phones"]] == [
        "DDI",
        "DEFAULT",
        "FAX",
        "MOBILE",
    ]


def test_put_refuses_the_name_of_an_active_contact_in_any_case(books: Books) -> None:
    books.made("/Contacts", {"Name": "Ann Ltd"})

    messages = books.refused("PUT", "/Contacts", {"Name": "ann LTD"})

    assert messages == [TAKEN.replace("Ann Ltd", "ann LTD")]


def test_two_elements_of_one_batch_clash_too(books: Books) -> None:
    elements = {"Contacts": [{"Name": "Ann Ltd"}, {"Name": "Ann Ltd"}]}

    status, body = books.call("PUT", "/Contacts?summarizeErrors=false", elements)

    assert status == 200
    good, bad = body["Contacts"]
    assert (good["StatusAttributeString"], good["HasValidationErrors"]) == ("OK", False)
    assert (bad["StatusAttributeString"], bad["HasValidationErrors"]) == ("ERROR", True)
    assert bad["ContactID"] == ZERO
    assert bad["ValidationErrors"] == [{"Message": TAKEN}]
    assert len(books.org.contacts) == 1


def test_post_by_name_overwrites_a_stranger(books: Books) -> None:
    made = books.made(
        "/Contacts",
        {"Name": "Ann Ltd", "ContactNumber": "n1", "EmailAddress": "old@b.example"},
    )

    changed = books.changed(
        "/Contacts", {"Name": "ANN Ltd", "EmailAddress": "x@y.example"}
    )

    assert changed["ContactID"] == made["ContactID"]
    assert changed["EmailAddress"] == "x@y.example"
    assert changed["ContactNumber"] == "n1"
    assert len(books.org.contacts) == 1


def test_post_by_contact_number_changes_that_contact(books: Books) -> None:
    made = books.made("/Contacts", {"Name": "Ann Ltd", "ContactNumber": "n1"})

    changed = books.changed("/Contacts", {"ContactNumber": "n1", "Name": "Bea Ltd"})

    assert (changed["ContactID"], changed["Name"]) == (made["ContactID"], "Bea Ltd")


def test_post_of_an_unknown_id_is_404_for_the_whole_request(books: Books) -> None:
    elements = [
        {"Name": "Ann Ltd"},
        {"ContactID": books.ledger.new_id(), "Name": "Bea"},
    ]

    response = books.send("POST", "/Contacts?summarizeErrors=false", elements)

    assert response.status == 404
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.body == b"The resource you're looking for cannot be found"
    assert len(books.org.contacts) == 0


def test_nothing_that_identifies(books: Books) -> None:
    messages = books.refused("POST", "/Contacts", {"EmailAddress": "a@b.example"})

    assert messages == [
        "The Contact must contain at least 1 of the following elements to identify "
        "the contact: Name, ContactID, ContactNumber"
    ]


def test_numbers_are_unique_among_archived_contacts_too(books: Books) -> None:
    made = books.made(
        "/Contacts", {"Name": "Ann Ltd", "ContactNumber": "n1", "AccountNumber": "A1"}
    )
    books.changed(
        "/Contacts", {"ContactID": made["ContactID"], "ContactStatus": "ARCHIVED"}
    )

    assert books.refused(
        "PUT", "/Contacts", {"Name": "Bea", "ContactNumber": "N1"}
    ) == [
        "Another contact has this contact number. "
        "Please enter a different contact number."
    ]
    assert books.refused(
        "PUT", "/Contacts", {"Name": "Bea", "AccountNumber": "a1"}
    ) == ["The Account Number already exists. Please enter a different Account Number."]


def test_an_archived_contact_frees_its_name_and_cannot_be_edited(books: Books) -> None:
    made = books.made("/Contacts", {"Name": "Ann Ltd"})
    archived = {"ContactID": made["ContactID"], "ContactStatus": "ARCHIVED"}
    assert books.changed("/Contacts", archived)["ContactStatus"] == "ARCHIVED"

    assert books.refused("POST", "/Contacts", archived) == [ARCHIVED]
    assert books.refused("POST", "/Contacts", {"Name": "Ann Ltd"}) == [ARCHIVED]
    again = books.made("/Contacts", {"Name": "Ann Ltd"})
    assert again["ContactID"] != made["ContactID"]


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ({"EmailAddress": "ann at home"}, "Email address must be valid."),
        ({"EmailAddress": "jürgen@müller.example"}, "Email address must be valid."),
        ({"Name": "x" * 256}, "The Name must not be longer than 255 characters."),
        (
            {"AccountNumber": "x" * 51},
            "The AccountNumber must not be longer than 50 characters.",
        ),
        ({"Name": "A <b> c"}, "The contact name must not contain < or >."),
        (
            {"SalesDefaultAccountCode": "999"},
            "Account code '999' is not a valid code.",
        ),
    ],
)
def test_what_does_not_fit(
    books: Books, element: dict[str, object], message: str
) -> None:
    assert books.refused("PUT", "/Contacts", {"Name": "Ann", **element}) == [message]


def test_left_out_and_null_keep_empty_text_clears(books: Books) -> None:
    made = books.made(
        "/Contacts",
        {"Name": "Ann", "FirstName": "A", "LastName": "B", "TaxNumber": "GB1"},
    )

    changed = books.changed(
        f"/Contacts/{made['ContactID']}", {"LastName": None, "TaxNumber": ""}
    )

    assert (changed["FirstName"], changed["LastName"]) == ("A", "B")
    assert "TaxNumber" not in changed


def test_one_address_fills_its_slot_and_leaves_the_other(books: Books) -> None:
    made = books.made(
        "/Contacts",
        {
            "Name": "Ann",
            "Addresses": [{"AddressType": "POBOX", "City": "Leeds"}],
            "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "1"}],
        },
    )

    changed = books.changed(
        "/Contacts",
        {
            "ContactID": made["ContactID"],
            "Addresses": [{"AddressType": "STREET", "City": "York"}],
            "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "2"}],
        },
    )

    assert [row["City"] for row in changed["Addresses"]] == ["York", "Leeds"]
    numbers = {row["PhoneType"]: row["PhoneNumber"] for row in changed["Phones"]}
    assert numbers == {"DEFAULT": "1", "DDI": "", "FAX": "", "MOBILE": "2"}


def test_parts_left_out_of_an_address_keep_their_value(books: Books) -> None:
    slot = {"AddressType": "POBOX", "City": "Leeds", "PostalCode": "LS1 1AA"}
    books.made("/Contacts", {"Name": "Ann", "Addresses": [slot]})
    change = {"AddressType": "POBOX", "City": "York", "PostalCode": None}

    changed = books.changed("/Contacts", {"Name": "Ann", "Addresses": [change]})

    assert changed["Addresses"][1]["City"] == "York"
    assert changed["Addresses"][1]["PostalCode"] == "LS1 1AA"


def test_contact_persons_are_replaced_as_a_list(books: Books) -> None:
    people = [{"FirstName": "A"}, {"FirstName": "B", "IncludeInEmails": True}]
    made = books.made("/Contacts", {"Name": "Ann", "ContactPersons": people})
    assert [row["FirstName"] for row in made["ContactPersons"]] == ["A", "B"]

    changed = books.changed("/Contacts", {"Name": "Ann", "ContactPersons": people[1:]})

    assert changed["ContactPersons"] == [{"FirstName": "B", "IncludeInEmails": True}]


def test_sent_flags_are_ignored(books: Books) -> None:
    made = books.made(
        "/Contacts", {"Name": "Ann", "IsCustomer": True, "IsSupplier": True}
    )

    assert (made["IsCustomer"], made["IsSupplier"]) == (False, False)


def test_an_unknown_enumeration_is_error_14(books: Books) -> None:
    status, body = books.call(
        "PUT", "/Contacts", {"Name": "A", "ContactStatus": "SLEEPY"}
    )

    assert (status, body["ErrorNumber"]) == (400, 14)
    assert body["Type"] == "PostDataInvalidException"
    assert "Elements" not in body


def test_light_full_and_summary_fields(books: Books) -> None:
    books.made(
        "/Contacts",
        {
            "Name": "Ann",
            "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
        },
    )
    (light,) = books.rows("/Contacts")
    (full,) = books.rows("/Contacts?page=1")
    (summary,) = books.rows("/Contacts?summaryOnly=true")

    assert "PaymentTerms" not in light
    assert full["PaymentTerms"] == {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}}
    assert "IsCustomer" in light
    assert not {"IsCustomer", "IsSupplier", "Addresses"} & set(summary)
