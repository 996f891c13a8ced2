"""How far the company has come with Xero: Connect, Confirm, Consolidate or Complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.template.defaultfilters import pluralize

from xero_sync.consolidation.queue import left_to_check
from xero_sync.models import SyncSettings, XeroConnection


class Phase(StrEnum):
    CONNECT = "Connect"
    CONFIRM = "Confirm"
    CONSOLIDATE = "Consolidate"
    COMPLETE = "Complete"


@dataclass(frozen=True)
class Standing:
    """``url_name`` is the page where the next step is taken, ``action`` its button."""

    phase: Phase
    text: str
    url_name: str
    action: str

    @property
    def is_complete(self) -> bool:
        return self.phase is Phase.COMPLETE


def standing_of(connection: XeroConnection | None) -> Standing:
    """In as many queries whatever there is."""
    unconfirmed = SyncSettings.current().unconfirmed
    left = left_to_check(connection)
    if connection is None or not connection.is_connected:
        return _CONNECT[connection.state if connection else _STATE.DISCONNECTED]
    if connection.first_sync_done_at:
        return _check(left, "") if left else _COMPLETE
    if unconfirmed:
        text = f"Still to confirm before the first sync: {', '.join(unconfirmed)}."
        is_email_alone = unconfirmed == [_EMAIL]
        page = "customer-settings" if is_email_alone else "settings"
        return Standing(Phase.CONFIRM, text, f"xero_sync:{page}", "Confirm")
    if left:
        return _check(left, " Then look at the plan of the first sync.")
    return _SIGN


_STATE = XeroConnection.State
_EMAIL = "the email address to use"


def _connect(text: str, action: str) -> Standing:
    return Standing(Phase.CONNECT, text, "xero_sync:settings", action)


_CONNECT: Mapping[str, Standing] = {
    _STATE.DISCONNECTED: _connect("Fieldops is not connected to Xero.", "Connect"),
    _STATE.CHOOSING: _connect(
        "Choose the organisation to keep in step with.", "Choose"
    ),
    _STATE.BROKEN: _connect("Xero no longer lets Fieldops in.", "Reconnect"),
}
_SIGN = Standing(
    Phase.CONSOLIDATE,
    "Look at what the first sync will do, and sign it off.",
    "xero_sync:sync",
    "Look at it",
)
_COMPLETE = Standing(
    Phase.COMPLETE, "Kept in step with Xero.", "xero_sync:sync", "Xero sync"
)


def _check(left: int, then: str) -> Standing:
    text = f"{left:,} possible duplicate{pluralize(left)} to check.{then}"
    return Standing(Phase.CONSOLIDATE, text, "xero_sync:duplicates", "Check")
