"""What the page of duplicates shows: the list, the pair that is open, how far it is."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.urls import reverse

from customers.models import Contact
from fieldops.common.views import OfficeView
from stock.models import StockItem
from xero_sync.consolidation.comparing import Comparison, compare
from xero_sync.consolidation.queue import (
    Show,
    Tally,
    ids_of,
    last_decision_of,
    needs_sign_off,
    place_of,
    tallies,
)
from xero_sync.models import FoundPair, PairDecision, SyncSettings, XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.deep_links import xero_url
from xero_sync.report.queries import latest_preview
from xero_sync.web.panels import panel_of

PAIRS_SHOWN = 12
_NOUNS = {"customers": "customer", "suppliers": "supplier", "stock": "stock item"}
_STRENGTH_TONES = {
    FoundPair.Strength.CERTAIN: "ok",
    FoundPair.Strength.LIKELY: "warn",
    FoundPair.Strength.POSSIBLE: "mute",
}


@dataclass(frozen=True)
class ListRow:
    pair: FoundPair
    is_here: bool

    @property
    def tone(self) -> str:
        return _STRENGTH_TONES[FoundPair.Strength(self.pair.strength)]


@dataclass(frozen=True)
class OpenPair:
    """The pair on the right; ``place`` of ``count`` in its list. ``merge_url``: where
    the two of ours that are one in Xero are merged, by those who may."""

    pair: FoundPair
    comparison: Comparison | None
    place: int
    count: int
    next_id: int | None
    xero_url: str
    merge_url: str

    @property
    def noun(self) -> str:
        return _NOUNS[self.pair.group]

    @property
    def reasons(self) -> str:
        return "; ".join(self.pair.reasons)

    @property
    def tone(self) -> str:
        return _STRENGTH_TONES[FoundPair.Strength(self.pair.strength)]


def merge_url(record: Contact | StockItem, other: Contact | StockItem) -> str:
    """Where two of ours are merged; ``record`` is proposed to be kept."""
    name = "customers:contact-merge"
    if isinstance(record, StockItem):
        name = "stock:item-merge"
    return f"{reverse(name, args=[record.pk])}?{urlencode({'with': other.pk})}"


@dataclass(frozen=True)
class Position:
    """Which list is looked at: of a group, open, certain or decided."""

    group: str
    show: Show


def page_context(
    view: OfficeView, connection: XeroConnection, pair: FoundPair | None
) -> dict[str, Any]:
    found = tallies(connection)
    request = view.request
    position = _position(request, found, pair)
    ids = ids_of(connection, position.group, position.show)
    page = _page(request, ids, pair)
    settings = SyncSettings.current()
    shown = {one.pk: one for one in _with_records(page.object_list)}
    here = pair or next((shown[pk] for pk in page.object_list if pk in shown), None)
    total = sum(tally.doubtful for tally in found.values())
    left = sum(tally.open for tally in found.values())
    return {
        "connection": connection,
        "settings": settings,
        "position": position,
        "tabs": _tabs(found, position),
        "lists": _lists(found[position.group], position),
        "rows": [
            ListRow(shown[pk], here is not None and pk == here.pk)
            for pk in page.object_list
            if pk in shown
        ],
        "page": page,
        "list_url": list_url(position.group, position.show),
        "open": _open(view, connection, here, ids, settings) if here else None,
        "total": total,
        "left": left,
        "done": total - left,
        "waiting": sum(tally.decided for tally in found.values()),
        "certain": sum(tally.certain for tally in found.values()),
        "undo": last_decision_of(connection, view.user),
        "can_decide": request.user.has_perm(Right.FIX),
        "can_start": request.user.has_perm(Right.SETTINGS),
        "is_small": not needs_sign_off(connection),
        "starts": _starts(settings),
        **_preview(connection),
    }


def _position(
    request: HttpRequest, found: dict[str, Tally], pair: FoundPair | None
) -> Position:
    if pair is not None:
        return Position(pair.group, place_of(pair))
    asked = request.GET.get("show", "")
    show = Show(asked) if asked in list(Show) else Show.OPEN
    group = request.GET.get("group", "")
    if group not in found:
        group = next((one for one in found if found[one].of(show)), next(iter(found)))
    return Position(group, show)


def _page(request: HttpRequest, ids: list[int], pair: FoundPair | None) -> Page[int]:
    pages = Paginator(ids, PAIRS_SHOWN)
    if pair is not None and pair.pk in ids:
        return pages.get_page(ids.index(pair.pk) // PAIRS_SHOWN + 1)
    return pages.get_page(request.GET.get("page"))


def _with_records(ids: Any) -> list[FoundPair]:
    pairs = FoundPair.objects.filter(pk__in=list(ids))
    return list(pairs.select_related("contact", "item", "decision__user"))


def _open(
    view: OfficeView,
    connection: XeroConnection,
    pair: FoundPair,
    ids: list[int],
    settings: SyncSettings,
) -> OpenPair:
    place = ids.index(pair.pk) if pair.pk in ids else 0
    others = [pk for pk in (*ids[place + 1 :], *ids[:place]) if pk != pair.pk]
    comparison = compare(pair, settings)
    other = comparison.other_here if comparison else None
    right = "stock.merge_stockitem" if pair.item else "customers.merge_contact"
    may_merge = view.user.has_perm(right)
    return OpenPair(
        pair=pair,
        comparison=comparison,
        place=place + 1,
        count=len(ids),
        next_id=others[0] if others else None,
        xero_url=xero_url(connection, pair.kind, pair.xero_id),
        merge_url=merge_url(other, pair.record) if other and may_merge else "",
    )


def list_url(group: str, show: str) -> str:
    query = urlencode({"group": group, "show": str(show)})
    return f"{reverse('xero_sync:duplicates')}?{query}"


def _tabs(found: dict[str, Tally], position: Position) -> list[dict[str, Any]]:
    return [
        {
            "label": FoundPair.Group(group).label,
            "url": list_url(group, position.show),
            "count": tally.of(position.show),
            "is_active": group == position.group,
        }
        for group, tally in found.items()
    ]


_LIST_LABELS = {
    Show.OPEN: "To check",
    Show.CERTAIN: "Certain",
    Show.DECIDED: "Decided",
}


def _lists(tally: Tally, position: Position) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": list_url(position.group, show),
            "count": tally.of(show),
            "is_active": show == position.show,
        }
        for show, label in _LIST_LABELS.items()
    ]


_EFFECTS = {
    SyncSettings.StartWith.CHECK: "Where both sides have a value and nobody chose, "
    "Xero's stays; ours is kept in the history.",
    SyncSettings.StartWith.OURS: "Where both sides have a value and nobody chose, ours "
    "is written to Xero.",
    SyncSettings.StartWith.THEIRS: "Where both sides have a value, Xero's stays; ours "
    "is kept in the history.",
}


def _starts(settings: SyncSettings) -> list[dict[str, Any]]:
    return [
        {
            "value": choice.value,
            "label": choice.label,
            "effect": _EFFECTS[choice],
            "is_chosen": settings.start_with == choice,
        }
        for choice in SyncSettings.StartWith
    ]


def _preview(connection: XeroConnection) -> dict[str, Any]:
    if connection.first_sync_done_at:
        return {"preview": None}
    preview = latest_preview(connection)
    panel = panel_of(preview) if preview and preview.is_open else None
    return {"preview": preview, "panel": panel}


def said_of(decision: PairDecision) -> str:
    """A decision in the past tense."""
    return {
        PairDecision.Answer.SAME: "Merged",
        PairDecision.Answer.DIFFERENT: "Not the same",
        PairDecision.Answer.NEW: "New",
    }[PairDecision.Answer(decision.answer)]
