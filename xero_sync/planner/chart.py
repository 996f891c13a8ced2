"""The plan for accounts and VAT rates: Xero's chart adopts ours by code and tax type.

Nothing of ours is sent: the chart of accounts is made in Xero.
"""

from collections.abc import Iterable, Mapping

from xero_sync.outcomes.changes import Change, FieldChange
from xero_sync.outcomes.codes import IssueCode
from xero_sync.outcomes.drafts import RemoteAccount, RemoteTaxRate
from xero_sync.outcomes.kinds import Action, Direction, Kind, Step
from xero_sync.planner.merge import as_json

ACCOUNT_FIELDS = ("name", "type", "tax_type", "is_active")
TAX_RATE_FIELDS = (
    "name",
    "percent",
    "is_active",
    "applies_to_assets",
    "applies_to_equity",
    "applies_to_expenses",
    "applies_to_liabilities",
    "applies_to_revenue",
)


def plan_accounts(
    ours: Mapping[str, RemoteAccount],
    theirs: Iterable[RemoteAccount],
    *,
    accepted: frozenset[str] = frozenset(),
) -> list[Change]:
    """``accepted`` are codes whose other type a person has agreed to take over."""
    changes = []
    for remote in sorted(theirs, key=lambda account: account.code):
        if not remote.code:
            continue
        local = ours.get(remote.code)
        asks = local is not None and local.type != remote.type
        asks = asks and remote.code not in accepted
        change = _adopt(
            Kind.ACCOUNT, remote.code, local, remote, ACCOUNT_FIELDS,
            question=IssueCode.ACCOUNT_DIFFERS if asks else None, asked="type",
        )  # fmt: skip
        changes += [change] if change and (local or remote.is_active) else []
    return changes


def plan_tax_rates(
    ours: Mapping[str, RemoteTaxRate],
    theirs: Iterable[RemoteTaxRate],
    *,
    accepted: frozenset[str] = frozenset(),
) -> list[Change]:
    """``accepted`` are tax types whose other rate a person has agreed to take over."""
    changes = []
    for remote in sorted(theirs, key=lambda rate: rate.tax_type):
        local = ours.get(remote.tax_type)
        asks = local is not None and local.percent != remote.percent
        asks = asks and remote.tax_type not in accepted
        change = _adopt(
            Kind.TAX_RATE, remote.tax_type, local, remote, TAX_RATE_FIELDS,
            question=IssueCode.TAX_RATE_DIFFERS if asks else None, asked="percent",
        )  # fmt: skip
        changes += [change] if change and (local or remote.is_active) else []
    return changes


def _adopt(
    kind: Kind,
    key: str,
    local: RemoteAccount | RemoteTaxRate | None,
    remote: RemoteAccount | RemoteTaxRate,
    names: tuple[str, ...],
    *,
    question: IssueCode | None,
    asked: str,
) -> Change | None:
    fields = tuple(
        FieldChange(name, _value(local, name), _value(remote, name))
        for name in names
        if local is None or getattr(local, name) != getattr(remote, name)
    )
    if not fields:
        return None
    action = Action.UPDATE if local else Action.CREATE
    details = {"key": key}
    if question:
        action = Action.HOLD
        details |= {
            "ours": str(_value(local, asked)),
            "theirs": str(_value(remote, asked)),
        }
    return Change(
        step=Step.CHART_OF_ACCOUNTS,
        kind=kind,
        direction=Direction.TO_US,
        action=action,
        title=f"{key} {remote.name}",
        reason="from Xero's chart of accounts",
        xero_id=key,
        fields=fields,
        code=question,
        field_name=asked if question else "",
        details=details,
    )


def _value(record: object, name: str) -> str | int | None:
    value = getattr(record, name, None)
    return int(value) if isinstance(value, bool) else as_json(value)
