"""Two contacts of one name: propose what one of them is called in Xero, and approve it."""

from collections.abc import Iterable, Mapping

from django.db.models.fields.json import KT
from django.db.models.functions import Lower

from customers.models import Contact
from fieldops.common.actor import Actor
from xero_sync.mappers.wire import normal_text
from xero_sync.models import (
    MirrorRecord,
    NameInXero,
    SyncIssue,
    SyncRun,
    XeroConnection,
)
from xero_sync.outcomes.changes import Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft
from xero_sync.outcomes.kinds import Kind
from xero_sync.planner.readiness import contact_problems
from xero_sync.report.errors import NothingToFix, NothingToTakeBack, StillBad
from xero_sync.report.fixing import holder_in_xero, sentence_of
from xero_sync.report.words import CONTACT_NAME_LIMIT
from xero_sync.runs.requests import send_records
from xero_sync.store.names import put_name


def is_nameable(issue: SyncIssue) -> bool:
    """Whether another name in Xero would put it right."""
    return issue.code == IssueCode.NAME_TAKEN_IN_XERO and issue.contact is not None


def proposed_names(
    issues: Iterable[SyncIssue], connection: XeroConnection | None
) -> dict[int, str]:
    """By issue, in two queries whatever their number; blank where nothing of the contact
    tells it from the other."""
    possible = {
        issue.pk: _possible(issue.contact)
        for issue in issues
        if issue.contact is not None and is_nameable(issue)
    }
    wanted = {name.casefold() for names in possible.values() for name in names}
    taken = _taken(connection, wanted)
    proposals: dict[int, str] = {}
    for key, names in possible.items():
        free = [name for name in names if name.casefold() not in taken]
        proposals[key] = free[0] if free else ""
        taken |= {name.casefold() for name in free[:1]}
    return proposals


def name_in_xero(record: object) -> NameInXero | None:
    """The one that this contact goes under now."""
    if not isinstance(record, Contact):
        return None
    names = record.names_in_xero.filter(
        connection__is_current=True, stands_for=normal_text(record.name)
    )
    return names.select_related("user").first()


def approve_name(issue: SyncIssue, typed: str, *, by: Actor) -> None:
    """From now on the contact goes to Xero under this name; here it keeps its own."""
    contact, name = issue.contact, normal_text(typed)
    if contact is None or not is_nameable(issue):
        raise NothingToFix
    problem = _problem_with(issue, contact, name)
    if problem:
        raise StillBad(sentence_of(problem, issue.kind))
    own = normal_text(contact.name)
    put_name(issue.connection, contact, name, stands_for=own, by=by)


def take_name_back(contact: Contact, *, by: Actor) -> SyncRun | None:
    """It goes to Xero under its own name again, which the next run will say is taken if
    that is still so. Gives that run; none before the first sync."""
    names = contact.names_in_xero.filter(connection__is_current=True)
    count, _ = names.delete()
    if not count:
        raise NothingToTakeBack
    connection = XeroConnection.current()
    if connection is None or connection.first_sync_done_at is None:
        return None
    return send_records(Kind.CONTACT, [contact.pk], by=by)


def _possible(contact: Contact) -> list[str]:
    """What tells people apart, the surest first."""
    marks = (
        contact.billing_postcode,
        contact.account_number,
        contact.billing_city,
        contact.phone or contact.mobile,
        contact.email,
    )
    name = normal_text(contact.name)
    return [_marked(name, mark) for one in marks if (mark := normal_text(one))]


def _marked(name: str, mark: str) -> str:
    room = (CONTACT_NAME_LIMIT or len(name) + len(mark) + 3) - len(mark) - 3
    return f"{name[: max(room, 0)].rstrip()} ({mark})"


def _taken(connection: XeroConnection | None, wanted: set[str]) -> set[str]:
    """Those of these names, folded, that an active contact of Xero's has, or that one of
    ours will have."""
    if not wanted or connection is None:
        return set()
    named = MirrorRecord.objects.filter(
        connection=connection,
        kind=Kind.CONTACT,
        is_gone=False,
        payload__ContactStatus="ACTIVE",
    )
    folded = named.annotate(folded=Lower(KT("payload__Name")))
    there = folded.filter(folded__in=wanted).values_list("folded", flat=True)
    approved = NameInXero.objects.filter(connection=connection)
    ours = approved.values_list("name", flat=True)
    return set(there) | {name.casefold() for name in ours}


def _problem_with(issue: SyncIssue, contact: Contact, name: str) -> Problem | None:
    for problem in contact_problems(ContactDraft(name=name)):
        return problem
    other = holder_in_xero(issue, "Name", name)
    if other is not None:
        return _taken_by(str(other.get("Name", "")))
    approved = NameInXero.objects.filter(connection=issue.connection)
    twin = approved.filter(name__iexact=name).exclude(contact=contact).first()
    return _taken_by(twin.name) if twin else None


def _taken_by(name: str) -> Problem:
    details: Mapping[str, str] = {"value": name, "other": name}
    return Problem(IssueCode.NAME_TAKEN_IN_XERO, "name", dict(details))
