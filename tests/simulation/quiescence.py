"""What must hold once all is quiet (Q): faults off, and runs until two change nothing."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from customers.models import Contact
from fieldops.common.models import ChangeEntry
from invoicing.models import Invoice
from stock.models import StockItem
from tests.simulation.hands import (
    CONTACT_FIELDS,
    contact_there,
    item_there,
    price_text,
)
from tests.simulation.invariants import View
from tests.simulation.odd import plain
from tests.simulation.violations import Violation
from xero_sync.models import (
    ContactLink,
    Intent,
    InvoiceLink,
    ItemLink,
    NameInXero,
    PlannedChange,
    SyncIssue,
    SyncRun,
    XeroConnection,
)

OVER = ("VOIDED", "DELETED")
# Seven read everything; a change goes out on its own at worst; a trouble costs three
# tries, and reading back.
CALLS_A_RUN, CALLS_A_CHANGE, CALLS_A_TROUBLE = 7, 1, 4


def everything_has_a_twin_or_a_reason(view: View) -> None:
    """1: both ways; and what we made in Xero is ours for good."""
    troubled = view.troubled()
    contacts, items = view.links("contact"), view.links("item")
    invoices = view.links("invoice")
    for contact in Contact.objects.filter(is_archived=False):
        if contact.is_customer or contact.is_supplier:
            _has_twin(view, "contact", contact, contacts, view.home.contacts, troubled)
    for item in StockItem.objects.filter(is_archived=False):
        _has_twin(view, "item", item, items, view.home.items, troubled)
    for invoice in Invoice.objects.filter(status="approved"):
        if ("contact", invoice.customer_id) not in troubled:
            _has_twin(view, "invoice", invoice, invoices, view.home.invoices, troubled)
    _nothing_of_xeros_is_forgotten(view, contacts, items, troubled)
    links = {"contact": contacts, "item": items, "invoice": invoices}
    _no_orphans(view, links, troubled)


def _nothing_of_xeros_is_forgotten(
    view: View,
    contacts: dict[int, str],
    items: dict[int, str],
    troubled: set[tuple[str, Any]],
) -> None:
    wanted = {
        ("contact", row.contact_id)
        for row in view.home.contacts
        if row.is_active and (row.is_customer or row.is_supplier)
    } | {("item", row.item_id) for row in view.home.items}
    here = {("contact", one) for one in contacts.values()}
    here |= {("item", one) for one in items.values()}
    if missing := wanted - here - troubled:
        raise Violation(1, f"of Xero's, neither here nor reported: {sorted(missing)}")


def _has_twin(
    view: View,
    kind: str,
    record: Any,
    links: dict[int, str],
    table: Any,
    troubled: set[tuple[str, Any]],
) -> None:
    if (kind, record.pk) in troubled:
        return
    xero_id = links.get(record.pk)
    if xero_id is None:
        if kind == "contact" and _only_cancelled(record):
            return
        raise Violation(1, f"{kind} {record.pk} {record} has no twin and no reason")
    if table.get(xero_id) is None:
        raise Violation(1, f"{kind} {record.pk} is linked to {xero_id}, which is gone")


def _only_cancelled(contact: Contact) -> bool:
    invoices = Invoice.objects.filter(customer=contact)
    return not contact.is_supplier and (
        invoices.exists() and not invoices.exclude(status="cancelled").exists()
    )


def _no_orphans(
    view: View, links: dict[str, dict[int, str]], troubled: set[tuple[str, Any]]
) -> None:
    """What came to be by our own calls is linked, or asked about where somebody changed
    it before its answer came: else that was forgotten."""
    since = view.world.orphans_from
    was_undone = SyncRun.objects.filter(undoes__isnull=False).exists()
    for xero_id, (kind, made_at) in view.world.wire.made.items():
        table = {
            "contact": view.home.contacts,
            "item": view.home.items,
            "invoice": view.home.invoices,
        }[kind]
        row = table.get(xero_id)
        if row is None or xero_id in links[kind].values():
            continue
        if (kind, xero_id) in troubled and view.edits.were_made_there(kind, xero_id):
            continue
        if since is not None and made_at >= since[0] and made_at <= since[1]:
            continue
        if kind == "contact" and not row.is_active:
            continue
        if kind == "invoice" and row.status in OVER and was_undone:
            continue
        raise Violation(3, f"{kind} {xero_id} was made by us and is not linked")


def money_agrees(view: View) -> None:
    """4: total, tax and due per linked invoice, to the penny."""
    troubled = view.troubled()
    for link in InvoiceLink.objects.select_related("record"):
        row, ours = view.home.invoices.get(link.xero_id), link.record
        if row is None or ("invoice", ours.pk) in troubled:
            continue
        if row.status in OVER:
            if ours.status != "cancelled":
                raise Violation(4, f"{ours.number} is {row.status} in Xero, not here")
            continue
        if ours.status == "cancelled":
            raise Violation(4, f"{ours.number} is cancelled here, {row.status} there")
        due = ours.total - ours.amount_paid - ours.amount_credited
        here, there = (ours.total, ours.tax), (row.total, row.total_tax)
        counts = row.status in ("AUTHORISED", "PAID")
        if here != there or (counts and due != row.amount_due):
            raise Violation(
                4,
                f"{ours.number}: {here} due {due} here, {there} due {row.amount_due} there",
            )


def fields_agree(view: View) -> None:
    """5: linked records say the same; 6: and it is what was typed last, by the rule."""
    troubled = view.troubled()
    view.look_for_undos()
    approved = {
        one.contact_id: [(plain(one.stands_for), plain(one.name))]
        for one in NameInXero.objects.filter(connection__is_current=True)
    }
    for link in ContactLink.objects.select_related("record"):
        row = view.home.contacts.get(link.xero_id)
        if ("contact", link.record_id) in troubled or row is None:
            continue
        if link.record.merged_into_id is None and not row.merged_to_contact_id:
            _is_in_use_alike(link.record, row)
        if link.record.is_archived or not row.is_active:
            continue
        ours = {name: plain(getattr(link.record, name)) for name in CONTACT_FIELDS}
        theirs = contact_there(row)
        if (ours["name"], theirs["name"]) in approved.get(link.record_id, ()):
            theirs["name"] = ours["name"]
        _compare(view, "contact", link, ours, theirs)
    for item_link in ItemLink.objects.select_related("record"):
        item = view.home.items.get(item_link.xero_id)
        if ("item", item_link.record_id) in troubled or item is None:
            continue
        if item_link.record.is_archived:
            continue
        part = item_link.record
        ours = {"name": plain(part.name), "description": plain(part.description)}
        ours["sell_price"] = price_text(part.sell_price)
        _compare(view, "item", item_link, ours, item_there(item))


def _is_in_use_alike(contact: Contact, row: Any) -> None:
    if contact.is_archived == row.is_active:
        here = "archived" if contact.is_archived else "in use"
        raise Violation(5, f"contact {contact.pk} is {here} here, and not in Xero")


def _compare(
    view: View, kind: str, link: Any, ours: dict[str, str], theirs: dict[str, str]
) -> None:
    about = f"{kind} {link.record_id}"
    for name, here in ours.items():
        if not here and (kind, str(link.record_id), name) in view.edits.forgotten:
            continue  # a merge or its undo left it blank: that wipes nothing in Xero
        if here != theirs[name]:
            there = theirs[name]
            raise Violation(5, f"{about} {name}: {here!r} here, {there!r} in Xero")
        if link.origin in ("matched", "chosen") and (
            view.was_unlinked(kind, link) or view.met_anew(link)
        ):
            continue
        allowed = view.edits.may_be(
            kind, link.record_id, link.xero_id, name, was_sent=view.was_sent_soon_after
        )
        if allowed is not None and here not in allowed:
            raise Violation(6, f"{about} {name} is {here!r}, not {sorted(allowed)}")
        lost = view.edits.lost(kind, link.record_id, link.xero_id, name, here)
        if lost is not None and not _is_kept(link.record, name, lost):
            raise Violation(6, f"{about} {name}: {lost!r} is in no history")


def _is_kept(record: Any, name: str, value: str) -> bool:
    """Whether the history of the record offers the value that gave way."""
    for before in ChangeEntry.objects.of(record).values_list("before", flat=True):
        kept = before.get(name)
        if kept is not None and (
            plain(str(kept)) == value or _same_price(name, kept, value)
        ):
            return True
    return False


def _same_price(name: str, kept: str, value: str) -> bool:
    return name == "sell_price" and Decimal(kept) == Decimal(value)


def nothing_is_left_open(view: View) -> None:
    """8: no open intent, no lease, no run at work."""
    left = Intent.objects.exclude(state=Intent.State.SETTLED)
    if left.exists():
        raise Violation(8, f"open intents: {[str(one) for one in left]}")
    held = XeroConnection.objects.filter(lease_expires_at__gt=timezone.now())
    if held.exists():
        raise Violation(8, "the lease is still held")
    if open_runs := list(SyncRun.objects.open().values_list("pk", "state")):
        raise Violation(8, f"runs at work: {open_runs}")
    finished = view.runs().filter(state=SyncRun.State.FINISHED)
    pending = PlannedChange.objects.filter(run__in=finished, state="planned")
    if pending.exists():
        raise Violation(8, f"finished runs have changes left: {list(pending)}")


def no_cause_is_told_twice(view: View) -> None:
    """14: what is open is open once."""
    causes = SyncIssue.objects.open().values_list("subject", "code", "kind")
    counted = Counter(causes)
    if twice := [cause for cause, count in counted.items() if count > 1]:
        raise Violation(14, f"two open issues for one cause: {twice}")


def calls_are_bounded(view: View) -> None:
    """10: what was called in all, by what there was to do and what went wrong. A backup
    knows nothing of the runs that came after it."""
    wire = view.world.wire
    calls = sum(call.is_accounting for call in wire.calls[wire.counted_from :])
    sent = PlannedChange.objects.filter(direction="to_xero")
    changes = sent.filter(state__in=["done", "failed", "dropped"]).count()
    troubles = view.world.faults.count + view.world.processes.deaths
    # After a long wait a run reads all it has read once more.
    runs = SyncRun.objects.count() + view.world.looked_again
    bound = CALLS_A_RUN * runs + CALLS_A_CHANGE * changes + CALLS_A_TROUBLE * troubles
    view.world.load = calls / bound
    if calls > bound:
        said = f"{runs} runs, {changes} changes, {troubles} troubles"
        raise Violation(10, f"{calls} calls, more than {bound}, for {said}")


def secrets_stay_secret(view: View) -> None:
    """18: no token in what was logged, in issues or in intents."""
    identity = view.world.ledger.identity
    secrets = [key for key, _ in identity.access_tokens.items()]
    secrets += [key for key, _ in identity.refresh_tokens.items()]
    said = "\n".join(view.world.said)
    said += "\n".join(SyncIssue.objects.values_list("technical", flat=True))
    if any(secret in said for secret in secrets):
        raise Violation(18, "a token was logged")
    for body in Intent.objects.values_list("body", flat=True):
        if any(secret.encode() in bytes(body) for secret in secrets):
            raise Violation(18, "a token lies in an intent")


QUIET: tuple[Callable[[View], None], ...] = (
    nothing_is_left_open,
    everything_has_a_twin_or_a_reason,
    money_agrees,
    fields_agree,
    no_cause_is_told_twice,
    calls_are_bounded,
    secrets_stay_secret,
)
