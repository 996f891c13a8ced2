"""Control endpoints under /sandbox/: what a person would do in Xero's own screens, what
goes wrong on request, and what tests ask. All take and give JSON.

    GET  /sandbox/state             counts, totals, counters of calls, clock
    POST /sandbox/clock             {"shift_seconds": 3600}
    POST /sandbox/tier              {"tier": "starter"}
    POST /sandbox/faults            {"kind": "lose_answer", "times": 1, "method": "PUT", ...}
    POST /sandbox/faults/clear      {}
    POST /sandbox/tokens/expire     {} access tokens; {"refresh": true} refresh tokens too
    POST /sandbox/limits/reset      {} all windows start anew
    POST /sandbox/calls/reset       {} counters of calls back to zero
    POST /sandbox/contact/change    {"contact": id or name, "Name": ..., "EmailAddress": ...}
    POST /sandbox/contact/archive   {"contact": ...}      also /unarchive
    POST /sandbox/contact/merge     {"contact": loser, "into": winner}
    POST /sandbox/item/change       {"item": code, "Name": ...}
    POST /sandbox/item/delete       {"item": code}
    POST /sandbox/invoice/pay       {"invoice": id or number, "Amount"?, "Date"?, "Account"?}
    POST /sandbox/invoice/void      {"invoice": ...}      also /delete and /approve
    POST /sandbox/lock              {"date": "2026-03-31" or null}
    POST /sandbox/actions           {"forbidden": ["CreateApprovedInvoice"]}
    POST /sandbox/offline           {"offline": true}
    POST /sandbox/organisation      {"name": ...} opens one more
    POST /sandbox/books             {"Contacts": [...], "Items": [...], "Invoices": [...]}
    POST /sandbox/reset             {} empty books again, connections and tokens stay

`tenant` in the body picks an organisation; the first one otherwise.
"""

from collections import Counter
from collections.abc import Callable

import msgspec

from xero_sync.sandbox.books_loading import BooksRefused, load_books
from xero_sync.sandbox.contacts import update_contact
from xero_sync.sandbox.errors import ElementRefused, NotFound, TextError
from xero_sync.sandbox.faults import Fault
from xero_sync.sandbox.http import Request, Response, json_response
from xero_sync.sandbox.invoices import invoice_by_key, save_invoice
from xero_sync.sandbox.items import delete_item, item_by_code, save_item
from xero_sync.sandbox.ledger import Ledger
from xero_sync.sandbox.limits import TIERS
from xero_sync.sandbox.organisation import XeroOrganisation
from xero_sync.sandbox.payments import create_payment
from xero_sync.sandbox.records import Contact, Invoice, Item
from xero_sync.sandbox.submission import day, flag, number, text
from xero_sync.sandbox.wire import ZERO, Element, JsonObject, decode

Action = Callable[[Ledger, Element], JsonObject | None]


class Control:
    """Dispatches the control endpoints."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def handle(self, request: Request) -> Response:
        name = request.path.removeprefix("/sandbox/").strip("/")
        if name == "state":
            return json_response(state(self._ledger))
        action = ACTIONS.get(name)
        if action is None or request.method != "POST":
            raise NotFound(request.path)
        try:
            sent = decode(request.body or b"{}")
            result = action(self._ledger, sent if isinstance(sent, dict) else {})
        except (ElementRefused, BooksRefused, msgspec.MsgspecError) as refusal:
            raise TextError(400, str(refusal)) from refusal
        return json_response(result or {"ok": True})


def state(ledger: Ledger) -> JsonObject:
    """Counts and totals of every organisation, and the counters of calls."""
    books = [_books(org) for org in ledger.organisations.values()]
    return {
        **books[0],
        "organisations": books,
        "calls": ledger.log.counters(),
        "connections": len(ledger.identity.connections),
        "tier": ledger.limits.tier,
        "now": ledger.now().isoformat(),
    }


def _books(org: XeroOrganisation) -> JsonObject:
    active = [row for row in org.contacts if row.is_active]
    live = [row for row in org.invoices if row.is_live]
    sales = [row for row in live if row.type == "ACCREC"]
    return {
        "tenant_id": org.tenant_id,
        "name": org.profile.name,
        "contacts": len(active),
        "archived_contacts": len(org.contacts) - len(active),
        "customers": sum(row.is_customer for row in active),
        "suppliers": sum(row.is_supplier for row in active),
        "items": len(org.items),
        "invoices": len(org.invoices),
        "invoices_by_status": dict(Counter(row.status for row in org.invoices)),
        "sales_total": str(sum((row.total for row in sales), ZERO)),
        "sales_due": str(sum((row.amount_due for row in sales), ZERO)),
        "payments": sum(row.status == "AUTHORISED" for row in org.payments),
        "credit_notes": len(org.credit_notes),
        "accounts": len(org.accounts),
        "tax_rates": len(org.tax_rates),
    }


# --- the ledger itself -------------------------------------------------------------


def _shift_clock(ledger: Ledger, sent: Element) -> None:
    shift = number(sent, "shift_seconds") or ZERO
    ledger.change_setting(clock_shift_seconds=float(shift))


def _set_tier(ledger: Ledger, sent: Element) -> None:
    tier = text(sent, "tier") or ""
    if tier not in TIERS:
        raise ElementRefused(f"tier must be one of {', '.join(TIERS)}")
    ledger.limits.tier = tier


def _switch_fault_on(ledger: Ledger, sent: Element) -> None:
    ledger.faults.switch_on(msgspec.convert(dict(sent), Fault, strict=False))


def _expire_tokens(ledger: Ledger, sent: Element) -> None:
    ledger.identity.expire_access_tokens()
    if flag(sent, "refresh"):
        ledger.identity.end_refresh_tokens()


def _open_organisation(ledger: Ledger, sent: Element) -> JsonObject:
    org = ledger.open_organisation(text(sent, "name") or "Another organisation")
    return {"tenant_id": org.tenant_id}


def _load(ledger: Ledger, sent: Element) -> JsonObject:
    org = _organisation(ledger, sent)
    load_books(org, sent)
    return _books(org)


def _reset(ledger: Ledger, sent: Element) -> None:
    """Empty books as on the first day; apps stay connected."""
    for org in ledger.organisations.values():
        for table in (
            org.contacts,
            org.items,
            org.invoices,
            org.payments,
            org.credit_notes,
        ):
            table.clear()
        org.change_profile(
            offline=False,
            period_lock_date=None,
            next_invoice_number=1,
            forbidden_actions=("UseMulticurrency",),
        )
    ledger.faults.clear()
    ledger.limits.clear()
    ledger.log.clear()


# --- what people do in Xero's own screens ------------------------------------------


def _change_contact(ledger: Ledger, sent: Element) -> None:
    org = _organisation(ledger, sent)
    fields = {name: value for name, value in sent.items() if name[0].isupper()}
    update_contact(org, _contact(org, text(sent, "contact")), fields)


def _archive_contact(ledger: Ledger, sent: Element) -> None:
    org = _organisation(ledger, sent)
    _put_contact(org, _contact(org, text(sent, "contact")), status="ARCHIVED")


def _unarchive_contact(ledger: Ledger, sent: Element) -> None:
    org = _organisation(ledger, sent)
    contact = _contact(org, text(sent, "contact"))
    if org.contacts.find("active_name", contact.name.casefold()):
        raise ElementRefused("Another active contact has this name")
    _put_contact(org, contact, status="ACTIVE")


def _merge_contact(ledger: Ledger, sent: Element) -> None:
    """The loser is archived and points at the winner, its documents move over."""
    org = _organisation(ledger, sent)
    loser = _contact(org, text(sent, "contact"))
    winner = _contact(org, text(sent, "into"))
    for invoice in org.invoices.find("contact", loser.contact_id):
        moved = msgspec.structs.replace(
            invoice, contact_id=winner.contact_id, updated=org.now()
        )
        org.invoices.put(moved.invoice_id, moved)
    for note in org.credit_notes.find("contact", loser.contact_id):
        org.credit_notes.put(
            note.credit_note_id,
            msgspec.structs.replace(note, contact_id=winner.contact_id),
        )
    _put_contact(org, loser, status="ARCHIVED", merged_to_contact_id=winner.contact_id)
    _put_contact(
        org,
        winner,
        is_customer=winner.is_customer or loser.is_customer,
        is_supplier=winner.is_supplier or loser.is_supplier,
    )


def _change_item(ledger: Ledger, sent: Element) -> None:
    org = _organisation(ledger, sent)
    fields = {name: value for name, value in sent.items() if name[0].isupper()}
    item = _item(org, sent)
    save_item(org, {**fields, "ItemID": item.item_id}, places=4)


def _delete_item(ledger: Ledger, sent: Element) -> None:
    org = _organisation(ledger, sent)
    delete_item(org, _item(org, sent).item_id)


def _pay_invoice(ledger: Ledger, sent: Element) -> None:
    org = _organisation(ledger, sent)
    invoice = _invoice(org, sent)
    amount = number(sent, "Amount")
    payment = {
        "Invoice": {"InvoiceID": invoice.invoice_id},
        "Account": {"Code": text(sent, "Account") or "090"},
        "Amount": invoice.amount_due if amount is None else amount,
        "Date": sent.get("Date"),
    }
    create_payment(org, payment)


def _set_status(status: str) -> Action:
    def set_status(ledger: Ledger, sent: Element) -> None:
        org = _organisation(ledger, sent)
        invoice = _invoice(org, sent)
        fields = {"InvoiceID": invoice.invoice_id, "Status": status}
        save_invoice(org, fields, places=4)

    return set_status


def _lock(ledger: Ledger, sent: Element) -> None:
    _organisation(ledger, sent).change_profile(period_lock_date=day(sent, "date"))


def _forbid_actions(ledger: Ledger, sent: Element) -> None:
    """As a smaller plan would; who asks all the same is refused (`plan_problems`)."""
    names = sent.get("forbidden")
    if not isinstance(names, list):
        raise ElementRefused("forbidden must be a list of names")
    forbidden = tuple(str(name) for name in names)
    _organisation(ledger, sent).change_profile(forbidden_actions=forbidden)


def _set_offline(ledger: Ledger, sent: Element) -> None:
    is_offline = flag(sent, "offline") is not False
    _organisation(ledger, sent).change_profile(offline=is_offline)


ACTIONS: dict[str, Action] = {
    "clock": _shift_clock,
    "tier": _set_tier,
    "faults": _switch_fault_on,
    "faults/clear": lambda ledger, sent: ledger.faults.clear(),
    "tokens/expire": _expire_tokens,
    "limits/reset": lambda ledger, sent: ledger.limits.clear(),
    "calls/reset": lambda ledger, sent: ledger.log.clear(),
    "contact/change": _change_contact,
    "contact/archive": _archive_contact,
    "contact/unarchive": _unarchive_contact,
    "contact/merge": _merge_contact,
    "item/change": _change_item,
    "item/delete": _delete_item,
    "invoice/pay": _pay_invoice,
    "invoice/void": _set_status("VOIDED"),
    "invoice/delete": _set_status("DELETED"),
    "invoice/approve": _set_status("AUTHORISED"),
    "lock": _lock,
    "actions": _forbid_actions,
    "offline": _set_offline,
    "organisation": _open_organisation,
    "books": _load,
    "reset": _reset,
}


def _organisation(ledger: Ledger, sent: Element) -> XeroOrganisation:
    tenant_id = text(sent, "tenant")
    org = ledger.organisations.get(tenant_id) if tenant_id else ledger.home
    if org is None:
        raise NotFound(str(tenant_id))
    return org


def _contact(org: XeroOrganisation, key: str | None) -> Contact:
    """By id, else by name; an active contact before an archived one."""
    contact = org.contacts.get((key or "").lower())
    for index in ("active_name", "archived_name", "contact_number"):
        named = org.contacts.find(index, (key or "").casefold())
        contact = contact or next(iter(named), None)
    if contact is None:
        raise NotFound(str(key))
    return contact


def _put_contact(org: XeroOrganisation, contact: Contact, **fields: object) -> None:
    changed = msgspec.structs.replace(contact, updated=org.now(), **fields)
    org.contacts.put(contact.contact_id, changed)


def _item(org: XeroOrganisation, sent: Element) -> Item:
    key = text(sent, "item") or ""
    item = org.items.get(key.lower()) or item_by_code(org, key)
    if item is None:
        raise NotFound(key)
    return item


def _invoice(org: XeroOrganisation, sent: Element) -> Invoice:
    key = text(sent, "invoice") or ""
    invoice = invoice_by_key(org, key)
    if invoice is None:
        raise NotFound(key)
    return invoice
