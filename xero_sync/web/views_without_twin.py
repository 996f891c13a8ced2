"""Who stands alone on the side that is not kept: ticked by a person, archived then."""

from collections.abc import Container
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fieldops.common.numbers import whole_numbers
from fieldops.common.views import OfficeView
from xero_sync.consolidation.errors import NotNow
from xero_sync.consolidation.starting import (
    StartWith,
    archive_here,
    preview_again,
    tick_for_archive,
    without_twin,
)
from xero_sync.models import PlannedChange, SyncRun, SyncSettings, XeroConnection
from xero_sync.permissions import Right
from xero_sync.report.queries import latest_preview
from xero_sync.store.ticked import split_ticked
from xero_sync.tasks import wake_worker

SHOWN = 50


class WithoutTwinView(OfficeView):
    """In Xero they are archived by the first sync, here at once."""

    permission = Right.SETTINGS

    def get(self, request: HttpRequest) -> HttpResponse:
        found = self._found()
        if found is None:
            return redirect("xero_sync:duplicates")
        connection, run, start_with = found
        changes = without_twin(run, start_with)
        page = Paginator(changes, SHOWN).get_page(request.GET.get("page"))
        ticked, changed = split_ticked(connection)
        context = {
            "connection": connection,
            "is_in_xero": start_with == StartWith.OURS,
            "page": page,
            "rows": [_row(change, ticked, changed) for change in page],
            "ticked": len(ticked),
            "changed": len(changed),
        }
        return render(request, "xero_sync/without_twin.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        found = self._found()
        if found is None:
            raise NotNow
        connection, run, start_with = found
        ticked = request.POST.getlist("selected")
        changes = without_twin(run, start_with)
        if start_with == StartWith.OURS:
            self._tick(connection, changes, request.POST.getlist("shown"), ticked)
        else:
            ids = whole_numbers(ticked)
            listed = changes.filter(local_id__in=ids).values_list("local_id", flat=True)
            count = archive_here([one for one in listed if one], by=self.actor)
            messages.success(request, f"{count:,} archived here.")
        if preview_again(connection, by=self.actor):
            wake_worker()
        return redirect("xero_sync:duplicates")

    def refused_url(self) -> str:
        return reverse("xero_sync:duplicates")

    def _tick(
        self, connection: XeroConnection, changes: Any, shown: Any, ticked: Any
    ) -> None:
        seen = changes.filter(xero_id__in=shown).values_list("xero_id", flat=True)
        count = tick_for_archive(connection, list(seen), ticked)
        messages.success(
            self.request, f"{count:,} will be archived in Xero by the first sync."
        )

    def _found(self) -> tuple[XeroConnection, SyncRun, str] | None:
        """Once a whole list is kept, and there is a preview that says who is alone."""
        connection = XeroConnection.current()
        start_with = SyncSettings.current().start_with
        run = latest_preview(connection)
        if connection is None or run is None or run.is_open:
            return None
        if connection.first_sync_done_at:
            return None
        return None if start_with == StartWith.CHECK else (connection, run, start_with)


def _row(
    change: PlannedChange, ticked: Container[str], changed: Container[str]
) -> dict[str, Any]:
    value = change.xero_id or str(change.local_id)
    values = {one["name"]: one["after"] for one in change.fields}
    details = ("account_number", "email", "phone", "address_city")
    return {
        "value": value,
        "name": change.title,
        "details": " · ".join(
            str(values[name]) for name in details if values.get(name)
        ),
        "is_ticked": value in ticked,
        "has_changed": value in changed,
    }
