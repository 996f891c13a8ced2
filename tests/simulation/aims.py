"""Histories aimed at one fence: the same world, with what that fence is there against
made likelier, and what only that fence stands against."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from customers.models import Contact
from tests.simulation.history import History
from tests.simulation.mutations import Aim
from tests.simulation.processes import Worker
from tests.simulation.violations import Violation
from xero_sync.models import Intent


class Aimed(History):
    """Set ``aim`` in a subclass; an empty one is a history as ever."""

    aim = Aim()

    def go_wrong(self) -> None:
        if not self.aim.events:
            super().go_wrong()
            return
        self.recoded: dict[str, str] = {}
        self.world.faults.armed = dict(self.aim.faults)
        self.world.faults.on = True
        self.world.processes.pause_rate = self.aim.pauses

    def course(self) -> Iterable[str]:
        if not self.aim.events:
            return super().course()
        names, weights = list(self.aim.events), list(self.aim.events.values())
        return self.chance.choices(names, weights, k=self.length)

    def do(self, action: str) -> None:
        super().do(action)
        if self.aim.events:
            self._nothing_is_made_twice()

    def heal(self) -> None:
        super().heal()
        if self.aim.events:
            self._nothing_is_made_twice()

    # --- events of aimed histories only ---

    def xero_recodes_item(self) -> str:
        """Somebody gives an item another code, that we have made and may not know of."""
        wire = self.world.wire
        rows = [one for one in self.world.ledger.home.items if one.item_id in wire.made]
        rows = [one for one in rows if one.item_id not in self.recoded.values()]
        if not rows:
            return ""
        item: Any = rows[-1]
        self.recoded[item.code] = item.item_id
        done = self.world.in_xero(
            "item/change", item=item.item_id, Code=f"R{len(wire.calls)}"
        )
        return f"in Xero: {item.code} has another code" if done else ""

    def item_recoded_under_way(self) -> str:
        """A new item goes up, and has another code before anybody has read the answer."""
        return self._under_way("new_item", self.xero_recodes_item)

    def item_recoded_unanswered(self) -> str:
        """And the first answer is lost on the way."""
        faults, recoded = self.world.faults, [""]

        def lose_the_answer_and_recode() -> str:
            recoded[0] = recoded[0] or self.xero_recodes_item()
            sent = Intent.objects.filter(method="PUT", state=Intent.State.SENT)
            is_first = sent.exists() and not recoded[0]
            faults.armed = {"answer_lost": 1.0} if is_first else {}
            return ""

        said = self._under_way("new_item", lose_the_answer_and_recode)
        faults.armed = {}
        return f"{said}; {recoded[0]}"

    def item_recoded_in_power_cut(self) -> str:
        """And nobody ever reads it."""

        def recode_and_cut_off() -> str:
            recoded = self.xero_recodes_item()
            return f"{recoded}; {self.all_die()}" if recoded else ""

        return self._under_way("new_item", recode_and_cut_off)

    def contact_typed_under_way(self) -> str:
        """A contact is on its way, and people go on typing."""

        typed: set[int] = set()

        def type_while_it_is_sent() -> str:
            under_way = Intent.objects.filter(kind="contact", state=Intent.State.SENT)
            intent = under_way.exclude(pk__in=typed).first()
            if intent is None or not self.world.wire.calls[-1].writes:
                return ""
            typed.add(intent.pk)
            ids = [member["local_id"] for member in intent.members]
            return self.people.type_into(Contact.objects.get(pk=ids[0]))

        return self._under_way("change_contact", type_while_it_is_sent)

    def _under_way(self, first: str, meanwhile: Callable[[], str]) -> str:
        """A sync step by step, and what is done at each step."""
        world = self.world
        said = [self.people.act(first), self.people.act("press_sync")]
        world.processes.pause_rate = 1.0
        said += self._step_by_step(world.tick(), meanwhile)
        for _ in range(3):
            due = world.due_messages()
            if due:
                world.messages.remove(due[0])
                said += self._step_by_step(world.deliver(due[0]), meanwhile)
        world.processes.pause_rate = self.aim.pauses
        return "; ".join(filter(None, said))

    def _step_by_step(
        self, worker: Worker, meanwhile: Callable[[], str]
    ) -> Iterator[str]:
        while not worker.dead:
            self.world.processes.resume(worker)
            yield meanwhile()

    def xero_changes_around_a_second(self) -> str:
        """One at the end of a second, one in the next, and a run that may see only the
        later one yet."""
        clock, said = self.world.clock, []
        clock.advance(1.8 - clock.moment.microsecond / 1_000_000)
        for seconds in (0.3, 0.1):
            said.append(self.people.act("xero_change_contact"))
            clock.advance(seconds)
        return "; ".join(filter(None, [*said, self.sync_at_once()]))

    def minute_of_syncs(self) -> str:
        """So many that more than a minute's calls are wanted."""
        for _ in range(22):
            self.people.act("press_sync")
            self.world.work_off()
        return "sync pressed 22 times, one after the other"

    # --- 3, where the code does not tell any more ---

    def _nothing_is_made_twice(self) -> None:
        made = self.world.wire.made
        for item in self.world.ledger.home.items:
            first = self.recoded.get(item.code)
            if item.item_id in made and first not in (None, item.item_id):
                raise Violation(3, f"item {item.code} was made twice")


def aimed_at(aim: Aim) -> type[History]:
    return type("AimedHistory", (Aimed,), {"aim": aim})
