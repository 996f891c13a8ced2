"""What a link knows of the records that it has left, for the day it comes back.

A link that follows a merge goes on with another record's values. When the merge is
undone, what Xero has changed meanwhile must be told from what that other record sent:
the one wins over values that nobody here has typed since, the other does not.
"""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]
# Both lists are merged person by person: what was sent is what was agreed on.
_EACH = "people"
_ADDRESS = "address_"
_BLANK = ("", None)


def leaving(left: Json, record_id: int, base: Json, slots: Json) -> dict[str, Any]:
    """With what is agreed on at this moment."""
    draft = dict(base.get("draft", {}))
    entry = {"draft": draft, "slots": dict(slots), "sent": {}}
    return {**left, str(record_id): entry}


def sending(left: Json, before: Json, sent: Json) -> dict[str, Any]:
    """With what goes to Xero in a record's name that the link was not made for; what
    goes along unchanged is Xero's own."""
    agreed = before.get("draft", {})
    changed = {
        name: value
        for name, value in sent.items()
        if not _same(value, agreed.get(name))
    }
    return {
        key: {**entry, "sent": {**entry["sent"], **changed}}
        for key, entry in left.items()
    }


def returning(left: Json, record_id: int, base: Json, slots: Json) -> dict[str, Any]:
    """The base to go on with. A field that was sent meanwhile, and that Xero has left
    so, is agreed on as it was sent; of any other what was agreed on before counts."""
    entry = left.get(str(record_id))
    if entry is None:
        return dict(base)
    now = base.get("draft", {})
    is_other_slot = entry["slots"].get("address") != slots.get("address")
    agreed = {
        name: now.get(name)
        if is_other_slot and name.startswith(_ADDRESS)
        else _agreed(name, entry, now)
        for name in {*now, *entry["draft"], *entry["sent"]}
    }
    kept = {name: one for name, one in sorted(agreed.items()) if one not in _BLANK}
    return {**base, "draft": kept}


def _agreed(name: str, entry: Json, now: Json) -> Any:
    sent = entry["sent"]
    if name in sent and (name == _EACH or _same(sent[name], now.get(name))):
        return sent[name]
    return entry["draft"].get(name)


def _same(one: object, other: object) -> bool:
    return one == other or (one in _BLANK and other in _BLANK)
