"""Keep what a person says about a possible pair. The next plan asks no more."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from customers.models import Contact
from fieldops.common.actor import Actor
from stock.models import StockItem
from xero_sync.consolidation.errors import NoSuchPartner, NotAPair, PartnerTaken
from xero_sync.models import MirrorRecord, PairDecision, SyncIssue
from xero_sync.store.links import LINK_MODELS

Answer = PairDecision.Answer


@transaction.atomic
def decide(
    issue: SyncIssue, answer: str, xero_id: str = "", *, by: Actor
) -> PairDecision:
    """``xero_id``: the record of Xero's that the answer is about; "it is new" needs none.

    Saying "the same" takes back an earlier "the same" with another partner.
    """
    record = issue.record
    if not isinstance(record, Contact | StockItem) or answer not in Answer.values:
        raise NotAPair
    if answer != Answer.NEW:
        _check_exists(issue, xero_id)
    if answer == Answer.SAME:
        _check_free(issue, record, xero_id)
        _take_back(issue, record, xero_id)
    decision, _ = PairDecision.objects.update_or_create(
        connection=issue.connection,
        kind=issue.kind,
        local_uid=record.uid,
        xero_id=xero_id,
        defaults={"answer": answer, "user": by.user},
    )
    return decision


def _check_exists(issue: SyncIssue, xero_id: str) -> None:
    mirror = MirrorRecord.objects.filter(
        connection=issue.connection, kind=issue.kind, xero_id=xero_id, is_gone=False
    )
    if not xero_id or not mirror.exists():
        raise NoSuchPartner


def _check_free(issue: SyncIssue, record: Contact | StockItem, xero_id: str) -> None:
    links: Any = LINK_MODELS[issue.kind].objects
    taken = links.filter(connection=issue.connection, xero_id=xero_id)
    other = taken.exclude(record=record).select_related("record").first()
    if other is not None:
        raise PartnerTaken(str(other.record))


def _take_back(issue: SyncIssue, record: Contact | StockItem, xero_id: str) -> None:
    PairDecision.objects.filter(
        Q(local_uid=record.uid) | Q(xero_id=xero_id),
        connection=issue.connection,
        kind=issue.kind,
        answer=Answer.SAME,
    ).delete()
    PairDecision.objects.filter(
        connection=issue.connection,
        kind=issue.kind,
        local_uid=record.uid,
        answer=Answer.NEW,
    ).delete()
