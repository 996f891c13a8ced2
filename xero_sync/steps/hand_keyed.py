"""Load what may tell that an invoice was keyed into Xero by hand."""

from collections.abc import Collection, Mapping, Sequence

from xero_sync.models import PairDecision
from xero_sync.outcomes.drafts import RemoteInvoice
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.hand_keyed import InvoiceAnswers, KeyedByHand, keyed_by_hand
from xero_sync.planner.inputs import LocalInvoice
from xero_sync.steps.context import Context
from xero_sync.steps.our_side import invoices_like
from xero_sync.steps.xero_side import UnlinkedInvoices

_Answer = PairDecision.Answer
_Customers = Mapping[int, Collection[str]]


def alike_ids(
    locals_: Sequence[LocalInvoice],
    customers: _Customers,
    unlinked: UnlinkedInvoices,
    answers: InvoiceAnswers,
) -> list[str]:
    """Of Xero's: those with the customer and the total of one of these, and those that
    a person said one of these is."""
    uids = {one.uid for one in locals_}
    said = [xero_id for uid, xero_id in answers.same if uid in uids]
    return said + [
        xero_id
        for local in locals_
        for contact_id in customers.get(local.customer_id, ())
        for xero_id in unlinked.by_total.get((contact_id, local.total), ())
    ]


def find_keyed_by_hand(
    ctx: Context,
    locals_: Sequence[LocalInvoice],
    remotes: Sequence[RemoteInvoice],
    customers: _Customers,
    answers: InvoiceAnswers,
) -> dict[int, KeyedByHand]:
    """``remotes`` are linked to none of ours."""
    if not remotes:
        return {}
    beside = invoices_like(
        ctx,
        {one.customer_id for one in locals_},
        {one.total for one in locals_},
    )
    return keyed_by_hand(beside, remotes, customers, answers)


def invoice_answers(ctx: Context) -> InvoiceAnswers:
    rows = PairDecision.objects.filter(connection=ctx.connection, kind=Kind.INVOICE)
    said = [
        (str(uid), xero_id, answer)
        for uid, xero_id, answer in rows.values_list("local_uid", "xero_id", "answer")
    ]
    return InvoiceAnswers(
        same=_pairs(said, _Answer.SAME),
        different=_pairs(said, _Answer.DIFFERENT),
        new=frozenset(uid for uid, _, answer in said if answer == _Answer.NEW),
    )


def _pairs(
    said: Sequence[tuple[str, str, str]], wanted: str
) -> frozenset[tuple[str, str]]:
    return frozenset((uid, xero_id) for uid, xero_id, one in said if one == wanted)
