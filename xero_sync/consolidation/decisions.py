"""Keep what a person says about a possible pair. The next plan asks no more."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone

from customers.models import Contact
from fieldops.common.actor import Actor
from fieldops.common.merging import require_standing
from invoicing.models import Invoice
from stock.models import StockItem
from xero_sync.consolidation.errors import (
    AlreadyDecided,
    HasAnotherPartner,
    NoSuchPartner,
    NotAPair,
    OnAnotherCustomer,
    PartnerTaken,
)
from xero_sync.consolidation.units import expand_choices
from xero_sync.models import (
    ContactLink,
    FoundPair,
    MirrorRecord,
    PairDecision,
    SyncIssue,
    XeroConnection,
)
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.kinds import Kind
from xero_sync.store.links import LINK_MODELS

Answer = PairDecision.Answer
Record = Contact | StockItem | Invoice
NO_FIELDS: Mapping[str, str] = {}


@transaction.atomic
def decide(
    issue: SyncIssue, answer: str, xero_id: str = "", *, by: Actor
) -> PairDecision:
    """On the row of the report. ``xero_id``: the record of Xero's that the answer is
    about; "it is new" needs none."""
    record = issue.record
    if record is None or not _asks_who_is_who(issue):
        raise NotAPair
    connection = one_at_a_time(issue.connection)
    if isinstance(record, Invoice) and issue.code == IssueCode.INVOICE_NUMBER_IN_XERO:
        _check_may_be(connection, record, answer, xero_id)
    return _decide(connection, record, answer, xero_id, NO_FIELDS, by=by)


def _asks_who_is_who(issue: SyncIssue) -> bool:
    """Of invoices only the rows that found one in Xero do."""
    return issue.kind != Kind.INVOICE or issue.code in _FOUND_IN_XERO


_FOUND_IN_XERO = (IssueCode.POSSIBLE_INVOICE, IssueCode.INVOICE_NUMBER_IN_XERO)


def _check_may_be(
    connection: XeroConnection, invoice: Invoice, answer: str, xero_id: str
) -> None:
    """Of one that has the number and differs in the rest: it may be the same, with
    another total, but on nobody else's account."""
    if answer != Answer.SAME:
        raise NotAPair
    mirror = MirrorRecord.objects.filter(
        connection=connection, kind=Kind.INVOICE, xero_id=xero_id
    )
    if mirror.filter(payload__Status__in=("VOIDED", "DELETED")).exists():
        raise NoSuchPartner
    contact_id = mirror.values_list(KT("payload__Contact__ContactID"), flat=True)
    customer = ContactLink.objects.filter(
        Q(record=invoice.customer_id) | Q(record__merged_into=invoice.customer_id),
        connection=connection,
    )
    linked = customer.values_list("xero_id", flat=True)
    if str(contact_id.first()).lower() not in [one.lower() for one in linked]:
        raise OnAnotherCustomer


@transaction.atomic
def decide_pair(
    pair: FoundPair,
    answer: str,
    choices: Mapping[str, str] = NO_FIELDS,
    *,
    by: Actor,
) -> PairDecision:
    """``choices``: "ours" or "theirs" by the name of a field, or of several as one. What
    somebody has decided otherwise meanwhile stands until it is taken back."""
    connection = one_at_a_time(pair.connection)
    fields = expand_choices(Kind(pair.kind), choices) if answer == Answer.SAME else {}
    said = PairDecision.objects.filter(pairs=pair).select_related("user").first()
    if said is not None:
        if (said.answer, said.fields) != (answer, fields):
            is_own = by.user is not None and said.user == by.user
            raise AlreadyDecided(said, is_own=is_own)
        return said
    xero_id = "" if answer == Answer.NEW else pair.xero_id
    return _decide(connection, pair.record, answer, xero_id, fields, by=by)


@transaction.atomic
def accept_certain(connection: XeroConnection, *, by: Actor) -> int:
    """Say of all that is shown as certain that it is the same: no later preview thinks
    otherwise. Gives how many."""
    connection = one_at_a_time(connection)
    pairs = FoundPair.objects.undecided().filter(
        connection=connection, strength=FoundPair.Strength.CERTAIN
    )
    said = list(PairDecision.objects.filter(connection=connection))
    now = timezone.now()
    accepted = {
        pair: PairDecision(
            connection=connection,
            kind=pair.kind,
            local_uid=pair.record.uid,
            xero_id=pair.xero_id,
            answer=Answer.SAME,
            user=by.user,
            decided_at=now,
        )
        for pair in _not_contradicted(pairs.select_related("contact", "item"), said)
    }
    PairDecision.objects.bulk_create(accepted.values(), batch_size=500)
    for pair, decision in accepted.items():
        pair.decision = decision
    FoundPair.objects.bulk_update(accepted, ["decision"], batch_size=200)
    return len(accepted)


def one_at_a_time(connection: XeroConnection) -> XeroConnection:
    """Two people who decide at once decide one after the other, and no sync commits in
    between. Call this in a transaction."""
    return XeroConnection.objects.select_for_update().get(pk=connection.pk)


def _decide(
    connection: XeroConnection,
    record: Record,
    answer: str,
    xero_id: str,
    fields: Mapping[str, str],
    *,
    by: Actor,
) -> PairDecision:
    """The last word counts: "the same" and "it is new" take back what was said before of
    this record, but for "not the same"."""
    if answer not in Answer.values:
        raise NotAPair
    kind = _kind_of(record)
    require_standing(record)
    if answer != Answer.NEW:
        _check_exists(connection, kind, xero_id)
    if answer == Answer.SAME:
        _check_free(connection, kind, record, xero_id)
    if answer != Answer.DIFFERENT:
        _forget_others(connection, kind, record, xero_id)
    decision, _ = PairDecision.objects.update_or_create(
        connection=connection,
        kind=kind,
        local_uid=record.uid,
        xero_id="" if answer == Answer.NEW else xero_id,
        defaults={
            "answer": answer,
            "fields": dict(fields),
            "user": by.user,
            "decided_at": timezone.now(),
        },
    )
    _mark(decision, record)
    return decision


def _kind_of(record: Record) -> Kind:
    if isinstance(record, Invoice):
        return Kind.INVOICE
    return Kind.CONTACT if isinstance(record, Contact) else Kind.ITEM


def _check_exists(connection: XeroConnection, kind: Kind, xero_id: str) -> None:
    mirror = MirrorRecord.objects.filter(
        connection=connection, kind=kind, xero_id=xero_id, is_gone=False
    )
    if not xero_id or not mirror.exists():
        raise NoSuchPartner


def _check_free(
    connection: XeroConnection, kind: Kind, record: Record, xero_id: str
) -> None:
    links: Any = LINK_MODELS[kind].objects
    taken = links.filter(connection=connection, xero_id=xero_id)
    other = taken.exclude(record=record).select_related("record").first()
    if other is not None:
        raise PartnerTaken(str(other.record))
    own = links.filter(connection=connection, record=record)
    if own.exclude(xero_id=xero_id).exists():
        raise HasAnotherPartner(str(record), is_item=isinstance(record, StockItem))


def _forget_others(
    connection: XeroConnection, kind: Kind, record: Record, xero_id: str
) -> None:
    of_kind = PairDecision.objects.filter(connection=connection, kind=kind)
    said = of_kind.exclude(answer=Answer.DIFFERENT).filter(local_uid=record.uid)
    said.exclude(xero_id=xero_id).delete()
    if xero_id:
        of_kind.filter(answer=Answer.SAME, xero_id=xero_id).exclude(
            local_uid=record.uid
        ).delete()


def _mark(decision: PairDecision, record: Record) -> None:
    """The rows of the queue that it settles: of one that is new all, else the pair.
    Invoices are asked about on the report alone."""
    if isinstance(record, Invoice):
        return
    side = "contact" if isinstance(record, Contact) else "item"
    pairs = FoundPair.objects.filter(
        connection_id=decision.connection_id, **{side: record}
    )
    if decision.answer == Answer.NEW:
        pairs = pairs.filter(decision=None)
    else:
        pairs = pairs.filter(xero_id=decision.xero_id)
    pairs.update(decision=decision)


def _not_contradicted(
    pairs: Iterable[FoundPair], said: Iterable[PairDecision]
) -> Iterator[FoundPair]:
    """Those whose records nobody has decided about since the pair was found."""
    decided = [one for one in said if one.answer != Answer.DIFFERENT]
    here = {(one.kind, one.local_uid) for one in decided}
    there = {(one.kind, one.xero_id) for one in decided}
    apart = {(one.kind, one.local_uid, one.xero_id) for one in said}
    for pair in pairs:
        uid = pair.record.uid
        is_taken = (pair.kind, uid) in here or (pair.kind, pair.xero_id) in there
        if not is_taken and (pair.kind, uid, pair.xero_id) not in apart:
            here.add((pair.kind, uid))
            there.add((pair.kind, pair.xero_id))
            yield pair
