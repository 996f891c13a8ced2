"""Pairs of the queue, for tests that need no plan."""

from itertools import count
from typing import Any
from uuid import uuid4

from customers.models import Contact
from tests.builders import make_customer
from tests.xero_sync.rows import mirror_contact
from xero_sync.models import FoundPair, XeroConnection
from xero_sync.outcomes.kinds import Kind

_numbers = count(1)
LIKELY, POSSIBLE, CERTAIN = FoundPair.Strength


def make_pair(
    connection: XeroConnection,
    name: str = "",
    *,
    contact: Contact | None = None,
    xero_id: str = "",
    strength: int = LIKELY,
    group: str = FoundPair.Group.CUSTOMERS,
    theirs: dict[str, Any] | None = None,
    **ours: Any,
) -> FoundPair:
    """Both sides of it and the row; a ``xero_id`` names one that is there already."""
    number = next(_numbers)
    contact = contact or make_customer(name or f"Castle {number:05}", **ours)
    there = {"Name": f"{contact.name} Ltd", **(theirs or {})}
    if not xero_id:
        xero_id = str(uuid4())
        mirror_contact(connection, xero_id, **there)
    return FoundPair.objects.create(
        connection=connection,
        kind=Kind.CONTACT,
        group=group,
        contact=contact,
        xero_id=xero_id,
        name_here=contact.name,
        name_there=there["Name"],
        strength=strength,
        score=10.0,
        reasons=["same phone", "name differs by 'Ltd'"],
    )
