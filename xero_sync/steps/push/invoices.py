"""Invoices to Xero: new ones by PUT under our number; cancelled ones voided or deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from fieldops.common.rows import Among, read_rows
from invoicing.models import Invoice
from invoicing.services.numbering import give_number
from xero_sync.client.answers import element_result
from xero_sync.mappers.errors import Unreadable
from xero_sync.mappers.invoices import (
    invoice_from_wire,
    invoice_status_to_wire,
    invoice_to_wire,
    status_and_total,
)
from xero_sync.models import InvoiceLink, PlannedChange
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ElementResult, RemoteInvoice
from xero_sync.outcomes.kinds import Action, Kind
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import (
    invoice_content,
    invoice_draft,
    invoice_rows,
    lines_by_invoice,
)
from xero_sync.steps.push.linked import stray
from xero_sync.steps.pushing import (
    CLOCKS_DIFFER,
    Accepted,
    Instead,
    Prepared,
    Pushing,
)
from xero_sync.store.intents import Member
from xero_sync.store.issues import Trouble, raise_issues
from xero_sync.store.links import Agreed, item_codes, put_links, xero_ids
from xero_sync.store.mirror import mirror_rows
from xero_sync.store.plan import Planned, number_was_given

_STATE = PlannedChange.State
_END = {Action.VOID: "VOIDED", Action.DELETE: "DELETED"}
_UNAPPROVED = ("DRAFT", "SUBMITTED")


def _slots(ctx: Context) -> Mapping[str, str]:
    return {}


def _prepare(ctx: Context, changes: Sequence[Planned]) -> list[Prepared | Instead]:
    ids = [change.local_id for change in changes if change.local_id]
    invoices = invoice_rows(ids)
    lines = lines_by_invoice(ids)
    linked = xero_ids(ctx.connection, Kind.INVOICE, ids)
    customers = xero_ids(
        ctx.connection, Kind.CONTACT, {row.customer_id for row in invoices.values()}
    )
    used = {line.item_id for those in lines.values() for line in those}
    codes = item_codes(ctx.connection, used - {None})
    approved = _approved_there(ctx, changes)
    prepared: list[Prepared | Instead] = []
    for change in changes:
        invoice = invoices.get(change.local_id or 0)
        if invoice is None or change.xero_id in approved:
            prepared.append(Instead(change, _STATE.DROPPED))
        elif change.action in _END:
            prepared.append(_ended(change, invoice))
        elif change.action == Action.CREATE and invoice.id in linked:
            prepared.append(Instead(change, _STATE.DONE))
        elif invoice.revision != change.revision or _is_cancelled(invoice):
            prepared.append(Instead(change, _STATE.DROPPED))
        elif invoice.customer_id not in customers:
            prepared.append(Instead(change, _STATE.HELD))
        else:
            contact_id = customers[invoice.customer_id]
            its_lines = lines.get(invoice.id, [])
            prepared.append(_whole(ctx, change, invoice, its_lines, contact_id, codes))
    return prepared


def _is_cancelled(invoice: Any) -> bool:
    return bool(invoice.status == Invoice.Status.CANCELLED)


def _approved_there(ctx: Context, changes: Sequence[Planned]) -> set[str]:
    """Drafts that somebody has approved in Xero since it was planned to replace them."""
    ids = [one.xero_id for one in changes if one.action == Action.UPDATE]
    if not ids:
        return set()
    return {
        xero_id
        for xero_id, (payload, _) in mirror_rows(
            ctx.connection, Kind.INVOICE, ids
        ).items()
        if payload.get("Status") not in _UNAPPROVED
    }


def _whole(
    ctx: Context,
    change: Planned,
    invoice: Any,
    lines: Sequence[Any],
    contact_id: str,
    codes: Mapping[int, str],
) -> Prepared:
    if not invoice.number:
        numbered = give_number(Invoice.objects.get(pk=invoice.id), by=ctx.actor)
        number_was_given(change, numbered.revision)
        invoice = invoice._replace(number=numbered.number, revision=numbered.revision)
    is_draft = invoice.status == Invoice.Status.DRAFT
    draft = invoice_draft(
        invoice,
        lines,
        contact_id=contact_id,
        status="DRAFT" if is_draft else ctx.settings.arrival_status,
        item_codes=codes,
    )
    element = invoice_to_wire(draft)
    if change.xero_id:
        # Still a draft there: its lines are replaced by ours.
        element["InvoiceID"] = change.xero_id
    sent = {
        "total": f"{invoice.total:.2f}",
        "contact_id": contact_id,
        "content": invoice_content(invoice, lines),
        "as_draft": is_draft,
    }
    key = change.xero_id or invoice.number
    return Prepared(change, key, element, sent, invoice.revision)


def _ended(change: Planned, invoice: Any) -> Prepared | Instead:
    if not _is_cancelled(invoice):
        return Instead(change, _STATE.DROPPED)
    element = invoice_status_to_wire(change.xero_id, _END[Action(change.action)])
    return Prepared(change, change.xero_id, element, {}, invoice.revision)


def _accept(
    ctx: Context, accepted: Sequence[Accepted], slots: Mapping[str, str]
) -> Sequence[Accepted]:
    ended = [result.xero_id for member, result in accepted if member.action in _END]
    known = dict(
        read_rows(
            InvoiceLink,
            ("xero_id", "base"),
            Among("xero_id", ended),
            connection=ctx.connection.pk,
        )
    )
    said = [status_and_total(result.text) for _, result in accepted]
    refused = put_links(
        ctx.connection,
        Kind.INVOICE,
        [
            Agreed(
                member.local_id,
                result.xero_id,
                member.draft or known.get(result.xero_id, {}),
                member.planned,
                result.updated_at,
                status,
            )
            for (member, result), (status, _) in zip(accepted, said, strict=True)
        ],
        origin=InvoiceLink.Origin.CREATED_THERE,
    )
    _compare_totals(ctx, accepted, [total for _, total in said])
    return stray(accepted, refused)


def _compare_totals(
    ctx: Context, accepted: Sequence[Accepted], totals: Sequence[Decimal | None]
) -> None:
    """What Xero computed must be what we did, to the penny; else people must know."""
    troubles = [
        _other_total(member, result, total)
        for (member, result), total in zip(accepted, totals, strict=True)
        if member.action not in _END
        and total is not None
        and total != Decimal(str(member.draft["total"]))
    ]
    if troubles:
        raise_issues(ctx.run, troubles, now=ctx.clock())


def _other_total(member: Member, result: ElementResult, total: Decimal) -> Trouble:
    details = {"ours": str(member.draft["total"]), "theirs": f"{total:.2f}"}
    return Trouble(
        Problem(IssueCode.TOTALS_DIFFER, "total", details),
        kind=Kind.INVOICE,
        title=member.title,
        local_id=member.local_id,
        xero_id=result.xero_id,
    )


def _read(result: ElementResult) -> RemoteInvoice | None:
    try:
        return invoice_from_wire(result.payload)
    except Unreadable:
        return None


def _find(ctx: Context, members: Sequence[Member]) -> list[ElementResult]:
    """Bills may carry the same number: only sales invoices are ours."""
    found = ctx.api.invoices_by_number([member.key for member in members])
    return [
        element_result(one, INVOICES.resource)
        for one in found
        if one.get("Type") == "ACCREC"
    ]


def _read_back(ctx: Context, xero_ids: Sequence[str]) -> list[ElementResult]:
    found = ctx.api.invoices_by_id(xero_ids)
    return [element_result(one, INVOICES.resource) for one in found]


def _is_same(member: Member, result: ElementResult, since: datetime) -> bool:
    """A number alone proves nothing: somebody may have keyed the invoice in by hand. One
    that is void is ours if it was touched since we sent ours."""
    remote = _read(result)
    return (
        remote is not None
        and remote.number.casefold() == member.key.casefold()
        and remote.contact_id == member.draft.get("contact_id")
        and f"{remote.total:.2f}" == member.draft.get("total")
        and (
            remote.status not in _END.values()
            or remote.updated_at >= since - CLOCKS_DIFFER
        )
    )


def _is_done(ctx: Context, member: Member, result: ElementResult) -> bool:
    """That a draft was replaced by another draft cannot be told: it may be sent again."""
    remote = _read(result)
    if remote is None:
        return False
    if member.action in _END:
        return remote.status in _END.values()
    if "number" in member.draft:
        return remote.number == str(member.draft["number"])
    was_approved = not member.draft.get("as_draft")
    return (
        was_approved
        and remote.status not in _UNAPPROVED
        and f"{remote.total:.2f}" == member.draft.get("total")
    )


def _explain(ctx: Context, member: Member, problem: Problem) -> Problem:
    if problem.field_name == "item":
        # Deleted over there since the last full list: the next run reads it again.
        ctx.connection.full_compare_on = None
        ctx.connection.save(update_fields=["full_compare_on"])
    if problem.code is IssueCode.INVOICE_NUMBER_IN_XERO:
        return Problem(
            problem.code, problem.field_name, problem.details | {"value": member.key}
        )
    return problem


INVOICES = Pushing(
    kind=Kind.INVOICE,
    resource="Invoices",
    slots=_slots,
    prepare=_prepare,
    accept=_accept,
    find=_find,
    read=_read_back,
    is_same=_is_same,
    is_done=_is_done,
    explain=_explain,
)
