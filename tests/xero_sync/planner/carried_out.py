"""Pure worlds of two sides, and what a plan makes of them when it is carried out."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from xero_sync.outcomes.changes import Change
from xero_sync.outcomes.drafts import (
    ContactDraft,
    ItemDraft,
    RemoteContact,
    RemoteInvoice,
    RemoteItem,
)
from xero_sync.outcomes.kinds import Action, Direction, Kind
from xero_sync.planner.contacts import ContactPlanner
from xero_sync.planner.inputs import (
    InvoiceRules,
    Linked,
    LinkedInvoice,
    LocalContact,
    LocalInvoice,
    LocalItem,
    Pair,
)
from xero_sync.planner.invoices import InvoicePlanner
from xero_sync.planner.items import ItemPlanner
from xero_sync.planner.merge import field_names

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = date(2026, 3, 1)
FLAGS = ("is_customer", "is_supplier", "is_archived")
PRICES = ("sell_price", "cost_price")


@dataclass
class World:
    """Records by their ids, links by ours."""

    ours: dict[int, Any] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)
    links: dict[int, Any] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    gone: frozenset[str] = frozenset()

    def plan(self, chance: Random | None = None) -> list[Change]:
        raise NotImplementedError

    def carry_out(self, changes: Iterable[Change]) -> None:
        raise NotImplementedError

    def _parts(self, chance: Random | None) -> list[list[Any]]:
        open_pairs = [
            pair
            for pair in self.pairs
            if pair.local_id not in self.links
            and pair.xero_id not in {link.xero_id for link in self.links.values()}
        ]
        parts = [
            list(self.ours.values()),
            list(self.theirs.values()),
            list(self.links.values()),
            open_pairs,
        ]
        if chance:
            for part in parts:
                chance.shuffle(part)
        return parts


class DraftWorld(World):
    """Contacts or items: both sides say the same draft."""

    kind: Kind

    def carry_out(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.writes:
                self._carry_out(change)

    def _carry_out(self, change: Change) -> None:
        if change.action is Action.ARCHIVE:
            self._archive(change)
        elif change.action is Action.CREATE and change.local_id is None:
            new = max(self.ours, default=0) + 1
            self.ours[new] = self._new_local(new, change)
            self._agree(new, change.xero_id)
        elif change.action is Action.CREATE and change.local_id is not None:
            assert change.local_id not in self.links, "made twice"
            new_id = f"made-{change.local_id}"
            self.theirs[new_id] = self._new_remote(new_id, change)
            base = self.ours[change.local_id].draft
            self.links[change.local_id] = self._link(change.local_id, new_id, base)
        elif change.direction is Direction.TO_XERO:
            self._send(change)
        else:
            self._take(change)

    def _archive(self, change: Change) -> None:
        local_id = change.local_id or 0
        if change.direction is Direction.TO_XERO:
            remote = self.theirs[change.xero_id]
            self.theirs[change.xero_id] = replace(remote, is_archived=True)
        else:
            self.ours[local_id] = replace(self.ours[local_id], is_archived=True)
        self.links[local_id] = replace(self.links[local_id], was_archived=True)

    def _send(self, change: Change) -> None:
        local_id, values = change.local_id or 0, _values(change)
        remote, link = self.theirs[change.xero_id], self.links[local_id]
        draft = replace(remote.draft, **values)
        self.theirs[change.xero_id] = replace(remote, draft=draft)
        base = replace(link.base or type(draft)(), **values)
        self.links[local_id] = replace(link, base=base, agreed=field_names(self.kind))

    def _take(self, change: Change) -> None:
        local = self.ours[change.local_id or 0]
        values = _values(change)
        flags = {name: bool(values.pop(name)) for name in FLAGS if name in values}
        draft = replace(local.draft, **values)
        self.ours[local.id] = replace(local, draft=draft, **flags)
        self._agree(local.id, change.xero_id)

    def _agree(self, local_id: int, xero_id: str) -> None:
        local, remote = self.ours[local_id], self.theirs[xero_id]
        archived = local.is_archived and getattr(remote, "is_archived", False)
        self.links[local_id] = self._link(local_id, xero_id, remote.draft, archived)

    def _link(
        self, local_id: int, xero_id: str, base: Any, archived: bool = False
    ) -> Linked[Any]:
        names = field_names(self.kind)
        return Linked(local_id, xero_id, base, names, archived)

    def _new_local(self, new: int, change: Change) -> Any:
        raise NotImplementedError

    def _new_remote(self, new_id: str, change: Change) -> Any:
        raise NotImplementedError


class Contacts(DraftWorld):
    kind = Kind.CONTACT

    def plan(self, chance: Random | None = None) -> list[Change]:
        locals_, remotes, links, pairs = self._parts(chance)
        return ContactPlanner(locals_, remotes, links, pairs).changes()

    def _new_local(self, new: int, change: Change) -> LocalContact:
        values = _values(change)
        flags: Any = {name: bool(values.pop(name, 0)) for name in FLAGS}
        return LocalContact(new, f"uid-{new}", 1, ContactDraft(**values), **flags)

    def _new_remote(self, new_id: str, change: Change) -> RemoteContact:
        values = _values(change)
        values.pop("website", None)  # Xero shows it and does not take it
        return RemoteContact(new_id, LONG_AGO, ContactDraft(**values))


class Items(DraftWorld):
    kind = Kind.ITEM

    def plan(self, chance: Random | None = None) -> list[Change]:
        locals_, remotes, links, pairs = self._parts(chance)
        return ItemPlanner(locals_, remotes, links, pairs, gone=self.gone).changes()

    def _new_local(self, new: int, change: Change) -> LocalItem:
        return LocalItem(new, f"uid-{new}", 1, ItemDraft(**_values(change)), False)

    def _new_remote(self, new_id: str, change: Change) -> RemoteItem:
        return RemoteItem(new_id, LONG_AGO, ItemDraft(**_values(change)))


class Invoices(World):
    def plan(self, chance: Random | None = None) -> list[Change]:
        locals_, remotes, links, _ = self._parts(chance)
        rules = InvoiceRules("GBP", None, None, sends_drafts=True)
        customers = {number: {f"customer-{number}"} for number in range(4)}
        return list(
            InvoicePlanner(
                locals_, remotes, links, rules, customers=customers
            ).changes()
        )

    def carry_out(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.writes:
                self._carry_out(change)

    def _carry_out(self, change: Change) -> None:
        local = self.ours[change.local_id or 0]
        if change.action is Action.CREATE:
            assert local.id not in self.links, "made twice"
            new_id = f"made-{local.id}"
            self.theirs[new_id] = remote_invoice(new_id, local)
            self._agree(local, new_id)
        elif change.action is Action.LINK:
            self._agree(local, change.xero_id)
        elif change.direction is Direction.TO_US:
            values = {one.name: Decimal(str(one.after)) for one in change.fields}
            if change.action is Action.VOID:
                values = {"status": "cancelled"}  # type: ignore[dict-item]
            self.ours[local.id] = replace(local, **values)
        elif change.action is Action.UPDATE:
            self.theirs[change.xero_id] = remote_invoice(change.xero_id, local)
            self._agree(local, change.xero_id)
        else:
            ended = "VOIDED" if change.action is Action.VOID else "DELETED"
            remote = self.theirs[change.xero_id]
            self.theirs[change.xero_id] = replace(remote, status=ended)

    def _agree(self, local: LocalInvoice, xero_id: str) -> None:
        as_draft = local.status == "draft"
        self.links[local.id] = LinkedInvoice(local.id, xero_id, local.content, as_draft)


def remote_invoice(
    xero_id: str, local: LocalInvoice, status: str = ""
) -> RemoteInvoice:
    arrived = "DRAFT" if local.status == "draft" else "AUTHORISED"
    return RemoteInvoice(
        xero_id=xero_id,
        updated_at=LONG_AGO,
        type="ACCREC",
        number=local.number,
        status=status or arrived,
        contact_id=f"customer-{local.customer_id}",
        contact_name="",
        issued_on=local.issued_on,
        due_on=local.issued_on,
        reference="",
        currency=local.currency,
        subtotal=local.total,
        tax=Decimal(0),
        total=local.total,
        amount_due=local.total,
        amount_paid=Decimal(0),
        amount_credited=Decimal(0),
    )


def _values(change: Change) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in change.fields:
        if one.name in PRICES:
            values[one.name] = None if one.after is None else Decimal(str(one.after))
        elif one.name in ("payment_days", *FLAGS):
            values[one.name] = one.after
        elif one.name != "quantity_on_hand":
            values[one.name] = one.after or ""
    return values
