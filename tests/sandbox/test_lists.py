"""Lists: where, order, paging, ids, changed-since, archived rows."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.conftest import Books
from xero_sync.sandbox.errors import QueryInvalid
from xero_sync.sandbox.where import parse_where

PEOPLE = ("Zoë Zimmer", "ann Abbott", 'Bob\'s "Best" Ltd', "Carl Ltd")


@pytest.fixture
def people(books: Books) -> Books:
    for place, name in enumerate(PEOPLE):
        element = {"Name": name, "ContactNumber": f"n{place}"}
        if place == 1:
            element["EmailAddress"] = "ann@abbott.example"
        books.made("/Contacts", element)
        books.clock.advance(seconds=10)
    return books


def found(books: Books, where: str) -> list[str]:
    return [row["Name"] for row in books.rows(f"/Contacts?where={quote(where)}")]


@pytest.mark.parametrize(
    ("where", "places"),
    [
        ('Name=="Ann Abbott"', [1]),
        ('Name="ANN ABBOTT"', [1]),
        ('Name!="Carl Ltd"', [0, 1, 2]),
        ('Name=="zoe zimmer"', [0]),
        ('Name=="Bob\'s ""Best"" Ltd"', [2]),
        ('Name.Contains("LTD")', [2, 3]),
        ('Name.StartsWith("c")', [3]),
        ('Name.ToLower().EndsWith("abbott")', [1]),
        ("EmailAddress==null", [0, 2, 3]),
        ('EmailAddress!=null AND EmailAddress.StartsWith("ann")', [1]),
        ('ContactNumber=="n0" OR ContactNumber=="n3"', [0, 3]),
        (
            'ContactNumber=="n0" || (Name.Contains("ltd") && ContactNumber=="n2")',
            [0, 2],
        ),
        ("IsCustomer==true", []),
        ("IsCustomer==false and IsSupplier==false", [0, 1, 2, 3]),
        ('ContactStatus=="ACTIVE"', [0, 1, 2, 3]),
        ("UpdatedDateUTC>=DateTime(2026,06,01,12,0,20)", [2, 3]),
        ("UpdatedDateUTC<DateTime(2026,06,01)", []),
    ],
)
def test_where(people: Books, where: str, places: list[int]) -> None:
    assert found(people, where) == [PEOPLE[place] for place in places]


def test_where_by_guid_and_through_the_contact(people: Books) -> None:
    row = people.rows("/Contacts")[3]
    guid = row["ContactID"]
    people.made("/Invoices", {"Type": "ACCREC", "Contact": {"ContactID": guid}})
    people.made("/Invoices", {"Type": "ACCREC", "Contact": {"Name": PEOPLE[0]}})

    def count(where: str) -> int:
        return len(people.rows(f"/Invoices?where={quote(where)}"))

    assert found(people, f'ContactID==Guid("{guid.upper()}")') == [PEOPLE[3]]
    assert count(f'Contact.ContactID==guid("{guid}")') == 1
    assert count('Contact.Name=="carl ltd" AND Type=="ACCREC"') == 1
    assert count("Total>0") == 0
    assert count("AmountDue>=0 AND Date>DateTime(2026,05,31)") == 2


@pytest.mark.parametrize(
    "where",
    [
        "Name==",
        'Name=="a\\"b"',
        "Name==(",
        "Nonsense==1",
        'Name.Sounds("x")',
        'Name=="a" OR',
        'ContactID==Guid("no")',
        "Name>1",
    ],
)
def test_a_broken_filter_is_error_16(people: Books, where: str) -> None:
    status, body = people.call("GET", f"/Contacts?where={quote(where)}")

    assert (status, body["ErrorNumber"]) == (400, 16)
    assert body["Type"] == "QueryParseException"


def test_an_unknown_field_is_error_16_without_any_rows(books: Books) -> None:
    status, body = books.call(
        "GET", "/Invoices?where=Contact.ContactID!=null%20AND%20Nmae==1"
    )

    assert (status, body["ErrorNumber"]) == (400, 16)
    assert body["Message"] == "No property or field 'Nmae' exists in type 'Invoice'"


@given(st.text(max_size=40))
def test_no_text_makes_the_parser_fail_otherwise(text: str) -> None:
    try:
        parse_where(text).holds(lambda path: None)
    except QueryInvalid:
        return


def test_order(people: Books) -> None:
    def names(order: str) -> list[str]:
        return [row["Name"] for row in people.rows(f"/Contacts?order={quote(order)}")]

    by_name = [PEOPLE[1], PEOPLE[2], PEOPLE[3], PEOPLE[0]]
    assert names("") == list(PEOPLE)
    assert names("Name") == by_name
    assert names("Name DESC") == by_name[::-1]
    assert names("EmailAddress DESC, UpdatedDateUTC DESC") == [
        PEOPLE[1],
        PEOPLE[3],
        PEOPLE[2],
        PEOPLE[0],
    ]


@pytest.mark.parametrize(
    ("query", "sizes"),
    [
        ("page=1&pageSize=3", (1, 3, 2, 4, 3)),
        ("page=2&pageSize=3", (2, 3, 2, 4, 1)),
        ("page=9&pageSize=3", (9, 3, 2, 4, 0)),
        ("page=1", (1, 100, 1, 4, 4)),
        ("page=1&pageSize=5000", (1, 1000, 1, 4, 4)),
        ("page=1&pageSize=0", (1, 1, 4, 4, 1)),
        ("page=1&page_size=2", (1, 100, 1, 4, 4)),
    ],
)
def test_paging(people: Books, query: str, sizes: tuple[int, ...]) -> None:
    _status, body = people.call("GET", f"/Contacts?{query}")

    pagination = body["pagination"]
    names = ("page", "pageSize", "pageCount", "itemCount")
    assert (*(pagination[name] for name in names), len(body["Contacts"])) == sizes


def test_no_page_no_pagination(people: Books) -> None:
    _status, body = people.call("GET", "/Contacts?pageSize=2")

    assert "pagination" not in body
    assert len(body["Contacts"]) == 4


@pytest.mark.parametrize(
    ("since", "places"),
    [
        ("2026-06-01T12:00:20", [2, 3]),
        ("2026-06-01T12:00:20Z", [2, 3]),
        ("2026-06-01T13:00:21+01:00", [3]),
        ("2026-06-01T12:00:20.900", [2, 3]),
        ("Mon, 01 Jun 2026 12:00:30 GMT", [3]),
        ("2026-06-02", []),
    ],
)
def test_changed_since_is_inclusive_to_the_second(
    people: Books, since: str, places: list[int]
) -> None:
    rows = people.rows("/Contacts", If_Modified_Since=since)

    assert [row["Name"] for row in rows] == [PEOPLE[place] for place in places]


def test_a_since_that_is_no_date_is_412(people: Books) -> None:
    assert people.send("GET", "/Contacts", If_Modified_Since="soon").status == 412


def test_archived_rows_come_only_when_asked_for(people: Books) -> None:
    people.changed("/Contacts", {"ContactNumber": "n0", "ContactStatus": "ARCHIVED"})

    assert len(people.rows("/Contacts")) == 3
    assert len(people.rows("/Contacts", If_Modified_Since="2026-06-01T12:00:40")) == 0
    (row,) = people.rows(
        "/Contacts?includeArchived=true", If_Modified_Since="2026-06-01T12:00:40"
    )
    assert (row["Name"], row["ContactStatus"]) == (PEOPLE[0], "ARCHIVED")


def test_ids_and_search(people: Books) -> None:
    rows = people.rows("/Contacts")
    two = ",".join(row["ContactID"] for row in rows[1:3])

    assert [row["Name"] for row in people.rows(f"/Contacts?IDs={two}")] == [
        *PEOPLE[1:3]
    ]
    assert [r["Name"] for r in people.rows("/Contacts?searchTerm=ABBOTT.ex")] == [
        PEOPLE[1]
    ]


def test_invoice_lists_by_number_contact_and_status(people: Books) -> None:
    contact = people.rows("/Contacts")[0]["ContactID"]
    for number, name in (("A-1", PEOPLE[0]), ("A-2", PEOPLE[1]), ("A-3", PEOPLE[0])):
        people.made(
            "/Invoices",
            {"Type": "ACCREC", "InvoiceNumber": number, "Contact": {"Name": name}},
        )
    people.changed("/Invoices", {"InvoiceNumber": "A-3", "Status": "DELETED"})

    def numbers(query: str) -> list[str]:
        rows = people.rows(f"/Invoices?order=InvoiceNumber&{query}")
        return [row["InvoiceNumber"] for row in rows]

    assert numbers("InvoiceNumbers=a-1,A-3") == ["A-1", "A-3"]
    assert numbers(f"ContactIDs={contact}") == ["A-1", "A-3"]
    assert numbers(f"ContactIDs={contact}&Statuses=DRAFT,PAID") == ["A-1"]
    assert numbers("searchTerm=a-2") == ["A-2"]
