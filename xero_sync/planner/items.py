"""The plan for stock items. Quantities are never sent."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from xero_sync.outcomes.authority import ITEM_FIELDS
from xero_sync.outcomes.changes import CHOSEN, Change, FieldChange, Problem
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import ItemDraft, RemoteItem
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step
from xero_sync.planner.inputs import Chart, Linked, LocalItem, Pair, Refusals
from xero_sync.planner.merge import agreed_with_heir, filled_fields, merge
from xero_sync.planner.readiness import first, item_chart_problems, item_problems


@dataclass(frozen=True, slots=True)
class CodeHere:
    """An item that is not planned itself, but has a code of one that is, folded."""

    local_id: int
    code: str
    is_linked: bool


@dataclass(frozen=True)
class ItemPlanner:
    """``gone`` are ids of linked items that Xero no longer lists; ``beside`` are those
    that are not planned now, but may hold a code. ``ours_first``: at first link ours
    stays where both sides have a value."""

    locals: Sequence[LocalItem]
    remotes: Sequence[RemoteItem]
    links: Sequence[Linked[ItemDraft]]
    pairs: Sequence[Pair]
    chart: Chart = field(default_factory=lambda: Chart(is_known=False))
    refusals: Refusals = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    beside: Sequence[CodeHere] = ()
    ours_first: bool = False

    def changes(self) -> list[Change]:
        ours = {local.id: local for local in self.locals}
        theirs = {remote.xero_id: remote for remote in self.remotes}
        by_id, by_xero_id = dict(ours), dict(theirs)  # what is left to place
        codes = _code_holders(self.locals, self.links, self.beside)
        changes = list(self._known(by_id, by_xero_id, codes))
        certain = [pair for pair in self.pairs if pair.is_certain]
        for pair in sorted(certain, key=lambda pair: (pair.local_id, pair.xero_id)):
            if pair.local_id not in by_id or pair.xero_id not in by_xero_id:
                continue  # one of the two has found a partner in a pair before
            local, remote = by_id.pop(pair.local_id), by_xero_id.pop(pair.xero_id)
            changes += self._twins(local, remote, pair, codes)
        doubts = self._doubts(ours, theirs, by_id, by_xero_id)
        for local in sorted(by_id.values(), key=lambda local: local.id):
            changes.append(self._new_in_xero(local, doubts, theirs, codes))
        for local_id in sorted(doubts.keys() - by_id.keys()):
            changes.append(_doubtful(ours[local_id], doubts[local_id], theirs))
        in_doubt = {pair.xero_id for pairs in doubts.values() for pair in pairs}
        for remote in sorted(by_xero_id.values(), key=lambda remote: remote.xero_id):
            if remote.xero_id not in in_doubt:
                changes.append(_new_here(remote))
        return changes

    def _known(
        self,
        by_id: dict[int, LocalItem],
        by_xero_id: dict[str, RemoteItem],
        codes: dict[str, int],
    ) -> Iterator[Change]:
        """What is linked leaves both sides as it is placed."""
        linked = {link.xero_id for link in self.links}
        for link in sorted(self.links, key=lambda link: link.local_id):
            local, remote = by_id.pop(link.local_id), by_xero_id.pop(link.xero_id, None)
            again = None
            if link.xero_id in self.gone:
                again = _made_again(local, by_xero_id.values(), linked)
            if again is not None:
                del by_xero_id[again.xero_id]
                yield from self._follows(local, again, link, codes)
            elif link.xero_id in self.gone:
                yield _deleted_there(local, link.xero_id)
            elif remote is not None:
                yield from self._linked(local, remote, link, codes)

    def _doubts(
        self,
        ours: dict[int, LocalItem],
        theirs: Container[str],
        locals_left: Container[int],
        remotes_left: Container[str],
    ) -> dict[int, list[Pair]]:
        """Undecided pairs by our id, second copies of linked items among them."""
        doubts: dict[int, list[Pair]] = {}
        for pair in sorted(self.pairs, key=lambda pair: pair.xero_id):
            if pair.xero_id not in theirs or pair.local_id not in ours:
                continue  # Xero's answer about it could not be read
            local = ours[pair.local_id]
            waits_here = local.id in locals_left and not local.is_archived
            waits = waits_here or pair.xero_id in remotes_left
            if not pair.is_certain and waits:
                doubts.setdefault(local.id, []).append(pair)
        return doubts

    def _linked(
        self,
        local: LocalItem,
        remote: RemoteItem,
        link: Linked[ItemDraft],
        codes: dict[str, int],
    ) -> Iterator[Change]:
        merged = merge(link.base, local.draft, remote.draft, ITEM_FIELDS, link.agreed)
        if merged.to_us or merged.base_moves:
            changed = (
                "changed in Xero" if merged.to_us else "changed alike on both sides"
            )
            yield _change(
                Action.UPDATE, local, changed, remote.xero_id,
                direction=Direction.TO_US, fields=merged.to_us, losers=merged.losers,
            )  # fmt: skip
        if merged.to_xero and not local.is_archived:
            yield self._send(local, remote, merged.to_xero, codes)

    def _follows(
        self,
        local: LocalItem,
        again: RemoteItem,
        link: Linked[ItemDraft],
        codes: dict[str, int],
    ) -> Iterator[Change]:
        """To the item that was made in Xero in place of its partner."""
        agreed = agreed_with_heir(link.agreed, again.draft)
        merged = merge(link.base, local.draft, again.draft, ITEM_FIELDS, agreed)
        yield _change(
            Action.LINK, local, "made again in Xero", again.xero_id,
            fields=merged.to_us, losers=merged.losers,
        )  # fmt: skip
        if merged.to_xero and not local.is_archived:
            yield self._send(local, again, merged.to_xero, codes)

    def _twins(
        self, local: LocalItem, remote: RemoteItem, pair: Pair, codes: dict[str, int]
    ) -> Iterator[Change]:
        merged = merge(
            None, local.draft, remote.draft, ITEM_FIELDS, (),
            ours_first=self.ours_first, choices=pair.choices,
        )  # fmt: skip
        yield _change(
            Action.LINK, local, "; ".join(pair.reasons), remote.xero_id,
            fields=merged.to_us, losers=merged.losers,
        )  # fmt: skip
        if merged.to_xero and not local.is_archived:
            reason = CHOSEN if "ours" in pair.choices.values() else "changed here"
            yield self._send(local, remote, merged.to_xero, codes, reason)

    def _send(
        self,
        local: LocalItem,
        remote: RemoteItem,
        fields: tuple[FieldChange, ...],
        codes: dict[str, int],
        reason: str = "changed here",
    ) -> Change:
        sent = {change.name for change in fields}
        problem = self.refusals.get(local.id) or first(
            one for one in self._problems(local, codes) if one.field_name in sent
        )
        if problem:
            return _refused(local, problem, remote.xero_id)
        return _change(
            Action.UPDATE, local, reason, remote.xero_id,
            direction=Direction.TO_XERO, fields=fields,
        )  # fmt: skip

    def _new_in_xero(
        self,
        local: LocalItem,
        doubts: dict[int, list[Pair]],
        remotes: dict[str, RemoteItem],
        codes: dict[str, int],
    ) -> Change:
        problem = self.refusals.get(local.id) or first(self._problems(local, codes))
        if local.id in doubts:
            return _doubtful(local, doubts[local.id], remotes)
        if local.is_archived:
            return _change(Action.LEAVE_OUT, local, "archived here")
        if problem:
            return _refused(local, problem)
        return _change(
            Action.CREATE, local, "not in Xero yet", direction=Direction.TO_XERO,
            fields=filled_fields(local.draft, ITEM_FIELDS),
        )  # fmt: skip

    def _problems(self, local: LocalItem, codes: dict[str, int]) -> list[Problem]:
        problems = item_problems(local.draft)
        holder = codes.get(local.draft.code.casefold(), local.id)
        if local.draft.code and holder != local.id:
            details = {"value": local.draft.code, "other_id": str(holder)}
            problems.append(Problem(IssueCode.CODE_USED_HERE, "code", details))
        return problems + item_chart_problems(local.draft, self.chart)


def _code_holders(
    locals_: Iterable[LocalItem],
    links: Iterable[Linked[ItemDraft]],
    beside: Iterable[CodeHere],
) -> dict[str, int]:
    """Of two items with one code the linked one, else the older, keeps it."""
    linked = {link.local_id for link in links}
    here = [
        CodeHere(one.id, one.draft.code.casefold(), one.id in linked)
        for one in locals_
        if not one.is_archived or one.id in linked
    ]
    holders: dict[str, int] = {}
    for one in sorted(
        [*here, *beside], key=lambda one: (not one.is_linked, one.local_id)
    ):
        holders.setdefault(one.code, one.local_id)
    return holders


def _made_again(
    local: LocalItem, remotes: Iterable[RemoteItem], linked: Container[str]
) -> RemoteItem | None:
    """Under the same code, which in Xero no two items have."""
    code = local.draft.code.casefold()
    return next(
        (
            remote
            for remote in remotes
            if code
            and remote.xero_id not in linked
            and remote.draft.code.casefold() == code
        ),
        None,
    )


def _deleted_there(local: LocalItem, xero_id: str) -> Change:
    return _change(
        Action.HOLD, local, "deleted in Xero", xero_id,
        code=IssueCode.ITEM_DELETED_IN_XERO,
    )  # fmt: skip


def _refused(local: LocalItem, problem: Problem, xero_id: str = "") -> Change:
    return _change(
        Action.REFUSE, local, "not ready for Xero", xero_id,
        direction=Direction.TO_XERO, code=problem.code,
        field_name=problem.field_name, details=problem.details,
    )  # fmt: skip


def _doubtful(
    local: LocalItem, pairs: list[Pair], remotes: dict[str, RemoteItem]
) -> Change:
    best = pairs[0]
    details = {
        "other": f"{remotes[best.xero_id].draft.code} {remotes[best.xero_id].draft.name}",
        "other_xero_id": best.xero_id,
        "candidates": ",".join(pair.xero_id for pair in pairs),
        "reasons": "; ".join(best.reasons),
    }
    return _change(
        Action.HOLD, local, "may be the same as one in Xero", best.xero_id,
        direction=Direction.TO_XERO, code=IssueCode.POSSIBLE_TWIN, details=details,
    )  # fmt: skip


def _new_here(remote: RemoteItem) -> Change:
    fields = filled_fields(remote.draft, ITEM_FIELDS)
    if remote.quantity_on_hand:
        on_hand = format(remote.quantity_on_hand, "f")
        fields += (FieldChange("quantity_on_hand", None, on_hand),)
    return Change(
        step=Step.STOCK_FROM_XERO,
        kind=Kind.ITEM,
        direction=Direction.TO_US,
        action=Action.CREATE,
        title=f"{remote.draft.code} {remote.draft.name}".strip(),
        reason="new in Xero",
        xero_id=remote.xero_id,
        fields=fields,
    )


def _change(
    action: Action,
    local: LocalItem,
    reason: str,
    xero_id: str = "",
    *,
    direction: Direction = Direction.NEITHER,
    fields: tuple[FieldChange, ...] = (),
    losers: tuple[FieldChange, ...] = (),
    code: IssueCode | None = None,
    field_name: str = "",
    details: dict[str, str] | None = None,
) -> Change:
    comes_from_xero = direction is Direction.TO_US or action is Action.LINK
    return Change(
        step=Step.STOCK_FROM_XERO if comes_from_xero else Step.STOCK_TO_XERO,
        kind=Kind.ITEM,
        direction=direction,
        action=action,
        title=f"{local.draft.code} {local.draft.name}".strip(),
        reason=reason,
        local_id=local.id,
        xero_id=xero_id,
        revision=local.revision,
        fields=fields,
        losers=losers,
        code=code,
        field_name=field_name,
        details=details or {},
    )
