"""Contacts that somebody has entered in Xero although they are there, linked to one of
ours: a person is asked before they come in as new."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import ADDRESS_PARTS, Contact
from fieldops.common.prepared import prepared
from xero_sync.mappers.contacts import contact_from_wire
from xero_sync.mappers.errors import Unreadable
from xero_sync.matching.contacts import ContactCandidate, match_contacts
from xero_sync.models import ContactLink, FoundPair, MirrorRecord, PairDecision
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.inputs import Pair
from xero_sync.steps.context import Context
from xero_sync.steps.drafts import contact_draft, other_emails
from xero_sync.steps.nearby import contacts_near
from xero_sync.steps.unlinked import unlinked_mirror

LINKED_ALREADY = "ours is linked to another one already"
SAID_THE_SAME = "a person said so"
# With more new ones in Xero it is quicker to compare them with all of ours.
FEW = 50

_Answer = PairDecision.Answer


def second_copies(ctx: Context) -> list[Pair]:
    """Of contacts that have no link, with linked ones of ours. What is asked already is
    left out, and what nobody has to be asked about."""
    linked = _linked(ctx)
    if not linked.exists():
        return []  # a first sync: the matcher sees everybody
    fresh = {one.xero_id: one for one in _new_in_xero(ctx)}
    if not fresh:
        return []
    settled = _settled(ctx)
    pairs = {
        (pair.local_id, pair.xero_id): pair
        for pair in _alike(ctx, linked, list(fresh.values()))
        if (pair.local_id, pair.xero_id) not in settled
        and (pair.local_id, "") not in settled
    }
    said = [pair for pair in _said(ctx, linked) if pair.xero_id in fresh]
    return list((pairs | {(one.local_id, one.xero_id): one for one in said}).values())


def _new_in_xero(ctx: Context) -> Iterator[RemoteContact]:
    """That would be brought in as new, by all that Xero says of them."""
    for payload in _to_come(ctx.connection.pk):
        try:
            remote = contact_from_wire(payload, address_slot=ctx.settings.address_slot)
        except Unreadable:
            continue
        if not remote.merged_into:
            yield remote


@prepared
def _to_come(connection_id: int) -> "QuerySet[MirrorRecord, dict[str, Any]]":
    asked = FoundPair.objects.doubtful().filter(
        connection=connection_id, kind=Kind.CONTACT
    )
    rows = unlinked_mirror(connection_id, Kind.CONTACT).filter(
        Q(payload__IsCustomer=True) | Q(payload__IsSupplier=True),
        payload__ContactStatus="ACTIVE",
    )
    rows = rows.exclude(xero_id__in=asked.order_by().values("xero_id"))
    return rows.order_by("xero_id").values_list("payload", flat=True)


def _linked(ctx: Context) -> QuerySet[Contact]:
    links = ContactLink.objects.filter(connection=ctx.connection, record=OuterRef("pk"))
    return Contact.objects.standing().active().filter(Exists(links)).order_by("pk")


def _alike(
    ctx: Context, linked: QuerySet[Contact], fresh: Sequence[RemoteContact]
) -> Iterator[Pair]:
    """What the matcher calls possible and no more is not worth the wait."""
    near = linked if len(fresh) > FEW else _near(linked, fresh)
    matches = match_contacts(
        [
            ContactCandidate(
                contact_draft(contact, ctx.settings),
                local_id=contact.pk,
                other_emails=other_emails(contact, ctx.settings),
            )
            for contact in near
        ],
        [ContactCandidate(one.draft, xero_id=one.xero_id) for one in fresh],
    )
    for match in matches:
        if match.certain or match.likely:
            yield Pair(
                int(match.local_id),
                match.xero_id,
                is_certain=False,
                reasons=(*match.reasons, LINKED_ALREADY),
                score=match.score,
            )


def _near(
    linked: QuerySet[Contact], fresh: Iterable[RemoteContact]
) -> Iterable[Contact]:
    found = (
        contact
        for one in fresh
        for contact in contacts_near(_as_ours(one.draft), linked)
    )
    return {contact.pk: contact for contact in found}.values()


def _as_ours(draft: ContactDraft) -> Contact:
    address = {
        f"billing_{part}": getattr(draft, f"address_{part}") for part in ADDRESS_PARTS
    }
    names = ("name", "email", "phone", "mobile", "account_number", "tax_number")
    return Contact(
        **{name: getattr(draft, name) for name in names},
        **address,
        direct_dial=draft.direct_dial,
    )


def _said(ctx: Context, linked: QuerySet[Contact]) -> Iterator[Pair]:
    """Called the same by a person, before ours found another partner."""
    same = dict(
        PairDecision.objects.filter(
            connection=ctx.connection, kind=Kind.CONTACT, answer=_Answer.SAME
        ).values_list("local_uid", "xero_id")
    )
    ours = linked.filter(uid__in=same).values_list("pk", "uid")
    for pk, uid in ours:
        reasons = (SAID_THE_SAME, LINKED_ALREADY)
        yield Pair(pk, same[uid], is_certain=False, reasons=reasons)


def _settled(ctx: Context) -> set[tuple[int, str]]:
    """What a person has called different; without an id of Xero's, who is new."""
    decisions = PairDecision.objects.filter(
        connection=ctx.connection, kind=Kind.CONTACT
    ).exclude(answer=_Answer.SAME)
    said = list(decisions.values_list("local_uid", "xero_id"))
    contacts = Contact.objects.filter(uid__in={uid for uid, _ in said})
    ids = dict(contacts.values_list("uid", "pk"))
    return {(ids[uid], xero_id) for uid, xero_id in said if uid in ids}
