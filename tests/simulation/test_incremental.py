"""A run that plans by revision plans what one that looks at everything would."""

from collections.abc import Callable
from unittest import mock

from django.db import transaction
from django.utils import timezone

from tests.simulation.people import People
from tests.simulation.theatre import Theatre
from tests.simulation.world import PERSON, World
from xero_sync.models import PlannedChange, SyncIssue, SyncRun, XeroConnection
from xero_sync.runs import runner
from xero_sync.runs.requests import sync_now
from xero_sync.steps import planning
from xero_sync.steps.context import Context
from xero_sync.steps.planning import make_plan

HISTORIES, ROUNDS, EDITS = 20, 2, 6
OURS = (
    *("new_contact", "change_contact", "change_contact", "archive_contact"),
    *("restore_contact", "new_item", "change_item", "archive_item", "new_invoice"),
    *("approve_invoice", "cancel_invoice"),
)
THEIRS = (
    *("xero_new_contact", "xero_change_contact", "xero_change_contact"),
    *("xero_archive_contact", "xero_unarchive_contact", "xero_merge_contacts"),
    *("xero_new_item", "xero_change_item", "xero_delete_item", "xero_pay"),
    "xero_void",
)
COLUMNS = (
    *("kind", "direction", "action", "reason", "local_id", "xero_id", "revision"),
    *("code", "field_name", "details", "fields", "losers"),
)
Plan = list[str]


def what_is_planned(run: SyncRun) -> Plan:
    """What is left out is not kept."""
    changes = PlannedChange.objects.filter(run=run).values_list(*COLUMNS)
    issues = SyncIssue.objects.open().values_list("subject", "code", "details")
    return sorted(map(str, [*changes, *issues]))


class BothWays:
    """Plans in full, takes that back, and plans as the run would."""

    def __init__(self) -> None:
        self.seen: list[tuple[Plan, Plan]] = []

    def __call__(self, ctx: Context) -> None:
        assert not planning.plans_everything(ctx)
        with transaction.atomic():
            with mock.patch.object(planning, "plans_everything", return_value=True):
                make_plan(ctx)
            full = what_is_planned(ctx.run)
            transaction.set_rollback(True)
        make_plan(ctx)
        self.seen.append((what_is_planned(ctx.run), full))


def edits(world: World, people: People) -> list[str]:
    return [
        people.act(world.chance.choice(world.chance.choice((OURS, THEIRS))))
        for _ in range(world.chance.randint(1, EDITS))
    ]


def play(theatre: Theatre, seed: int, look: Callable[[World], None]) -> None:
    with transaction.atomic(), World(f"incremental {seed}") as world:
        world.begin_in(theatre.starts[1 if seed % 3 else 3])
        look(world)
        transaction.set_rollback(True)


def test_by_revision_the_plan_is_that_of_everything(theatre: Theatre) -> None:
    compared = busy = 0
    for seed in range(HISTORIES):
        both_ways = BothWays()
        said: list[str] = []

        def rounds(world: World, said: list[str] = said) -> None:
            people = People(world)
            for _ in range(ROUNDS):
                said.extend(edits(world, people))
                world.clock.advance(60)
                today = timezone.localdate()
                XeroConnection.objects.update(full_compare_on=today)
                sync_now(by=PERSON)
                world.work_off()

        with mock.patch.object(runner, "make_plan", both_ways):
            play(theatre, seed, rounds)
        for in_question, full in both_ways.seen:
            assert in_question == full, "\n".join([f"seed {seed}", *said])
            compared += 1
            busy += bool(full)
    assert compared >= HISTORIES * ROUNDS
    assert busy > HISTORIES
