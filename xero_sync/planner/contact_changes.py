"""A planned change of a contact: its step, its title, what it speaks of."""

from xero_sync.outcomes.changes import CHOSEN, Change, FieldChange
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import RemoteContact
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step
from xero_sync.planner.inputs import LocalContact


def remote_change(
    action: Action,
    remote: RemoteContact,
    reason: str,
    step: Step,
    fields: tuple[FieldChange, ...] = (),
) -> Change:
    return Change(
        step=step,
        kind=Kind.CONTACT,
        direction=Direction.TO_US,
        action=action,
        title=remote.draft.name,
        reason=reason,
        xero_id=remote.xero_id,
        fields=fields,
    )


def archive_in_xero(remote: RemoteContact) -> Change:
    """Of one that only Xero has."""
    only_supplier = _is_only_supplier(remote.is_customer, remote.is_supplier)
    return Change(
        step=Step.SUPPLIERS_TO_XERO if only_supplier else Step.CUSTOMERS_TO_XERO,
        kind=Kind.CONTACT,
        direction=Direction.TO_XERO,
        action=Action.ARCHIVE,
        title=remote.draft.name,
        reason=CHOSEN,
        xero_id=remote.xero_id,
    )


def contact_change(
    action: Action,
    local: LocalContact,
    remote: RemoteContact | None,
    reason: str,
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
        step=_from_xero_local(local) if comes_from_xero else _to_xero(local),
        kind=Kind.CONTACT,
        direction=direction,
        action=action,
        title=local.draft.name,
        reason=reason,
        local_id=local.id,
        xero_id=remote.xero_id if remote else "",
        revision=local.revision,
        fields=fields,
        losers=losers,
        code=code,
        field_name=field_name,
        details=details or {},
    )


def _is_only_supplier(is_customer: bool, is_supplier: bool) -> bool:
    return is_supplier and not is_customer


def step_from_xero(remote: RemoteContact) -> Step:
    if _is_only_supplier(remote.is_customer, remote.is_supplier):
        return Step.SUPPLIERS_FROM_XERO
    return Step.CUSTOMERS_FROM_XERO


def _from_xero_local(local: LocalContact) -> Step:
    if _is_only_supplier(local.is_customer, local.is_supplier):
        return Step.SUPPLIERS_FROM_XERO
    return Step.CUSTOMERS_FROM_XERO


def _to_xero(local: LocalContact) -> Step:
    if _is_only_supplier(local.is_customer, local.is_supplier):
        return Step.SUPPLIERS_TO_XERO
    return Step.CUSTOMERS_TO_XERO
