"""The plan for contacts: customers and suppliers, both ways. Leads never go."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xero_sync.outcomes.authority import CONTACT_FIELDS
from xero_sync.outcomes.changes import CHOSEN, Change, FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ContactDraft, RemoteContact
from xero_sync.outcomes.kinds import Action, Direction
from xero_sync.outcomes.people import fitting, people_in_words
from xero_sync.planner.account_numbers import AccountNumbers, Beside
from xero_sync.planner.contact_changes import (
    archive_in_xero,
    contact_change,
    remote_change,
    step_from_xero,
)
from xero_sync.planner.inputs import Linked, LocalContact, Pair, Refusals
from xero_sync.planner.merge import agreed_with_heir, filled_fields, merge
from xero_sync.planner.readiness import contact_problems, first

TICKED_BEFORE = "ticked for archiving in Xero, and changed there since"


@dataclass(frozen=True)
class ContactPlanner:
    """Call ``changes``; every local and every remote contact is accounted for.

    ``beside`` are those that are not planned now, but may hold an account number.
    ``ours_first``: at first link ours stays where both sides have a value.
    ``to_archive``: those of Xero's that a person wants archived there, if nobody here is
    their twin, and ``changed_since_ticked`` those that are not what that person saw any
    more; ``retired``: linked pairs of which ours was merged into another one here,
    and a person wants Xero's archived.
    """

    locals: Sequence[LocalContact]
    remotes: Sequence[RemoteContact]
    links: Sequence[Linked[ContactDraft]]
    pairs: Sequence[Pair]
    refusals: Refusals = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)
    ours_first: bool = False
    to_archive: frozenset[str] = frozenset()
    changed_since_ticked: frozenset[str] = frozenset()
    retired: Sequence[tuple[LocalContact, RemoteContact]] = ()
    numbers: AccountNumbers = field(init=False)

    def __post_init__(self) -> None:
        numbers = AccountNumbers(
            self.locals, self.remotes, self.links, self.pairs, self.beside
        )
        object.__setattr__(self, "numbers", numbers)

    def changes(self) -> list[Change]:
        ours = {local.id: local for local in self.locals}
        theirs = {remote.xero_id: remote for remote in self.remotes}
        by_id, by_xero_id = dict(ours), dict(theirs)  # what is left to place
        changes = [*self._known(by_id, by_xero_id), *self._sure(by_id, by_xero_id)]
        doubts = self._doubts(ours, theirs, by_id, by_xero_id)
        changes += self._new_in_xero(by_id.values(), doubts, theirs)
        for local_id in sorted(doubts.keys() - by_id.keys()):
            changes.append(_doubtful(ours[local_id], doubts[local_id], theirs))
        in_doubt = {pair.xero_id for pairs in doubts.values() for pair in pairs}
        for remote in sorted(by_xero_id.values(), key=lambda remote: remote.xero_id):
            if remote.xero_id not in in_doubt:
                changes.append(self._only_in_xero(remote))
        for local, partner in self.retired:
            changes.append(self._archive_there(local, partner))
        return changes

    def _known(
        self, by_id: dict[int, LocalContact], by_xero_id: dict[str, RemoteContact]
    ) -> Iterator[Change]:
        """What is linked leaves both sides as it is placed."""
        linked = {link.xero_id for link in self.links}
        theirs = {remote.xero_id: remote for remote in self.remotes}
        for link in sorted(self.links, key=lambda link: link.local_id):
            local, remote = by_id.pop(link.local_id), by_xero_id.pop(link.xero_id, None)
            if remote is not None and remote.merged_into:
                heir = by_xero_id.get(heir_id(remote, theirs))
                if heir is None or heir.xero_id in linked or not _is_open(heir):
                    yield _merged_away(local, remote, heir_id(remote, theirs))
                else:
                    del by_xero_id[heir.xero_id]
                    yield from self._follows(local, heir, link)
            elif remote is not None:
                yield from self._linked(local, remote, link)

    def _sure(
        self, by_id: dict[int, LocalContact], by_xero_id: dict[str, RemoteContact]
    ) -> Iterator[Change]:
        certain = [pair for pair in self.pairs if pair.is_certain]
        for pair in sorted(certain, key=lambda pair: (pair.local_id, pair.xero_id)):
            if pair.local_id not in by_id or pair.xero_id not in by_xero_id:
                continue  # one of the two has found a partner in a pair before
            local, remote = by_id[pair.local_id], by_xero_id[pair.xero_id]
            if remote.merged_into:
                continue  # nobody's twin: its heir may be one
            if local.is_customer or local.is_supplier or _is_ours_to_take(remote):
                del by_id[local.id], by_xero_id[remote.xero_id]
                yield from self._twins(local, remote, pair)

    def _doubts(
        self,
        ours: dict[int, LocalContact],
        theirs: Mapping[str, RemoteContact],
        locals_left: Container[int],
        remotes_left: dict[str, RemoteContact],
    ) -> dict[int, list[Pair]]:
        """Undecided pairs by our id, second copies of linked records among them; a lead
        is in nobody's way."""
        doubts: dict[int, list[Pair]] = {}
        for pair in sorted(self.pairs, key=lambda pair: pair.xero_id):
            other = theirs.get(pair.xero_id)
            if other is None or other.merged_into or pair.local_id not in ours:
                continue  # Xero's answer could not be read, or it is nobody's twin
            local, remote = ours[pair.local_id], remotes_left.get(pair.xero_id)
            waits_here = local.id in locals_left and _left_out_reason(local) == ""
            waits_there = remote is not None and not _stays_there(remote)
            is_lead = local.id in locals_left and not waits_here
            if not pair.is_certain and not is_lead and (waits_here or waits_there):
                doubts.setdefault(local.id, []).append(pair)
        return doubts

    def _follows(
        self, local: LocalContact, heir: RemoteContact, link: Linked[ContactDraft]
    ) -> Iterator[Change]:
        """Into the contact that Xero has merged its partner into."""
        agreed = agreed_with_heir(link.agreed, heir.draft)
        merged = merge(link.base, local.draft, heir.draft, CONTACT_FIELDS, agreed)
        yield contact_change(
            Action.LINK, local, heir, "merged in Xero",
            fields=merged.to_us + _promotions(local, heir), losers=merged.losers,
        )  # fmt: skip
        if merged.to_xero and not local.is_archived:
            yield self._send(local, heir, merged.to_xero)
        yield from _without_room(local, merged.no_room)
        if local.is_archived:
            yield self._archive_there(local, heir)

    def _twins(
        self, local: LocalContact, remote: RemoteContact, pair: Pair
    ) -> Iterator[Change]:
        merged = merge(
            None, local.draft, remote.draft, CONTACT_FIELDS, (),
            ours_first=self.ours_first, choices=pair.choices,
        )  # fmt: skip
        yield contact_change(
            Action.LINK, local, remote, "; ".join(pair.reasons),
            fields=merged.to_us + _promotions(local, remote), losers=merged.losers,
        )  # fmt: skip
        if merged.to_xero and not remote.is_archived and not local.is_archived:
            reason = CHOSEN if "ours" in pair.choices.values() else "changed here"
            yield self._send(local, remote, merged.to_xero, reason)
        yield from _without_room(local, merged.no_room)
        if local.is_archived and not remote.is_archived:
            yield self._archive_there(local, remote)
        elif remote.is_archived and not local.is_archived:
            yield _archive_here(local, remote)

    def _linked(
        self, local: LocalContact, remote: RemoteContact, link: Linked[ContactDraft]
    ) -> Iterator[Change]:
        merged = merge(
            link.base, local.draft, remote.draft, CONTACT_FIELDS, link.agreed,
            ours_first=True,
        )  # fmt: skip
        to_us = merged.to_us + _promotions(local, remote)
        alike = local.is_archived == remote.is_archived
        if (
            to_us
            or merged.base_moves
            or (alike and local.is_archived != link.was_archived)
        ):
            reason = "changed in Xero" if to_us else "changed alike on both sides"
            yield contact_change(
                Action.UPDATE, local, remote, reason,
                direction=Direction.TO_US, fields=to_us, losers=merged.losers,
            )  # fmt: skip
        if not alike:
            yield self._archived_on_one_side(local, remote, link.was_archived)
        # Archived here but not there, as it was on both: it has been restored there.
        stays_archived = local.is_archived and not link.was_archived
        if merged.to_xero and not remote.is_archived and not stays_archived:
            yield self._send(local, remote, merged.to_xero)
        yield from _without_room(local, merged.no_room)

    def _send(
        self,
        local: LocalContact,
        remote: RemoteContact,
        fields: tuple[FieldChange, ...],
        reason: str = "changed here",
    ) -> Change:
        sent = {change.name for change in fields}
        problems = contact_problems(local.draft) + self.numbers.problems(local)
        problem = self.refusals.get(local.id) or first(
            problem for problem in problems if problem.field_name in sent
        )
        if problem:
            return _refused(local, problem, remote)
        return contact_change(
            Action.UPDATE, local, remote, reason,
            direction=Direction.TO_XERO, fields=fields,
        )  # fmt: skip

    def _archived_on_one_side(
        self, local: LocalContact, remote: RemoteContact, was_archived: bool
    ) -> Change:
        if local.is_archived:
            if not was_archived:
                return self._archive_there(local, remote)
            return contact_change(
                Action.UPDATE, local, remote, "restored in Xero",
                direction=Direction.TO_US, fields=(FieldChange("is_archived", 1, 0),),
            )  # fmt: skip
        if not was_archived:
            return _archive_here(local, remote)
        return contact_change(
            Action.HOLD, local, remote, "archived in Xero, and restored here",
            code=IssueCode.CONTACT_ARCHIVED_IN_XERO,
        )  # fmt: skip

    def _archive_there(self, local: LocalContact, remote: RemoteContact) -> Change:
        refusal = self.refusals.get(local.id)
        if refusal:
            return _refused(local, refusal, remote)
        return contact_change(
            Action.ARCHIVE, local, remote, "archived here", direction=Direction.TO_XERO
        )

    def _only_in_xero(self, remote: RemoteContact) -> Change:
        if remote.xero_id in self.to_archive and not _stays_there(remote):
            return archive_in_xero(remote)
        changed = remote.xero_id in self.changed_since_ticked
        return _new_here(remote, TICKED_BEFORE if changed else "new in Xero")

    def _new_in_xero(
        self,
        locals_left: Iterable[LocalContact],
        doubts: dict[int, list[Pair]],
        remotes: dict[str, RemoteContact],
    ) -> Iterator[Change]:
        merged_away = {
            remote.contact_number: remote
            for remote in remotes.values()
            if remote.merged_into and remote.contact_number
        }
        uids = {local.id: local.uid for local in self.locals}
        for pair in self.pairs:
            meant = remotes.get(pair.xero_id)
            if pair.is_given and meant is not None and meant.merged_into:
                merged_away[uids[pair.local_id]] = meant
        for local in sorted(locals_left, key=lambda local: local.id):
            reason = _left_out_reason(local)
            if reason:
                yield contact_change(Action.LEAVE_OUT, local, None, reason)
            elif local.id in doubts:
                yield _doubtful(local, doubts[local.id], remotes)
            elif local.uid in merged_away:
                # It has lost its link, and its heir is another's: not a new contact.
                gone = merged_away[local.uid]
                yield _merged_away(local, gone, heir_id(gone, remotes))
            else:
                yield from self._create_there(local)

    def _create_there(self, local: LocalContact) -> Iterator[Change]:
        problem = self.refusals.get(local.id) or first(
            contact_problems(local.draft) + self.numbers.problems(local)
        )
        if problem:
            yield _refused(local, problem)
            return
        yield contact_change(
            Action.CREATE, local, None, "not in Xero yet", direction=Direction.TO_XERO,
            fields=filled_fields(local.draft, CONTACT_FIELDS),
        )  # fmt: skip
        yield from _without_room(local, fitting(local.draft.people)[1])


def heir_id(remote: RemoteContact, theirs: Mapping[str, RemoteContact]) -> str:
    """Where a chain of mergers ends; blank where that is not among these."""
    seen = {remote.xero_id}
    heir = theirs.get(remote.merged_into)
    while heir is not None and heir.merged_into and heir.xero_id not in seen:
        seen.add(heir.xero_id)
        heir = theirs.get(heir.merged_into)
    return heir.xero_id if heir else ""


def _is_open(remote: RemoteContact) -> bool:
    return not remote.is_archived and not remote.merged_into


def _is_ours_to_take(remote: RemoteContact) -> bool:
    """Xero's customers and suppliers come to us; a contact with neither flag is a lead."""
    return remote.is_customer or remote.is_supplier


def _left_out_reason(local: LocalContact) -> str:
    if local.is_archived:
        return "archived here"
    if not local.is_customer and not local.is_supplier:
        return "a lead: goes with its first invoice"
    if local.only_cancelled and not local.is_supplier:
        return "all its invoices are cancelled"
    return ""


def _promotions(local: LocalContact, remote: RemoteContact) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, 0, 1)
        for name in ("is_customer", "is_supplier")
        if getattr(remote, name) and not getattr(local, name)
    )


def _without_room(local: LocalContact, people: str) -> Iterator[Change]:
    """Whom Xero takes no more of stays here; all else of the contact goes."""
    if people and not local.is_archived:
        yield contact_change(
            Action.NOTE, local, None, "more people than Xero takes",
            code=IssueCode.PEOPLE_TOO_MANY, field_name="people",
            details={"value": people_in_words(people)},
        )  # fmt: skip


def _merged_away(local: LocalContact, remote: RemoteContact, heir: str) -> Change:
    """What is left is another record's partner: a person has two of ours to merge."""
    return contact_change(
        Action.HOLD, local, remote, "merged into another contact in Xero",
        code=IssueCode.MERGED_IN_XERO, details={"into": heir or remote.merged_into},
    )  # fmt: skip


def _archive_here(local: LocalContact, remote: RemoteContact) -> Change:
    return contact_change(
        Action.ARCHIVE, local, remote, "archived in Xero", direction=Direction.TO_US
    )


def _refused(
    local: LocalContact, problem: Problem, remote: RemoteContact | None = None
) -> Change:
    return contact_change(
        Action.REFUSE, local, remote, "not ready for Xero",
        direction=Direction.TO_XERO, code=problem.code,
        field_name=problem.field_name, details=problem.details,
    )  # fmt: skip


def _doubtful(
    local: LocalContact, pairs: list[Pair], remotes: dict[str, RemoteContact]
) -> Change:
    best = pairs[0]
    details = {
        "other": remotes[best.xero_id].draft.name,
        "other_xero_id": best.xero_id,
        "candidates": ",".join(pair.xero_id for pair in pairs),
        "reasons": "; ".join(best.reasons),
    }
    return contact_change(
        Action.HOLD, local, remotes[best.xero_id], "may be the same as one in Xero",
        direction=Direction.TO_XERO, code=IssueCode.POSSIBLE_TWIN, details=details,
    )  # fmt: skip


def _stays_there(remote: RemoteContact) -> str:
    """Why a contact of Xero's that we do not have is not brought in."""
    if remote.is_archived or remote.merged_into:
        return "archived in Xero"
    if not _is_ours_to_take(remote):
        return "neither customer nor supplier in Xero"
    return ""


def _new_here(remote: RemoteContact, why: str) -> Change:
    step = step_from_xero(remote)
    reason = _stays_there(remote)
    if reason:
        return remote_change(Action.LEAVE_OUT, remote, reason, step)
    flags = tuple(
        FieldChange(name, 0, 1)
        for name in ("is_customer", "is_supplier")
        if getattr(remote, name)
    )
    fields = filled_fields(remote.draft, CONTACT_FIELDS) + flags
    return remote_change(Action.CREATE, remote, why, step, fields)
