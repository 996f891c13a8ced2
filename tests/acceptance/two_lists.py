"""A company of 500 customers whose accountant knows 60 of them, spelled as accountants do,
and some who only look like one of them; who is who is known."""

from dataclasses import dataclass
from typing import Any

from customers.models import Contact
from tests.builders import make_customer
from tests.lists.contacts import make_lists

SEED = 5
OURS, BOTH, LOOK_ALIKES, ONLY_THERE = 500, 60, 10, 20
# Of every so many that both know the accountant has no more than the name.
NAME_ALONE = 4
Row = dict[str, Any]


@dataclass(frozen=True)
class TwoLists:
    """``twins``: by the id of a row of ours, what the same one is called in Xero."""

    ours: list[Row]
    theirs: list[Row]
    twins: dict[str, str]

    def put_here(self) -> dict[int, str]:
        """By the keys of our contacts: the names of their twins."""
        made = {row["id"]: _customer(row).pk for row in self.ours}
        return {made[row_id]: name for row_id, name in self.twins.items()}


def two_lists() -> TwoLists:
    """Nobody stands on either side twice, and nobody is archived. Only ours are numbered,
    each number once."""
    lists = make_lists(SEED, OURS + 60, shared_numbering=False)
    ours = _once(lists.ours, lists.party_here, "id")[:OURS]
    here = {lists.party_here[row["id"]]: row["id"] for row in ours}
    theirs = _once(lists.theirs, lists.party_there, "ContactID")
    party = lists.party_there
    both = [row for row in theirs if party[row["ContactID"]] in here][:BOTH]
    strangers = [row for row in theirs if party[row["ContactID"]] not in here]
    alike = [row for row in strangers if _looks_like_one_of(ours, row)][:LOOK_ALIKES]
    others = [row for row in strangers if row not in alike][:ONLY_THERE]
    assert (len(ours), len(both), len(alike)) == (OURS, BOTH, LOOK_ALIKES)
    twins = {here[party[row["ContactID"]]]: row["Name"] for row in both}
    books = [
        *(
            _name_alone(row) if at % NAME_ALONE == 0 else row
            for at, row in enumerate(both)
        ),
        *alike,
        *others,
    ]
    bare = [row | {"ContactID": "", "AccountNumber": ""} for row in books]
    return TwoLists([_numbered(row) for row in ours], bare, twins)


def _once(rows: list[Row], party: dict[str, int], key: str) -> list[Row]:
    """The first record of each that is in use, each name once."""
    found: dict[int, Row] = {}
    names: set[str] = set()
    for row in rows:
        name = str(row.get("name") or row.get("Name")).casefold()
        is_archived = row.get("archived") or row.get("ContactStatus") == "ARCHIVED"
        if not is_archived and name not in names and party[row[key]] not in found:
            found[party[row[key]]] = row
            names.add(name)
    return list(found.values())


def _looks_like_one_of(ours: list[Row], row: Row) -> bool:
    """Of one family or company, or with the same email or phone."""
    return any(
        _telling(one["name"]) & _telling(row["Name"])
        or (row["EmailAddress"] and one["email"] == row["EmailAddress"])
        for one in ours
    )


def _telling(name: str) -> set[str]:
    """A first and a last word together."""
    words = name.casefold().replace(",", " ").split()
    return {" ".join(words[:2])} if len(words) > 1 else set()


def _name_alone(row: Row) -> Row:
    """As a bookkeeper types somebody in for one bill."""
    return {
        "ContactStatus": "ACTIVE",
        "Name": row["Name"],
        "IsCustomer": True,
    }


def _numbered(row: Row) -> Row:
    return row | {"account_no": f"C{row['id'].removeprefix('L').zfill(4)}"}


def _customer(row: Row) -> Contact:
    return make_customer(
        row["name"],
        account_number=row["account_no"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        email=row["email"],
        phone=row["phone"],
        mobile=row["mobile"],
        tax_number=row["tax_number"],
        billing_line1=row["address1"],
        billing_city=row["town"],
        billing_region=row["county"],
        billing_postcode=row["postcode"],
        billing_country=row["country"],
    )
