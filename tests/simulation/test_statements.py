"""How many statements a page that is read and a part that is planned cost: as many for a
long one as for a short one."""

from collections.abc import Callable
from unittest import mock

import pytest
from django.db import connection as database
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Contact
from customers.services import change_contact
from invoicing.models import Invoice
from tests.builders import line, make_customer, make_invoice
from tests.simulation.theatre import Theatre
from tests.simulation.world import PERSON, World
from xero_sync.models import MirrorRecord, SyncIssue, XeroConnection
from xero_sync.runs import runner
from xero_sync.runs.requests import sync_now
from xero_sync.steps.context import Context

Prepare = Callable[[World, int], None]
FEW, MANY = 4, 60
# All of them: the press of the button, the tick, the calls, the report.
IDLE = 160


def new_in_xero(world: World, count: int) -> None:
    rows = [
        {"Name": f"Quarry {word}", "IsCustomer": True}
        for word in (f"{number:03}" for number in range(count))
    ]
    assert world.in_xero("books", Contacts=rows)


def refused_here(world: World, count: int) -> None:
    for number in range(count):
        make_customer(f"Castle {number:03}", email="not an address")


def changed_here(world: World, count: int) -> None:
    new_in_xero(world, count)
    sync(world)
    for contact in Contact.objects.filter(name__startswith="Quarry"):
        change_contact(contact, {"phone": "028 1"}, by=PERSON)


def invoiced(world: World, count: int) -> None:
    customer = Contact.objects.filter(is_customer=True).earliest("pk")
    for _ in range(count):
        make_invoice(customer, [line("10.00")])


def sync(world: World) -> None:
    world.clock.advance(60)
    XeroConnection.objects.update(full_compare_on=timezone.localdate())
    sync_now(by=PERSON)
    world.work_off()


def cost(theatre: Theatre, work: str, prepare: Prepare, count: int) -> int:
    """The statements of one part of the engine's work, in a sync of so many records."""
    real: Callable[..., object] = getattr(runner, work)
    costs: list[int] = []

    def counted(ctx: Context, *options: object) -> None:
        with CaptureQueriesContext(database) as queries:
            real(ctx, *options)
        costs.append(len(queries))

    with transaction.atomic(), World(f"{work} {count}") as world:
        world.begin_in(theatre.starts[1])
        prepare(world, count)
        with mock.patch.object(runner, work, counted):
            sync(world)
        assert looked_at(prepare) >= count
        transaction.set_rollback(True)
    return costs[0]


def looked_at(prepare: Prepare) -> int:
    if prepare is refused_here:
        return SyncIssue.objects.open().filter(title__startswith="Castle").count()
    if prepare is invoiced:
        return Invoice.objects.filter(xero_links__isnull=False).count()
    rows = MirrorRecord.objects.filter(kind="contact")
    return rows.filter(payload__Name__startswith="Quarry").count()


def test_a_long_page_costs_no_more_statements(theatre: Theatre) -> None:
    long = cost(theatre, "observe", new_in_xero, MANY)

    assert long <= cost(theatre, "observe", new_in_xero, FEW)


@pytest.mark.parametrize("prepare", [new_in_xero, refused_here, changed_here, invoiced])
def test_a_long_part_costs_no_more_statements(
    theatre: Theatre, prepare: Prepare
) -> None:
    long = cost(theatre, "make_plan", prepare, MANY)

    assert long <= cost(theatre, "make_plan", prepare, FEW)


def test_a_sync_with_nothing_to_do_costs_few_statements(theatre: Theatre) -> None:
    with transaction.atomic(), World("idle") as world:
        world.begin_in(theatre.starts[1])
        sync(world)
        sync(world)
        with CaptureQueriesContext(database) as queries:
            sync(world)
        transaction.set_rollback(True)

    assert len(queries) <= IDLE
