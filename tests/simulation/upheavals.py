"""What changes around the sync while it works: whom it may speak to, which version of it
runs, what time it is."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.simulation.people import People
from tests.simulation.world import CONFIRMED, PERSON, World
from xero_sync import tasks
from xero_sync.models import ContactLink, Intent, ItemLink, PlannedChange
from xero_sync.runs.choices import change_settings
from xero_sync.runs.connecting import disconnect
from xero_sync.runs.requests import start_first_sync
from xero_sync.runs.starting_again import start_again, stay_as_it_was

# British summer time ends.
SWITCH = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
OTHER_BOOKS = {
    "Contacts": [{"Name": "Alder Heating", "AccountNumber": "A1", "IsCustomer": True}],
    "Items": [{"Code": "VALVE", "Name": "Valve"}],
}
# Our column, and the draft's name for it.
FORGETTABLE = {"first_name": "first_name", "billing_city": "address_city"}


class Upheavals:
    """A part of ``History``."""

    world: World
    people: People
    chance: Random

    # --- whom we may speak to ---

    def disconnect(self) -> str:
        connection = self.world.connection
        if connection is None or not connection.is_connected:
            return ""
        disconnect(by=PERSON)
        return "disconnected here"

    def organisation_closed(self) -> str:
        """Of the organisations that were opened for us, ours is taken away."""
        self.world.open_another()
        identity = self.world.ledger.identity
        ours = identity.connection("practice-client", self.world.tenant)
        if ours is None:
            return ""
        identity.connections.remove(ours.connection_id)
        self.world.ledger.commit()
        return "in Xero: ours of two organisations is closed to us"

    def consent_for_another(self) -> str:
        """It is set aside, and nothing comes of it."""
        before = self.world.connection
        if before is None or before.first_sync_done_at is None:
            return ""
        other = self.world.open_another()
        found = self.world.consent(other.tenant_id, another=True)
        now = self.world.connection
        assert now is not None
        assert (now.pk, now.tenant_id) == (before.pk, before.tenant_id)
        assert not found.is_current
        if self.chance.random() < 0.5:
            stay_as_it_was()
        return "consent for another organisation, set aside"

    def start_again(self) -> str:
        """With another organisation, and from the first sync on."""
        before = self.world.connection
        if before is None or before.first_sync_done_at is None:
            return ""
        other = self.world.open_another()
        candidate = self.world.consent(other.tenant_id, another=True)
        self.world.move_to(other)
        self.people.edits.agreed()
        start_again(candidate, other.tenant_id, by=PERSON)
        change_settings(CONFIRMED, by=PERSON)
        start_first_sync(by=PERSON)
        return f"started again with {other.profile.name}"

    def refreshers_meet(self) -> str:
        """A worker and whoever keeps the permission alive renew at one moment."""
        connection = self.world.connection
        if connection is None or not connection.is_connected:
            return ""
        self.world.clock.advance(25 * 3600)
        said = self.people.act("press_sync")
        world, processes = self.world, self.world.processes
        rate, processes.pause_rate = processes.pause_rate, 1.0
        two = [
            processes.start("work", tasks.work_on_sync),
            processes.start("keep", lambda: tasks.keep_connection_alive(connection.pk)),
        ]
        for _ in range(12):
            awake = [one for one in two if not one.dead]
            if awake:
                processes.resume(self.chance.choice(awake))
        processes.pause_rate = rate
        world.messages.clear()
        return f"a day later: {said}, and two renew at once"

    # --- which version runs ---

    def deploy(self) -> str:
        """Another version takes over in the middle, with other settings of the process.
        What the one before left lies there as that one wrote it."""
        killed = len(self.world.processes.alive)
        self.world.processes.kill_all()
        batch, seconds = self.chance.choice((2, 50)), self.chance.choice((3, 60))
        self.world.configure(XERO_BATCH=batch, XERO_SLICE=timedelta(seconds=seconds))
        for links in (ContactLink, ItemLink):
            links._default_manager.update(remote_digest="of another version")
        self._forget_a_field()
        for row in (*Intent.objects.exclude(state="settled"), *_planned()):
            _write_as_another(row)
        return (
            f"another version: {killed} workers end, batches of {batch}, slices of "
            f"{seconds} s"
        )

    def _forget_a_field(self) -> None:
        """One that the version before did not know; and it knew one that we do not."""
        links = list(ContactLink.objects.order_by("pk"))
        if not links:
            return
        link = self.chance.choice(links)
        column = self.chance.choice(list(FORGETTABLE))
        draft = {**link.base.get("draft", {}), "novelty": "of another version"}
        draft.pop(FORGETTABLE[column], None)
        ContactLink.objects.filter(pk=link.pk).update(
            base={**link.base, "draft": draft}
        )
        self.people.edits.forgotten.add(("contact", str(link.record_id), column))

    # --- what time it is ---

    def clocks_go_back(self) -> str:
        """The hour from one to two comes twice."""
        before = SWITCH - timedelta(seconds=self.chance.choice((3, 40, 1800)))
        if self.world.clock.moment >= before:
            return ""
        self.world.clock.set(before)
        return f"it is {before:%d %B %H:%M:%S}, and summer time ends"


def _planned() -> Any:
    return PlannedChange.objects.filter(state="planned")


def _write_as_another(row: Any) -> None:
    if isinstance(row, Intent):
        row.members = [{**member, "novelty": 1} for member in row.members]
        row.save(update_fields=["members"])
        return
    row.fields = [{**change, "novelty": 1} for change in row.fields]
    row.details = {**row.details, "novelty": "1"}
    row.save(update_fields=["fields", "details"])
