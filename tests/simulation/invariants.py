"""What must hold at every step (A) and once all is quiet (Q). The numbers are those of
the list in docs/simulation.md."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection as database
from django.db.models import Min, QuerySet

from customers.models import Contact
from fieldops.common.prepared import prepared
from stock.models import StockItem
from tests.simulation.edits import Edits
from tests.simulation.ends import failures_are_told, successes_close, undos_let_go
from tests.simulation.violations import Violation
from tests.simulation.world import World
from xero_sync.models import (
    ContactLink,
    InvoiceLink,
    ItemLink,
    MirrorRecord,
    PlannedChange,
    SyncCursor,
    SyncIssue,
    SyncRun,
    SyncSettings,
)
from xero_sync.models.runs import SyncRunQuerySet
from xero_sync.outcomes.kept_drafts import draft_to_json
from xero_sync.steps.drafts import contact_draft, item_draft, slots

LINKS: dict[str, Any] = {
    "contact": ContactLink,
    "item": ItemLink,
    "invoice": InvoiceLink,
}
MINUTE, DAY_LIMITS = 60, {"starter": 1000, "core": 5000}
OVER = ("VOIDED", "DELETED")
# Ten minutes may lie between a reading and what was planned on it, then a slice and the
# tries of a call.
READ_TO_WRITTEN = timedelta(minutes=14)


@dataclass
class View:
    """What the checks look at."""

    world: World
    edits: Edits
    judged: set[int] = field(default_factory=set)
    # When a run was undone first.
    undone_at: datetime | None = None
    # Something lies unsent, and has its reason.
    excused: bool = False
    # By rule: what had been written when it last held.
    _held: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def home(self) -> Any:
        return self.world.ledger.home

    def has_news(self, rule: Callable[["View"], None]) -> bool:
        """Whether anything that the rule looks at was written since it last held. Call it
        before the rule: one that does not hold ends the history."""
        if rule not in LOOKS_AT or (self.excused and rule is nothing_unsent_is_clean):
            return True
        written = self.world.processes.written
        wire = self.world.wire
        state = (id(wire), *(written[table] for table in LOOKS_AT[rule]))
        if rule in OF_XEROS:
            state += (wire.written,)
        if self._held.get(rule.__name__) == state:
            return False
        self._held[rule.__name__] = state
        return True

    def was_unlinked(self, kind: str, link: Any) -> bool:
        """Recognised only now: where both had a value, Xero's was taken."""
        return (kind, str(link.record_id)) in self.edits.unlinked

    def connection(self) -> int | None:
        """The current one's id."""
        with database.cursor() as cursor:
            cursor.execute("SELECT id FROM xero_sync_xeroconnection WHERE is_current")
            row: tuple[int] | None = cursor.fetchone()
        return row[0] if row else None

    def links(self, kind: str) -> dict[int, str]:
        return dict(LINKS[kind].objects.values_list("record_id", "xero_id"))

    def runs(self) -> SyncRunQuerySet:
        """Of the organisation that we are with."""
        return SyncRun.objects.filter(connection__is_current=True)

    def was_sent_soon_after(self, xero_id: str, moment: datetime) -> bool:
        """Whether a call of ours changed this record within what a run takes from having
        read it to writing."""
        return any(
            xero_id in call.changes and moment <= call.at <= moment + READ_TO_WRITTEN
            for call in self.world.wire.calls
        )

    def look_for_undos(self) -> None:
        undos = SyncRun.objects.filter(undoes__isnull=False)
        self.undone_at = undos.aggregate(first=Min("created_at"))["first"]

    def met_anew(self, link: Any) -> bool:
        """An undo of a run had taken them apart, or may have."""
        return self.undone_at is not None and link.linked_at >= self.undone_at

    def troubled(self) -> set[tuple[str, Any]]:
        """Records with an open issue, by our id and by Xero's."""
        found: set[tuple[str, Any]] = set()
        for kind, local, xero_id in _open_issues():
            found |= {(kind, local), (kind, xero_id)}
        return found


@prepared
def _rows_of_issues() -> "QuerySet[SyncIssue, Any]":
    return SyncIssue.objects.open().values_list(
        "kind", "contact_id", "item_id", "invoice_id", "xero_id", "details"
    )


def _open_issues() -> Iterator[tuple[str, int | None, str]]:
    for kind, contact, item, invoice, xero_id, details in _rows_of_issues():
        yield kind, contact or item or invoice, xero_id
        for name, value in (details or {}).items():
            if name.endswith("xero_id") and isinstance(value, str):
                yield kind, None, value
            if name.endswith("xero_ids") and isinstance(value, list):
                yield from ((kind, None, one) for one in value)
            if name == "candidates":
                yield from ((kind, None, one) for one in value.split(","))


# --- at every step -----------------------------------------------------------------


def no_link_is_doubled(view: View) -> None:
    """2: on the raw tables, whatever the constraints say."""
    counted = " UNION ALL ".join(
        f"SELECT '{kind} {column}', CAST({column} AS text) "  # noqa: S608
        f'FROM "{model._meta.db_table}" '
        f"GROUP BY connection_id, {column} HAVING count(*) > 1"
        for kind, model in LINKS.items()
        for column in ("record_id", "xero_id")
    )
    with database.cursor() as cursor:
        cursor.execute(counted)
        if rows := cursor.fetchall():
            raise Violation(2, f"links are doubled: {rows}")


def nothing_is_twice_in_xero(view: View) -> None:
    """3: counted in Xero's books, not in ours."""
    home = view.home
    numbers = Counter(row.contact_number for row in home.contacts if row.contact_number)
    codes = Counter(row.code.casefold() for row in home.items)
    sales = Counter(
        row.invoice_number.casefold()
        for row in home.invoices
        if row.type == "ACCREC" and row.invoice_number and row.status != "DELETED"
    )
    for kind, counted in (("contact", numbers), ("item", codes), ("invoice", sales)):
        if twice := [key for key, count in counted.items() if count > 1]:
            raise Violation(3, f"{kind} twice in Xero: {twice}")


def nothing_unsent_is_clean(view: View) -> None:
    """7: where the link says "in step at this revision", it is what was agreed."""
    settings = SyncSettings.current()
    view.excused = False
    for link in _linked_contacts():
        if link.record.is_archived or link.base_slots != slots(settings):
            continue
        if link.revision == link.record.revision:
            ours = draft_to_json(contact_draft(link.record, settings))
            _is_clean(view, "contact", link, ours)
    # What is archived is not sent; restoring it is a change that is looked at.
    for item_link in _linked_items():
        if item_link.revision == item_link.record.revision:
            ours = draft_to_json(item_draft(item_link.record))
            _is_clean(view, "item", item_link, ours)


@prepared
def _linked_contacts() -> QuerySet[ContactLink]:
    return ContactLink.objects.select_related("record")


@prepared
def _linked_items() -> QuerySet[ItemLink]:
    items = ItemLink.objects.filter(record__is_archived=False)
    return items.select_related("record")


def _is_clean(view: View, kind: str, link: Any, ours: dict[str, Any]) -> None:
    base = link.base.get("draft", {})
    unlike = {
        name: (base.get(name), value)
        for name, value in ours.items()
        if name in base and base[name] != value and value not in ("", None)
    }
    if not unlike:
        return
    view.excused = True
    troubled = SyncIssue.objects.open().filter(**{f"{kind}_id": link.record_id})
    planned = PlannedChange.objects.filter(
        kind=kind,
        local_id=link.record_id,
        state="planned",
        run__state__in=SyncRun.OPEN_STATES,
    )
    if not troubled.exists() and not planned.exists():
        view_of = f"{kind} {link.record_id} rev {link.revision}"
        raise Violation(7, f"{view_of} is marked clean with unsent {unlike}")


def limits_are_kept(view: View) -> None:
    """9: no 61st call in any 60 s, no 6th at once, none before Retry-After, one body
    under one key."""
    world = view.world
    counted = world.wire.calls[world.wire.counted_from :]
    calls = [call for call in counted if call.tenant == world.tenant]
    recent = [one for one in calls if not one.was_held_up][-(MINUTE + 1) :]
    if len(recent) > MINUTE:
        span = recent[-1].at - recent[0].at
        if span < timedelta(seconds=60):
            raise Violation(9, f"{len(recent)} calls in {span}")
    if recent:
        now = recent[-1].at
        at_once = sum(call.at <= now < call.ends for call in recent)
        if at_once > 5:
            raise Violation(9, f"{at_once} calls at once")
    bodies: dict[str, set[str]] = defaultdict(set)
    for call in calls[-200:]:
        if call.key:
            bodies[call.key].add(call.digest)
    if unlike := [key for key, found in bodies.items() if len(found) > 1]:
        raise Violation(9, f"two bodies under one key: {unlike}")
    if world.wire.too_early:
        raise Violation(9, f"called before Retry-After: {world.wire.too_early[0]}")


def every_call_names_its_organisation(view: View) -> None:
    """12: the tenant on each call is the one the links speak of."""
    if view.world.strayed:
        raise Violation(12, f"to another organisation: {view.world.strayed[0]}")


def watermark_is_behind_what_is_stored(view: View) -> None:
    """11: what Xero changed before it (less the overlap) lies in the mirror."""
    if (connection := view.connection()) is None:
        return
    tables = {"contact": view.home.contacts, "invoice": view.home.invoices}
    for kind, watermark in _watermarks(connection):
        if kind not in tables or watermark is None:
            continue
        stored = dict(_stored(connection, kind))
        for key, row in tables[kind].items():
            is_past = row.updated <= watermark - timedelta(seconds=1)
            known = stored.get(key)
            if is_past and (known is None or known < row.updated):
                said = f"{kind} {key} of {row.updated} is not stored; {watermark}"
                raise Violation(11, said)


@prepared
def _watermarks(connection_id: int) -> "QuerySet[SyncCursor, Any]":
    cursors = SyncCursor.objects.filter(connection=connection_id)
    return cursors.values_list("kind", "watermark")


@prepared
def _stored(connection_id: int, kind: str) -> "QuerySet[MirrorRecord, Any]":
    rows = MirrorRecord.objects.filter(connection=connection_id, kind=kind)
    return rows.values_list("xero_id", "updated_at")


def only_the_approved_is_sent(view: View) -> None:
    """13: no draft and nothing cancelled comes to be in Xero."""
    if view.world.wire.unfit:
        raise Violation(13, view.world.wire.unfit[0])


def runs_end_well(view: View) -> None:
    """0: a fault of ours is never the answer to a fault of Xero's; and of each run that
    has ended since: see ``ends``."""
    for run in _ended_runs():
        if run.pk in view.judged:
            continue
        view.judged.add(run.pk)
        if run.problem == "internal":
            said = [line for line in view.world.said if "broke off" in line]
            raise Violation(0, f"a run broke off: {said[-1][-900:] if said else run}")
        failures_are_told(run)
        successes_close(run)
        undos_let_go(run)


@prepared
def _ended_runs() -> QuerySet[SyncRun]:
    ended = SyncRun.objects.filter(finished_at__isnull=False)
    return ended.filter(connection__is_current=True)


ALWAYS: tuple[Callable[[View], None], ...] = (
    runs_end_well,
    no_link_is_doubled,
    nothing_is_twice_in_xero,
    nothing_unsent_is_clean,
    limits_are_kept,
    every_call_names_its_organisation,
    watermark_is_behind_what_is_stored,
    only_the_approved_is_sent,
)

_LINKS = tuple(model._meta.db_table for model in LINKS.values())
# The tables that a rule reads; one that is not here is cheap.
LOOKS_AT: dict[Callable[[View], None], tuple[str, ...]] = {
    runs_end_well: (SyncRun._meta.db_table,),
    no_link_is_doubled: _LINKS,
    nothing_is_twice_in_xero: (),
    nothing_unsent_is_clean: (
        *(_LINKS[0], _LINKS[1], SyncSettings._meta.db_table),
        *(Contact._meta.db_table, StockItem._meta.db_table),
    ),
    watermark_is_behind_what_is_stored: (
        SyncCursor._meta.db_table,
        MirrorRecord._meta.db_table,
    ),
}
OF_XEROS = (nothing_is_twice_in_xero, watermark_is_behind_what_is_stored)
