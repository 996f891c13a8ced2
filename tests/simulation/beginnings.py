"""What histories begin in: a small company, connected with Xero or synced once."""

from typing import Any

from tests.builders import (
    line,
    make_contact,
    make_customer,
    make_draft,
    make_invoice,
    make_item,
    make_supplier,
)
from tests.simulation.world import CONFIRMED, PERSON, Start, World
from xero_sync.models import SyncRun
from xero_sync.runs.choices import change_settings
from xero_sync.runs.requests import start_first_sync

BOOKS: dict[str, Any] = {
    "Contacts": [
        {
            "Name": "Alder Heating",
            "AccountNumber": "A1",
            "EmailAddress": "office@alder.example",
            "IsCustomer": True,
        },
        {
            "Name": "Quarry Stone Ltd",
            "EmailAddress": "q@quarry.example",
            "IsSupplier": True,
        },
        {"Name": "Fern Cottage", "IsCustomer": True},
        {"Name": "Neither Nor"},
    ],
    "Items": [
        {"Code": "VALVE", "Name": "Valve", "SalesDetails": {"UnitPrice": 12}},
        {"Code": "XTRA", "Name": "From Xero only"},
    ],
}


def begin_company() -> None:
    """A small company: some of it is in Xero as well, some of it Xero will refuse."""
    alder = make_customer("Alder Heating Limited", account_number="A1")
    birch = make_customer("Birch & Sons", email="birch@birch.example")
    make_customer("Cedar Lodge", email="not an address")
    make_supplier("Dale Pipes", email="sales@dale.example")
    make_contact("Elm (asked for a quote)")
    valve = make_item("VALVE", name="Valve")
    boiler = make_item("BOIL", name="Boiler")
    make_invoice(alder, [line("120.00", item=valve), line("33.33", "3")])
    make_invoice(birch, [line("9.99", "7", item=boiler)])
    make_draft(birch, [line("50.00")])


def connected_world(world: World, *, xero_is_empty: bool) -> Start:
    begin_company()
    if not xero_is_empty:
        assert world.in_xero("books", **BOOKS)
    world.connect()
    change_settings(CONFIRMED, by=PERSON)
    return world.as_start()


def synced_world(world: World) -> Start:
    start_first_sync(by=PERSON)
    world.work_off()
    run = SyncRun.objects.get()
    assert run.state == SyncRun.State.FINISHED, (run.state, run.problem)
    world.messages.clear()
    world.clock.advance(60)
    return world.as_start()
