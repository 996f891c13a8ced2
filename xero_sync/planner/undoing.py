"""The plan of an undo: what a run wrote, held against what both sides say now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xero_sync.outcomes.authority import FIELDS, Way
from xero_sync.outcomes.changes import Change, FieldChange
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step
from xero_sync.outcomes.people import fitting
from xero_sync.planner.undo_inputs import (
    APPROVED_THERE,
    ARCHIVED_THERE,
    BLANK_THERE,
    CHANGED_BY_IT,
    CHANGED_HERE,
    CHANGED_THERE,
    CLOSED_BOOKS,
    DRAFT_REPLACED,
    ENDED_THERE,
    INVOICES_STAY,
    LATER_RUN,
    LINKED_BY_IT,
    MADE_BY_IT,
    MERGED_HERE,
    MERGED_THERE,
    MONEY_ON_IT,
    NOT_THERE,
    NUMBER_FREED,
    OTHER_SETTINGS,
    Deed,
    Here,
    Key,
    There,
    Value,
    Written,
)

_UNAPPROVED = ("DRAFT", "SUBMITTED")
_OVER = ("VOIDED", "DELETED")


@dataclass(frozen=True)
class UndoPlanner:
    """Call ``changes``. ``there`` are the partners of linked records; ``invoices_of``
    the invoices that Xero has for a contact, by Xero's ids; ``uses`` the ids of those
    with an item of ours; ``written_later`` what later runs wrote in Xero; ``merged`` are
    the records that are part of another one here by now; ``mark`` is put behind numbers
    that are given up in Xero."""

    deeds: Sequence[Deed]
    written: Sequence[Written]
    here: Mapping[Key, Here]
    there: Mapping[Key, There]
    invoices_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    uses: Mapping[int, frozenset[str]] = field(default_factory=dict)
    written_later: Collection[Key] = ()
    merged: Collection[Key] = ()
    mark: str = "undone"

    def changes(self) -> list[Change]:
        """First in Xero, then here, then what is left as it is."""
        found = [*self._invoices(), *self._others(), *self._records_here()]
        order = list(Step)
        return sorted(found, key=lambda change: order.index(change.step))

    # --- invoices ---

    def _invoices(self) -> Iterator[Change]:
        for deed in self.deeds:
            if deed.kind is not Kind.INVOICE or deed.direction == Direction.TO_US:
                continue
            there = self.there.get((deed.kind, deed.local_id))
            if deed.action == Action.CREATE and there and there.is_of_run:
                yield from self._sent_invoice(deed, there)
            elif deed.action == Action.LINK and there and there.is_of_run:
                yield _unlink(deed, there, LINKED_BY_IT)
            elif deed.action == Action.UPDATE:
                yield _left(deed, DRAFT_REPLACED)
            elif deed.action in (Action.VOID, Action.DELETE):
                yield _left(deed, ENDED_THERE)

    def _sent_invoice(self, deed: Deed, there: There) -> Iterator[Change]:
        action, why = self._end_of(deed, there)
        if why:
            yield _left(deed, why)
            return
        if action:
            yield from self._freed_number(deed, there)
            yield _in_xero(action, deed, there, MADE_BY_IT)
        yield _unlink(deed, there, MADE_BY_IT)

    def _freed_number(self, deed: Deed, there: There) -> Iterator[Change]:
        number = str(there.values.get("number") or "")
        if number and not number.endswith(self.mark):
            freed = FieldChange("number", number, f"{number} {self.mark}")
            yield _in_xero(Action.UPDATE, deed, there, NUMBER_FREED, (freed,))

    def _end_of(self, deed: Deed, there: There) -> tuple[Action | None, str]:
        """How it ends in Xero (not at all: it has), or why it cannot."""
        if not there.is_known:
            return None, NOT_THERE
        if there.status in _OVER:
            return None, ""
        if there.has_money:
            return None, MONEY_ON_IT
        if (deed.kind, deed.local_id) in self.written_later:
            return None, LATER_RUN
        if there.values.get("total") != _sent(deed).get("total"):
            return None, CHANGED_THERE
        if there.status in _UNAPPROVED:
            return Action.DELETE, ""
        if there.sent_as in _UNAPPROVED:
            return None, APPROVED_THERE
        if there.is_closed:
            return None, CLOSED_BOOKS
        return Action.VOID, ""

    def _stay(self) -> frozenset[str]:
        """The invoices that are linked after the undo, by Xero's ids."""
        linked = {
            one.xero_id for (kind, _), one in self.there.items() if kind == Kind.INVOICE
        }
        gone = {
            change.xero_id
            for change in self._invoices()
            if change.action is Action.UNLINK
        }
        return frozenset(linked - gone)

    def _ended(self) -> frozenset[str]:
        ends = (Action.VOID, Action.DELETE)
        return frozenset(c.xero_id for c in self._invoices() if c.action in ends)

    # --- contacts and items in Xero ---

    def _others(self) -> Iterator[Change]:
        ended, stay = self._ended(), self._stay()
        yield from self._gone_with_their_links()
        for deed in self.deeds:
            there = self.there.get((deed.kind, deed.local_id))
            if deed.kind not in FIELDS or there is None:
                continue
            of_it = self.invoices_of.get(there.xero_id, frozenset())
            used = self.uses.get(deed.local_id, frozenset())
            if deed.action == Action.LINK:
                yield self._linked(deed, there, bool(of_it & stay))
            elif deed.direction != Direction.TO_XERO:
                continue
            elif deed.action == Action.CREATE and there.is_of_run:
                stays = of_it - ended if deed.kind is Kind.CONTACT else used & stay
                yield from _made_there(deed, there, bool(stays))
            elif deed.action == Action.UPDATE:
                yield from _changed_there(deed, there)
            elif deed.action == Action.ARCHIVE:
                yield _left(deed, ARCHIVED_THERE)

    def _gone_with_their_links(self) -> Iterator[Change]:
        """The link is that of the record they were merged into, and stays with it."""
        deeds = {
            (deed.kind, deed.local_id): deed
            for deed in self.deeds
            if deed.direction != Direction.TO_US
        }
        for key, deed in deeds.items():
            if key in self.merged and key not in self.there:
                yield _left(deed, MERGED_HERE)

    def _linked(self, deed: Deed, there: There, has_invoices: bool) -> Change:
        if not there.is_of_run:
            return _left(deed, MERGED_THERE)
        if has_invoices:
            return _left(deed, INVOICES_STAY)
        return _unlink(deed, there, LINKED_BY_IT)

    # --- our records ---

    def _records_here(self) -> Iterator[Change]:
        for one in self.written:
            for reason in one.kept:
                yield _kept_here(one, reason)
            here = self.here.get((one.kind, one.local_id))
            if here is None:
                continue
            if one.is_new:
                yield _made_here(one, here)
            elif here.is_merged:
                yield _kept_here(one, MERGED_HERE)
            else:
                yield from _changed_here(one, here)


def _made_there(deed: Deed, there: There, has_invoices: bool) -> Iterator[Change]:
    """Xero archives contacts and deletes items; what is gone already only loses its
    link."""
    if there.is_known and not there.is_archived:
        differing = _differing(deed, there)
        if not there.in_slots:
            yield _left(deed, OTHER_SETTINGS)
            return
        if has_invoices:
            yield _left(deed, INVOICES_STAY)
            return
        if differing:
            yield _left(deed, CHANGED_THERE, differing)
            return
        action = Action.ARCHIVE if deed.kind is Kind.CONTACT else Action.DELETE
        yield _in_xero(action, deed, there, MADE_BY_IT)
    yield _unlink(deed, there, MADE_BY_IT)


def _changed_there(deed: Deed, there: There) -> Iterator[Change]:
    if not there.is_known or there.is_archived:
        yield _left(deed, ARCHIVED_THERE if there.is_archived else NOT_THERE)
        return
    if not there.in_slots:
        yield _left(deed, OTHER_SETTINGS)
        return
    clears = {rule.field for rule in FIELDS[deed.kind] if rule.clears}
    back: list[FieldChange] = []
    moved: list[FieldChange] = []
    blank: list[FieldChange] = []
    for one in deed.fields:
        now = there.values.get(one.name)
        if _same(now, one.before):
            continue
        if not _same(now, one.after):
            moved.append(FieldChange(one.name, one.after, now))
        elif one.before in ("", None) and one.name not in clears:
            blank.append(FieldChange(one.name, one.before, now))
        else:
            back.append(FieldChange(one.name, one.after, one.before))
    if back:
        yield _in_xero(Action.UPDATE, deed, there, CHANGED_BY_IT, tuple(back))
    if moved:
        yield _left(deed, CHANGED_THERE, tuple(moved))
    if blank:
        yield _left(deed, BLANK_THERE, tuple(blank))


def _made_here(one: Written, here: Here) -> Change:
    if here.is_merged:
        return _kept_here(one, MERGED_HERE)
    if here.revision != one.revision:
        return _kept_here(one, CHANGED_HERE)
    if here.in_use:
        return _kept_here(one, f"used here since: {here.in_use}")
    return _here(Action.DELETE, one, MADE_BY_IT)


def _changed_here(one: Written, here: Here) -> Iterator[Change]:
    back: list[FieldChange] = []
    moved: list[FieldChange] = []
    for name, before in one.before.items():
        now, after = here.values.get(name), one.after.get(name)
        if _same(now, before):
            continue
        if _same(now, after):
            back.append(FieldChange(name, after, before))
        else:
            moved.append(FieldChange(name, after, now))
    if back:
        yield _here(Action.UPDATE, one, CHANGED_BY_IT, tuple(back))
    if moved:
        yield _kept_here(one, CHANGED_HERE, tuple(moved))


def _sent(deed: Deed) -> dict[str, Value]:
    return {one.name: one.after for one in deed.fields}


def _differing(deed: Deed, there: There) -> tuple[FieldChange, ...]:
    """What Xero does not say as we made it."""
    sendable = {rule.field for rule in FIELDS[deed.kind] if rule.way is Way.BOTH}
    found = []
    for name, sent in _sent(deed).items():
        if name == "people":
            sent = fitting(str(sent))[0]
        now = there.values.get(name)
        if name in sendable and not _same(now, sent):
            found.append(FieldChange(name, sent, now))
    return tuple(found)


def _same(one: Value, other: Value) -> bool:
    blanks = ("", None)
    return one == other or (one in blanks and other in blanks)


def _in_xero(
    action: Action,
    deed: Deed,
    there: There,
    reason: str,
    fields: tuple[FieldChange, ...] = (),
) -> Change:
    return Change(
        step=Step.UNDONE_IN_XERO,
        kind=deed.kind,
        direction=Direction.TO_XERO,
        action=action,
        title=deed.title,
        reason=reason,
        local_id=deed.local_id,
        xero_id=there.xero_id,
        fields=fields,
    )


def _unlink(deed: Deed, there: There, reason: str) -> Change:
    return Change(
        step=Step.UNDONE_HERE,
        kind=deed.kind,
        direction=Direction.NEITHER,
        action=Action.UNLINK,
        title=deed.title,
        reason=reason,
        local_id=deed.local_id,
        xero_id=there.xero_id,
    )


def _here(
    action: Action, one: Written, reason: str, fields: tuple[FieldChange, ...] = ()
) -> Change:
    return Change(
        step=Step.UNDONE_HERE,
        kind=one.kind,
        direction=Direction.TO_US,
        action=action,
        title=one.title,
        reason=reason,
        local_id=one.local_id,
        revision=one.revision,
        fields=fields,
    )


def _left(deed: Deed, reason: str, fields: tuple[FieldChange, ...] = ()) -> Change:
    return _as_it_is(deed.kind, deed.local_id, deed.title, reason, fields)


def _kept_here(
    one: Written, reason: str, fields: tuple[FieldChange, ...] = ()
) -> Change:
    return _as_it_is(one.kind, one.local_id, one.title, reason, fields)


def _as_it_is(
    kind: Kind,
    local_id: int,
    title: str,
    reason: str,
    fields: tuple[FieldChange, ...],
) -> Change:
    return Change(
        step=Step.LEFT_AS_IT_IS,
        kind=kind,
        direction=Direction.NEITHER,
        action=Action.LEAVE,
        title=title,
        reason=reason,
        local_id=local_id,
        fields=fields,
    )
