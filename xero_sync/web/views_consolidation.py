"""The page of duplicates: pairs side by side, decided one after the other."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from fieldops.common.errors import DomainError
from fieldops.common.views import OfficeView
from xero_sync.consolidation.decisions import accept_certain, decide_pair
from xero_sync.consolidation.queue import Show, ids_of, next_of, place_of
from xero_sync.consolidation.starting import choose_start
from xero_sync.consolidation.taking_back import take_back, undo_last
from xero_sync.models import FoundPair, XeroConnection
from xero_sync.permissions import Right
from xero_sync.runs.errors import NotConnected
from xero_sync.tasks import wake_worker
from xero_sync.web.pair_page import list_url, page_context, said_of

_FIELD = "field-"


class DuplicatesView(OfficeView):
    """Without a number the first pair of the list stands open."""

    permission = Right.VIEW

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        connection = XeroConnection.current()
        if connection is None or not connection.tenant_id:
            return render(request, "xero_sync/consolidation.html", {"connection": None})
        pair = None
        if pk is not None:
            pair = _pairs(connection).filter(pk=pk).first()
            if pair is None:
                messages.success(request, "That pair is no longer in question.")
                return redirect("xero_sync:duplicates")
        context = page_context(self, connection, pair)
        return render(request, "xero_sync/consolidation.html", context)


class PairView(OfficeView):
    """One pair; after the decision the next one opens."""

    permission = Right.FIX

    def pair(self, pk: int) -> FoundPair:
        return get_object_or_404(_pairs(_connected()), pk=pk)

    def refused_url(self) -> str:
        return reverse("xero_sync:duplicate", args=[self.kwargs["pk"]])


class DecidePairView(PairView):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        pair = self.pair(pk)
        show = place_of(pair)
        before = ids_of(pair.connection, pair.group, show)
        choices = {
            name.removeprefix(_FIELD): str(value)
            for name, value in request.POST.items()
            if name.startswith(_FIELD)
        }
        answer = request.POST.get("answer", "")
        decision = decide_pair(pair, answer, choices, by=self.actor)
        messages.success(request, f"{said_of(decision)}: {pair.name_here}.")
        following = next_of(pair.connection, pair.group, show, before, pair.pk)
        return _to_pair(following, pair.group, show)


class TakeBackView(PairView):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        pair = self.pair(pk)
        if pair.decision is None:
            raise DomainError("Nobody has decided on this pair.")
        take_back(pair.decision)
        messages.success(request, f"{pair.name_here} is to be checked again.")
        return _to_pair(pair.pk, pair.group, Show.OPEN)


class UndoView(OfficeView):
    permission = Right.FIX

    def post(self, request: HttpRequest) -> HttpResponse:
        opened = undo_last(_connected(), by=self.actor)
        if len(opened) == 1:
            messages.success(request, f"Undone: {opened[0].name_here}.")
        else:
            messages.success(request, f"Undone: {len(opened)} decisions.")
        if not opened:
            return redirect("xero_sync:duplicates")
        return _to_pair(opened[0].pk, opened[0].group, Show.OPEN)


class AcceptCertainView(OfficeView):
    permission = Right.FIX

    def post(self, request: HttpRequest) -> HttpResponse:
        count = accept_certain(_connected(), by=self.actor)
        plural = "" if count == 1 else "s"
        messages.success(request, f"{count:,} certain pair{plural} merged.")
        return redirect("xero_sync:duplicates")


class StartWithView(OfficeView):
    permission = Right.SETTINGS

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("start_with", "")
        said = "Saved."
        if choose_start(_connected(), chosen, by=self.actor):
            wake_worker()
            said = "Saved. A new preview is on its way."
        messages.success(request, said)
        return redirect("xero_sync:duplicates")


def _connected() -> XeroConnection:
    connection = XeroConnection.current()
    if connection is None:
        raise NotConnected
    return connection


def _pairs(connection: XeroConnection) -> QuerySet[FoundPair]:
    pairs = FoundPair.objects.filter(connection=connection)
    return pairs.select_related("connection", "contact", "item", "decision__user")


def _to_pair(pk: int | None, group: str, show: Show) -> HttpResponse:
    if pk is None:
        return redirect(list_url(group, show))
    return redirect("xero_sync:duplicate", pk=pk)
