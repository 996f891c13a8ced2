"""The plan for invoices: ours go up; status and money come back."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from xero_sync.outcomes.changes import Change, FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import RemoteInvoice
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step
from xero_sync.planner.hand_keyed import NOT_KEYED, KeyedByHand
from xero_sync.planner.inputs import (
    Chart,
    InvoiceRules,
    LinkedInvoice,
    LocalInvoice,
    Refusals,
)
from xero_sync.planner.merge import as_json
from xero_sync.planner.readiness import first, line_problems

FOUND_BY_NUMBER = "in Xero under its number, with the same customer, date and total"
# Xero's names of what sending takes, and what they are in words.
FOUND_BY_REFERENCE = "keyed into Xero with the same customer, date, total and reference"
LINKED_BY_A_PERSON = "linked by a person"
_APPROVED = ("CreateApprovedInvoice", "approved invoices")
_DRAFT = ("CreateDraftInvoice", "draft invoices")
_OVER = ("VOIDED", "DELETED")
_UNAPPROVED = ("DRAFT", "SUBMITTED")
_CUSTOMERS_WITHOUT_ISSUE = (
    IssueCode.CONTACT_ARCHIVED_IN_XERO,
    IssueCode.CUSTOMER_NOT_IN_XERO,
)


@dataclass(frozen=True)
class InvoicePlanner:
    """``customers_out``: why a customer will not be in Xero. Where that reason has no
    issue of the customer's own (archived here or there), the invoice gets one.

    ``customers`` are the ids in Xero of customers that are linked, or will be, and of
    those that were merged into them here; ``by_hand`` tells of ours what may have been
    keyed into Xero by hand.
    """

    locals: Sequence[LocalInvoice]
    remotes: Sequence[RemoteInvoice]
    links: Sequence[LinkedInvoice]
    rules: InvoiceRules
    chart: Chart = field(default_factory=lambda: Chart(is_known=False))
    customers_out: Mapping[int, IssueCode] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=dict)
    customers: Mapping[int, Collection[str]] = field(default_factory=dict)
    by_hand: Mapping[int, KeyedByHand] = field(default_factory=dict)

    def changes(self) -> list[Change]:
        by_xero_id = {remote.xero_id: remote for remote in self.remotes}
        linked = {link.local_id: link for link in self.links}
        taken = self._numbers_taken({link.xero_id for link in self.links})
        changes: list[Change] = []
        for local in sorted(self.locals, key=lambda local: local.id):
            if local.id not in linked:
                changes += self._unlinked(local, taken)
            elif linked[local.id].xero_id in by_xero_id:
                link = linked[local.id]
                changes += self._linked(local, by_xero_id[link.xero_id], link)
        return changes

    def _numbers_taken(self, linked: set[str]) -> dict[str, RemoteInvoice]:
        """Of several with one number, that which is still good."""
        by_goodness = sorted(self.remotes, key=lambda one: one.status not in _OVER)
        return {
            remote.number.casefold(): remote
            for remote in by_goodness
            if remote.type == "ACCREC"
            and remote.number
            and remote.xero_id not in linked
            and remote.status != "DELETED"
        }

    def _unlinked(
        self, local: LocalInvoice, taken: dict[str, RemoteInvoice]
    ) -> Iterator[Change]:
        reason = self._left_out_reason(local)
        twin = taken.get(local.number.casefold()) if local.number else None
        keyed = self.by_hand.get(local.id, NOT_KEYED)
        if reason:
            yield _change(Action.LEAVE_OUT, local, reason)
        elif keyed.given:
            yield from _recognised(local, keyed.given, LINKED_BY_A_PERSON)
        elif twin and self._is_the_same(local, twin):
            yield from _recognised(local, twin, FOUND_BY_NUMBER)
        elif keyed.certain:
            yield from _recognised(local, keyed.certain, FOUND_BY_REFERENCE)
        elif keyed.possible:
            yield _in_question(local, keyed.possible)
        else:
            yield self._to_be_sent(local, taken)

    def _is_the_same(self, local: LocalInvoice, twin: RemoteInvoice) -> bool:
        """A number alone proves nothing: customer, day, currency and total must agree.
        It was sent from here, and we have forgotten it: a backup was brought back."""
        return (
            twin.status not in _OVER
            and twin.contact_id in self.customers.get(local.customer_id, ())
            and (twin.issued_on, twin.currency, twin.total)
            == (local.issued_on, local.currency, local.total)
        )

    def _to_be_sent(
        self, local: LocalInvoice, taken: dict[str, RemoteInvoice]
    ) -> Change:
        problem = self.refusals.get(local.id) or first(self._problems(local, taken))
        if problem:
            return _refused(local, problem)
        if local.customer_id in self.customers_out:
            return _change(
                Action.HOLD, local, "its customer is not in Xero yet",
                direction=Direction.TO_XERO, code=IssueCode.CUSTOMER_NOT_IN_XERO,
                details={"customer_id": str(local.customer_id)},
            )  # fmt: skip
        return _change(
            Action.CREATE, local, "not in Xero yet", direction=Direction.TO_XERO,
            fields=(FieldChange("total", None, as_json(local.total)),),
        )  # fmt: skip

    def _left_out_reason(self, local: LocalInvoice) -> str:
        if local.status == "cancelled":
            return "cancelled"
        if local.id in self.rules.chosen:
            return ""
        if local.status == "draft" and not self.rules.sends_drafts:
            return "a draft"
        if self.rules.sent_from and local.issued_on < self.rules.sent_from:
            return "dated before invoices are sent from"
        return ""

    def _problems(
        self, local: LocalInvoice, taken: dict[str, RemoteInvoice]
    ) -> Iterator[Problem]:
        as_approved = local.status == "approved" and self.rules.arrive_approved
        name, what = _APPROVED if as_approved else _DRAFT
        if name in self.rules.forbidden:
            yield Problem(IssueCode.NOT_IN_XERO_PLAN, "", {"what": what})
        if local.currency != self.rules.base_currency:
            details = {"value": local.currency, "base": self.rules.base_currency}
            yield Problem(IssueCode.CURRENCY, "currency", details)
        twin = taken.get(local.number.casefold()) if local.number else None
        if twin:
            details = {"value": local.number}
            if twin.status not in _OVER:  # what has ended is nobody's twin
                details["other_xero_id"] = twin.xero_id
            yield Problem(IssueCode.INVOICE_NUMBER_IN_XERO, "number", details)
        if self.rules.lock_date and local.issued_on <= self.rules.lock_date:
            details = {"value": self.rules.lock_date.isoformat()}
            yield Problem(IssueCode.PERIOD_LOCKED, "issued_on", details)
        out = self.customers_out.get(local.customer_id)
        if out in _CUSTOMERS_WITHOUT_ISSUE:
            yield Problem(out, "", {"customer_id": str(local.customer_id)})
        yield from line_problems(local.lines, self.chart)

    def _linked(
        self, local: LocalInvoice, remote: RemoteInvoice, link: LinkedInvoice
    ) -> Iterator[Change]:
        if local.status == "cancelled":
            yield from self._cancelled_here(local, remote)
        elif remote.status in _OVER:
            # Its payments were taken off before; ours cannot be cancelled with them.
            yield from _settlement(local, remote)
            yield _change(
                Action.VOID, local, f"{remote.status.lower()} in Xero", remote.xero_id,
                direction=Direction.TO_US,
            )  # fmt: skip
        elif link.as_draft and not _approved_alike(local, remote, link):
            yield from self._sent_as_draft(local, remote, link)
        else:
            yield from _settlement(local, remote)
            if remote.total != local.total:
                yield _totals_differ(local, remote)

    def _sent_as_draft(
        self, local: LocalInvoice, remote: RemoteInvoice, link: LinkedInvoice
    ) -> Iterator[Change]:
        """Sent while it was a draft here: edits and the approval follow it, as long as
        nobody has approved it over there."""
        if local.status == "approved" or local.content != link.content:
            if remote.status not in _UNAPPROVED:
                changed_there = Problem(IssueCode.INVOICE_CHANGED_IN_XERO, "", {})
                yield _refused(local, changed_there, remote.xero_id)
                return
            problem = self.refusals.get(local.id) or first(
                line_problems(local.lines, self.chart)
            )
            if problem:
                yield _refused(local, problem, remote.xero_id)
                return
            yield _change(
                Action.UPDATE, local, "changed or approved here", remote.xero_id,
                direction=Direction.TO_XERO,
                fields=(FieldChange("total", as_json(remote.total), as_json(local.total)),),
            )  # fmt: skip

    def _cancelled_here(
        self, local: LocalInvoice, remote: RemoteInvoice
    ) -> Iterator[Change]:
        if remote.status in _OVER:
            return
        if remote.status in _UNAPPROVED:
            yield self._ended(Action.DELETE, local, remote)
            return
        why = self._cannot_be_voided(remote)
        if why:
            details = {"why": why, "number": remote.number}
            problem = Problem(IssueCode.INVOICE_CANNOT_BE_CANCELLED, "", details)
            yield _refused(local, problem, remote.xero_id)
        else:
            yield self._ended(Action.VOID, local, remote)

    def _ended(
        self, action: Action, local: LocalInvoice, remote: RemoteInvoice
    ) -> Change:
        if local.id in self.refusals:
            return _refused(local, self.refusals[local.id], remote.xero_id)
        return _change(
            action, local, "cancelled here", remote.xero_id, direction=Direction.TO_XERO
        )

    def _cannot_be_voided(self, remote: RemoteInvoice) -> str:
        if remote.amount_paid or remote.amount_credited or remote.status == "PAID":
            return "money has been received or credited on it"
        lock_date = self.rules.lock_date
        if lock_date and remote.issued_on and remote.issued_on <= lock_date:
            return f"the books are closed to {lock_date:%d %b %Y}"
        return ""


def _approved_alike(
    local: LocalInvoice, remote: RemoteInvoice, link: LinkedInvoice
) -> bool:
    """The draft was approved on both sides as it was sent: nothing is left to send."""
    unchanged = local.content == link.content
    return unchanged and local.status == "approved" and remote.status not in _UNAPPROVED


def _recognised(
    local: LocalInvoice, remote: RemoteInvoice, reason: str
) -> Iterator[Change]:
    if local.total != remote.total:
        # Said to be the same, and changed since.
        yield _totals_differ(local, remote)
        return
    yield _change(Action.LINK, local, reason, remote.xero_id)
    if local.status == "approved":
        yield from _settlement(local, remote)


def _in_question(local: LocalInvoice, possible: Sequence[RemoteInvoice]) -> Change:
    numbers = ", ".join(one.number or "without a number" for one in possible)
    return _change(
        Action.HOLD, local, "may have been keyed into Xero by hand",
        direction=Direction.TO_XERO, code=IssueCode.POSSIBLE_INVOICE,
        details={
            "candidates": ",".join(one.xero_id for one in possible),
            "numbers": numbers,
        },
    )  # fmt: skip


def _settlement(local: LocalInvoice, remote: RemoteInvoice) -> Iterator[Change]:
    money: tuple[tuple[str, Decimal, Decimal], ...] = (
        ("amount_paid", local.amount_paid, remote.amount_paid),
        ("amount_credited", local.amount_credited, remote.amount_credited),
    )
    fields = tuple(
        FieldChange(name, as_json(ours), as_json(theirs))
        for name, ours, theirs in money
        if ours != theirs
    )
    if fields:
        yield _change(
            Action.UPDATE, local, "paid or credited in Xero", remote.xero_id,
            direction=Direction.TO_US, fields=fields,
        )  # fmt: skip


def _totals_differ(local: LocalInvoice, remote: RemoteInvoice) -> Change:
    details = {"ours": f"{local.total:.2f}", "theirs": f"{remote.total:.2f}"}
    problem = Problem(IssueCode.TOTALS_DIFFER, "total", details)
    return _refused(local, problem, remote.xero_id)


def _refused(local: LocalInvoice, problem: Problem, xero_id: str = "") -> Change:
    return _change(
        Action.REFUSE, local, "not ready for Xero", xero_id,
        direction=Direction.TO_XERO, code=problem.code,
        field_name=problem.field_name, details=problem.details,
    )  # fmt: skip


def _change(
    action: Action,
    local: LocalInvoice,
    reason: str,
    xero_id: str = "",
    *,
    direction: Direction = Direction.NEITHER,
    fields: tuple[FieldChange, ...] = (),
    code: IssueCode | None = None,
    field_name: str = "",
    details: dict[str, str] | None = None,
) -> Change:
    return Change(
        step=Step.INVOICES_TO_XERO,
        kind=Kind.INVOICE,
        direction=direction,
        action=action,
        title=local.title,
        reason=reason,
        local_id=local.id,
        xero_id=xero_id,
        revision=local.revision,
        fields=fields,
        code=code,
        field_name=field_name,
        details=details or {},
    )
