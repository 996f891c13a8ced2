"""The made-up company: the same from the same seed, flawed at known rates, importable."""

import csv
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from customers.models import Contact
from fieldops.demo.books import accountants_books
from fieldops.demo.company import DemoCompany, make_company
from fieldops.demo.files import write_files
from fieldops.imports.kinds import KINDS, import_file
from invoicing.models import Invoice
from stock.models import StockItem
from tests.imports.files import counts

TODAY = date(2026, 11, 21)
FILES = ("contacts.csv", "suppliers.csv", "items.csv", "invoices.csv", "ledger.json")


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return make_company(1, TODAY)


def written(folder: Path, seed: int) -> dict[str, bytes]:
    write_files(make_company(seed, TODAY), folder)
    return {name: (folder / name).read_bytes() for name in FILES}


def test_a_seed_makes_the_same_company_every_time(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", 7), written(tmp_path / "b", 7)
    assert first == second
    other = written(tmp_path / "c", 8)
    assert all(first[name] != other[name] for name in FILES)


def test_another_day_moves_the_dates_and_nothing_else() -> None:
    one, other = make_company(1, TODAY), make_company(1, TODAY + timedelta(days=40))
    assert (one.contacts, one.suppliers, one.goods) == (
        other.contacts,
        other.suppliers,
        other.goods,
    )
    assert [sale.lines for sale in one.sales] == [sale.lines for sale in other.sales]
    assert {
        (later.issued_on - sale.issued_on).days
        for sale, later in zip(one.sales, other.sales, strict=True)
    } == {40}


def test_it_is_of_the_size_of_a_small_company(company: DemoCompany) -> None:
    assert (len(company.contacts), len(company.suppliers)) == (300, 30)
    assert (len(company.goods), len(company.sales)) == (150, 600)
    assert len(company.customers) == 255


def test_the_invoices_are_of_the_last_year_and_numbered_by_date(
    company: DemoCompany,
) -> None:
    days = [sale.issued_on for sale in company.sales]
    assert days == sorted(days)
    assert TODAY - timedelta(days=365) < days[0]
    assert days[-1] < TODAY
    numbers = [sale.number for sale in company.sales]
    assert (numbers[0], numbers[-1]) == ("INV-0401", "INV-1000")
    assert len(set(numbers)) == 600


def test_there_are_discounts_four_places_and_a_mix_of_vat(company: DemoCompany) -> None:
    lines = [line for sale in company.sales for line in sale.lines]
    assert len({line.vat for line in lines}) == 4
    assert 0.05 < sum(line.discount is not None for line in lines) / len(lines) < 0.15
    assert any(line.price != round(line.price, 2) for line in lines)


def test_the_flaws_are_there_at_their_rates(company: DemoCompany) -> None:
    assert [str(flaw) for flaw in company.flaws] == [
        "bad email address: 6 (2 %)",
        "account number used twice: 3 (1 %)",
        "branches that share an email: 2 (one pair)",
        f"accents and apostrophes: {len(company.flaws[3].records)} (3 % and more)",
        "stock name of 65 characters: 1 (one)",
        "stock name of 55 characters: 1 (one)",
        "stock item without a code: 3 (2 %)",
    ]
    numbers = Counter(party.account_number for party in company.contacts)
    assert sorted(times for times in numbers.values() if times > 1) == [2, 2, 2]
    assert sorted(len(good.name) for good in company.goods)[-2:] == [55, 65]
    assert sum(not good.code for good in company.goods) == 3


def test_nothing_rings_and_nothing_arrives(company: DemoCompany) -> None:
    """Telephone numbers are those kept free for drama, addresses are reserved."""
    free = ("0113 496 0", "0114 496 0", "0115 496 0", "0161 496 0", "01632 960 ")
    flawed = set(company.flaws[0].records)
    for party in (*company.contacts, *company.suppliers):
        assert party.phone.startswith(free)
        assert not party.mobile or party.mobile.startswith("07700 900")
        domain = party.email.partition("@")[2]
        if party.email and party.name not in flawed:
            assert domain.endswith((".example", "example.com", "example.net", ".org"))


@pytest.mark.parametrize(("contacts", "items", "invoices"), [(1, 1, 1), (40, 9, 3)])
def test_a_small_company_can_be_made(contacts: int, items: int, invoices: int) -> None:
    made = make_company(3, TODAY, contacts=contacts, items=items, invoices=invoices)
    assert len(made.contacts) == contacts
    assert len(made.goods) == items
    assert len(made.sales) == invoices
    assert accountants_books(made)["Contacts"]


def test_a_large_company_has_no_two_of_one_name_or_code() -> None:
    made = make_company(3, TODAY, contacts=3000, items=1500, invoices=10)
    assert len({party.name.casefold() for party in made.contacts}) == 3000 - 0
    codes = [good.code for good in made.goods if good.code]
    assert len(set(codes)) == len(codes)
    names = Counter(good.name for good in made.goods)
    assert names.most_common(1)[0][1] == 1


# --- the accountant's books ---


@pytest.fixture(scope="module")
def books(company: DemoCompany) -> dict[str, Any]:
    return accountants_books(company)


def test_the_books_overlap_the_records(
    company: DemoCompany, books: dict[str, Any]
) -> None:
    items = {row["Code"] for row in books["Items"]}
    ours = {good.code for good in company.goods}
    assert len(items & ours) == 50
    assert len(items - ours) == 10
    numbers = {row.get("AccountNumber") for row in books["Contacts"]}
    assert (
        50 < len(numbers & {party.account_number for party in company.contacts}) < 120
    )
    names = {row["Name"] for row in books["Contacts"]}
    assert len(names & {party.name for party in company.contacts}) < len(names) / 4


def test_every_shared_contact_keeps_something_to_know_it_by(
    company: DemoCompany, books: dict[str, Any]
) -> None:
    bare = [
        row["Name"]
        for row in books["Contacts"]
        if not row.keys() & {"AccountNumber", "EmailAddress", "Phones", "Addresses"}
    ]
    assert len(bare) == 3
    assert set(bare) <= {party.name for party in company.contacts}


def test_the_books_keep_the_ledgers_own_rules(books: dict[str, Any]) -> None:
    names = [" ".join(row["Name"].split()).casefold() for row in books["Contacts"]]
    numbers = [
        row["AccountNumber"] for row in books["Contacts"] if row.get("AccountNumber")
    ]
    codes = [row["Code"] for row in books["Items"]]
    documents = [row["InvoiceNumber"] for row in books["Invoices"]]
    for values in (names, numbers, codes, documents):
        assert len(set(values)) == len(values)
    assert max(len(row["Name"]) for row in books["Items"]) <= 50
    known = {row["Name"] for row in books["Contacts"]}
    assert {row["Contact"]["Name"] for row in books["Invoices"]} <= known


def test_whoever_sent_a_bill_is_a_supplier(books: dict[str, Any]) -> None:
    suppliers = {row["Name"] for row in books["Contacts"] if row.get("IsSupplier")}
    bills = [row for row in books["Invoices"] if row["Type"] == "ACCPAY"]
    assert {row["Contact"]["Name"] for row in bills} == suppliers


def test_the_books_are_written_with_all_their_digits(tmp_path: Path) -> None:
    paths = write_files(make_company(1, TODAY), tmp_path)
    text = paths["ledger"].read_text()
    books = json.loads(text, parse_float=Decimal)
    assert books == accountants_books(make_company(1, TODAY))


# --- the road of the public ---


@pytest.mark.django_db
def test_the_files_go_in_complete(tmp_path: Path) -> None:
    company = make_company(1, TODAY, contacts=60, items=40, invoices=60)
    paths = write_files(company, tmp_path)
    reports = {
        key: import_file(kind, paths[key].read_bytes(), f"{key}.csv")
        for key, kind in KINDS.items()
    }
    assert {key: counts(report) for key, report in reports.items()} == {
        "contacts": (60, 0, 0, 0),
        "suppliers": (6, 0, 0, 0),
        "items": (40, 0, 0, 0),
        "invoices": (60, 0, 0, 0),
    }
    customers = Contact.objects.customers().values_list("name", flat=True)
    assert set(customers) == {party.name for party in company.customers}
    assert Invoice.objects.approved().count() == 60
    assert StockItem.objects.filter(code="").count() == 1


def test_the_command_writes_the_files_and_names_the_flaws(tmp_path: Path) -> None:
    out = StringIO()
    small = ["--contacts", "20", "--items", "20", "--invoices", "10"]
    call_command(
        "demo_data",
        str(tmp_path),
        "--seed",
        "4",
        "--today",
        "2026-11-21",
        *small,
        stdout=out,
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    with (tmp_path / "contacts.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 20
    assert "  bad email address: 1 (2 %)\n" in out.getvalue()
