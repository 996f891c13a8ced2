"""What happens to workers, messages, clocks and connections."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from customers.models import Contact
from fieldops.common.prepared import prepared
from tests.simulation import backup
from tests.simulation.edits import Key
from tests.simulation.people import People
from tests.simulation.processes import Worker
from tests.simulation.world import PERSON, World
from xero_sync.models import SyncRun
from xero_sync.runs.brake import Answer, answer_question
from xero_sync.sandbox.faults import Fault

# How often workers that pause are let go on within one sync.
PATIENCE = (0, 10, 60)
# More than a handful: the brake asks.
MANY = 7


@dataclass(frozen=True)
class Kept:
    """A backup, and what was true when it was taken."""

    tables: backup.Backup
    taken_at: datetime
    tenant: str
    forgotten: frozenset[Key]


class Circumstances:
    """A part of ``History``."""

    world: World
    people: People
    chance: Random
    _backup: Kept | None = None

    def time_passes(self) -> str:
        seconds = self.chance.choice((1, 20, 60, 200, 700, 3700, 90_000))
        self.world.clock.advance(seconds)
        return f"{seconds} s pass"

    def hour_passes(self) -> str:
        """Longer than an access token lives."""
        self.world.clock.advance(3700)
        return "an hour passes"

    def tick(self) -> str:
        return self._resumed(self.world.tick(), "tick")

    def sync_at_once(self) -> str:
        """Somebody presses, workers are there, and now and then they get far."""
        said = [self.people.act("press_sync"), self.deliver() or self.tick()]
        if not self.world.due_messages():
            # Nobody is woken twice at once.
            self.world.clock.advance(31)
            said.append(self.tick())
        for _ in range(self.chance.choice(PATIENCE)):
            said.append(self.resume() or self.deliver())
            if not said[-1]:
                break
        return "; ".join(filter(None, said))

    def rename_many(self) -> str:
        """So many on one side that the sync asks first."""
        linked = Contact.objects.filter(is_archived=False, xero_links__isnull=False)
        for _ in range(MANY - linked.count()):
            self.people.act("new_contact")
        self.sync_in_peace()
        people, in_xero = self.people, self.chance.random() < 0.5
        contacts = list(linked.order_by("pk"))
        for number, contact in enumerate(contacts):
            name = f"Renamed {number} of {self.world.clock.moment:%d %H:%M:%S}"
            if in_xero:
                people.type_there(contact.xero_links.get().xero_id, "name", name)
            else:
                people.type_in(contact, "name", name)
        return f"{len(contacts)} contacts renamed {'in Xero' if in_xero else 'here'}"

    def undo_run(self) -> str:
        """Mostly when no other is under way."""
        if self.chance.random() < 0.7:
            self.sync_in_peace()
        said = self.people.act("undo_run")
        if said and self.chance.random() < 0.5:
            said += self._calls_run_out()
        return said and f"{said}; {self.deliver()}"

    def _calls_run_out(self) -> str:
        """Somewhere in the middle; it goes on more than an hour later."""
        limit = Fault(
            kind="rate_limit",
            method="POST",
            problem="day",
            retry_after=3700,
            chance=0.4,
        )
        self.world.ledger.faults.switch_on(limit)
        self.world.faults.note("limit_day")
        return ", with few calls left"

    def sync_in_peace(self) -> str:
        """Whatever else goes wrong in this history, one sync gets through."""
        world, processes = self.world, self.world.processes
        on, rate, mortal = world.faults.on, processes.pause_rate, processes.is_mortal
        world.faults.on, processes.pause_rate, processes.is_mortal = False, 0.0, False
        while processes.alive:
            processes.resume(processes.alive[0])
        said = self.people.act("press_sync")
        for _ in range(3):
            world.work_off()
            world.clock.advance(61)
        world.faults.on, processes.pause_rate, processes.is_mortal = on, rate, mortal
        return f"in peace: {said}"

    def deliver(self) -> str:
        due = self.world.due_messages()
        if not due:
            return ""
        message = self.chance.choice(due)
        self.world.messages.remove(message)
        return self._resumed(self.world.deliver(message), f"deliver {message.task}")

    def deliver_twice(self) -> str:
        if not self.world.messages:
            self.people.act("press_sync")
        if not self.world.messages:
            return ""
        message = self.chance.choice(self.world.messages)
        self.world.messages.append(message)
        return f"{message.task} is doubled"

    def lose_message(self) -> str:
        if not self.world.messages:
            self.people.act("press_sync")
        lost = len(self.world.messages)
        self.world.messages.clear()
        return f"{lost} messages are lost" if lost else ""

    def resume(self) -> str:
        alive = self.world.processes.alive
        if not alive:
            return ""
        worker = self.chance.choice(alive)
        return self._resumed(worker, f"{worker.name} goes on")

    def stop_past_the_lease(self) -> str:
        said = "" if self.world.processes.alive else self._stand_still()
        if not self.world.processes.alive:
            return said
        self.world.clock.advance(95)
        self.world.messages.clear()
        return f"{said}; all stand still for 95 s; {self.tick()}"

    def all_die(self) -> str:
        if not self.world.processes.alive:
            self._stand_still()
        count = len(self.world.processes.alive)
        self.world.processes.kill_all()
        return f"{count} workers are killed" if count else ""

    def _stand_still(self) -> str:
        """A worker has begun, and does not go on."""
        processes = self.world.processes
        rate, processes.pause_rate = processes.pause_rate, 0.5
        said = f"{self.people.act('press_sync')}; {self.deliver()}"
        processes.pause_rate = rate
        return said

    def clock_jumps(self) -> str:
        hours = self.chance.choice((-1, 1, 0))
        self.world.clock.jump(timedelta(hours=hours))
        self.world.wire.asked_to_wait = None
        return f"our clock is {hours} h ahead of Xero's"

    def permission_removed(self) -> str:
        self.world.ledger.identity.end_refresh_tokens()
        self.world.ledger.identity.expire_access_tokens()
        self.world.ledger.commit()
        return "permission removed in Xero"

    def reconnect(self) -> str:
        connection = self.world.connection
        if connection is None or connection.is_connected:
            return ""
        self.world.connect()
        return "reconnected"

    def answer_question(self) -> str:
        return self.answer(self.chance.choice(list(Answer)))

    def answer(self, answer: Answer) -> str:
        """To the brake's question."""
        run = next(iter(_runs_that_ask()), None)
        if run is None:
            return ""
        answer_question(run, answer, by=PERSON)
        return f"run {run.pk} asks: {answer}"

    def back_up(self) -> str:
        if self.world.processes.alive or self._backup:
            return ""
        self._backup = Kept(
            backup.take(),
            self.world.clock.moment,
            self.world.tenant,
            frozenset(self.people.edits.forgotten),
        )
        return "backup taken"

    def restore_backup(self) -> str:
        if self._backup is None:
            return ""
        kept = self._backup
        if kept.tenant != self.world.tenant:
            return ""
        self.world.processes.kill_all()
        self.world.messages.clear()
        backup.put_back(kept.tables)
        # What Xero asked us since is not in it, nor what we were about to ask.
        self.world.wire.asked_to_wait = None
        self.world.wire.counted_from = len(self.world.wire.calls)
        self.people.edits.agreed()
        self.people.edits.forgotten.update(kept.forgotten)
        self.world.orphans_from = (kept.taken_at, self.world.clock.moment)
        self._backup = None
        return f"backup of {kept.taken_at} put back"

    def storm(self) -> str:
        """Sync after sync within a minute: the limit is near."""
        for _ in range(14):
            self.people.act("press_sync")
            self.world.work_off()
        return "sync pressed 14 times, one after the other"

    def _resumed(self, worker: Worker, said: str) -> str:
        self.world.processes.resume(worker)
        return said


@prepared
def _runs_that_ask() -> QuerySet[SyncRun]:
    return SyncRun.objects.filter(state=SyncRun.State.ASKING).order_by("pk")
